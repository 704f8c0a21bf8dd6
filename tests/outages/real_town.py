"""A town with rows of the grid down to meter boxes, two feeders and a tie between them: nothing stands in for anything.

K1 > L1 > T1 (D1 > X1, X2; D2 > X3) > L2 > T2 (X4); K3 > L3 > T3; K9 is the tie between T2 and T3, normally open.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.customers.models import Customer, Meter, Premises
from app.identity.queries import UnitView
from app.kernel import db, jobs
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.network.importing.given import Given, GivenGrid
from app.network.importing.writing import write
from app.network.operations import switch
from app.outages.operations import trouble
from app.outages.operations.trouble import Placed, Trouble

BOXES = {"X1": "T1", "X2": "T1", "X3": "T1", "X4": "T2", "": "T3"}


@dataclass
class Town:
    """Ids of customers by meter box, those of T3 under ""."""

    unit: UnitView
    customers: dict[str, list[int]] = field(default_factory=dict)
    sent: int = 0

    def call(self, box: str = "", customer: int = 0, *, now: datetime, **changes: Any) -> Placed:
        """Report trouble from a customer of a box."""
        self.sent += 1
        values: dict[str, Any] = {"source": "api", "key": f"call-{self.sent}"}
        values["customer_id"] = self.customers[box][customer]
        report = Trouble(**{**values, **changes})
        return db.run(lambda: trouble.report(report, actor=SYSTEM, now=now))

    def switch(self, code: str, state: str, *, now: datetime, happened: datetime | None = None) -> None:
        """Operate a switch; `happened` is when, by the clock of a device that tells of it late."""
        db.run(lambda: switch(code, state, reason="操作", actor=SYSTEM, now=now, device_at=happened))

    def premises(self, customer_id: int) -> Premises:
        return session.get_one(Premises, session.get_one(Customer, customer_id).premises_id)


def build(unit: UnitView, now: datetime) -> Town:
    """Write grid and customers, in a transaction."""
    grid = GivenGrid("wide", [])

    def add(table: str, code: str, **values: Any) -> None:
        grid.add(Given(table, code, "", values, name=f"{code}号", unit_code=unit.code))

    add("substation", "S")
    add("node", "B", kind="busbar", voltage=10.0, substation_code="S", infeed=True)
    for node in ("T1", "T2", "T3"):
        add("node", node, kind="distribution_transformer", voltage=10.0)
    for line, one, two in (("L1", "B", "T1"), ("L2", "T1", "T2"), ("L3", "B", "T3"), ("L9", "T2", "T3")):
        add("branch", line, kind="line", from_code=one, to_code=two)
    add("switch", "K1", kind="CB", from_code="B", to_code="L1", protective=True)
    add("switch", "K3", kind="CB", from_code="B", to_code="L3", protective=True)
    add("switch", "K2", kind="LBS", from_code="T1", to_code="L2")
    add("switch", "K9", kind="LBS", from_code="T2", to_code="L9", normal="")
    add("feeder", "F1", breaker_code="K1", busbar_code="B", substation_code="S")
    add("feeder", "F3", breaker_code="K3", busbar_code="B", substation_code="S")
    add("lv_branch", "D1", transformer_code="T1")
    add("lv_branch", "D2", transformer_code="T1")
    for box, transformer, branch in (("X1", "T1", "D1"), ("X2", "T1", "D1"), ("X3", "T1", "D2"), ("X4", "T2", "")):
        add("meter_box", box, transformer_code=transformer, lv_branch_code=branch)
    town = Town(unit)

    def work() -> None:
        write(grid, {unit.code: unit.path})
        for box, transformer in BOXES.items():
            town.customers[box] = [_customer(town, box, transformer, place, now) for place in range(3)]

    db.run(work)
    return town


def _customer(town: Town, box: str, transformer: str, place: int, now: datetime) -> int:
    name = f"{box or transformer}-{place}"
    unit = {"unit_code": town.unit.code, "unit_path": town.unit.path}
    premises = Premises(
        address=f"青山县{name}号", zone=f"Z-{transformer}", transformer_code=transformer, meter_box=box, **unit
    )
    session.add(premises)
    session.flush()
    dates = {"created_at": now, "updated_at": now}
    customer = Customer(
        number=f"33{name}", name=f"用户{name}", premises_id=premises.id, address=premises.address, **unit, **dates
    )
    session.add(customer)
    session.flush()
    session.add(Meter(customer_id=customer.id, number=f"M{name}", installed_on=now.date() - timedelta(days=400)))
    session.flush()
    return customer.id


def work_off(now: datetime) -> None:
    """Run all jobs that are due."""
    session.commit()
    while jobs.run_due(now, 100):
        session.expire_all()
