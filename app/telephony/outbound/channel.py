"""The channel `phone` of `notify`: a message is handed over and reported when somebody heard it, or nobody did."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.kernel import clock, db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.notify import channels
from app.notify.models import Delivery
from app.telephony.outbound.operations import Message, want_message
from app.telephony.outbound.operations import recall as recall_call
from app.telephony.outbound.operations.wanting import NoNumber

PURPOSE = "phone:"
"""A delivery's subject may begin with `phone:PURPOSE` to choose the rule of `rules.yaml`; an account that its
checks ask about follows after a blank (`phone:arrears 3100012345`)."""


def send(message: channels.Message) -> channels.Outcome:
    """Want the call; called twice with the same key it is one call."""
    key = f"delivery:{message.key}"
    words = message.subject.removeprefix(PURPOSE).split() if message.subject.startswith(PURPOSE) else []
    purpose = words[0] if words else "notice"
    details = {"account_no": words[1]} if len(words) > 1 else {}

    def work() -> int:
        delivery = session.scalar(sa.select(Delivery.id).where(Delivery.key == message.key))
        wanted = Message(
            message.to,
            message.text,
            purpose=purpose,
            language=message.language,
            delivery_id=delivery,
            details=details,
        )
        return want_message(wanted, key=key, actor=SYSTEM, now=clock.now())

    try:
        row = db.run(work)
    except NoNumber as wrong:
        raise channels.Undeliverable("INVALID_NUMBER", reason="bad_number") from wrong
    return channels.Outcome("handed", str(row))


def recall(key: str, now: datetime) -> None:
    """Call nobody with it any more."""
    recall_call(f"delivery:{key}", now=now)


def register() -> None:
    """Add the channel."""
    channels.register("phone", send, recall=recall)
