"""The part of the organisation tree that a person supervises, seen from one unit: its children and itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.identity import authority
from app.identity import queries as people
from app.identity.queries import UnitView
from app.kernel.actor import Actor
from app.supervision.queries.lines import SUPERVISE


@dataclass(frozen=True, slots=True)
class View:
    """`here` is the unit looked at (None: all of one's units), `rows` what is shown a line each, `above` the way up.

    `place` maps the code of each unit below to the row it counts in; `whole`: nothing is left out by units.
    """

    here: UnitView | None
    rows: Sequence[UnitView]
    above: Sequence[UnitView]
    place: Mapping[str, str]
    whole: bool
    units: Sequence[UnitView]

    @property
    def codes(self) -> list[str]:
        return list(self.place)


def look(actor: Actor, unit: str, *, now: datetime) -> View:
    """The view from this unit (a code); from the top of one's own units where it is empty or not one's own."""
    paths = authority.paths(actor, SUPERVISE, now=now)
    units = people.subtree(paths, at=now)
    mine = {each.path for each in units}
    tops = [each for each in units if _parent(each.path) not in mine]
    here = next((each for each in units if each.code == unit), None) or (tops[0] if len(tops) == 1 else None)
    below = [each for each in units if here is None or each.path.startswith(here.path)]
    children = tops if here is None else [each for each in below if _parent(each.path) == here.path]
    rows = ([here] if here else []) + children
    above = [each for each in units if here is not None and here.path.startswith(each.path)]
    place = {each.code: _row(each, children, here) for each in below}
    return View(here, rows, above, place, "/" in paths and (here is None or here.depth == 0), units)


def _row(unit: UnitView, children: Sequence[UnitView], here: UnitView | None) -> str:
    for child in children:
        if unit.path.startswith(child.path):
            return child.code
    return here.code if here else unit.code


def _parent(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0] + "/"
