"""The tree of categories (业务分类): what a kind of order is called, asks, follows and allows. All of it is data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.engine import api as engine
from app.kernel.errors import NotFound
from app.workorders.queries.codes import CodeView, code, codes


@dataclass(frozen=True, slots=True)
class Kind:
    """What holds for a category, or a sub-type of it (whose own facts go before the category's).

    `process` is the key of its diagram (empty: taken in no order of its own), `form` the guided
    questions, `channels` the ways it may come by (none: all), `secrecy` the secrecies that may be asked for.
    """

    category: CodeView
    sub_type: CodeView | None
    process: str
    form: str
    channels: tuple[str, ...]
    secrecy: tuple[str, ...]
    against: bool
    at_once: bool
    sub_type_needed: bool


def kind(category: str, sub_type: str = "") -> Kind | None:
    """What holds for this category and sub-type; None where the list does not know the category."""
    top = code("category", category)
    if top is None:
        return None
    sub = code("sub_type", sub_type) if sub_type else None
    facts: dict[str, Any] = dict(top.facts) | (dict(sub.facts) if sub else {})
    return Kind(
        category=top,
        sub_type=sub,
        process=str(facts.get("process", "")),
        form=str(facts.get("form", "")),
        channels=tuple(facts.get("channels", ())),
        secrecy=tuple(facts.get("secrecy", ())),
        against=bool(facts.get("against", False)),
        at_once=bool(facts.get("at_once", False)),
        sub_type_needed=bool(facts.get("sub_type_needed", False)),
    )


def kinds() -> list[CodeView]:
    """The categories in which orders are taken."""
    return [each for each in codes("category") if each.facts.get("process")]


def sub_types(category: str) -> list[CodeView]:
    """The second step of the tree under a category."""
    return [each for each in codes("sub_type") if each.facts.get("category") == category]


def items(sub_type: str) -> list[CodeView]:
    """The third step of the tree under a sub-type."""
    return [each for each in codes("item") if each.facts.get("sub_type") == sub_type]


def processes() -> frozenset[str]:
    """The keys of all diagrams that orders follow."""
    named = [each.facts.get("process") for kind_ in ("category", "sub_type") for each in codes(kind_, inactive=True)]
    return frozenset(str(process) for process in named if process)


def questions(category: str, sub_type: str = "") -> Mapping[str, Any] | None:
    """The form with the guided questions of a category, as deployed last; None where it asks none."""
    found = kind(category, sub_type)
    if found is None or not found.form:
        return None
    try:
        return engine.form("", found.form)  # the newest: intake asks before there is an instance
    except NotFound:
        return None
