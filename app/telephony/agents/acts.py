"""What is done to a call from a page, through the switch: for agents with a telephone of their own, whose page cannot
reach into it, and for supervisors."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import new_id
from app.kernel.errors import Conflict, Invalid
from app.telephony.agents.directory import TRANSFER
from app.telephony.agents.models import PhoneAgent
from app.telephony.agents.ringing import AtTelephone, at_telephone
from app.telephony.agents.switch import ask
from app.telephony.config import Telephony
from app.telephony.esl import commands, guard
from app.telephony.outbound.operations import number_of


class NoCall(Conflict):
    """Nobody is talking there now."""

    code = "no_call"


def hang_up(agent: PhoneAgent, *, telephony: Telephony, now: datetime) -> None:
    """End the agent's part: the caller goes on to where their flow leads, the survey. Raises `NoCall`."""
    ask(telephony, f"uuid_kill {guard.word(_talking(agent, now).uuid)} NORMAL_CLEARING")


def hold(agent: PhoneAgent, *, telephony: Telephony, now: datetime) -> None:
    """Hold the call, or take it up again."""
    ask(telephony, f"uuid_hold toggle {guard.word(_talking(agent, now).uuid)}")


def hand_over(agent: PhoneAgent, number: str, *, telephony: Telephony, actor: Actor, now: datetime) -> None:
    """Hand the caller over to a number without a word before. Raises `NoCall`, `NoNumber`."""
    call, wanted = _talking(agent, now), number_of(number)
    audit.record(
        "phone.handed_over",
        actor=actor,
        now=now,
        subject_type="phone_agent",
        subject_id=agent.extension,
        details={"to": wanted, "call": call.call_key},
    )
    ask(telephony, f"uuid_transfer {guard.word(call.call_key)} {wanted} XML {TRANSFER}")


def listen(to: PhoneAgent, by: PhoneAgent, *, telephony: Telephony, actor: Actor, now: datetime) -> None:
    """Ring the supervisor's telephone; picked up, it hears the agent and the caller, who do not hear it.

    On the audit trail before anything rings. Raises `NoCall`, `Invalid`, `SwitchAway`, `SwitchRefused`.
    """
    if to.extension == by.extension:
        raise Invalid(_l("This is your own call."))
    call = _talking(to, now)
    audit.record(
        "phone.listened",
        actor=actor,
        now=now,
        subject_type="phone_agent",
        subject_id=to.extension,
        details={"call": call.call_key, "at": by.extension},
    )
    line = commands.originate(
        f"user/{by.extension}@{telephony.domain}",
        {
            "origination_uuid": new_id(),
            "originate_timeout": str(by.rings),
            "origination_caller_id_number": to.extension,
            "ignore_early_media": "true",
        },
        then=f"&eavesdrop({guard.word(call.uuid)})",
    )
    ask(telephony, f"bgapi {line}")


def _talking(agent: PhoneAgent, now: datetime) -> AtTelephone:
    call = at_telephone(agent.extension, now=now)
    if call is None or not call.talking or not call.uuid:
        raise NoCall(_l("Nobody is talking there now."))
    return call
