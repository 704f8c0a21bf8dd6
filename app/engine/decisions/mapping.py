"""What a business rule task takes from a decision's result: `camunda:mapDecisionResult`."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.kernel.errors import Invalid

MAPPINGS = frozenset({"", "singleEntry", "singleResult", "collectEntries", "resultList"})


class UnfitResult(Invalid):
    """The result has more rules or outputs than the diagram has room for."""

    code = "unfit_decision_result"


def map_result(result: Any, mapping: str) -> Any:
    """The result as the diagram wants it. The outputs of a rule are a mapping, a single output is its value.

    `singleResult`: of one rule; `singleEntry`: one value; `collectEntries`: a list of single
    values; `resultList`: a list of results; "": as it is. Raises UnfitResult.
    """
    if mapping == "":
        return result
    if mapping not in MAPPINGS:
        raise UnfitResult(_l("There is no result mapping %(name)s.", name=mapping))
    if mapping == "resultList":
        return _as_list(result)
    if mapping == "collectEntries":
        return [_entry(one) for one in _as_list(result)]
    single = _single(result)
    return _entry(single) if mapping == "singleEntry" else single


def _as_list(result: Any) -> list[Any]:
    if isinstance(result, list):
        return result
    return [] if result is None else [result]


def _single(result: Any) -> Any:
    results = _as_list(result)
    if len(results) > 1:
        raise UnfitResult(_l("The decision has %(count)s results where one is expected.", count=len(results)))
    return results[0] if results else None


def _entry(result: Any) -> Any:
    if not isinstance(result, dict):
        return result
    if len(result) > 1:
        raise UnfitResult(_l("The decision has %(count)s outputs where one is expected.", count=len(result)))
    return next(iter(result.values()), None)
