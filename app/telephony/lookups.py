"""Asking a registered look-up what a flow wants to know: the one way for the line, the terminal and the browser."""

from __future__ import annotations

from datetime import datetime

from marshmallow import ValidationError

from app.kernel import lookups
from app.kernel.actor import Actor
from app.kernel.registry import UnknownName, registry
from app.telephony.ivr.commands import Lookup
from app.telephony.ivr.events import Done, Failed


def answer(asked: Lookup, *, actor: Actor, now: datetime) -> Done | Failed:
    """Ask, and say what came of it. A personal look-up is refused but for the account
    that the caller has been identified for.

    Whatever the look-up itself raises is the caller's to log and to turn into `Failed`.
    """
    try:
        found = registry.get_lookup(asked.name)
        if found.personal and asked.inputs.get("account_no") != asked.identified:
            return Failed(asked.id, "not_identified", asked.name)
        return Done(asked.id, lookups.ask(asked.name, asked.inputs, actor=actor, now=now))
    except UnknownName:
        return Failed(asked.id, "unknown_lookup", asked.name)
    except ValidationError as error:
        return Failed(asked.id, "bad_input", str(error.messages)[:200])
