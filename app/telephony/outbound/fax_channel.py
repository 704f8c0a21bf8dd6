"""The channel `fax` of `notify`: a message is faxed as a letter, and reported when it arrived or did not."""

from __future__ import annotations

import sqlalchemy as sa

from app.kernel import clock, db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.notify import channels
from app.notify.models import Delivery
from app.telephony.outbound import faxes
from app.telephony.outbound.operations.wanting import NoNumber


def send(message: channels.Message) -> channels.Outcome:
    """Queue the letter; called twice with the same key it is one fax."""

    def work() -> int:
        delivery = session.scalar(sa.select(Delivery).where(Delivery.key == message.key))
        return faxes.want(
            "letter",
            {"subject": message.subject, "text": message.text},
            number=message.to,
            language=message.language,
            key=f"delivery:{message.key}"[:120],
            delivery_id=delivery.id if delivery else None,
            actor=SYSTEM,
            now=clock.now(),
        )

    try:
        return channels.Outcome("handed", str(db.run(work)))
    except NoNumber as wrong:
        raise channels.Undeliverable("INVALID_NUMBER", reason="bad_number") from wrong


def register() -> None:
    """Add the channel."""
    channels.register("fax", send, recall=faxes.recall)
