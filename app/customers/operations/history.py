"""Note what was changed in a customer's data: one row an act, read by the customer's page and by the outgoing feed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.customers.importing.targets.changes import text
from app.customers.models import CustomerChange
from app.kernel.actor import Actor
from app.kernel.db import session

EDIT = "customer.edit"

SECRET = frozenset({"identity_hash", "identity_last4_hash", "query_password_hash", "name_key"})
"""Never written down: hashes, and what follows from other fields."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who changes, when, and whence the new values come: a word of the code list `source`.

    `right` is what the actor must hold in the customer's unit (`customer.write` through the API).
    """

    actor: Actor
    now: datetime
    source: str = "page"
    right: str = EDIT


def note(
    customer_id: int, subject: str, key: str, act: str, fields: Mapping[str, tuple[Any, Any]], *, origin: Origin
) -> None:
    """Add one act; `fields` maps a field to what it was and is. An act that changed nothing is not noted."""
    kept = {name: [text(before), text(after)] for name, (before, after) in fields.items() if name not in SECRET}
    if act == "changed" and not kept:
        return
    session.add(
        CustomerChange(
            customer_id=customer_id,
            at=origin.now,
            by=origin.actor.ref[:80],
            by_name=origin.actor.name[:100],
            source=origin.source,
            subject=subject,
            subject_key=key[:80],
            act=act,
            fields=kept,
        )
    )


def put(row: Any, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set attributes of a row and say which of them changed: name -> (before, after)."""
    changed = {name: (getattr(row, name), value) for name, value in values.items() if getattr(row, name) != value}
    for name, (_before, value) in changed.items():
        setattr(row, name, value)
    return changed
