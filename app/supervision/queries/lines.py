"""Lines of business (业务条线): which orders a department is in charge of, and which lines a person sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.identity import queries as people
from app.kernel.actor import Actor
from app.kernel.errors import Forbidden
from app.kernel.i18n import localized
from app.supervision.queries.words import words
from app.workorders.queries.units import unit_with

SUPERVISE = "order.supervise"
EVERY = "*"


@dataclass(frozen=True, slots=True)
class Line:
    """A line: `kinds` are `category`, `category/sub_type` or `*`; `post` is what the department's people hold."""

    code: str
    name: str
    name_en: str
    post: str
    kinds: Sequence[str]

    @property
    def shown(self) -> str:
        return localized(self.name, self.name_en)

    @property
    def whole(self) -> bool:
        return EVERY in self.kinds

    def holds(self, category: str, sub_type: str) -> bool:
        """Whether an order of this kind lies in the line."""
        return self.whole or category in self.kinds or f"{category}/{sub_type}" in self.kinds

    def where(self, model: Any) -> sa.ColumnElement[bool]:
        """SQL: rows of a model with `category` and `sub_type` that lie in the line."""
        if self.whole:
            return sa.true()
        pairs = [kind.partition("/") for kind in self.kinds]
        whole = [category for category, _slash, sub in pairs if not sub]
        parts = [sa.and_(model.category == category, model.sub_type == sub) for category, _slash, sub in pairs if sub]
        return sa.or_(model.category.in_(whole), *parts)


def lines() -> dict[str, Line]:
    """Every line by code, in their order."""
    return {word.code: Line(word.code, word.name, word.name_en, *_facts(word.facts)) for word in words("line").values()}


def lines_for(actor: Actor, *, now: datetime) -> list[Line]:
    """The lines a person sees: those of the department posts they hold; all where they hold none (heads, 值长)."""
    every = list(lines().values())
    if actor.id is None:
        return every
    posts = {group.partition("@")[0] for group in people.groups_of(actor.id, at=now)}
    own = [line for line in every if line.post in posts]
    return every if not own or any(line.whole for line in own) else own


def line_in_charge(actor: Actor, category: str, sub_type: str, *, unit_path: str, now: datetime) -> Line:
    """The actor's line for an order of this kind at this place; raises `Forbidden` where it is not theirs."""
    authority.require(actor, SUPERVISE, unit_path=unit_path, now=now)
    fitting = [line for line in lines_for(actor, now=now) if line.holds(category, sub_type)]
    held = {group.partition("@")[0] for group in people.groups_of(actor.id, at=now)} if actor.id is not None else set()
    if fitting:
        return min(fitting, key=lambda line: (line.post not in held, line.whole))
    raise Forbidden(_l("Orders of this kind lie outside your line of business."), permission=SUPERVISE)


def group_of(line: Line, unit_path: str, actor: Actor, *, now: datetime) -> str:
    """The group that evaluates: the actor's own where they hold the line's post above the unit, else the nearest."""
    if actor.id is not None:
        for group in sorted(people.groups_of(actor.id, at=now), key=len):
            post, _at, code = group.partition("@")
            unit = people.unit_by_code(code, at=now) if post == line.post and code else None
            if unit is not None and unit_path.startswith(unit.path):
                return group
    whole = [each for each in lines().values() if each.whole]
    for each in (line, *whole):
        if (unit := unit_with(unit_path, post=each.post, now=now)) is not None:
            return f"{each.post}@{unit.code}"
    return ""


def _facts(facts: Mapping[str, Any]) -> tuple[str, list[str]]:
    return str(facts.get("post", "")), [str(kind) for kind in facts.get("kinds", ())]
