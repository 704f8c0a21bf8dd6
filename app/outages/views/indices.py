"""Indices of reliability: the page, what is behind each figure, Excel and PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from flask import Response, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.identity import authority, trail_titles
from app.identity import queries as people
from app.identity.queries import UnitView
from app.identity.session import acting, current_actor
from app.kernel import audit, clock, db
from app.kernel.clock import LOCAL
from app.kernel.errors import Forbidden, Invalid
from app.kernel.i18n import localized
from app.outages.indices import labels
from app.outages.indices.figures import NAMES
from app.outages.indices.lines import Line
from app.outages.indices.paper import Names, borrowed, facts, moved, natures, paper
from app.outages.indices.periods import DAY, after, first_day
from app.outages.indices.pictures import picture
from app.outages.indices.report import Report, report
from app.outages.indices.rules import BASES, HOUSEHOLDS
from app.outages.indices.serving import feeder_names, serving
from app.outages.indices.wanted import BY, LONGEST, Wanted
from app.outages.indices.why import SEVERAL, why
from app.outages.indices.workbook import workbook
from app.outages.rights import INDICES
from app.outages.views.blueprint import blueprint
from app.web import navigation
from app.web.access import requires
from app.web.inputs import day, number, same_page, text
from app.web.security import limiter

FIRST = date(2000, 1, 1)
MOST_DAYS = 92
"""Lines by day are shown for so many days at most; longer periods are shown by month."""

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def init_app() -> None:
    """Add the page to the menu, and name what it records."""
    navigation.add("outages.indices", _l("Indices of reliability"), "chart-bar", (INDICES,), "service", 6)
    trail_titles.define(
        actions={"outage.indices": _l("Indices of reliability taken as a file")}, subjects={}, details={}
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for, and the units that may be chosen."""

    wanted: Wanted
    units: Sequence[UnitView]


@blueprint.get("/indices")
@requires(INDICES)
def indices() -> ResponseReturnValue:
    """The indices of a unit and period, together and line by line."""
    now = clock.now()
    chosen = _chosen(now)
    found = report(chosen.wanted, chosen.units, now=now)
    return render_template(
        "outages/indices.html",
        **_frame(chosen, now),
        r=found,
        names=NAMES[chosen.wanted.basis],
        name_of=Names(found).of,
        picture=picture(found),
        facts=facts(found),
        borrowed=borrowed,
        moved=moved,
    )


@blueprint.get("/indices/why")
@requires(INDICES)
def index_why() -> ResponseReturnValue:
    """The interruptions behind a figure."""
    now = clock.now()
    chosen = _chosen(now)
    found = why(chosen.wanted, text("index"), page=number("page") or 1, now=now)
    least, more_than = found.cemi
    return render_template(
        "outages/indices_why.html",
        **_frame(chosen, now),
        w=found,
        moved=moved() if found.index == "cemi" and found.counted.distinct > found.served else "",
        sign=labels.short(found.index, n=least, more_than=more_than),
        times=[f"{'≥' if n >= SEVERAL else ''}{n}: {customers:,}" for n, customers in found.times.items()],
        causes=labels.causes(),
        unit_names={unit.code: localized(unit.name, unit.name_en) for unit in chosen.units},
        next_url=same_page(page=found.page + 1) if found.page < found.pages else None,
        previous_url=same_page(page=found.page - 1) if found.page > 1 else None,
    )


@blueprint.get("/indices.xlsx")
@requires(INDICES)
@limiter.limit("30/minute")
def indices_excel() -> ResponseReturnValue:
    """The report as an Excel file."""
    now = clock.now()
    found = _report(now)
    _note(found, "xlsx")
    return _file(workbook(found, Names(found).of, facts(found), now=now), found, "xlsx", EXCEL)


@blueprint.get("/indices.pdf")
@requires(INDICES)
@limiter.limit("30/minute")
def indices_paper() -> ResponseReturnValue:
    """The report on paper."""
    found = _report(clock.now())
    _note(found, "pdf")
    return _file(paper(found), found, "pdf", "application/pdf")


def _report(now: datetime) -> Report:
    chosen = _chosen(now)
    return report(chosen.wanted, chosen.units, now=now)


def _chosen(now: datetime) -> Chosen:
    """What is asked for, within the reader's units. Raises `Invalid` for a period that is none, or beyond ten years."""
    units = people.subtree(authority.paths(current_actor(), INDICES, now=now), at=now)
    if not units:
        raise Forbidden(_("You have no right to do this in this unit."))
    unit = next((one for one in units if one.code == text("unit")), units[0])
    since, until = _period(now)
    by = text("by") if text("by") in BY else "unit"
    if by == "day" and (until - since).days > MOST_DAYS:
        by = "month"
    wanted = Wanted(
        unit=unit,
        since=since,
        until=until,
        basis=text("basis") if text("basis") in BASES else HOUSEHOLDS,
        by=by,
        itself=text("itself") == "1",
        feeder=_filter("feeder"),
        cause=_filter("cause"),
        nature=_filter("nature"),
        without_major=text("major") == "without",
        n=min(max(number("n") or 0, 0), 99) or None,
        more_than={"1": True, "0": False}.get(text("more")),
    )
    return Chosen(wanted, units)


def _period(now: datetime) -> tuple[date, date]:
    """The days asked for, this year's so far by default; the second is the day after."""
    today = now.astimezone(LOCAL).date()
    since, last = day("since") or today.replace(month=1, day=1), day("until") or today
    if not FIRST <= since <= last or last - since > LONGEST:
        message = _("Choose a first day that is not after the last, and at most ten years.")
        raise Invalid(message, errors={"since": [message]})
    return since, last + DAY


NONE = "-"
"""In an address: what has no cause, no feeder. Missing or empty means all."""


def _filter(name: str) -> str | None:
    value = text(name)[:64]
    return "" if value == NONE else value or None


def args_of(wanted: Wanted) -> dict[str, Any]:
    """What is wanted as arguments of an address."""
    filters = {"feeder": wanted.feeder, "cause": wanted.cause, "nature": wanted.nature}
    found: dict[str, Any] = {
        "unit": wanted.unit.code,
        "since": wanted.since.isoformat(),
        "until": (wanted.until - DAY).isoformat(),
        "basis": wanted.basis,
        "by": wanted.by,
        **{name: value or NONE for name, value in filters.items() if value is not None},
    }
    if wanted.itself:
        found["itself"] = "1"
    if wanted.without_major:
        found["major"] = "without"
    if wanted.n is not None:
        found["n"] = wanted.n
    if wanted.more_than is not None:
        found["more"] = int(wanted.more_than)
    return found


def _frame(chosen: Chosen, now: datetime) -> dict[str, Any]:
    wanted = chosen.wanted
    codes = sorted(serving(wanted.basis, unit_path=wanted.unit.path).feeders)
    names = feeder_names()
    return {
        "wanted": wanted,
        "units": chosen.units,
        "args": args_of(wanted),
        "args_of": args_of,
        "last": wanted.until - DAY,
        "spans": _spans(wanted, now),
        "bases": BASES,
        "ways": [by for by in BY if by != "day" or wanted.days <= MOST_DAYS],
        "feeders": [(code or NONE, names.get(code) or code or _("Without a feeder")) for code in codes],
        "cause_names": [(NONE, _("Cause not stated")), *labels.causes().items()],
        "natures": natures(),
        "n_shown": wanted.n,
        "labels": labels,
        "why_url": _why_url,
    }


def _why_url(line: Line, index: str) -> str:
    return url_for("outages.index_why", index=index, **args_of(line.wanted))


def _spans(wanted: Wanted, now: datetime) -> list[tuple[str, str, bool]]:
    """Periods that people ask for: name, address, whether it is the one shown."""
    today = now.astimezone(LOCAL).date()
    found = []
    for by, name, before in (
        ("month", _("This month"), _("Last month")),
        ("quarter", _("This quarter"), _("Last quarter")),
        ("year", _("This year"), _("Last year")),
    ):
        first = first_day(today, by)
        earlier = first_day(first - timedelta(days=1), by)
        found += [(name, first, min(after(first, by), today + DAY)), (before, earlier, first)]
    return [
        (
            name,
            url_for("outages.indices", **args_of(replace(wanted, since=since, until=until))),
            (since, until) == (wanted.since, wanted.until),
        )
        for name, since, until in found
    ]


def _note(found: Report, kind: str) -> None:
    """Who took the figures out of the house is on record."""
    details: Mapping[str, Any] = {"format": kind, **args_of(found.wanted)}
    db.run(
        lambda: audit.record(
            "outage.indices",
            subject_type="unit",
            subject_id=found.wanted.unit.code,
            unit_path=found.wanted.unit.path,
            details=dict(details),
            **acting(),
        )
    )


def _file(content: bytes, found: Report, ending: str, kind: str) -> Response:
    wanted = found.wanted
    name = f"indices-{wanted.unit.code}-{wanted.since:%Y%m%d}-{wanted.until - DAY:%Y%m%d}-{wanted.basis}.{ending}"
    response = send_file(BytesIO(content), mimetype=kind, as_attachment=ending == "xlsx", download_name=name)
    response.cache_control.private = True
    response.cache_control.no_store = True
    return response
