"""What a report is about and rests on, in words; and the report on paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask import render_template
from flask_babel import format_date, format_decimal
from flask_babel import gettext as _

from app.kernel.i18n import localized
from app.outages.indices import labels
from app.outages.indices.figures import NAMES
from app.outages.indices.lines import Line
from app.outages.indices.periods import DAY
from app.outages.indices.pictures import picture
from app.outages.indices.report import MajorYear, Report
from app.outages.indices.rules import HOUSEHOLDS
from app.outages.indices.serving import Borrowed, feeder_names
from app.outages.labels import NATURE
from app.web import pdf


class Names:
    """Names of the lines of one report: units, feeders and causes are looked up once."""

    def __init__(self, found: Report) -> None:
        self._by = found.wanted.by
        self._feeders = feeder_names() if self._by == "feeder" else {}
        self._causes = labels.causes() if self._by == "cause" or found.wanted.cause else {}

    def of(self, line: Line) -> str:
        """What a line is called."""
        match self._by:
            case "unit":
                unit = localized(line.wanted.unit.name, line.wanted.unit.name_en)
                return _("%(unit)s itself", unit=unit) if line.wanted.itself else unit
            case "feeder":
                return self.feeder(line.key)
            case "cause":
                return labels.cause(line.key, self._causes)
            case "nature":
                return labels.nature(line.key)
            case by:
                return period_name(date.fromisoformat(line.key), by)

    def feeder(self, code: str) -> str:
        """A feeder by its name, or what stands under none."""
        return (self._feeders.get(code) or code) if code else str(_("Without a feeder"))


def period_name(first: date, by: str) -> str:
    """The name of the period that begins on this day."""
    if by == "quarter":
        return str(_("%(year)s Q%(n)s", year=first.year, n=(first.month + 2) // 3))
    return str(format_date(first, {"day": "yyyy-MM-dd", "month": "yyyy-MM"}.get(by, "yyyy")))


def facts(found: Report) -> list[tuple[str, str]]:
    """What the report is about and what its figures rest on."""
    wanted, rules = found.wanted, found.rules
    n, more_than = found.cemi
    limit = format_decimal(rules.momentary[wanted.basis])
    rows = [
        (_("Unit"), localized(wanted.unit.name, wanted.unit.name_en)),
        (_("Days counted"), f"{wanted.since.isoformat()} – {(wanted.until - DAY).isoformat()}"),
        (_("Customers counted"), f"{labels.BASIS[wanted.basis]} · {rules.source(wanted.basis)}"),
        (_("Customers served (N)"), format_decimal(found.total.served, format="#,##0.#")),
        (_("Hours (T)"), format_decimal(found.total.hours, format="#,##0.##")),
        (_("Short interruptions"), _("up to %(n)s minutes; they count in MAIFI alone", n=limit)),
    ]
    if found.total.borrowed:
        rows.append((_("Customers served before the first count"), borrowed(found.total.borrowed)))
    rows += _filters(found)
    if wanted.basis == HOUSEHOLDS:
        sign = labels.short("cemi", n=n, more_than=more_than)
        rows.append((sign, rules.source("cemi")))
        if any(line.moved for line in (found.total, found.without_major, *found.lines)):
            rows.append((_("Customers who moved"), moved()))
    else:
        rows.append(
            (_("RS-2 leaves out"), f"{_list(map(_cause, sorted(rules.external_causes)))} · {rules.source('external')}")
        )
        short = [*map(labels.nature, sorted(rules.shortage_natures)), *map(_cause, sorted(rules.shortage_causes))]
        rows.append((_("RS-3 leaves out"), f"{_list(short)} · {rules.source('shortage')}"))
    rows.append(
        (_("Not counted"), f"{_list(map(labels.nature, sorted(rules.not_counted)))} · {rules.source('not_counted')}")
    )
    rows += [(_("Major event days %(year)s", year=year.year), _major(year)) for year in found.major]
    rows.append((_("Major event days by"), rules.source("major_event_days")))
    rows.append((_("Counted in"), _("An interruption counts whole on the day it begins.")))
    if found.still_out:
        rows.append((_("Not yet counted"), _("%(n)s customers are still without supply.", n=found.still_out)))
    return [(str(name), str(value)) for name, value in rows]


def borrowed(part: Borrowed) -> str:
    """From which count the customers served come where there was none yet."""
    return str(
        _(
            "Not counted from %(since)s to %(last)s: the first count, of %(month)s, stands for these days (marked ≈).",
            since=part.since.isoformat(),
            last=(part.until - DAY).isoformat(),
            month=period_name(part.month, "month"),
        )
    )


def moved() -> str:
    """Why CEMI may rest on another number than N."""
    return str(
        _(
            "More customers were interrupted than are served on average, as where a feeder went to another unit:"
            " CEMI is the share of those interrupted (marked *)."
        )
    )


def paper(found: Report) -> bytes:
    """The report as a PDF, in the language in force."""
    names, drawn = Names(found), picture(found)
    html = render_template(
        "outages/indices_paper.html",
        r=found,
        unit=localized(found.wanted.unit.name, found.wanted.unit.name_en),
        last=found.wanted.until - DAY,
        names=NAMES[found.wanted.basis],
        name_of=names.of,
        picture=drawn,
        facts=facts(found),
        labels=labels,
    )
    return pdf.from_html(html)


def _filters(found: Report) -> list[tuple[str, str]]:
    wanted = found.wanted
    rows: list[tuple[str, str]] = []
    if wanted.feeder is not None:
        rows.append((_("10 kV feeder"), feeder_names().get(wanted.feeder) or wanted.feeder or _("Without a feeder")))
    if wanted.cause is not None:
        rows.append((_("Cause"), _cause(wanted.cause)))
    if wanted.nature is not None:
        rows.append((_("Nature"), labels.nature(wanted.nature)))
    if wanted.without_major:
        rows.append((_("Left out"), _("Major event days, in all lines but the first")))
    return rows


def _major(year: MajorYear) -> str:
    if year.threshold is None:
        return str(_("Fewer than two days with interruptions are known: no day can be called major."))
    found = year.threshold
    text = _(
        "T_MED %(t)s min (α %(alpha)s, β %(beta)s, from %(days)s days since %(since)s)",
        t=format_decimal(found.t_med, format="#,##0.000"),
        alpha=format_decimal(found.alpha, format="0.000"),
        beta=format_decimal(found.beta, format="0.000"),
        days=found.days,
        since=found.since.isoformat(),
    )
    if year.own:
        text += " · " + _("no earlier years are known")
    days = ", ".join(
        f"{day.isoformat()} ({format_decimal(year.saidi[day], format='#,##0.0')} {labels.unit('saidi')})"
        for day in year.days
    )
    return f"{text}: {days or _('none')}"


def _cause(code: str) -> str:
    return labels.cause(code, labels.causes())


def _list(words: Iterable[str]) -> str:
    return ", ".join(words) or "—"


def natures() -> list[tuple[str, str]]:
    """Natures to choose from."""
    return [(code, labels.nature(code)) for code in NATURE]
