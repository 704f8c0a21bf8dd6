"""What becomes of the rules that matched: the hit policies of decision tables (DMN 1.3, 8.2.8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from app import feel
from app.engine.decisions.errors import DecisionError, Place
from app.feel.builtins.aggregates import maximum, minimum, total
from app.feel.values.compare import same


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched, by its number, with the values of its outputs and the result they make."""

    rule: int
    values: tuple[feel.Value, ...]
    result: feel.Value


@dataclass(frozen=True, slots=True)
class Combined:
    """The value of a table and the hits it comes from."""

    value: feel.Value
    hits: list[Hit]


@dataclass(frozen=True, slots=True)
class HitPolicy:
    """`name` is UNIQUE, FIRST, PRIORITY, ANY, COLLECT, RULE ORDER or OUTPUT ORDER."""

    name: str
    aggregation: str = ""

    @property
    def stops_at_first(self) -> bool:
        return self.name == "FIRST"

    @property
    def by_priority(self) -> bool:
        return self.name in {"PRIORITY", "OUTPUT ORDER"}

    @property
    def gives_list(self) -> bool:
        return self.name in {"COLLECT", "RULE ORDER", "OUTPUT ORDER"} and not self.aggregation

    def of_nothing(self) -> feel.Value:
        """The value where no rule matches and there is no default."""
        if self.aggregation == "COUNT":
            return Decimal(0)
        return [] if self.gives_list else None


def _unique(hits: list[Hit], place: Place) -> Combined:
    if len(hits) > 1:
        rules = ", ".join(str(hit.rule) for hit in hits)
        message = _l("only one rule may match (hit policy UNIQUE), but rules %(rules)s do", rules=rules)
        raise DecisionError(place, message)
    return Combined(hits[0].result, hits)


def _any(hits: list[Hit], place: Place) -> Combined:
    for hit in hits[1:]:
        if not same(hits[0].result, hit.result):
            raise DecisionError(
                place,
                _l(
                    "rules that match must agree (hit policy ANY), but rules %(first)s and %(second)s differ",
                    first=hits[0].rule,
                    second=hit.rule,
                ),
            )
    return Combined(hits[0].result, hits)


def _rank(hit: Hit, priorities: list[list[feel.Value]]) -> tuple[int, ...]:
    """Position of each output in its column's allowed values; what is not listed comes last."""
    return tuple(
        next((rank for rank, wanted in enumerate(column) if same(wanted, value)), len(column))
        for value, column in zip(hit.values, priorities, strict=True)
    )


_AGGREGATIONS: dict[str, Callable[[list[Any]], feel.Value]] = {
    "SUM": total,
    "MIN": minimum,
    "MAX": maximum,
    "COUNT": lambda values: Decimal(len(values)),
}
AGGREGATIONS = frozenset(_AGGREGATIONS)
POLICIES = frozenset({"UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"})


def combine(policy: HitPolicy, hits: list[Hit], priorities: list[list[feel.Value]], place: Place) -> Combined:
    """The value that a policy makes of hits in the order of the rules (at least one)."""
    if policy.name == "UNIQUE":
        return _unique(hits, place)
    if policy.name == "ANY":
        return _any(hits, place)
    if policy.by_priority:
        hits = sorted(hits, key=lambda hit: _rank(hit, priorities))
    if policy.name in {"FIRST", "PRIORITY"}:
        return Combined(hits[0].result, hits[:1])
    results = [hit.result for hit in hits]
    if policy.aggregation:
        return Combined(_AGGREGATIONS[policy.aggregation](results), hits)
    return Combined(results, hits)
