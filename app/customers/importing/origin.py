"""Where a customer's data came from: a panel on the customer's page, by record and field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.customers.importing import targets
from app.customers.importing.models import DataImport
from app.customers.importing.views.labels import SUBJECTS
from app.customers.models import CustomerChange
from app.customers.panels import Panel, panel
from app.customers.queries.codes import codes
from app.kernel.db import session
from app.kernel.i18n import localized

MOST_CHANGES = 500
MOST_READINGS = 24


@dataclass(frozen=True, slots=True)
class Origin:
    """A group of fields of one record that came from one place at one time."""

    subject: str
    key: str
    fields: list[str]
    source: str
    at: datetime
    by: str
    import_id: int | None
    file_name: str
    line: int | None


def origins(customer_id: int) -> list[Origin]:
    """For each record the latest source of each of its fields, fields of one source together; newest first."""
    query = (
        sa.select(CustomerChange, DataImport.file_name)
        .outerjoin(DataImport, DataImport.id == CustomerChange.import_id)
        .where(CustomerChange.customer_id == customer_id)
        .order_by(CustomerChange.id.desc())
        .limit(MOST_CHANGES)
    )
    seen: set[tuple[str, str, str]] = set()
    found: list[Origin] = []
    titles = _titles()
    readings = 0
    for change, file_name in session.execute(query):
        new = [name for name in change.fields if (change.subject, change.subject_key, name) not in seen]
        seen |= {(change.subject, change.subject_key, name) for name in new}
        readings += change.subject == "reading"
        if not new or (change.subject == "reading" and readings > MOST_READINGS):
            continue
        found.append(
            Origin(
                subject=str(SUBJECTS.get(change.subject, change.subject)),
                key=change.subject_key,
                fields=[titles.get((change.subject, name), name) for name in new],
                source=change.source,
                at=change.at,
                by=change.by_name or change.by,
                import_id=change.import_id,
                file_name=file_name or "",
                line=change.line,
            )
        )
    return found


@panel("origin", tab="history")
def origin_panel(customer_id: int, *, user_id: int, now: datetime) -> Panel | None:  # noqa: ARG001 - the registry's face
    """The panel; none for a customer of whom no change is known."""
    rows = origins(customer_id)
    if not rows:
        return None
    names = {code.code: localized(code.name, code.name_en) for code in codes("source")}
    return Panel(_("Where the data came from"), "imports/_origin.html", {"rows": rows, "sources": names}, 60, "history")


def _titles() -> dict[tuple[str, str], str]:
    """(subject, field) -> the field's name in the reader's language."""
    subjects: dict[str, Any] = {
        "customers": "customer",
        "contacts": "contact",
        "meters": "meter",
        "readings": "reading",
    }
    return {
        (subjects.get(target.name, target.name.rstrip("s")), field.name): str(field.title)
        for target in targets.all_targets()
        for field in target.fields
    }
