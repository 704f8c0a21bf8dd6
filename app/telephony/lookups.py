"""Asking a registered look-up what a flow wants to know: the one way for the line, the terminal and the browser."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import ValidationError

from app.kernel.actor import Actor
from app.kernel.registry import UnknownName, registry
from app.telephony.ivr.commands import Lookup
from app.telephony.ivr.events import Done, Failed


def answer(asked: Lookup, *, actor: Actor, now: datetime) -> Done | Failed:
    """Ask, and say what came of it. A personal look-up is refused while nobody is identified.

    Whatever the look-up itself raises is the caller's to log and to turn into `Failed`.
    """
    try:
        found = registry.get_lookup(asked.name)
    except UnknownName:
        return Failed(asked.id, "unknown_lookup", asked.name)
    if found.personal and asked.identified is None:
        return Failed(asked.id, "not_identified", asked.name)
    inputs: Mapping[str, Any] = asked.inputs
    if found.inputs is not None:
        try:
            inputs = found.inputs().load(dict(asked.inputs))
        except ValidationError as error:
            return Failed(asked.id, "bad_input", str(error.messages)[:200])
    return Done(asked.id, found.handler(now=now, actor=actor, **inputs))
