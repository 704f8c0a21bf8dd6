"""What higher packages show on the order's page: pieces at its side, and forms for what may be done.

A provider is called with the order as its reader may see it and returns `Section`s of plain values;
`place` is `side` (shown again whenever the order moves) or `forms` (kept while a form is open).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.kernel.actor import Actor
from app.workorders.queries.orders import OrderView


@dataclass(frozen=True, slots=True)
class Section:
    """A `template` included with `context` as `section`."""

    place: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Provider = Callable[[OrderView, Actor, datetime], Sequence[Section]]

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Show what `provider` returns on every order's page; once however often it is registered."""
    if provider not in _providers:
        _providers.append(provider)


def sections_for(order: OrderView, *, actor: Actor, now: datetime) -> list[Section]:
    """The sections of an order, in the order of registration."""
    return [section for provider in _providers for section in provider(order, actor, now)]
