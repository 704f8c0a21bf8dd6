"""The protective devices above the transformers that called, from each to the feeder's breaker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from app.outages.location.scene import Network

_counts: WeakKeyDictionary[Any, dict[str, int]] = WeakKeyDictionary()
"""How many children each device has, by grid: a grid never changes, so that a count is made once."""

_chains: WeakKeyDictionary[Any, dict[str, tuple[str, ...]]] = WeakKeyDictionary()
"""The protective devices above each transformer that called, by grid."""


class Ladder:
    """`head` is the feeder's breaker, empty where a transformer hangs below none."""

    def __init__(self, network: Network, called: Iterable[str], alive: Mapping[str, datetime]) -> None:
        self._network = network
        self._above: dict[str, str] = {}
        self._depth: dict[str, int] = {}
        self._children: dict[str, list[str]] = {}
        self._transformers: dict[str, list[str]] = {}
        self._alive: dict[str, datetime] = {}
        self.head = ""
        for transformer in called:
            self._climb(transformer)
        for transformer, at in alive.items():
            self._note_alive(transformer, at)

    def devices(self) -> list[str]:
        """Protective devices, the farthest from the source first."""
        return self.deepest_first(self._children)

    def deepest_first(self, codes: Iterable[str]) -> list[str]:
        """These devices and transformers, the farthest from the source first."""
        return sorted(codes, key=lambda code: (-self._depth.get(code, 0), code))

    def children_with_calls(self, device: str) -> list[str]:
        """Of the next level below a device, what somebody called from."""
        return self._children[device]

    def transformers_with_calls(self, device: str) -> list[str]:
        """All transformers below a device that somebody called from."""
        return self._transformers[device]

    def children_count(self, device: str) -> int:
        """How many children a device has in the grid."""
        counts = _counts.setdefault(self._network, {})
        if device not in counts:
            counts[device] = len(self._network.children(device))
        return max(counts[device], len(self._children[device]))

    def is_passage(self, device: str) -> bool:
        """Whether a protective device has one child alone."""
        return device in self._children and self.children_count(device) == 1

    def alive_below(self, code: str) -> datetime | None:
        """When a meter below last told that it has power."""
        return self._alive.get(code)

    def _climb(self, transformer: str) -> None:
        below, chain = transformer, self._chain(transformer)
        self._depth[transformer] = len(chain)
        for place, device in enumerate(chain):
            self._transformers.setdefault(device, []).append(transformer)
            known = self._children.setdefault(device, [])
            self._depth[device] = len(chain) - place - 1
            if self._above.setdefault(below, device) == device and below not in known:
                known.append(below)
            below = device
        if chain:
            self.head = chain[-1]

    def _note_alive(self, transformer: str, at: datetime) -> None:
        if not self._network.has(transformer):
            return
        for code in (transformer, *self._chain(transformer)):
            self._alive[code] = max(at, self._alive.get(code, at))

    def _chain(self, transformer: str) -> tuple[str, ...]:
        """Protective devices towards the source."""
        network = self._network
        chains = _chains.setdefault(network, {})
        if transformer not in chains:
            above = network.upstream(transformer)
            chains[transformer] = tuple(code for code in above if network.info(code).protective)
        return chains[transformer]
