"""The customer's page: cheap, scoped, masked by right, every look noted, wishes kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.customers import page_rules
from app.customers.models import Contact, Customer, CustomerChange, CustomerCode, CustomerNote, CustomerSetting
from app.identity.queries import UnitView
from app.kernel.audit import AuditEntry
from app.kernel.clock import FrozenClock
from app.kernel.db import db, session
from tests.customers.accounts import make_contact, make_customer, make_meter, read_every_month
from tests.identity.factories import make_tree, make_user, sign_in

NUMBER = "3300000001"
SECRETS = ("13800138000", "王小芳", "12号", "a.wang@example.com", "3301**********1234")


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL that goes to the database within the block."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def units(app: Flask) -> dict[str, UnitView]:
    return make_tree()


@pytest.fixture
def customer(units: dict[str, UnitView]) -> Customer:
    return make_customer(units["P-A-X-1"], NUMBER, importance="first", cut_off=True, category="resident_urban")


@pytest.fixture
def contact(customer: Customer) -> Contact:
    return make_contact(customer, email="a.wang@example.com")


def enter(client: FlaskClient, post: str, unit: UnitView) -> None:
    sign_in(client, make_user(posts=[(post, unit)]))


def acts(action: str) -> list[AuditEntry]:
    session.rollback()
    return list(session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


@pytest.mark.usefixtures("contact")
def test_an_agent_sees_everything_they_need_at_once(client: FlaskClient, units: dict[str, UnitView]) -> None:
    enter(client, "agent", units["P"])
    page = client.get(f"/customers/{NUMBER}").text
    for part in (
        "王小芳",
        "13800138000",
        'href="tel:13800138000"',
        'href="mailto:a.wang@example.com"',
        "青山县解放路12号",
    ):
        assert part in page, part
    assert "欠费停电" in page
    assert "一级重要客户" in page
    assert "reveal" not in page


@pytest.mark.usefixtures("contact")
def test_the_first_answer_is_few_statements(client: FlaskClient, units: dict[str, UnitView]) -> None:
    session.add(CustomerCode(kind="category", code="resident_urban", name="城镇居民", name_en="Urban"))
    session.commit()
    enter(client, "agent", units["P"])
    for first in (True, False):
        session.rollback()
        with statements() as seen:
            assert "城镇居民" in client.get(f"/customers/{NUMBER}").text
        asked = [text for text in seen if not text.startswith("BEGIN")]
        assert any("INSERT INTO audit_entry" in text for text in asked) is first
        assert len(asked) <= 12, "\n\n".join(asked)


@pytest.mark.usefixtures("contact")
def test_without_the_right_nothing_personal_leaves_the_house(client: FlaskClient, units: dict[str, UnitView]) -> None:
    enter(client, "department", units["P"])
    for tab in page_tabs():
        page = client.get(f"/customers/{NUMBER}?tab={tab}")
        assert page.status_code == 200, tab
        assert not [secret for secret in SECRETS if secret in page.text], tab
    page = client.get(f"/customers/{NUMBER}").text
    assert "王**" in page
    assert "138****8000" in page
    assert "解放路**号*单元***室" in page
    assert "tel:" not in page
    assert "reveal" not in page, "this post may not reveal"


def page_tabs() -> list[str]:
    return ["overview", "use", "bills", "orders", "contacts", "history"]


def test_revealing_is_noted_with_the_field(client: FlaskClient, contact: Contact, units: dict[str, UnitView]) -> None:
    enter(client, "crew", units["P-A-X-1"])
    assert client.post(f"/customers/{NUMBER}/reveal/phone?contact={contact.id}").status_code == 403
    enter(client, "account_manager", units["P-A"])
    answer = client.post(f"/customers/{NUMBER}/reveal/phone?contact={contact.id}")
    assert "13800138000" in answer.text
    noted = acts("customer.revealed")
    assert [(one.subject_id, one.details) for one in noted] == [(NUMBER, {"field": "phone", "contact": contact.id})]
    assert client.post(f"/customers/{NUMBER}/reveal/query_password_hash").status_code == 422
    assert client.post(f"/customers/{NUMBER}/reveal/phone?contact=9999").status_code == 404


@pytest.mark.usefixtures("contact")
def test_a_look_is_noted_once_in_a_while(client: FlaskClient, units: dict[str, UnitView], clock: FrozenClock) -> None:
    enter(client, "agent", units["P"])
    for _again in range(3):
        client.get(f"/customers/{NUMBER}")
    assert len(acts("customer.looked")) == 1
    clock.advance(timedelta(minutes=31))
    client.get(f"/customers/{NUMBER}/panels")
    assert len(acts("customer.looked")) == 2


@pytest.mark.usefixtures("contact")
def test_another_units_customer_is_not_shown(client: FlaskClient, units: dict[str, UnitView]) -> None:
    enter(client, "account_manager", units["P-B"])
    for path in ("", "/panels", "?tab=use"):
        assert client.get(f"/customers/{NUMBER}{path}").status_code == 403
    assert client.post(f"/customers/{NUMBER}/notes", data={"text": "x"}).status_code == 403
    assert not acts("customer.looked")
    assert client.get("/customers/9999").status_code == 404


@pytest.mark.usefixtures("contact")
def test_where_the_rules_ask_a_reason_comes_first(client: FlaskClient, units: dict[str, UnitView], app: Flask) -> None:
    ours = (page_rules.HERE / "page.yaml").read_text(encoding="utf-8")
    instance = app.extensions["lightline.settings"].instance
    instance.mkdir(exist_ok=True)
    (instance / "customer_page.yaml").write_text(
        ours.replace("reason_required: false", "reason_required: [lv_resident]")
    )
    enter(client, "agent", units["P"])
    asked = client.get(f"/customers/{NUMBER}").text
    assert "王小芳" not in asked
    assert client.get(f"/customers/{NUMBER}/panels").status_code == 422
    assert client.post(f"/customers/{NUMBER}/look", data={"reason": "gossip"}).status_code == 422
    client.post(f"/customers/{NUMBER}/look", data={"reason": "caller", "note": "来电核对"})
    assert "王小芳" in client.get(f"/customers/{NUMBER}").text
    assert [one.details["reason"] for one in acts("customer.looked")] == ["caller"]


@pytest.mark.usefixtures("contact")
def test_data_protection_sees_who_looked(client: FlaskClient, units: dict[str, UnitView]) -> None:
    sign_in(client, make_user("curious", posts=[("agent", units["P"])], name="好奇员"))
    client.get(f"/customers/{NUMBER}")
    assert client.get(f"/customers/{NUMBER}/looks").status_code == 403
    enter(client, "unit_admin", units["P-A"])
    page = client.get(f"/customers/{NUMBER}/looks").text
    assert "好奇员" in page
    assert "查看客户" in page
    enter(client, "unit_admin", units["P-B"])
    assert client.get(f"/customers/{NUMBER}/looks").status_code == 403


def test_use_is_a_chart_with_its_table(client: FlaskClient, customer: Customer, units: dict[str, UnitView]) -> None:
    read_every_month(make_meter(customer), date(2024, 4, 1), [100.0 + month for month in range(23)])
    enter(client, "agent", units["P"])
    page = client.get(f"/customers/{NUMBER}?tab=use").text
    assert "<svg" in page
    assert "2026-02" in page
    assert "122" in page


def test_wishes_are_kept_with_what_they_were(client: FlaskClient, contact: Contact, units: dict[str, UnitView]) -> None:
    enter(client, "agent", units["P"])
    sent = {
        "revision": "0",
        "language": "en",
        "channel_1": "email",
        "channel_2": "sms",
        "quiet_from": "20:00",
        "quiet_to": "09:00",
        "preferred_contact_id": str(contact.id),
        "do_not_call": "1",
        "wishes": "请说慢一点",
    }
    assert client.post(f"/customers/{NUMBER}/settings", data=sent).status_code == 302
    session.rollback()
    row = session.scalars(sa.select(CustomerSetting)).one()
    assert (row.language, row.channels, row.do_not_call) == ("en", ["email", "sms"], True)
    change = session.scalars(sa.select(CustomerChange)).one()
    assert change.fields["channels"] == ["", "email, sms"]
    assert client.post(f"/customers/{NUMBER}/settings", data=sent).status_code == 409, "they saw older settings"
    page = client.get(f"/customers/{NUMBER}?tab=contacts").text
    assert "请说慢一点" in page
    assert "邮件" in page


@pytest.mark.usefixtures("contact")
@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet_from": "20:00"},
        {"quiet_from": "25:99", "quiet_to": "08:00"},
        {"quiet_from": "08:00", "quiet_to": "08:00"},
        {"channel_1": "pigeon"},
        {"channel_1": "sms", "channel_2": "sms"},
        {"preferred_contact_id": "99999"},
        {"language": "tlh"},
        {"wishes": "长" * 1001},
    ],
)
def test_wishes_that_do_not_fit_come_back(
    client: FlaskClient, units: dict[str, UnitView], wrong: dict[str, str]
) -> None:
    enter(client, "agent", units["P"])
    answer = client.post(f"/customers/{NUMBER}/settings", data={"revision": "0", "language": "zh", **wrong})
    assert answer.status_code == 422
    assert "field-error" in answer.text
    session.rollback()
    assert session.scalar(sa.select(CustomerSetting)) is None


@pytest.mark.usefixtures("contact")
def test_notes_are_for_colleagues(client: FlaskClient, units: dict[str, UnitView]) -> None:
    enter(client, "dispatcher", units["P-A"])
    assert client.post(f"/customers/{NUMBER}/notes", data={"text": " "}).status_code == 422
    assert client.post(f"/customers/{NUMBER}/notes", data={"text": "门禁需提前联系", "kind": "wish"}).status_code == 302
    session.rollback()
    assert session.scalars(sa.select(CustomerNote)).one().kind == "wish"
    assert "门禁需提前联系" in client.get(f"/customers/{NUMBER}/panels").text
