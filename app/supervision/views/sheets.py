"""Monthly supervision sheets: the list, one as PDF."""

from __future__ import annotations

from datetime import date

from flask import Response, abort, render_template, send_file
from flask.typing import ResponseReturnValue

from app.identity.session import acting, current_actor
from app.kernel import audit, clock, db
from app.kernel.files.operations import open_file
from app.kernel.i18n import current_locale
from app.supervision.operations.monthly import find, make
from app.supervision.queries.lines import lines_for
from app.supervision.queries.tree import look
from app.supervision.views.blueprint import blueprint
from app.supervision.views.chosen import Chosen, chosen, frame
from app.supervision.views.indicators import last_months
from app.web.access import requires
from app.web.security import limiter


@blueprint.get("/supervision/sheets")
@requires("order.supervise")
def sheets() -> ResponseReturnValue:
    """The sheets of the last twelve months for my line and unit."""
    now = clock.now()
    picked = chosen(now)
    here = picked.view.here
    months = last_months(now)
    made = {month: find(picked.line.code, here.code, month, _language()) for month in months} if here else {}
    return render_template(
        "supervision/sheets.html",
        **frame(picked),
        months=months,
        made={month: row.made_at for month, row in made.items() if row},
        this_month=months[0],
    )


@blueprint.get("/supervision/sheets/<line>/<unit>/<month>.pdf")
@requires("order.supervise")
@limiter.limit("30/minute")
def sheet_file(line: str, unit: str, month: str) -> ResponseReturnValue:
    """The sheet of a month: the one that is kept, else made now. The present month's is always made anew."""
    now = clock.now()
    picked = chosen_of(line, unit)
    first = next((each for each in last_months(now) if f"{each:%Y-%m}" == month), None)
    if first is None:
        abort(404)
    file_id = _kept(picked, first, new=first == last_months(now)[0])
    return _sent(file_id, f"{line}-{unit}-{month}.pdf")


def chosen_of(line: str, unit: str) -> Chosen:
    """The line and unit of an address, 404 where they are not the reader's."""
    now, actor = clock.now(), current_actor()
    found = next((each for each in lines_for(actor, now=now) if each.code == line), None)
    view = look(actor, unit, now=now)
    if found is None or view.here is None or view.here.code != unit:
        abort(404)
    return Chosen(found, [found], view)


def _kept(picked: Chosen, month: date, *, new: bool) -> int:
    here = picked.view.here
    assert here is not None
    code, path = here.code, here.path
    row = None if new else find(picked.line.code, code, month, _language())
    file_id = row.file_id if row else make(picked.line, here, month, _language(), **acting())
    db.run(
        lambda: audit.record(
            "supervision.sheet",
            subject_type="supervision_sheet",
            subject_id=f"{picked.line.code}/{code}/{month:%Y-%m}",
            unit_path=path,
            **acting(),
        )
    )
    return file_id


def _sent(file_id: int, name: str) -> Response:
    found = open_file(file_id)
    response = send_file(found.path, mimetype=found.media_type, download_name=name)
    response.cache_control.private = True
    response.cache_control.no_store = True
    return response


def _language() -> str:
    return "en" if current_locale() == "en" else "zh"
