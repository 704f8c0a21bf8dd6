"""What higher packages keep about customers (orders, outages), for packages beside them that may not import them.

Key accounts and reports ask `records_of("orders", …)`; who keeps orders registers a provider.
A kind that nobody provides has no records: the question is answered, with nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that concerns a customer, in the reader's language.

    `open` says whether it is under way; `in_time` whether every limit was kept (None: none ran);
    `minutes` how long supply was interrupted, for outages.
    """

    number: str
    title: str
    state: str
    open: bool
    at: datetime
    ended_at: datetime | None
    in_time: bool | None = None
    minutes: int | None = None
    link: str = ""


class Provider(Protocol):
    def __call__(
        self, numbers: Sequence[str], *, since: datetime | None, until: datetime | None, open_only: bool
    ) -> Mapping[str, Sequence[Record]]: ...


_providers: dict[str, Provider] = {}


def records(kind: str) -> Callable[[Provider], Provider]:
    """`@records("orders")` above a provider registers it; a kind registered again replaces the first."""

    def register(provider: Provider) -> Provider:
        _providers[kind] = provider
        return provider

    return register


def is_known(kind: str) -> bool:
    """Whether anybody keeps records of this kind here."""
    return kind in _providers


def records_of(
    kind: str,
    numbers: Sequence[str],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    open_only: bool = False,
) -> Mapping[str, Sequence[Record]]:
    """Records by the customers' number, newest first; customers without any are left out.

    Scope is the caller's to check: these are the records of customers the reader may see.
    """
    provider = _providers.get(kind)
    if provider is None or not numbers:
        return {}
    return provider(numbers, since=since, until=until, open_only=open_only)
