"""Many customers in one confirmed outage, without a grid, and a gateway that keeps what it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.customers.models import Contact, Customer, CustomerSetting, Premises
from app.engine.definitions.deploy import deploy
from app.identity.queries import UnitView
from app.kernel import db, jobs
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.notify.channels import Message, Outcome, Undeliverable
from app.outages.models import Outage, OutageCustomer, OutageNotice, OutagePlan, OutageRecipient, OutageTold
from app.outages.operations import notices
from tests.identity.factories import make_unit
from tests.workorders.house import definitions


@dataclass
class Gateway:
    """Takes messages by key, as a gateway does that keeps keys; numbers in `wrong` are refused, `down` is away."""

    taken: dict[str, Message] = field(default_factory=dict)
    repeats: list[str] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)
    down: bool = False

    def take(self, message: Message) -> Outcome:
        if self.down:
            raise TimeoutError("the gateway is away")
        if message.to in self.wrong:
            raise Undeliverable("BAD_NUMBER", reason="bad_number")
        if message.key in self.taken:
            self.repeats.append(message.key)
        self.taken[message.key] = message
        return Outcome("sent", message.key)

    def to(self, address: str) -> list[str]:
        """The texts that this address got."""
        return [message.text for message in self.taken.values() if message.to == address]


@dataclass
class Crowd:
    """`ids` are the customers, told in batches of `BATCH`; `outage` is the one they are all in."""

    clock: FrozenClock
    gateway: Gateway
    unit: UnitView
    ids: Sequence[int]
    outage: int

    def enter(self, occasion: str, **changes: Any) -> OutageNotice:
        """Enter a notice now; `changes` are made to the outage before."""

        def work() -> int:
            outage = session.get_one(Outage, self.outage)
            for name, value in changes.items():
                setattr(outage, name, value)
            made = notices.enter(outage, occasion, actor=SYSTEM, now=self.clock.now())
            assert made is not None
            return made.id

        key = db.run(work)
        return session.get_one(OutageNotice, key)

    def set(self, **changes: Any) -> None:
        """Change the outage itself."""

        def work() -> None:
            for name, value in changes.items():
                setattr(session.get_one(Outage, self.outage), name, value)

        db.run(work)

    def run(self, most: int = 10_000) -> None:
        """Run what is due, at most so many jobs."""
        jobs.run_due(self.clock.now(), most)
        session.rollback()

    def wish(self, place: int, **columns: Any) -> None:
        """A customer's own settings."""
        values = {"updated_at": self.clock.now(), "updated_by": "t", **columns}
        db.run(lambda: session.add(CustomerSetting(customer_id=self.ids[place], **values)))

    def plan(self, begins: datetime, ends: datetime) -> None:
        """The outage is an announced planned one, all of them know of it."""
        outage = session.get_one(Outage, self.outage)
        outage.nature, outage.status, outage.planned_from, outage.planned_to = "planned", "noticed", begins, ends
        first = {"first_from": begins, "first_to": ends, "requested_at": self.clock.now()}
        session.add(OutagePlan(outage_id=outage.id, devices=[], work="repair", planner="p", **first))
        session.add_all(
            OutageRecipient(outage_id=outage.id, customer_id=key, added_at=self.clock.now()) for key in self.ids
        )

    def bring_back(self, places: Sequence[int]) -> None:
        """These customers have supply again."""
        ids = [self.ids[place] for place in places]
        change = sa.update(OutageCustomer).where(OutageCustomer.customer_id.in_(ids))
        db.run(lambda: session.execute(change.values(active=False, restored_at=self.clock.now())))

    def states(self, notice: OutageNotice) -> dict[int, str]:
        """What `outage_told` says, by customer."""
        session.rollback()
        query = sa.select(OutageTold.customer_id, OutageTold.state).where(OutageTold.notice_id == notice.id)
        found = session.execute(query).all()
        assert len(found) == len({customer for customer, _state in found})
        return {customer: state for customer, state in found}

    def texts(self) -> dict[int, list[str]]:
        """What each customer got."""
        return {key: self.gateway.to(phone_of(key)) for key in self.ids}


BATCH = 4


def phone_of(customer: int) -> str:
    return f"+86138{customer:08d}"


def gather(app: Flask, clock: FrozenClock, gateway: Gateway, n: int = 13) -> Crowd:
    """So many customers out since ten minutes ago."""
    path = app.extensions["lightline.settings"].instance / "outage_handling.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "etr: {least: 5, most: 200, days: 730, round_to: 5, farthest: 30}\n"
        f"telling: {{batch: {BATCH}, late_after_days: 2, ways: 3}}\n",
        encoding="utf-8",
    )
    unit = make_unit("GM", kind="province", name="光明省电力公司")
    db.run(lambda: deploy(definitions("outage_notice"), actor=SYSTEM, now=clock.now()))
    ids, outage = db.run(lambda: _people(unit, n, clock.now()))
    return Crowd(clock, gateway, unit, ids, outage)


def _people(unit: UnitView, n: int, now: datetime) -> tuple[list[int], int]:
    began = now - timedelta(minutes=10)
    outage = Outage(
        number="TD1",
        kind="confirmed_device",
        status="confirmed",
        locked=True,
        device_name="解放路公变",
        unit_code=unit.code,
        unit_path=unit.path,
        started_at=began,
        detected_at=began,
        confirmed_at=now,
        etr_at=now + timedelta(hours=30),
        customers_total=n,
        customers_out=n,
    )
    session.add(outage)
    session.flush()
    ids = [_customer(unit, place, now) for place in range(n)]
    session.add_all(OutageCustomer(outage_id=outage.id, customer_id=key, out_at=began) for key in ids)
    return ids, outage.id


def _customer(unit: UnitView, place: int, now: datetime) -> int:
    where = {"unit_code": unit.code, "unit_path": unit.path}
    premises = Premises(address=f"解放路{place}号", address_key=f"解放路{place}号", **where)
    session.add(premises)
    session.flush()
    customer = Customer(
        number=f"33{place:05d}", name=f"用户{place}", premises_id=premises.id, created_at=now, updated_at=now, **where
    )
    session.add(customer)
    session.flush()
    session.add(Contact(customer_id=customer.id, name="户主", role="owner", phone=phone_of(customer.id)))
    return customer.id
