"""Ask a registered question: inputs checked, its own transaction where it leaves a trace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import EXCLUDE

from app.kernel import db
from app.kernel.actor import Actor
from app.kernel.registry import registry


def ask(name: str, inputs: Mapping[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The answer of a lookup, as plain values; inputs it does not know are left out.

    The caller holds an application context and no transaction. Raises `UnknownName`, marshmallow's
    `ValidationError`, and whatever the lookup or the database raises.
    """
    lookup = registry.get_lookup(name)
    given = dict(lookup.inputs().load(inputs, unknown=EXCLUDE)) if lookup.inputs else {}
    if lookup.writes:
        return dict(db.run(lambda: lookup.handler(now=now, actor=actor, **given)))
    try:
        return dict(lookup.handler(now=now, actor=actor, **given))
    finally:
        db.session.rollback()  # a reader keeps neither a snapshot nor a connection
