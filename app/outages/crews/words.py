"""Why this crew: each reason as people read it."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from app.kernel.i18n import localized
from app.outages.crews.model import Reason
from app.workorders.queries.codes import code

Sentence = Callable[[Reason], str]

SENTENCES: dict[str, Sentence] = {
    "travel": lambda r: _("%(km)s km by road, about %(minutes)s min", km=r.params["km"], minutes=round(r.minutes)),
    "position_unknown": lambda _r: _("Where it is is not known"),
    "position_old": lambda r: _("Its position is %(age)s min old", age=r.params["age"]),
    "off_duty": lambda _r: _("Off duty"),
    "on_shift": lambda r: _("%(time)s left of its shift", time=_hours(r.params["left"])),
    "shift_ends": lambda r: _("Only %(time)s left of its shift", time=_hours(r.params["left"])),
    "free": lambda _r: _("Has nothing else to do"),
    "preempt": lambda r: _("Would leave the lesser %(number)s", number=r.params["number"]),
    "work": lambda r: _(
        "At %(number)s for about %(minutes)s min more", number=r.params["number"], minutes=round(r.minutes)
    ),
    "work_unknown": lambda r: _("At %(number)s, end not known", number=r.params["number"]),
    "work_overdue": lambda r: _("At %(number)s, past its expected end", number=r.params["number"]),
    "skill_fits": lambda r: _("Skill: %(name)s", name=_name("crew_skill", r)),
    "skill_missing": lambda r: _("Lacks the skill: %(name)s", name=_name("crew_skill", r)),
    "skill_lacking": lambda r: _("Lacks the skill: %(name)s", name=_name("crew_skill", r)),
    "equipment_fits": lambda r: _("Has on board: %(name)s", name=_name("vehicle_equipment", r)),
    "equipment_missing": lambda r: _("Not on board: %(name)s", name=_name("vehicle_equipment", r)),
    "equipment_lacking": lambda r: _("Not on board: %(name)s", name=_name("vehicle_equipment", r)),
}


def reason_words(reason: Reason) -> str:
    """One reason in the reader's language."""
    return str(SENTENCES[reason.kind](reason))


def _name(kind: str, reason: Reason) -> str:
    word = str(reason.params["word"])
    found = code(kind, word)
    return localized(found.name, found.name_en) if found else word


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return str(_("%(minutes)s min", minutes=rest))
    return str(_("%(hours)s h %(minutes)s min", hours=hours, minutes=rest))
