"""Statements that several targets share: find customers in one go, insert and update many rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.customers.importing.targets.base import Record, Scope
from app.customers.models import Customer
from app.kernel.db import is_sqlite, session, table, write

_CUSTOMER = table(Customer)


def customers_by_number(numbers: Iterable[str], *, lock: bool = False) -> dict[str, Mapping[str, Any]]:
    """Number -> the customer's row; with `lock` nobody else changes them until the transaction ends."""
    query = sa.select(_CUSTOMER).where(_CUSTOMER.c.number.in_(sorted(set(numbers)))).order_by(_CUSTOMER.c.id)
    if lock:
        query = query.with_for_update()
    return {row["number"]: row for row in fetch(query)}


def fetch(query: Any) -> list[dict[str, Any]]:
    """The rows of a query by the names of its columns."""
    return [row._asdict() for row in session.execute(query)]


def judge_customers(records: Sequence[Record], scope: Scope, *, lock: bool = False) -> dict[str, Mapping[str, Any]]:
    """The customers that records name in `customer_number`; unknown ones and other units' are refused."""
    given = {record.values["customer_number"] for record in records if record.values.get("customer_number")}
    known = customers_by_number(given, lock=lock)
    for record in records:
        number = record.values.get("customer_number")
        if not number:
            continue
        row = known.get(number)
        if row is None:
            record.refuse("unknown_customer", "customer_number", number)
        elif not allowed(row["unit_path"], scope):
            record.refuse("other_unit", "customer_number", row["unit_code"])
    return known


def allowed(unit_path: str, scope: Scope) -> bool:
    """Whether the importer may import for this unit."""
    return any(unit_path.startswith(path) for path in scope.paths)


def insert_many(target: sa.Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows of equal keys and return their ids in the rows' order.

    Ids are drawn beforehand: asking the database for them row by row is what makes large inserts slow.
    """
    ids = _draw_ids(target, len(rows))
    if rows:
        write(_insert(target), [{**row, "id": key} for row, key in zip(rows, ids, strict=True)])
    return ids


def _draw_ids(target: sa.Table, count: int) -> list[int]:
    """Ids nobody else gets: of the sequence on PostgreSQL, behind the largest on SQLite, which has one writer."""
    if is_sqlite():
        last = session.scalar(sa.select(sa.func.max(target.c.id))) or 0
        return list(range(last + 1, last + 1 + count))
    sequence = sa.func.pg_get_serial_sequence(target.name, "id")
    drawn = sa.select(sa.func.nextval(sequence)).select_from(sa.func.generate_series(1, count))
    return sorted(session.scalars(drawn))


def update_many(target: sa.Table, changes: Mapping[int, Mapping[str, Any]], *, revision: bool = False) -> None:
    """Change rows by id; those that change the same columns go in one statement."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for key, values in changes.items():
        groups[tuple(sorted(values))].append({"key_": key, **{f"to_{name}": value for name, value in values.items()}})
    for names, rows in groups.items():
        write(_update(target, names, revision), rows)


@cache
def _insert(target: sa.Table) -> Any:
    return sa.insert(target)


@cache
def _update(target: sa.Table, names: tuple[str, ...], revision: bool) -> Any:
    values: dict[str, Any] = {name: sa.bindparam(f"to_{name}") for name in names}
    if revision:
        values["revision"] = target.c.revision + 1
    return sa.update(target).where(target.c.id == sa.bindparam("key_")).values(values)
