"""Write down what happened to an outage: one sentence of its time-line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.kernel.actor import Actor
from app.kernel.db import session
from app.outages.models import Outage, OutageEvent


def device(outage: Outage) -> dict[str, str]:
    """The parameters that name the outage's device in a sentence."""
    return {"device": outage.device_name, "device_en": outage.device_name_en}


def event(outage: Outage, kind: str, *, actor: Actor, now: datetime, params: Mapping[str, Any] | None = None) -> None:
    """Add a sentence (`outages.sentences` has the words). Whoever changes the outage tells `hooks` besides."""
    session.add(
        OutageEvent(
            outage_id=outage.id,
            at=now,
            kind=kind,
            params=dict(params or {}),
            actor=actor.ref,
            actor_name=actor.name,
        )
    )
