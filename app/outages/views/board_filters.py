"""What of the board is wanted: filters in the address, within the units a person may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask import request

from app.identity import authority
from app.identity import queries as people
from app.identity.queries import UnitView
from app.identity.session import current_actor
from app.outages.labels import NATURE, STATUS
from app.outages.queries.board import Filters
from app.outages.rights import READ
from app.web.inputs import number, text

NAMES = ("unit", "status", "nature", "important", "feeder", "q", "storm")
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of a request, the paths they are limited to, and the address that says the same."""

    filters: Filters
    paths: list[str]
    units: list[UnitView]
    unit: str
    args: dict[str, str]

    @property
    def query(self) -> str:
        """The filters as the query of an address."""
        return urlencode(self.args)


def wanted(now: datetime) -> Wanted:
    """The filters of the request; words that name nothing are left out."""
    paths = authority.paths(current_actor(), READ, now=now)
    units = people.subtree(paths, at=now)
    unit = next((each for each in units if each.code == text("unit")), None)
    statuses = [word for word in text("status").split(",") if word in STATUS]
    nature = text("nature") if text("nature") in NATURE else ""
    filters = Filters(
        statuses=tuple(statuses),
        nature=nature,
        important=text("important") == "1",
        feeder=text("feeder")[:64],
        text=text("q")[:LONGEST],
        unit_path=unit.path if unit else "",
        storm=number("storm"),
    )
    args = {name: request.args[name][:200] for name in NAMES if request.args.get(name)}
    return Wanted(filters, paths, units, unit.code if unit else "", args)
