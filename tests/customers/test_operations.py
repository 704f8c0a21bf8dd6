"""Make, change and close customers, with contacts, meters and a history of it all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.customers.models import Contact, Customer, CustomerChange, Premises, Reading
from app.customers.operations import closing, contacts, meters
from app.customers.operations.checks import InvalidCustomer
from app.customers.operations.contacts import ContactData, set_contacts
from app.customers.operations.customers import NumberTaken, Stale, create, update, upsert
from app.customers.operations.history import Origin
from app.customers.operations.meters import MeterData, MeterElsewhere, MeterGone
from app.customers.queries.find import by_meter, by_phone
from app.customers.queries.search import search
from app.identity.queries import unit_by_code
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.errors import Forbidden
from tests.customers.factories import demo_units, sync_words
from tests.identity.factories import actor_of, make_user

FORM: dict[str, Any] = {
    "name": "王小芳",
    "address": "临江市青山县城关镇解放路12号阳光花园3幢2单元501室",
    "unit": "GM-LJ-QS-01",
    "kind": "lv_resident",
    "category": "resident_urban",
    "voltage": "220V",
    "contract_capacity": Decimal(8),
    "identity": "330106199001011234",
    "query_code": "wxf-1",
    "transformer_code": "T-1",
}


@pytest.fixture
def origin(app: Flask, clock: FrozenClock) -> Origin:
    demo_units()
    sync_words()
    return Origin(SYSTEM, clock.now())


def acts(number: str) -> list[tuple[str, str, dict[str, Any]]]:
    query = sa.select(CustomerChange).join(Customer).where(Customer.number == number).order_by(CustomerChange.id)
    return [(row.subject, row.act, row.fields) for row in session.scalars(query)]


@pytest.mark.databases
def test_a_customer_is_made_found_and_changed(origin: Origin) -> None:
    made = create("3301990001", FORM, origin=origin)
    assert made.outcome == "created"
    row = session.scalars(sa.select(Customer)).one()
    place = session.scalars(sa.select(Premises)).one()
    assert (row.name_key, row.unit_code, place.area, place.transformer_code) == (
        *("王小芳", "GM-LJ-QS-01"),
        *("urban", "T-1"),
    )
    assert [line.number for line in search("阳光花园3栋", paths=["/"])] == ["3301990001"]
    changed = update("3301990001", {"name": "王晓芳", "unit": "GM-LJ-BH-01"}, expected=made.revision, origin=origin)
    assert (changed.outcome, changed.revision) == ("changed", made.revision + 1)
    assert [line.name for line in search("王晓芳", paths=["/"])] == ["王晓芳"]
    assert search("王小芳", paths=["/"]) == []
    assert place.unit_code == "GM-LJ-BH-01"
    assert acts("3301990001")[-1] == (
        *("customer", "changed"),
        {"name": ["王小芳", "王晓芳"], "unit_code": ["GM-LJ-QS-01", "GM-LJ-BH-01"]},
    )


@pytest.mark.databases
def test_the_same_again_changes_nothing(origin: Origin) -> None:
    first = upsert("3301990001", FORM, origin=origin)
    again = upsert("3301990001", FORM, origin=origin)
    assert (first.outcome, again.outcome, again.revision) == ("created", "same", first.revision)
    assert len(acts("3301990001")) == 1
    with pytest.raises(NumberTaken):
        create("3301990001", FORM, origin=origin)
    with pytest.raises(Stale):
        upsert("3301990001", {"name": "别人"}, expected=first.revision + 5, origin=origin)
    with pytest.raises(Stale):
        upsert("3301990009", FORM, expected=1, origin=origin)


def test_an_identity_number_is_not_kept(origin: Origin) -> None:
    create("3301990001", FORM, origin=origin)
    row = session.scalars(sa.select(Customer)).one()
    assert row.identity_masked == "3301**********1234"
    assert len(row.identity_hash) == 64
    kept = " ".join(str(value) for table in (Customer, CustomerChange) for value in session.execute(sa.select(table)))
    assert "330106199001011234" not in kept
    assert "330106199001011234" not in str([fields for _s, _a, fields in acts("3301990001")])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "长" * 201),
        ("unit", "NOWHERE"),
        ("kind", "unknown"),
        ("kind", ""),
        ("voltage", "1V"),
        ("contract_capacity", Decimal(-1)),
        ("running_capacity", Decimal(9)),
        ("opened_on", date(2030, 1, 1)),
        ("credit_code", "123"),
        ("segment_code", "none"),
        ("lat", 91.0),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(origin: Origin, field: str, value: object) -> None:
    with pytest.raises(InvalidCustomer) as refused:
        create("3301990001", {**FORM, field: value}, origin=origin)
    assert list(refused.value.details["errors"]) == [field]


@pytest.mark.parametrize("number", ["", " ", "户号1", "1" * 33, "33 01", "<b>"])
def test_a_number_is_letters_digits_and_dashes(origin: Origin, number: str) -> None:
    with pytest.raises(InvalidCustomer):
        create(number, FORM, origin=origin)


def test_only_in_the_units_of_the_actor(origin: Origin) -> None:
    station = unit_by_code("GM-LJ-QS-01", at=origin.now)
    steward = make_user(posts=[("steward", station)])
    own = Origin(actor_of(steward), origin.now)
    create("3301990001", FORM, origin=own)
    with pytest.raises(Forbidden):
        create("3301990002", {**FORM, "unit": "GM-LJ-BH-01"}, origin=own)
    with pytest.raises(Forbidden):
        update("3301990001", {"unit": "GM-LJ-BH-01"}, origin=own)
    reader = make_user(posts=[("meter_reader", station)])
    with pytest.raises(Forbidden):
        update("3301990001", {"name": "别人"}, origin=Origin(actor_of(reader), origin.now))


def test_contacts_are_one_list(origin: Origin) -> None:
    create("3301990001", FORM, origin=origin)
    owner = ContactData(name="王小芳", role="owner", phone="138 0013 8000", preferred=True)
    assert set_contacts("3301990001", [owner, ContactData(name="物业", phone="0571-88000101转2")], origin=origin)
    assert [line.number for line in by_phone("13800138000")] == ["3301990001"]
    first = session.scalars(sa.select(Contact).where(Contact.role == "owner")).one()
    assert not set_contacts("3301990001", [owner, ContactData(name="物业", phone="0571-88000101转2")], origin=origin)
    assert set_contacts("3301990001", [ContactData(name="王芳", role="owner", phone="+8613800138000")], origin=origin)
    rows = session.scalars(sa.select(Contact)).all()
    assert [(row.id, row.name, row.phone) for row in rows] == [(first.id, "王芳", "+8613800138000")]
    assert [act for subject, act, _f in acts("3301990001") if subject == "contact"] == [
        *("created", "created"),
        *("changed", "removed"),
    ]


def test_contacts_that_do_not_fit(origin: Origin) -> None:
    create("3301990001", FORM, origin=origin)
    wrong = [ContactData(phone="无"), ContactData(role="king", name="x"), ContactData(email="a b"), ContactData()]
    with pytest.raises(InvalidCustomer) as refused:
        set_contacts("3301990001", wrong, origin=origin)
    assert sorted(refused.value.details["errors"]) == [
        *("contacts.0.phone", "contacts.1.role"),
        *("contacts.2.email", "contacts.3.name"),
    ]
    with pytest.raises(InvalidCustomer):
        set_contacts("3301990001", [ContactData(name="x")] * (contacts.MOST + 1), origin=origin)


@pytest.mark.databases
def test_a_meter_is_installed_changed_and_removed(origin: Origin) -> None:
    create("3301990001", FORM, origin=origin)
    zero = {"total": Decimal(5)}
    data = MeterData(number="M1", installed_on=date(2025, 1, 1), registers=zero)
    first = meters.install("3301990001", data, origin=origin)
    with pytest.raises(MeterElsewhere):
        meters.install("3301990001", data, origin=origin)
    with pytest.raises(closing.NotClosable):
        closing.close("3301990001", on=date(2026, 3, 1), reason="搬迁", origin=origin)
    other = MeterData(
        number="M2", installed_on=date(2025, 6, 1), multiplier=Decimal(20), registers={"total": Decimal(0)}
    )
    second = meters.change(first.id, registers={"total": Decimal(500)}, data=other, origin=origin)
    assert [line.number for line in by_meter("M1", on=date(2025, 5, 31))] == ["3301990001"]
    assert by_meter("M1", on=date(2025, 6, 1)) == []
    assert (second.multiplier, second.removed_on) == (Decimal(20), None)
    with pytest.raises(MeterGone):
        meters.remove(first.id, on=date(2025, 7, 1), registers=zero, confirmed=True, origin=origin)
    meters.remove(second.id, on=date(2025, 7, 1), registers={"total": Decimal(9)}, confirmed=True, origin=origin)
    kinds = session.scalars(sa.select(Reading.kind).order_by(Reading.id)).all()
    assert kinds == ["install", "remove", "install", "remove"]
    with pytest.raises(closing.NotClosable):  # what the meters showed is not billed
        closing.close("3301990001", on=date(2026, 3, 1), reason="搬迁", origin=origin)


@pytest.mark.databases
def test_an_account_without_meter_is_closed_once(origin: Origin) -> None:
    create("3301990001", FORM, origin=origin)
    assert closing.close("3301990001", on=date(2026, 3, 1), reason="搬迁", origin=origin).outcome == "changed"
    with pytest.raises(closing.NotClosable):
        closing.close("3301990001", on=date(2026, 3, 1), reason="搬迁", origin=origin)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", ""),
        ("number", "表1"),
        ("multiplier", Decimal(0)),
        ("digits", 2),
        ("digits", 10),
        ("kind", "steam"),
        ("installed_on", date(2031, 1, 1)),
    ],
)
def test_a_meter_that_cannot_be(origin: Origin, field: str, value: object) -> None:
    create("3301990001", FORM, origin=origin)
    good: dict[str, Any] = {"number": "M1", "installed_on": date(2025, 1, 1), "registers": {"total": Decimal(1)}}
    with pytest.raises(InvalidCustomer) as refused:
        meters.install("3301990001", MeterData(**{**good, field: value}), origin=origin)
    assert list(refused.value.details["errors"]) == [field]


def test_others_may_stand_against_closing(origin: Origin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "_checks", {})
    closing.before_closing("test", lambda _customer, _on: "还有欠费")
    create("3301990001", FORM, origin=origin)
    with pytest.raises(closing.NotClosable, match="还有欠费"):
        closing.close("3301990001", on=date(2026, 3, 1), reason="", origin=origin)
