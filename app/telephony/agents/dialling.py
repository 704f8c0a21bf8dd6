"""Calls that an agent makes: whom they may call and when, by the rules of outbound calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import new_id
from app.kernel.errors import Conflict
from app.telephony.agents.models import PhoneAgent
from app.telephony.agents.switch import ask
from app.telephony.config import Telephony
from app.telephony.esl import commands
from app.telephony.outbound.operations import number_of
from app.telephony.outbound.rules import rules

PURPOSE = "agent"
OWN = 5
"""Numbers up to so many digits are colleagues and emergency numbers: they may be called at any time."""


class QuietHours(Conflict):
    """People are not called now, but for what cannot wait."""

    code = "quiet_hours"


def dialled(
    agent: PhoneAgent,
    number: str,
    *,
    urgent: bool = False,
    about: Mapping[str, Any] | None = None,
    actor: Actor,
    now: datetime,
) -> str:
    """The number as it is to be dialled; the call is on the audit trail. Raises `NoNumber`, `QuietHours`.

    `urgent` calls past quiet hours, and the trail says so.
    """
    wanted = number_of(number)
    opens = rules().allowed_from(now, rules().purpose(PURPOSE))
    quiet = len(wanted) > OWN and opens > now
    if quiet and not urgent:
        raise QuietHours(_l("People are not called at this time of day, but for what cannot wait."))
    details = {"number": wanted, **({"past_quiet_hours": True} if quiet else {}), **(about or {})}
    audit.record(
        "phone.dialled",
        actor=actor,
        now=now,
        subject_type="phone_agent",
        subject_id=agent.extension,
        details=details,
    )
    return wanted


def ring_first(agent: PhoneAgent, number: str, *, telephony: Telephony) -> None:
    """Ring the agent's own telephone; picked up, it calls the number. Raises `SwitchAway`, `SwitchRefused`."""
    line = commands.originate(
        f"user/{agent.extension}@{telephony.domain}",
        {
            "origination_uuid": new_id(),
            "originate_timeout": str(agent.rings),
            "origination_caller_id_number": number,
            "ignore_early_media": "true",
        },
        then=number_of(number),
        dialplan="XML",
        context="lightline_agents",
    )
    ask(telephony, f"bgapi {line}")
