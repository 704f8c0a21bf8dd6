"""What higher packages show on the customer's page: panels for bills, orders, calls, outages.

A provider looks up what belongs to the customer and returns a `Panel` of plain values, or
None where it has nothing to say. The page knows none of them by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: `title` in the reader's language, a `template` that is included with `context` as `panel`.

    `order` places it (lower is higher up); `tab` names the tab of the page it belongs to
    (`overview`, `use`, `bills`, `orders`, `contacts`, `history`).
    """

    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 50
    tab: str = "overview"


class Provider(Protocol):
    def __call__(self, customer_id: int, *, user_id: int, now: datetime) -> Panel | None: ...


_providers: dict[str, tuple[str, Provider]] = {}


def panel(name: str, *, tab: str = "overview") -> Callable[[Provider], Provider]:
    """`@panel("bills", tab="bills")` above a provider registers it; a name registered again replaces the first."""

    def register(provider: Provider) -> Provider:
        _providers[name] = (tab, provider)
        return provider

    return register


def panels_for(customer_id: int, *, tab: str, user_id: int, now: datetime) -> list[Panel]:
    """The panels of one tab of a customer's page, in order."""
    shown = [provider(customer_id, user_id=user_id, now=now) for on, provider in _providers.values() if on == tab]
    return sorted((item for item in shown if item), key=lambda item: item.order)
