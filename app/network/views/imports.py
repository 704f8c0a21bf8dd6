"""Imports of the grid: upload, report, list."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app.identity import authority
from app.identity import queries as people
from app.identity.queries.units import codes_under
from app.identity.session import acting, current_actor
from app.kernel import clock
from app.kernel.i18n import localized
from app.network import labels
from app.network.importing.checking import ACCEPTABLE
from app.network.importing.reading import Source
from app.network.operations import import_grid
from app.network.queries import imports as queries
from app.network.views.blueprint import blueprint
from app.web.access import requires
from app.web.inputs import number, text
from app.web.redirects import go

EDIT = "network.edit"
MOST_FILES = 20
ENDINGS = {".csv", ".txt", ".xlsx", ".xml", ".rdf"}
CHUNK = 1024 * 1024


@blueprint.get("/network/imports")
@requires(EDIT)
def imports() -> ResponseReturnValue:
    """The form to upload, and the imports so far."""
    return _page({})


@blueprint.post("/network/imports")
@requires(EDIT)
def new_import() -> ResponseReturnValue:
    """Import the uploaded files as one grid, or only check them."""
    uploads = [upload for upload in request.files.getlist("files") if upload.filename]
    wrong = _wrong(uploads)
    if wrong:
        return _page({"files": [wrong]}), 422
    with tempfile.TemporaryDirectory() as folder:
        done = import_grid(
            [_kept(upload, Path(folder), place) for place, upload in enumerate(uploads)],
            unit_code=text("unit")[:40],
            prefix=text("prefix")[:10],
            accept=[name for name in request.form.getlist("accept") if name in ACCEPTABLE],
            dry_run=bool(text("dry_run")),
            **acting(),
        )
    if done.state == "done":
        flash(_("The grid is imported."), "success")
    return go(url_for("network.show_import", import_id=done.id))


@blueprint.get("/network/imports/<int:import_id>")
@requires(EDIT)
def show_import(import_id: int) -> ResponseReturnValue:
    """The report of an import."""
    view = queries.import_view(import_id, _reader())
    if view is None:
        abort(404)
    return render_template("network/import.html", view=view, labels=labels)


def _page(errors: dict[str, Any]) -> str:
    rows = queries.list_imports(_reader(), before=number("before"))
    return render_template(
        "network/imports.html",
        rows=rows,
        next_url=url_for("network.imports", before=rows[-1].id) if len(rows) == queries.LISTED else None,
        units=_units(),
        accept=[(name, str(labels.ACCEPT[name])) for name in ACCEPTABLE],
        errors=errors,
        labels=labels,
    )


def _reader() -> queries.Reader:
    actor, now = current_actor(), clock.now()
    paths = authority.paths(actor, EDIT, now=now)
    return queries.Reader(actor.ref[:80], frozenset(codes_under(paths)), everywhere="/" in paths)


def _units() -> list[tuple[str, str]]:
    now = clock.now()
    paths = authority.paths(current_actor(), EDIT, now=now)
    units = people.subtree(paths, at=now)
    return [(unit.code, f"{localized(unit.name, unit.name_en)} {unit.code}") for unit in units]


def _wrong(uploads: list[FileStorage]) -> str:
    if not uploads:
        return str(_("Choose the files."))
    if len(uploads) > MOST_FILES:
        return str(_("At most %(count)s files at once.", count=MOST_FILES))
    other = [upload.filename for upload in uploads if Path(upload.filename or "").suffix.lower() not in ENDINGS]
    return str(_("Not a table, a workbook or CIM: %(name)s", name=other[0])) if other else ""


def _kept(upload: FileStorage, folder: Path, place: int) -> Source:
    """The upload as a file; a view that runs again after a lost race has read it before."""
    name = Path(upload.filename or "").name[:200]
    path = folder / f"{place}{Path(name).suffix.lower()}"
    upload.stream.seek(0)
    with path.open("wb") as target:
        while chunk := upload.stream.read(CHUNK):
            target.write(chunk)
    return Source(name, path)
