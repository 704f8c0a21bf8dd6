"""Enter what meters showed: judged first, each reading kept once, changed only by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers.judging import REGISTERS, Finding, Shown, judge
from app.customers.models import Customer, Meter, Reading
from app.customers.operations.history import Origin, note, put
from app.customers.queries.codes import code
from app.customers.queries.findings import sentence
from app.customers.queries.meters import facts_of, reading_after, readings_before
from app.customers.reading_rules import reading_rules
from app.identity import authority
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound

ENTER = "reading.enter"
NOTE_LENGTH = 300
LARGEST = Decimal("99999999999.999")
"""What a register's column holds."""


class InvalidReading(Invalid):
    """The reading cannot be right; `details["findings"]` says why."""

    code = "invalid_reading"


class Doubtful(Conflict):
    """The reading is unusual: somebody must look again and say that it is right (`details["findings"]`)."""

    code = "reading_doubtful"


class ReadAlready(Conflict):
    """There is another reading of this day and kind: what is wrong is put right by a reading of kind `correction`."""

    code = "reading_exists"


class MeterNotFound(NotFound):
    """There is no such meter."""

    code = "meter_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingData:
    """A reading as given: registers before the multiplier, three places. `kind` is a word of `reading_kind`."""

    read_on: date
    values: Mapping[str, Decimal]
    kind: str = "regular"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """`outcome` is `created`, `changed` (an estimate replaced) or `same`; `findings` the warnings it was kept with."""

    id: int
    outcome: str
    findings: tuple[Finding, ...]


def look(meter: Meter, data: ReadingData, *, today: date) -> list[Finding]:
    """What stands against a reading, without keeping it."""
    shown = Shown(data.read_on, data.kind, dict(data.values))
    before, after = readings_before(meter.id, data.read_on), reading_after(meter.id, data.read_on)
    return judge(shown, facts_of(meter), before, after, rules=reading_rules(), today=today)


def enter(meter_id: int, data: ReadingData, *, confirmed: bool = False, origin: Origin) -> Entered:
    """Keep a reading; the same one again changes nothing.

    `confirmed` says that warnings were looked at. Raises `InvalidReading`, `Doubtful`, `ReadAlready`,
    `MeterNotFound`, `Forbidden`.
    """
    meter, customer = _meter(meter_id)
    authority.require(origin.actor, origin.right, unit_path=customer.unit_path, now=origin.now)
    _check(data)
    present = session.scalar(
        sa.select(Reading).where(
            Reading.meter_id == meter.id, Reading.read_on == data.read_on, Reading.kind == data.kind
        )
    )
    if present is not None and all(getattr(present, name) == data.values.get(name) for name in REGISTERS):
        return Entered(present.id, "same", ())
    if present is not None and data.kind not in ("estimated", "correction"):
        raise ReadAlready(
            _l("Meter %(meter)s has another reading of this day. Enter a correction.", meter=meter.number),
            meter=meter.number,
        )
    found = look(meter, data, today=origin.now.astimezone(LOCAL).date())
    _refuse(found, confirmed)
    row = present or Reading(meter_id=meter.id, read_on=data.read_on, kind=data.kind)
    return _keep(meter, row, data, found, origin=origin)


def _keep(meter: Meter, row: Reading, data: ReadingData, findings: list[Finding], *, origin: Origin) -> Entered:
    new = row.id is None
    values = {name: data.values.get(name) for name in REGISTERS}
    words = "; ".join(one.code for one in findings)
    changed = put(row, values | {"note": (data.note or words)[:NOTE_LENGTH]})
    row.source, row.entered_by, row.entered_at = origin.source, origin.actor.ref[:80], origin.now
    session.add(row)
    session.flush()
    fields = {name: pair for name, pair in changed.items() if any(value not in (None, "") for value in pair)}
    key, act = f"{meter.number} {data.read_on.isoformat()}", "created" if new else "changed"
    note(meter.customer_id, "reading", key, act, fields, origin=origin)
    return Entered(row.id, act, tuple(findings))


def _refuse(found: list[Finding], confirmed: bool) -> None:
    errors = [one for one in found if one.severity == "error"]
    if errors:
        details: dict[str, Any] = {"errors": {one.register or "read_on": [sentence(one)] for one in errors}}
        raise InvalidReading(sentence(errors[0]), findings=[one.code for one in errors], **details)
    if found and not confirmed:
        raise Doubtful(sentence(found[0]), findings=[one.code for one in found], sentences=[sentence(f) for f in found])


def _check(data: ReadingData) -> None:
    errors: dict[str, list[Any]] = {}
    if code("reading_kind", data.kind) is None:
        errors["kind"] = [_l("Unknown value “%(value)s”.", value=data.kind)]
    if len(data.note) > NOTE_LENGTH:
        errors["note"] = [_l("At most %(most)s characters.", most=NOTE_LENGTH)]
    for name, value in data.values.items():
        if not value.is_finite() or abs(value) > LARGEST or value != round(value, 3):
            errors[name] = [_l("A register has at most eleven places before the point and three behind.")]
    if errors:
        raise InvalidReading(_l("Some entries do not fit."), errors=errors)


def _meter(meter_id: int) -> tuple[Meter, Customer]:
    query = sa.select(Meter, Customer).join(Customer, Customer.id == Meter.customer_id).where(Meter.id == meter_id)
    found = session.execute(query.with_for_update(of=Meter)).one_or_none()
    if found is None:
        raise MeterNotFound(_l("There is no such meter."), meter=meter_id)
    return found[0], found[1]
