"""A customer's place in the grid changed: the calls that wait are located again, and whoever is out is where they are.

The network tells of it in the transaction of the change; the work is a job after the commit, so that keeping
customers' data never waits for outages. Doing it again changes nothing. What a dispatcher placed stays.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa

from app.customers.models import Customer
from app.kernel import clock, jobs
from app.kernel.actor import SYSTEM
from app.kernel.db import session, table
from app.network import grid as network
from app.network.grid import Grid
from app.outages import hooks
from app.outages.models import OUT, Outage, OutageCustomer, OutageDevice, TroubleCall
from app.outages.operations import attaching, locks, members, regroup, repair, steps, storm_mode, trace
from app.outages.operations.callers import Caller, known_caller
from app.outages.operations.screening import screen
from app.outages.operations.thresholds import known, thresholds_for

JOB = "outages.relocate"
WAITING = ("open", "attached")
CHUNK = 500


def follow(premises: Mapping[int, str | None]) -> None:
    """A listener of `network.on_moved`: notes which customers out, or waiting with a report, have another place now."""
    where, call, member = table(Customer).c, table(TroubleCall).c, table(OutageCustomer).c
    ids = sorted(premises)
    connection = session().connection()
    for start in range(0, len(ids), CHUNK):
        asked = sa.select(where.id, where.number, where.premises_id).where(
            where.premises_id.in_(ids[start : start + CHUNK])
        )
        customers = {row.id: row for row in connection.execute(asked)}
        if not customers:
            continue
        calling = connection.execute(
            sa.select(call.customer_id).where(call.customer_id.in_(list(customers)), call.state.in_(WAITING))
        )
        nameless = connection.execute(
            sa.select(call.account_no).where(
                call.customer_id.is_(None),
                call.feeder_code == "",
                call.state.in_(WAITING),
                call.account_no.in_([row.number for row in customers.values()]),
            )
        )
        out = connection.execute(
            sa.select(member.customer_id).where(member.customer_id.in_(list(customers)), member.active)
        )
        numbers = {row.number: row.id for row in customers.values()}
        found = {*calling.scalars(), *out.scalars(), *(numbers[each] for each in nameless.scalars())}
        for customer_id in sorted(found):
            before = premises[customers[customer_id].premises_id]
            jobs.enqueue(JOB, {"customer": customer_id, "before": before}, now=clock.now())


def again(customer_id: int, *, before: str | None, now: datetime) -> None:
    """Locate a customer's waiting calls anew and let the customer be out where they are.

    `before` is the transformer that their data named, where it changed: a call that was reported for another one stays.
    """
    customer = session.get(Customer, customer_id)
    if customer is None or not known():
        return
    grid = network.current(now)
    placed = grid.transformer_of(customer_id) or ""
    calls = _waiting(customer, placed, before)
    present = members.outage_of(customer_id)
    locks.alone_at(*calls, present, feeders=[_feeder_of(grid, placed)])
    for call in calls:
        session.refresh(call)
    concerned = {(call.feeder_code, call.zone) for call in calls}
    moved = [(call, _leave(call, caller, grid, now=now)) for call in calls if (caller := _caller(grid, call, customer))]
    held = {call.outage_id for call in calls}
    above = [code for code in (placed, *grid.low_above(grid.place_of(customer_id) or "")) if code]
    _let_go(customer_id, placed, above, held, now=now)
    _be_where(customer_id, above, now=now)
    for call, caller in moved:
        _place(call, caller, now=now)
    concerned |= {(call.feeder_code, call.zone) for call in calls}
    regroup.several({feeder for feeder, _zone in concerned}, actor=SYSTEM, now=now)
    for zone in sorted({zone for feeder, zone in concerned if not feeder and zone}):
        regroup.zone(zone, actor=SYSTEM, now=now)


def _waiting(customer: Customer, placed: str, before: str | None) -> list[TroubleCall]:
    """The calls that are to be located again: of this account, by rule, of a place that is another now."""
    query = sa.select(TroubleCall).where(
        sa.or_(
            TroubleCall.customer_id == customer.id,
            sa.and_(TroubleCall.customer_id.is_(None), TroubleCall.account_no == customer.number),
        ),
        TroubleCall.state.in_(WAITING),
        TroubleCall.placed_by == "rule",
        TroubleCall.suspect.is_(False),
    )
    found = session.scalars(query.order_by(TroubleCall.id)).all()
    named = {placed, before, ""} if before is not None else None
    return [call for call in found if named is None or call.transformer_code in named or call.customer_id is None]


def _caller(grid: Grid, call: TroubleCall, customer: Customer) -> Caller | None:
    """Who reports and where, as it is known now; None where that is what the call says already."""
    caller = known_caller(
        grid,
        customer_id=customer.id,
        account_no=call.account_no,
        phone=call.phone,
        address=call.address,
        zone="",
        transformer="",
    )
    feeder = _feeder(grid, caller)
    same = (caller.transformer, feeder, caller.customer_id) == (
        call.transformer_code,
        call.feeder_code,
        call.customer_id,
    )
    return None if same and (feeder or caller.zone == call.zone) else caller


def _feeder(grid: Grid, caller: Caller) -> str:
    return _feeder_of(grid, caller.transformer)


def _feeder_of(grid: Grid, transformer: str) -> str:
    """The feeder that supplies a transformer, or did; empty where there is none."""
    return (grid.feeder_of(transformer) or grid.info(transformer).feeder) if transformer else ""


def _leave(call: TroubleCall, caller: Caller, grid: Grid, *, now: datetime) -> Caller:
    """Take a call out of its outage and write where it is from now."""
    source = session.get(Outage, call.outage_id) if call.outage_id is not None else None
    if source is not None:
        source.calls = max(0, source.calls - 1)
        call.outage_id, call.state = None, "open"
        session.flush()
        repair.leave(call, source, caller.account_no, actor=SYSTEM, now=now)
        params = {"order": call.order_number, "call": call.id, "account": caller.account_no}
        trace.event(source, "call_elsewhere", actor=SYSTEM, now=now, params=params)
    call.customer_id, call.account_no = caller.customer_id, caller.account_no
    call.transformer_code, call.feeder_code = caller.transformer, _feeder(grid, caller)
    call.zone = caller.zone
    call.unit_code, call.unit_path = caller.unit_code, caller.unit_path
    session.flush()
    if source is not None:
        hooks.emit("changed", source, actor=SYSTEM, now=now)
    return caller


def _let_go(customer_id: int, placed: str, above: Collection[str], held: set[int | None], *, now: datetime) -> None:
    """The customer is not out in an outage that does not cover their place, unless a call of theirs is in it."""
    row = session.scalar(
        sa.select(OutageCustomer).where(OutageCustomer.customer_id == customer_id, OutageCustomer.active)
    )
    if row is None:
        return
    outage = session.get_one(Outage, row.outage_id)
    devices = members.devices_of([outage.id])[outage.id]
    by_hand = sa.select(TroubleCall.id).where(
        TroubleCall.customer_id == customer_id, TroubleCall.outage_id == outage.id, TroubleCall.placed_by != "rule"
    )
    covered = bool(devices.intersection(above)) or (not devices and row.transformer_code == placed)
    if covered or outage.id in held or session.scalar(by_hand) is not None:
        row.transformer_code = placed
        session.flush()
        return
    session.delete(row)
    session.flush()
    _counted(outage, now=now)


def _be_where(customer_id: int, above: Collection[str], *, now: datetime) -> None:
    """Where the customer's transformer (or branch, or meter box) is out, so is the customer."""
    outage = session.scalar(
        sa.select(Outage)
        .join(OutageDevice, OutageDevice.outage_id == Outage.id)
        .where(OutageDevice.device_code.in_(list(above)), OutageDevice.active, Outage.status.in_(OUT))
        .order_by(Outage.id)
        .limit(1)
    )
    if outage is None:
        return
    before = outage.customers_out
    members.take_customers(outage, [customer_id], out_at=outage.started_at)
    if outage.customers_out != before:
        _counted(outage, now=now)


def _counted(outage: Outage, *, now: datetime) -> None:
    members.count(outage)
    if outage.confirmed_at is not None:
        steps.note_out(outage, at=outage.started_at, actor=SYSTEM)
    session.flush()
    hooks.emit("changed", outage, actor=SYSTEM, now=now)


def _place(call: TroubleCall, caller: Caller, *, now: datetime) -> None:
    """Screen a call anew; an outage that is confirmed or planned takes it in, prediction does the rest."""
    storm = bool(caller.unit_path) and storm_mode.storm_of(caller.unit_path, now) is not None
    in_force = thresholds_for(caller.unit_code, storm=storm, now=now)
    screened = screen(caller, meter_alive=None, at=call.reported_at, thresholds=in_force.values)
    call.screening = screened.code
    call.screening_facts = {"found_by": caller.found_by, **screened.facts, "dmn": list(in_force.rules)}
    if screened.code in {"cut_off", "meter_alive"}:
        call.state = "screened"
    session.flush()
    if screened.outage is not None:
        attaching.attach(call, screened.outage, actor=SYSTEM, now=now)
