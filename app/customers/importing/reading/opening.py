"""Which reader a file needs, by its content: a workbook is a ZIP archive, whatever the file is called."""

from __future__ import annotations

from pathlib import Path

from flask_babel import lazy_gettext as _l

from app.customers.importing.bounds import BOUNDS
from app.customers.importing.reading.delimited import DelimitedTable
from app.customers.importing.reading.layout import Layout
from app.customers.importing.reading.rows import Table, Unreadable, too_many
from app.customers.importing.reading.workbook import WorkbookTable

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_table(path: Path, layout: Layout) -> Table:
    """The table in a file; raises `Unreadable` for what is none or is too large."""
    size = path.stat().st_size
    if size == 0:
        raise Unreadable(_l("The file is empty."), reason="empty")
    if size > BOUNDS.file_bytes:
        raise too_many("size", BOUNDS.file_bytes)
    with path.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(_OLE):
        message = _l("This is an old or a password-protected Excel file. Save it as .xlsx without a password.")
        raise Unreadable(message, reason="old_excel")
    return WorkbookTable(path, layout) if head.startswith(_ZIP) else DelimitedTable(path, layout)
