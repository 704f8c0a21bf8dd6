"""What the rooms of this package (and higher ones) show on an outage's page: restoring, ETR, crews, notices.

A provider is called with the outage as its reader sees it and returns `Section`s of plain values. `place`
is `main` (in the middle, below facts and calls), `side` (both shown again whenever the outage changes) or
`forms` (kept while a form is open).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.kernel.actor import Actor
from app.outages.queries.view import OutageView


@dataclass(frozen=True, slots=True)
class Section:
    """A `template` included with `context` as `section`; a lower `order` stands higher up."""

    place: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 50


Provider = Callable[[OutageView, Actor, datetime], Sequence[Section]]

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Show what `provider` returns on every outage's page; once however often it is registered."""
    if provider not in _providers:
        _providers.append(provider)


def sections_for(outage: OutageView, *, actor: Actor, now: datetime) -> list[Section]:
    """The sections of an outage, in order."""
    found = [section for provider in _providers for section in provider(outage, actor, now)]
    return sorted(found, key=lambda section: section.order)
