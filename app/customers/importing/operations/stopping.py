"""An import that turned out bad while it was written: somebody changed the data after its check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers.importing.models import DataImport, ImportProblem
from app.kernel.db import session, table, write
from app.kernel.errors import Conflict


class BadRows(Conflict):
    """Rows that were good are bad now; nothing of the import is kept."""

    code = "import_bad_rows"

    def __init__(self, problems: Sequence[dict[str, Any]], *, rows: int) -> None:
        super().__init__(_l("Rows that were good have become bad."))
        self.problems = problems
        self.rows = rows


def refuse(row: DataImport, problems: Sequence[dict[str, Any]], *, bad: int, error: dict[str, Any] | None) -> None:
    """Put the import back to `refused`, its claim free again, with what was wrong."""
    row.state, row.claim, row.error, row.bad = "refused", None, error, bad
    row.good = row.rows - bad
    if problems:
        write(sa.insert(table(ImportProblem)), [problem | {"import_id": row.id} for problem in problems])
    session.flush()
