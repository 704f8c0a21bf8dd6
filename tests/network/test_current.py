"""The grid that a process keeps: brought up to date, own changes seen before the commit by nobody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.customers import demo as customers
from app.customers.models import Customer, Premises
from app.identity import demo as people
from app.identity.operations import move_unit
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.registry import registry
from app.network import demo, grid
from app.network.marking import clean
from app.network.models import CustomerMark, GridNode, GridSwitch, GridVersion
from app.network.operations import UnknownSwitch, switch
from app.network.versions import new_structure
from tests.customers.accounts import make_customer
from tests.identity.factories import make_unit
from tests.network.factories import NOW, load_oberrhein

pytestmark = pytest.mark.databases


def _hang(customer: Customer, transformer: str) -> None:
    def work() -> None:
        premises = session.get_one(Premises, customer.premises_id)
        premises.transformer_code, premises.zone = transformer, "Z1"

    db.run(work)


def test_the_same_version_is_the_same_object(app: Flask) -> None:
    load_oberrhein()
    assert grid.current(NOW) is grid.current(NOW)


def test_a_unit_that_moves_takes_its_devices_along(app: Flask) -> None:
    """The grid in memory says where a unit stands now: scopes and storm modes are asked by its path."""
    load_oberrhein()
    top = make_unit("P", kind="province")
    there, unit = make_unit("C", kind="city", parent=top), make_unit("D", kind="county", parent=top)

    def belong() -> None:
        node = session.scalars(sa.select(GridNode).where(GridNode.code == "6")).one()
        node.unit_code, node.unit_path = unit.code, unit.path
        new_structure()

    db.run(belong)
    assert grid.current(NOW).info("6").unit_path == unit.path
    db.run(lambda: move_unit(unit.id, parent_id=there.id, actor=SYSTEM, now=NOW))
    assert grid.current(NOW).info("6").unit_path == f"{there.path}{unit.id}/"


def test_a_customer_that_moves_is_found_at_the_new_place(app: Flask) -> None:
    load_oberrhein()
    customer = make_customer(unit=make_unit("U"))
    before = grid.current(NOW)
    assert before.transformer_of(customer.id) is None
    _hang(customer, "6")
    here = grid.current(NOW)
    assert (here.transformer_of(customer.id), here.zone_of(customer.id)) == ("6", "Z1")
    assert here.customer_ids("319-F2") == [customer.id]
    assert here.customers_under("6") == 1
    assert here.topology is before.topology

    def close() -> None:
        session.get_one(Customer, customer.id).status = "closed"

    db.run(close)
    assert grid.current(NOW).customers_under("319-F2") == 0
    assert session.scalar(sa.select(sa.func.count(CustomerMark.id))) == 3
    assert db.run(clean) == 0


def test_what_is_rolled_back_was_never_seen_by_others(app: Flask) -> None:
    load_oberrhein()
    grid.current(NOW)

    class Undone(Exception):
        pass

    def elsewhere() -> str:
        with app.app_context():
            return grid.current(NOW).state("L193-2")

    def undone() -> None:
        switch("L193-2", "open", reason="x", actor=SYSTEM, now=NOW)
        assert grid.current(NOW).state("L193-2") == ""
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(elsewhere).result(timeout=20) == "ABC"
        raise Undone

    with pytest.raises(Undone):
        db.run(undone)
    assert grid.current(NOW).state("L193-2") == "ABC"


def test_operations_come_one_after_the_other(app: Flask) -> None:
    load_oberrhein()
    first = db.run(lambda: switch("L193-2", "open", "A", reason="x", actor=SYSTEM, now=NOW))
    second = db.run(lambda: switch("L193-2", "open", "BC", reason="x", actor=SYSTEM, now=NOW))
    third = db.run(lambda: switch("L193-2", "closed", reason="x", actor=SYSTEM, now=NOW))
    same = db.run(lambda: switch("L193-2", "closed", reason="x", actor=SYSTEM, now=NOW))
    assert (first.after, second.after, third.after) == ("BC", "", "ABC")
    assert [each.version for each in (first, second, third)] == [1, 2, 3]
    assert not same.changed
    with pytest.raises(UnknownSwitch):
        db.run(lambda: switch("L193", "open", reason="x", actor=SYSTEM, now=NOW))


def test_a_phase_that_is_open_is_missing_below(app: Flask) -> None:
    load_oberrhein()
    db.run(lambda: switch("L193-2", "open", "A", reason="x", actor=SYSTEM, now=NOW))
    here = grid.current(NOW)
    assert here.live_phases("6") == "BC"
    assert not here.energised("6")
    assert here.open_above("6") == "L193-2"
    assert len(here.transformers_under("L193-2")) == 55


def test_devices_come_and_go_with_their_days(app: Flask) -> None:
    load_oberrhein()

    def end() -> None:
        row = session.scalars(sa.select(GridNode).where(GridNode.code == "6")).one()
        row.valid_to = date(2026, 3, 5)
        tie = session.scalars(sa.select(GridSwitch).where(GridSwitch.code == "L193-2")).one()
        tie.valid_from = date(2026, 3, 1)
        new_structure()

    db.run(end)
    assert grid.current(NOW + timedelta(days=2)).has("6")
    assert not grid.current(NOW + timedelta(days=3)).has("6")
    assert grid.current(NOW).has("6")
    assert not grid.current(NOW - timedelta(days=2)).has("L193-2")


def test_a_flow_learns_where_a_customer_hangs(app: Flask) -> None:
    load_oberrhein()
    customer = make_customer(unit=make_unit("U"))
    lookup = registry.get_lookup("network.of_customer")
    assert lookup.handler(now=NOW, actor=SYSTEM, customer_id=customer.id)["known"] is False
    _hang(customer, "6")
    db.run(lambda: switch("L193-2", "open", reason="x", actor=SYSTEM, now=NOW))
    found = lookup.handler(now=NOW, actor=SYSTEM, customer_id=customer.id)
    assert (found["transformer"], found["feeder"], found["energised"]) == ("6", "319-F2", False)
    assert found["open_switch"] == "L193-2"
    assert lookup.outputs is not None
    assert set(found) == set(lookup.outputs().fields)


def test_the_demo_hangs_every_customer_once(app: Flask, clock: FrozenClock) -> None:
    db.run(lambda: people.load("correct-horse-7"))
    customers.load()
    session.rollback()
    assert demo.load() == customers.COUNT
    structure = session.scalar(sa.select(GridVersion.structure))
    session.rollback()
    assert demo.load() == 0
    assert session.scalar(sa.select(GridVersion.structure)) == structure
    here = grid.current(clock.now())
    assert here.customers == customers.COUNT
    assert not here.unplaced
    assert not here.unsupplied()
    assert len(here.feeders) == 8
    for feeder in here.feeders:
        row = session.get_one(Customer, here.customer_ids(feeder.code)[0])
        assert row.unit_code == feeder.unit_code
    assert all(here.info(code).name_en for code in here.codes("switch", "breaker", "line", "meter_box"))
