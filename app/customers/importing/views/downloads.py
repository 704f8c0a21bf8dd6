"""Downloads: the bad rows, or the whole file, with the reasons in a column beside."""

from __future__ import annotations

from pathlib import PurePosixPath

from flask import send_file
from flask.typing import ResponseReturnValue

from app.customers.importing import queries
from app.customers.importing.report import report
from app.customers.importing.rights import IMPORT
from app.customers.importing.views.blueprint import blueprint
from app.identity.session import acting
from app.kernel import audit, db
from app.web.access import requires
from app.web.inputs import text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/<int:import_id>/bad-rows")
@requires(IMPORT)
def bad_rows(import_id: int) -> ResponseReturnValue:
    """An Excel file to correct and to upload again; `all` gives the good rows too. The trail notes who took it."""
    view = queries.import_view(import_id, **acting())
    stream = report(import_id, every=bool(text("all")))
    details = {"file": view.file_name, "all": bool(text("all"))}
    db.run(
        lambda: audit.record(
            "import.downloaded", subject_type="import", subject_id=import_id, details=details, **acting()
        )
    )
    name = f"{PurePosixPath(view.file_name).stem}-{import_id}.xlsx"
    return send_file(stream, mimetype=XLSX, as_attachment=True, download_name=name)
