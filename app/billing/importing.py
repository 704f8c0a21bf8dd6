"""What other systems may import of billing: bills (their sums, without lines) and payments, once each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.billing.models import Bill, Payment
from app.billing.operations.documents import number_of, settled_state
from app.billing.operations.ledger import local_day
from app.billing.operations.paying import HELD, NewPayment, record_payment
from app.customers.importing import reasons, targets
from app.customers.importing.targets import Effect, Field, Record, Scope, Target
from app.customers.importing.targets.changes import ChangeLog
from app.customers.importing.targets.rows import insert_many, judge_customers
from app.kernel.db import session, table

ONE = 1

BILL_FIELDS = (
    Field("customer_number", _l("Customer number"), "code", required=True, max_length=32),
    Field("period", _l("Period"), "period", required=True),
    Field("from_on", _l("First day"), "date", required=True),
    Field("to_on", _l("Day of the reading"), "date", required=True),
    Field("energy", _l("Energy, kWh"), "number", required=True, places=3, dimension="energy", least=0),
    Field("amount", _l("Amount, yuan"), "number", required=True, places=2, dimension="money", least=0),
    Field("paid", _l("Paid so far"), "number", places=2, dimension="money", least=0),
    Field("issued_on", _l("Issued on"), "date"),
    Field("due_on", _l("Due on"), "date", required=True),
)
PAYMENT_FIELDS = (
    Field("customer_number", _l("Customer number"), "code", required=True, max_length=32),
    Field("amount", _l("Amount, yuan"), "number", required=True, places=2, dimension="money", least=0),
    Field("paid_on", _l("Day"), "date", required=True),
    Field("source", _l("Paid by"), "code", required=True, max_length=40),
    Field("reference", _l("Reference number"), "code", required=True, max_length=80),
    Field("note", _l("Remark"), max_length=300),
)

Customers = Mapping[str, Mapping[str, Any]]


class BillWriter:
    """Adds bills of periods that have none; one that is there already is left alone where it says the same."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._log = ChangeLog(scope)

    def judge(self, records: Sequence[Record]) -> None:
        """Refuse unknown customers, days that do not follow, more paid than owed, another bill of the period."""
        self._judge(records)

    def write(self, records: Sequence[Record]) -> Iterable[Effect]:
        """Insert what is new; an effect for each record."""
        customers, known = self._judge(records)
        if any(record.problems for record in records):
            return []
        new = [record for record in records if _bill_key(record, customers) not in known]
        insert_many(table(Bill), [self._row(record, customers) for record in new])
        for record in new:
            self._note(record, customers)
        self._log.flush()
        fresh = {record.line for record in new}
        return [Effect(record.line, "created" if record.line in fresh else "same") for record in records]

    def _judge(self, records: Sequence[Record]) -> tuple[Customers, dict[tuple[int, str], tuple[Decimal, Decimal]]]:
        customers = judge_customers(records, self._scope)
        ids = [row["id"] for row in customers.values()]
        rows = session.execute(
            sa.select(Bill.customer_id, Bill.period, Bill.energy, Bill.amount).where(
                Bill.customer_id.in_(ids), Bill.round == ONE
            )
        )
        known = {(row[0], row[1]): (row[2], row[3]) for row in rows}
        for record in records:
            values = record.values
            if values.get("from_on") and values.get("to_on") and values["from_on"] >= values["to_on"]:
                record.refuse("bill_days", "to_on", values["to_on"])
            if values.get("paid", Decimal(0)) > values.get("amount", Decimal(0)):
                record.refuse("bill_overpaid", "paid", values["paid"])
            there = known.get(_bill_key(record, customers)) if values.get("period") else None
            # what a customer of others owes is not told
            theirs = any(problem.field == "customer_number" for problem in record.problems)
            if there is not None and not theirs and there != (values.get("energy"), values.get("amount")):
                record.refuse("bill_differs", "amount", there[1])
        return customers, known

    def _note(self, record: Record, customers: Customers) -> None:
        values, customer = record.values, customers[record.values["customer_number"]]
        key = number_of(customer["number"], values["period"], ONE)
        fields = {name: ("", values[name]) for name in ("energy", "amount")}
        self._log.add(customer["id"], line=record.line, subject="bill", key=key, act="created", fields=fields)

    def _row(self, record: Record, customers: Customers) -> dict[str, Any]:
        values, customer = record.values, customers[record.values["customer_number"]]
        paid = values.get("paid", Decimal(0))
        open_state = "part" if paid else settled_state(values["amount"])
        return {
            "number": number_of(customer["number"], values["period"], ONE),
            "customer_id": customer["id"],
            "unit_code": customer["unit_code"],
            "unit_path": customer["unit_path"],
            "period": values["period"],
            "round": ONE,
            "from_on": values["from_on"],
            "to_on": values["to_on"],
            "energy": values["energy"],
            "amount": values["amount"],
            "paid": paid,
            "late_class": "resident" if customer["kind"] == "lv_resident" else "other",
            "state": "paid" if paid >= values["amount"] else open_state,
            "issued_on": values.get("issued_on"),
            "due_on": values["due_on"],
            "source": (self._scope.source or "import")[:40],
            "created_by": self._scope.actor.ref[:80],
            "created_at": self._scope.now,
        }


class PaymentWriter:
    """Records payments as every channel does: oldest bill first, the rest held in advance, once a reference."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def judge(self, records: Sequence[Record]) -> None:
        """Refuse unknown customers and references that name another payment."""
        self._judge(records)

    def write(self, records: Sequence[Record]) -> Iterable[Effect]:
        """Record each payment; an effect for each record."""
        self._judge(records)
        if any(record.problems for record in records):
            return []
        return [Effect(record.line, self._record(record.values)) for record in records]

    def _record(self, values: Mapping[str, Any]) -> str:
        given = NewPayment(
            customer=values["customer_number"],
            amount=values["amount"],
            source=values["source"],
            reference=values["reference"],
            paid_on=values["paid_on"],
            note=values.get("note", ""),
        )
        return "created" if record_payment(given, actor=self._scope.actor, now=self._scope.now).new else "same"

    def _judge(self, records: Sequence[Record]) -> None:
        customers = judge_customers(records, self._scope)
        references = [record.values["reference"] for record in records if record.values.get("reference")]
        rows = session.execute(
            sa.select(Payment.source, Payment.reference, Payment.customer_id, Payment.amount).where(
                Payment.reference.in_(references)
            )
        )
        known = {(row[0], row[1]): (row[2], row[3]) for row in rows}
        for record in records:
            values = record.values
            customer = customers.get(values.get("customer_number", ""))
            there = known.get((values.get("source", ""), values.get("reference", "")))
            if there is not None and customer and there != (customer["id"], values.get("amount")):
                record.refuse("reference_reused", "reference", values["reference"])
            if values.get("amount") == 0:
                record.refuse("payment_of_nothing", "amount", 0)
            if values.get("paid_on") and values["paid_on"] > local_day(self._scope.now):
                record.refuse("paid_in_future", "paid_on", values["paid_on"])
            if values.get("source") == HELD:
                record.refuse("no_channel", "source", HELD)


def _bill_key(record: Record, customers: Customers) -> tuple[int, str]:
    customer = customers.get(record.values.get("customer_number", ""))
    return (customer["id"] if customer else 0, record.values.get("period", ""))


def register() -> None:
    """Let imports know bills and payments."""
    reasons.add("bill_days", _l("The first day must come before the day of the reading: %(value)s"))
    reasons.add("bill_overpaid", _l("More is paid than the bill's amount: %(value)s"))
    reasons.add("bill_differs", _l("The customer has another bill of this period, over %(value)s yuan."))
    reasons.add("reference_reused", _l("This reference names another payment: %(value)s"))
    reasons.add("payment_of_nothing", _l("The amount must be above zero: %(value)s"))
    reasons.add("paid_in_future", _l("The day of payment lies in the future: %(value)s"))
    reasons.add("no_channel", _l("This word is no channel of payment: %(value)s"))
    targets.register(
        Target(
            "bills",
            _l("Bills"),
            BILL_FIELDS,
            ("customer_number", "period"),
            BillWriter,
            order=60,
            permission="bill.issue",
        )
    )
    targets.register(
        Target(
            "payments",
            _l("Payments"),
            PAYMENT_FIELDS,
            ("source", "reference"),
            PaymentWriter,
            order=70,
            permission="payment.record",
        )
    )
