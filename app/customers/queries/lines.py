"""A customer as one line of a list: enough to recognise them, without what is personal and not asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.customers.models import Customer
from app.kernel.db import session


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """`found_by` says why it is in an answer (number, meter, phone, name, address …) and `found` the text that fits."""

    id: int
    number: str
    name: str
    address: str
    unit_code: str
    unit_path: str
    kind: str
    category: str
    importance: str
    status: str
    cut_off: bool
    segment_code: str
    revision: int
    found_by: str = ""
    found: str = ""


COLUMNS: tuple[Any, ...] = (
    Customer.id,
    Customer.number,
    Customer.name,
    Customer.address,
    Customer.unit_code,
    Customer.unit_path,
    Customer.kind,
    Customer.category,
    Customer.importance,
    Customer.status,
    Customer.cut_off,
    Customer.segment_code,
    Customer.revision,
)


NAMES = tuple(column.key for column in COLUMNS)


def select_lines(*more: Any) -> sa.Select[Any]:
    """A select of the columns of a line, and of `more`, from customers."""
    return sa.select(*COLUMNS, *more).select_from(Customer)


def lines(query: sa.Select[Any], found_by: str = "") -> list[CustomerLine]:
    """The lines of a `select_lines`; one more column, where there is one, is the text that fits."""
    return [_line(tuple(row), found_by) for row in session.execute(query)]


def _line(row: tuple[Any, ...], found_by: str) -> CustomerLine:
    size = len(COLUMNS)
    values: dict[str, Any] = dict(zip(NAMES, row[:size], strict=True))
    return CustomerLine(**values, found_by=found_by, found=str(row[size]) if len(row) > size else "")


def lines_of(ids: Iterable[int]) -> dict[int, CustomerLine]:
    """Lines by id; ids that are not there are left out."""
    wanted = list(ids)
    return {line.id: line for line in lines(select_lines().where(Customer.id.in_(wanted)))} if wanted else {}
