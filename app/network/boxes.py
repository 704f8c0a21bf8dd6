"""Customers whose data name a meter box alone: the transformer of the box is written with their premises.

So that whoever asks for the customers of a transformer (members of an outage, notices, bills) finds them by one
column. It is written where the premises name no transformer, or one that the grid does not know; and it follows a box
that comes to another transformer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.customers.models import Premises
from app.kernel import clock
from app.kernel.clock import LOCAL
from app.kernel.db import session, table
from app.network.marking import tell_moved
from app.network.models import GridNode, MeterBox

CHUNK = 500
MEMORY = timedelta(days=7)
"""A box's new version is followed on its day; a clock that stood still so long loses nothing."""


def follow() -> None:
    """Listen to every session; asking twice is once."""
    if not event.contains(Session, "before_flush", _settle):
        event.listen(Session, "before_flush", _settle)


@contextmanager
def following(boxes: Collection[str], day: date) -> Iterator[None]:
    """Around a write of these boxes: the customers follow what it changes of today."""
    before = _transformers(boxes, day)
    yield
    after = _transformers(boxes, day)
    for box, transformer in before.items():
        if after.get(box, transformer) != transformer:
            moved(box, transformer, after[box])
    settle(boxes, day)


def settle(boxes: Collection[str], day: date) -> int:
    """Write the transformer of these boxes where premises name none that is known; returns how many premises."""
    count, wanted = 0, sorted(boxes)
    for start in range(0, len(wanted), CHUNK):
        of_box = _transformers(wanted[start : start + CHUNK], day)
        place = table(Premises).c
        rows = session.execute(
            sa.select(place.id, place.meter_box, place.transformer_code).where(
                place.meter_box != "", place.meter_box.in_(list(of_box))
            )
        ).all()
        known = _known({row.transformer_code for row in rows})
        loose = {row.id: row.transformer_code for row in rows if row.transformer_code not in known}
        count += _write({row.id: of_box[row.meter_box] for row in rows if row.id in loose}, loose)
    return count


def moved(box: str, before: str, after: str) -> int:
    """A box hangs on another transformer: so do the customers whose premises name both."""
    place = table(Premises).c
    where = sa.and_(place.meter_box == box, place.meter_box != "", place.transformer_code == before)
    ids = session.scalars(sa.select(place.id).where(where)).all()
    return _write(dict.fromkeys(ids, after), dict.fromkeys(ids, before))


def follow_days(day: date) -> int:
    """Follow boxes of which another version came into force by now; returns how many premises were written."""
    row = table(MeterBox).c
    begun = sa.select(row.code, row.transformer_code, row.valid_from).where(
        row.valid_from <= day, row.valid_from > day - MEMORY
    )
    count, new = 0, []
    for code, transformer, since in session.execute(begun).all():
        before = session.scalar(sa.select(row.transformer_code).where(row.code == code, row.valid_to == since).limit(1))
        if before and before != transformer:
            count += moved(code, before, transformer)
        new.append(code)
    return count + settle(new, day)


def _settle(current: Session, _context: Any, _instances: Any) -> None:
    """Premises about to be written that name a box and no transformer."""
    loose = [row for row in (*current.new, *current.dirty) if isinstance(row, Premises) and row.meter_box]
    loose = [row for row in loose if _touched(row, new=row in current.new)]
    if not loose:
        return
    with current.no_autoflush:
        known = _known({row.transformer_code or "" for row in loose})
        loose = [row for row in loose if (row.transformer_code or "") not in known]
        if loose:
            of_box = _transformers([row.meter_box for row in loose], clock.now().astimezone(LOCAL).date())
            for row in loose:
                if row.meter_box in of_box:
                    row.transformer_code = of_box[row.meter_box]


def _touched(row: Premises, *, new: bool) -> bool:
    attrs = sa.inspect(row).attrs
    return new or any(attrs[name].history.has_changes() for name in ("meter_box", "transformer_code"))


def _transformers(boxes: Iterable[str], day: date) -> dict[str, str]:
    """The transformer of each of these boxes that the grid has on a day."""
    row, wanted = table(MeterBox).c, sorted(set(boxes))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), CHUNK):
        query = sa.select(row.code, row.transformer_code).where(
            row.code.in_(wanted[start : start + CHUNK]),
            row.valid_from <= day,
            sa.or_(row.valid_to.is_(None), row.valid_to > day),
        )
        found |= {code: transformer for code, transformer in session.execute(query) if transformer}
    return found


def _known(transformers: Collection[str]) -> set[str]:
    """Those of these codes that are (or were, or will be) nodes of the grid."""
    row = table(GridNode).c
    wanted = [code for code in transformers if code]
    return set(session.scalars(sa.select(row.code).where(row.code.in_(wanted)))) if wanted else set()


def _write(transformers: Mapping[int, str], before: Mapping[int, str]) -> int:
    """Write the transformer of premises (by id), with the marks by which every process hears of it."""
    by_code: dict[str, list[int]] = {}
    for premises, code in transformers.items():
        by_code.setdefault(code, []).append(premises)
    for code, ids in by_code.items():
        for start in range(0, len(ids), CHUNK):
            part = ids[start : start + CHUNK]
            session.execute(
                sa.update(Premises).where(Premises.id.in_(part)).values(transformer_code=code),
                execution_options={"synchronize_session": "fetch"},
            )
    if transformers:
        tell_moved(session(), before)
    return len(transformers)
