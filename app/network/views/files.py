"""The grid as a file, a workbook or CIM: the devices of the units in which one keeps the grid."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime

from flask import Response, abort, send_file

from app.identity import authority
from app.identity.queries.units import codes_under
from app.identity.session import acting, current_actor
from app.kernel import audit, clock, db
from app.kernel.clock import LOCAL
from app.kernel.i18n import current_locale
from app.network.exporting import write_cim, write_workbook
from app.network.exporting.scoping import scoped
from app.network.grid import current
from app.network.importing.given import GivenGrid
from app.network.importing.stored import stored
from app.network.views.blueprint import blueprint
from app.web.access import requires
from app.web.security import limiter

EDIT = "network.edit"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 8 * 1024**2


@blueprint.get("/network/export.<kind>")
@requires(EDIT)
@limiter.limit("10/minute")
def export(kind: str) -> Response:
    """What is valid today of one's own units and what that hangs on, without customers, as `xlsx` or `xml`."""
    chinese = current_locale() != "en"
    writers: dict[str, tuple[str, Callable[..., None]]] = {
        "xlsx": (XLSX, lambda grid, stream: write_workbook(grid, stream, chinese=chinese)),
        "xml": ("application/rdf+xml", write_cim),
    }
    if kind not in writers:
        abort(404)
    media_type, write = writers[kind]
    now = clock.now()
    day = now.astimezone(LOCAL).date()
    stream = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (closed with the response)
    write(_own(stored(day), now), stream)
    stream.seek(0)
    db.session.rollback()
    db.run(lambda: audit.record("network.exported", subject_type="grid", subject_id=kind, **acting()))
    response = send_file(stream, mimetype=media_type, as_attachment=True, download_name=f"grid-{day}.{kind}")
    response.call_on_close(stream.close)
    return response


def _own(grid: GivenGrid, now: datetime) -> GivenGrid:
    paths = authority.paths(current_actor(), EDIT, now=now)
    return grid if "/" in paths else scoped(grid, set(codes_under(paths)), current(now).topology)
