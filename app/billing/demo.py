"""Demo bills: two years of every demo customer computed by the tariffs, most paid, some in arrears.

One bill is corrected, one customer cut off, two under notice: made by the operations and the process.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.billing.computing import compute
from app.billing.models import Bill, Payment, PaymentShare
from app.billing.operations import correct_bill
from app.billing.operations.cutting import begin_notice
from app.billing.operations.documents import due_day, number_of, values
from app.billing.operations.tariffs import sync
from app.billing.periods import following, period_of
from app.billing.queries.arrears import debtors
from app.billing.queries.contracts import Account, account_columns
from app.billing.queries.gathering import prepare
from app.billing.queries.rules import current_book, house_on
from app.customers.models import Customer, Meter, Reading
from app.engine import api as engine
from app.kernel import clock, db
from app.kernel.actor import SYSTEM
from app.kernel.clock import LOCAL
from app.kernel.db import session, table

DEBTOR_OF = 25
"""One of so many customers has not paid for some months."""


def load() -> int:
    """Bill what is not billed yet; returns how many bills were made. Running it again changes nothing."""
    now = clock.now()
    db.run(lambda: sync(actor=SYSTEM, now=now))
    billed = session.scalar(sa.select(Bill.id).limit(1)) is not None
    months = _months()
    session.rollback()
    if billed or not months:
        return 0
    db.run(lambda: _take_over(months[0]))
    made = sum(db.run(lambda month=month: _month(month, now)) for month in months)  # type: ignore[misc]
    db.run(lambda: _correct_one(now))
    _cut_off_one(now)
    return made


def _months() -> list[date]:
    """The months in which demo customers' meters were read, but the first."""
    query = sa.select(sa.func.min(Reading.read_on), sa.func.max(Reading.read_on))
    first, last = session.execute(
        query.join(Meter, Meter.id == Reading.meter_id)
        .join(Customer, Customer.id == Meter.customer_id)
        .where(Customer.source == "demo", Reading.kind == "regular")
    ).one()
    found: list[date] = []
    at = following(first) if first else None
    while at is not None and at <= last:
        found.append(at)
        at = following(at)
    return found


def _take_over(month: date) -> None:
    """The bill before the first one computed here, as it came from the system before: a sum without lines."""
    end = (month - timedelta(days=1)).replace(day=1)
    begin = (end - timedelta(days=1)).replace(day=1)
    query = (
        sa.select(Customer.id, Customer.number, Customer.unit_code, Customer.unit_path)
        .join(Meter, Meter.customer_id == Customer.id)
        .join(Reading, sa.and_(Reading.meter_id == Meter.id, Reading.read_on == end))
        .where(Customer.source == "demo", Reading.kind == "regular")
    )
    rows = [
        {
            "number": number_of(number, period_of(end), 1),
            "customer_id": customer_id,
            "unit_code": unit_code,
            "unit_path": unit_path,
            "period": period_of(end),
            "from_on": begin,
            "to_on": end,
            "energy": Decimal(160 + customer_id % 90),
            "amount": Decimal(160 + customer_id % 90) / 2,
            "paid": Decimal(160 + customer_id % 90) / 2,
            "state": "paid",
            "issued_on": end,
            "due_on": following(end),
            "source": "marketing",
        }
        for customer_id, number, unit_code, unit_path in session.execute(query)
    ]
    if rows:
        session.execute(table(Bill).insert(), rows)


def _month(month: date, now: datetime) -> int:
    """All demo bills of one month, those due long ago paid."""
    query = sa.select(*account_columns()).where(table(Customer).c.source == "demo").order_by(table(Customer).c.id)
    accounts = [Account(*row) for row in session.execute(query)]
    house, book = house_on(month), current_book()
    rows = []
    for each in prepare(accounts, period_of(month), book=book, house=house):
        if each.case is None:
            continue
        computed = compute(each.case, house)
        issued = each.case.to_on + timedelta(days=2)
        row = values(each.account, period_of(month), (each.case.from_on, each.case.to_on), computed)
        rows.append(
            row
            | {
                "number": number_of(each.account.number, period_of(month), 1),
                "round": 1,
                "issued_on": issued,
                "due_on": due_day(computed.version.rules.due, issued),
                "state": "issued" if computed.amount else "paid",
                "created_by": "system",
                "created_at": datetime(issued.year, issued.month, issued.day, 9, tzinfo=LOCAL),
            }
        )
    _pay(rows, now)
    if rows:
        known = set(table(Bill).c.keys())
        session.execute(table(Bill).insert(), [{k: v for k, v in row.items() if k in known} for row in rows])
        _share_out([row for row in rows if row["state"] == "paid"])
    return len(rows)


def _pay(rows: Sequence[dict[str, Any]], now: datetime) -> None:
    """Most people pay between issue and due day; debtors have stopped some months ago."""
    today = now.astimezone(LOCAL).date()
    for row in rows:
        paid_on = row["issued_on"] + timedelta(days=1 + row["customer_id"] % 9)
        stopped = today - timedelta(days=60 + row["customer_id"] % 60)
        debtor = row["customer_id"] % DEBTOR_OF == 0 and row["issued_on"] >= stopped
        done = row["amount"] > 0 and paid_on <= today and not debtor
        row |= {"paid": row["amount"] if done else Decimal(0), "state": "paid" if done else row["state"]}
        row["paid_on"] = paid_on


def _share_out(rows: Sequence[dict[str, Any]]) -> None:
    """The payments behind paid bills."""
    by_number = dict(
        session.execute(sa.select(Bill.number, Bill.id).where(Bill.period == rows[0]["period"])).all() if rows else []
    )
    payments, shares = [], []
    first = (session.scalar(sa.select(sa.func.max(Payment.id))) or 0) + 1
    for place, row in enumerate(rows, first):
        on = row["paid_on"]
        at = datetime(on.year, on.month, on.day, 10, tzinfo=LOCAL)
        payments.append(
            {
                "number": f"SF{row['period']}D{place:06d}",
                "customer_id": row["customer_id"],
                "unit_path": row["unit_path"],
                "amount": row["amount"],
                "paid_on": on,
                "source": ("online", "bank", "counter")[row["customer_id"] % 3],
                "reference": f"demo-{row['number']}",
                "recorded_by": "system",
                "recorded_at": at,
            }
        )
        shares.append((row["number"], {"kind": "principal", "amount": row["amount"], "counts_on": on, "at": at}))
    if not payments:
        return
    session.execute(table(Payment).insert(), payments)
    ids = dict(session.execute(sa.select(Payment.reference, Payment.id).where(Payment.id >= first)).all())
    session.execute(
        table(PaymentShare).insert(),
        [{"payment_id": ids[f"demo-{number}"], "bill_id": by_number[number], **share} for number, share in shares],
    )


def _correct_one(now: datetime) -> None:
    """Somebody's last paid bill was too high: half of the energy is taken off."""
    query = (
        sa.select(Bill.number, Bill.energy)
        .where(Bill.state == "paid", Bill.late_class == "resident", Bill.energy > 50)
        .order_by(Bill.period.desc(), Bill.id)
        .limit(1)
    )
    found = session.execute(query).one_or_none()
    if found is not None:
        taken = -(Decimal(found[1]) / 2).quantize(Decimal(1))
        correct_bill(found[0], reason="用户反映电量偏高，现场核查确认估抄有误", adjustment=taken, actor=SYSTEM, now=now)


def _cut_off_one(now: datetime) -> None:
    """The longest debtor is cut off, the next ones have their notice on the way."""
    page = debtors(paths=["/"], today=now.astimezone(LOCAL).date(), least_days=45, limit=20)
    numbers = [row.number for row in page.rows if row.kind == "lv_resident"][:3]
    session.rollback()
    for place, number in enumerate(numbers):
        begun = now - timedelta(days=(12, 3, 0)[place])
        notice = db.run(lambda number=number, begun=begun: begin_notice(number, actor=SYSTEM, now=begun))  # type: ignore[misc]
        if place < 2:
            _complete(notice, begun + timedelta(hours=1), deliver_way="hand", deliver_to="户主")
        if place == 0:
            _cut(notice, begun)


def _cut(notice: str, begun: datetime) -> None:
    approved = begun + timedelta(days=8)
    engine.fire_timers(approved, limit=1000)
    _complete(notice, approved, approve_action="cut", approve_reason="多次催缴未果")
    _complete(notice, approved + timedelta(hours=1), remind_way="phone")
    engine.fire_timers(approved + timedelta(hours=2), limit=1000)
    _complete(notice, approved + timedelta(hours=2), cut_result="cut")


def _complete(notice: str, at: datetime, **data: Any) -> None:
    """Complete the one open task of a notice's process."""
    tasks = [task for view in engine.list_instances(business_key=notice) for task in engine.open_tasks(view.id)]
    session.rollback()
    if tasks:
        db.run(lambda: engine.complete(tasks[0].id, data, actor=SYSTEM, now=at))
