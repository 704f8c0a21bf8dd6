"""What every page of supervision is about: a line of business and a unit, chosen in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.identity.session import current_actor
from app.kernel.errors import Forbidden
from app.kernel.i18n import localized
from app.supervision.queries.lines import Line, lines_for
from app.supervision.queries.tree import View, look
from app.web.inputs import text
from app.workorders.queries.tree import kinds


@dataclass(frozen=True, slots=True)
class Chosen:
    """The line and unit looked at, and what else may be chosen."""

    line: Line
    lines: Sequence[Line]
    view: View

    @property
    def args(self) -> dict[str, str]:
        """The choice as arguments of an address."""
        return {"line": self.line.code, "unit": self.view.here.code if self.view.here else ""}


def chosen(now: datetime) -> Chosen:
    """The choice of the request; without rows of lines (`flask supervision sync`) nobody can look."""
    actor = current_actor()
    lines = lines_for(actor, now=now)
    if not lines:
        raise Forbidden(_("No line of business is set up. Ask the administrator to run flask supervision sync."))
    line = next((each for each in lines if each.code == text("line")), lines[0])
    return Chosen(line, lines, look(actor, text("unit"), now=now))


def frame(picked: Chosen) -> dict[str, Any]:
    """What the frame of every page shows."""
    return {
        "line": picked.line,
        "lines": picked.lines,
        "view": picked.view,
        "args": picked.args,
        "unit_names": {unit.code: localized(unit.name, unit.name_en) for unit in picked.view.units},
        "kind_names": kind_names(),
    }


def kind_names() -> Mapping[str, str]:
    """Categories in the reader's language."""
    return {each.code: localized(each.name, each.name_en) for each in kinds()}
