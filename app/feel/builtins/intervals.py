"""Relations of points and intervals (Allen's algebra; DMN 1.3, table 78). A point counts as `[p..p]`."""

from __future__ import annotations

from collections.abc import Callable

from app.feel.builtins.signature import builtin
from app.feel.values.compare import order
from app.feel.values.kinds import Range, Value

Relation = Callable[[Range, Range], bool]


def _interval(value: Value) -> Range:
    return value if isinstance(value, Range) else Range(value, value)


def _compare(a: Value, b: Value) -> int:
    """Order of two ends; ends that cannot be compared end the whole relation with null."""
    result = order(a, b)
    if result is None:
        raise _Incomparable
    return result


class _Incomparable(Exception):
    """Two ends have no order, or one is missing."""


def _before(a: Range, b: Range) -> bool:
    sign = _compare(a.end, b.start)
    return sign < 0 or (sign == 0 and not (a.end_included and b.start_included))


def _meets(a: Range, b: Range) -> bool:
    return a.end_included and b.start_included and _compare(a.end, b.start) == 0


def _starts_first(a: Range, b: Range) -> int:
    """-1 where a starts before b, 0 together, 1 after: an open start begins later than a closed one."""
    return _compare(a.start, b.start) or int(b.start_included) - int(a.start_included)


def _ends_first(a: Range, b: Range) -> int:
    return _compare(a.end, b.end) or int(a.end_included) - int(b.end_included)


def _overlap(a: Range, b: Range) -> bool:
    return not _before(a, b) and not _before(b, a)


def _overlaps_before(a: Range, b: Range) -> bool:
    return _overlap(a, b) and _starts_first(a, b) < 0 and _ends_first(a, b) < 0


def _finishes(a: Range, b: Range) -> bool:
    return _ends_first(a, b) == 0 and _starts_first(a, b) >= 0


def _starts(a: Range, b: Range) -> bool:
    return _starts_first(a, b) == 0 and _ends_first(a, b) <= 0


def _during(a: Range, b: Range) -> bool:
    return _starts_first(a, b) >= 0 and _ends_first(a, b) <= 0


def _coincides(a: Range, b: Range) -> bool:
    return _starts_first(a, b) == 0 and _ends_first(a, b) == 0


def _turned(relation: Relation) -> Relation:
    return lambda a, b: relation(b, a)


POINT, RANGE = "point", "range"
_BOTH = ((POINT, POINT), (POINT, RANGE), (RANGE, POINT), (RANGE, RANGE))
_RELATIONS: dict[str, tuple[Relation, tuple[tuple[str, str], ...]]] = {
    "before": (_before, _BOTH),
    "after": (_turned(_before), _BOTH),
    "meets": (_meets, ((RANGE, RANGE),)),
    "met by": (_turned(_meets), ((RANGE, RANGE),)),
    "overlaps": (_overlap, ((RANGE, RANGE),)),
    "overlaps before": (_overlaps_before, ((RANGE, RANGE),)),
    "overlaps after": (_turned(_overlaps_before), ((RANGE, RANGE),)),
    "finishes": (_finishes, ((POINT, RANGE), (RANGE, RANGE))),
    "finished by": (_turned(_finishes), ((RANGE, POINT), (RANGE, RANGE))),
    "includes": (_turned(_during), ((RANGE, POINT), (RANGE, RANGE))),
    "during": (_during, ((POINT, RANGE), (RANGE, RANGE))),
    "starts": (_starts, ((POINT, RANGE), (RANGE, RANGE))),
    "started by": (_turned(_starts), ((RANGE, POINT), (RANGE, RANGE))),
    "coincides": (_coincides, ((POINT, POINT), (RANGE, RANGE))),
}


def _shape(value: Value) -> str:
    return RANGE if isinstance(value, Range) else POINT


def _signatures(shapes: tuple[tuple[str, str], ...]) -> list[str]:
    """Names of parameters as the standard gives them: `point1, point2`, `point, range`, `range1, range2`."""
    return [f"{a}1: Any, {b}2: Any" if a == b else f"{a}: Any, {b}: Any" for a, b in shapes]


def _define(name: str, relation: Relation, shapes: tuple[tuple[str, str], ...]) -> None:
    def relate(a: Value, b: Value) -> bool | None:
        if a is None or b is None or (_shape(a), _shape(b)) not in shapes:
            return None
        try:
            return relation(_interval(a), _interval(b))
        except _Incomparable:
            return None

    builtin(name, *_signatures(shapes))(relate)


for _name, (_relation, _shapes) in _RELATIONS.items():
    _define(_name, _relation, _shapes)
