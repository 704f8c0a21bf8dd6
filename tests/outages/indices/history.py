"""Outages of the town as handling leaves them: rows written as they would stand afterwards, and reckoned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from app.kernel import db
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.outages.indices.reckoning import reckon
from app.outages.indices.serving import count_served
from app.outages.models import Outage, OutageCustomer, OutageDevice, ServedCount
from tests.outages.world import World


@dataclass
class History:
    """Writes outages of a town; `unit` is (code, path)."""

    world: World
    unit: tuple[str, str]
    count: int = 0

    def outage(
        self,
        begin: datetime,
        parts: Iterable[tuple[float | None, Sequence[str]]],
        *,
        only: int | None = None,
        **values: object,
    ) -> Outage:
        """An outage whose parts (transformers) had supply again after so many minutes; `only` one customer of each."""
        self.count += 1
        given = {
            "nature": "unplanned", "kind": "confirmed_device", "status": "closed", "device_kind": "fuse",
            "feeder_code": "L-CB1", "feeder_name": "CB1线", "device_name": "设备", "cause": "ageing",
        } | values  # fmt: skip

        def write() -> Outage:
            row = Outage(
                number=f"TD{self.count:08d}", unit_code=self.unit[0], unit_path=self.unit[1], started_at=begin,
                detected_at=begin, **given,
            )  # fmt: skip
            session.add(row)
            session.flush()
            for minutes, transformers in parts:
                back = None if minutes is None else begin + timedelta(minutes=minutes)
                for transformer in transformers:
                    if not row.kind.endswith("_service"):
                        session.add(OutageDevice(outage_id=row.id, device_code=transformer, active=back is None))
                    ids = self.world.customers[transformer]
                    for customer in ids if only is None else [ids[only]]:
                        session.add(
                            OutageCustomer(
                                outage_id=row.id,
                                customer_id=customer,
                                transformer_code=transformer,
                                out_at=begin,
                                restored_at=back,
                                active=back is None,
                            )
                        )
            session.flush()
            session.expunge(row)
            return row

        row = db.run(write)
        db.run(lambda: reckon(row.id))
        return row

    def served(self, now: datetime, *months: date) -> None:
        """Count who is served now, and say that it was so in these months too."""
        db.run(lambda: count_served(now=now))

        def copy() -> None:
            rows = session.scalars(sa.select(ServedCount)).all()
            for month in months:
                for row in rows:
                    names = ("unit_code", "unit_path", "feeder_code", "feeder_name", "households", "transformers")
                    values = {name: getattr(row, name) for name in names}
                    session.add(ServedCount(month=month, counted_at=row.counted_at, **values))

        db.run(copy)


def local(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """An instant of a local day."""
    return datetime.combine(day, time(hour, minute), LOCAL)
