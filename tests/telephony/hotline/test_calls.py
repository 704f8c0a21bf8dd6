"""The 95598 line as callers live it: the real flows, look-ups, processes and orders, in one process."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.customers import identities
from app.customers.models import CallerCheck, Customer
from app.engine import api as engine
from app.inbox.queries.case import files_of
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.registry import registry
from app.telephony.ivr import commands as c
from app.telephony.line import services
from app.telephony.surveys import counts
from app.telephony.surveys.models import SurveyAnswer
from app.workorders.models import WorkOrder
from tests.billing.accounts import Account, account, monthly, prepare_rules
from tests.customers.accounts import make_contact
from tests.identity.factories import sign_in
from tests.telephony.hotline.calls import Call
from tests.workorders.house import House, build


@pytest.fixture
def house(app: Flask, clock: FrozenClock) -> House:
    return build(clock, "ivr_fault_report", "ivr_request", "complaint")


@pytest.fixture
def customer(house: House, clock: FrozenClock) -> Account:
    return known_customer(house, clock)


def known_customer(house: House, clock: FrozenClock) -> Account:
    """A resident of the county with a bill, whose telephone we know."""
    prepare_rules()
    unit = house.units["GM-LJ-QS"]
    one = account(
        clock,
        readings=monthly(date(2026, 1, 1), 200),
        unit_path=unit.path,
        identity_last4_hash=identities.keep("330101198001011234").last4_hash,
        balance=0,
    )
    row = session.get_one(Customer, one.id)
    row.unit_code = unit.code
    make_contact(row)
    start = clock.now()
    one.bill("202602", date(2026, 2, 2))
    clock.set(start)
    return one


def order() -> WorkOrder:
    session.expire_all()
    return session.scalars(sa.select(WorkOrder)).one()


def test_a_fault_report_ends_as_a_task_of_the_dispatcher(house: House, customer: Account) -> None:
    call = Call(house.clock).press("1")
    assert call.at == "line_95598/main"
    call.press("1", "1", "2", "2", "1").wait()
    made = order()
    assert call.refused == []
    assert "fault.accepted" in call.heard()
    assert made.number in call.heard()
    assert (made.channel, made.symptom, made.hazard, made.account_no) == (
        "ivr",
        "building",
        "wire_down",
        customer.number,
    )
    assert (made.urgency, made.unit_code, made.contact_phone) == ("urgent", "GM-LJ-QS", "+8613800138000")
    assert made.instance_id is not None
    assert [file.media_type for file in files_of(made.instance_id)] == ["audio/wav"]
    dispatch = house.tasks(made.number)["dispatch"]
    assert ("group", "dispatcher@GM-LJ-QS") in dispatch.candidates
    assert "请您和周围的人立即离开" in call.words()


def test_another_call_of_the_same_account_joins_the_order(house: House, customer: Account) -> None:
    Call(house.clock).press("1", "1", "1", "2", "1", "1")
    call = Call(house.clock, id="c-2").press("1", "1", "1", "2", "1", "1")
    assert "fault.already" in call.heard()
    assert session.query(WorkOrder).count() == 2


def test_who_hangs_up_after_saying_what_happened_is_helped_all_the_same(house: House, customer: Account) -> None:
    Call(house.clock).press("1", "1", "1", "3").hang_up()
    assert (order().symptom, order().contact_phone) == ("neighbourhood", "+8613800138000")


def test_an_account_that_is_typed_tells_the_road_and_no_door(house: House, customer: Account) -> None:
    call = Call(house.clock, number="13900139000").press("1", "1", "1", customer.number, "#")
    assert call.at == "fault/confirm_typed"
    assert "青山县解放路" in call.words()
    assert "12" not in call.words()
    call.press("1", "1", "1", "1")
    assert order().address == "青山县解放路 12 号", "the order has the whole address"


def test_a_withheld_number_and_no_account_still_reaches_us(house: House, customer: Account) -> None:
    call = Call(house.clock, number="").press("1", "1", "2", "3", "1", "13900139000#", "1")
    assert "fault.accepted" in call.heard()
    assert (order().address, order().contact_phone) == ("见语音留言", "+8613900139000")


def test_bills_only_after_proof(house: House, customer: Account) -> None:
    call = Call(house.clock).press("1", "2", "1", "2", "1234")
    assert call.phone.state.identified == customer.number
    call.press("1")
    assert "bills.last_bill" in call.heard()
    assert "2026-02" in call.heard()
    call.press("2")
    assert "bills.year_use" in call.heard()
    assert [check.outcome for check in session.scalars(sa.select(CallerCheck))] == ["passed"]


def test_what_is_personal_is_answered_for_the_identified_account_alone(house: House, customer: Account) -> None:
    asked = c.Lookup(
        id=1, flow="f", node="n", name="billing.balance", inputs={"account_no": customer.number}, timeout=5
    )
    about = services.About("c-1", "", "zh", house.clock.now())
    for identified in (None, "", "0512345679"):
        with pytest.raises(services.Refused, match="not_identified"):
            services.lookup(replace(asked, identified=identified), about)
    assert services.lookup(replace(asked, identified=customer.number), about)["found"] is True


def test_three_wrong_answers_lead_to_an_agent(house: House, customer: Account) -> None:
    call = Call(house.clock).press("1", "2", "1", "2", "0000", "2", "0000", "2", "0000")
    assert "identify.locked" in call.heard()
    assert call.at.startswith("agent/")
    again = Call(house.clock, id="c-2").press("1", "2", "1", "2", "1234")
    assert again.at.startswith("agent/")


def test_a_new_password_is_set_and_used(house: House, customer: Account) -> None:
    call = Call(house.clock).press("1", "8", "1", "2", "1234", "123456", "123456")
    assert "password.weak" in call.heard()
    call.press("135791", "135791")
    assert "password.changed" in call.heard()
    assert Call(house.clock, id="c-2").press("1", "2", "1", "1", "135791").at == "bills/choose"


def test_progress_tariffs_and_announcements_are_public(house: House, customer: Account) -> None:
    made = house.accept()
    call = Call(house.clock, number="13900139000").press("1", "6", "1", made.number[2:], "#", "8000")
    assert "已受理，正在派单" in call.heard()
    call = Call(house.clock, number="13900139000").press("1", "4", "1", "1")
    assert "inquiry.yuan_per_kwh" in call.heard()
    assert "0.5" in call.heard()
    assert "outages.no_announcements" in Call(house.clock, number="13900139000").press("1", "3", "2").heard()


def test_a_complaint_by_voice_is_an_order(house: House, customer: Account) -> None:
    call = Call(house.clock).press("1", "5", "1", "2")
    assert "complaint.accepted" in call.heard()
    assert (order().category, order().channel) == ("complaint", "ivr")


def test_what_cannot_be_accepted_waits_for_an_agent(house: House, customer: Account) -> None:
    """A report of misconduct asks for more than a voice."""
    call = Call(house.clock).press("1", "5", "2", "2")
    assert "complaint.received" in call.heard()
    case = engine.list_instances(business_key="c-1", process_key="ivr_request", limit=1)[0]
    assert [task.element_id for task in engine.open_tasks(case.id)] == ["complete"]


def test_a_fax_is_queued(house: House, customer: Account) -> None:
    call = Call(house.clock).press("1", "7", "5", "2", "057112345678")
    assert call.at == "fax/ask_number"
    assert "fax.number_is" in call.heard()


def test_the_agents_are_busy_and_call_back(house: House, customer: Account) -> None:
    call = Call(house.clock).press("1", "0")
    assert call.at == "agent/ask_phone"
    call.press("1")
    assert "agent.callback_done" in call.heard()
    assert call.phone.over


def test_how_it_was_is_kept_and_counted(house: House, customer: Account, app: Flask) -> None:
    served = {"outcome": "answered", "agent": "1001", "waited": 3, "talked": 60}
    Call(house.clock, queue=served).press("1", "0", "1")
    Call(house.clock, queue=served, id="c-2").press("1", "0", "4")
    rows = session.scalars(sa.select(SurveyAnswer).order_by(SurveyAnswer.id)).all()
    assert [(row.answer, row.agent) for row in rows] == [("1", "1001"), ("4", "1001")]
    counted = counts(since=house.clock.now(), until=house.clock.now().replace(year=2027))[0]
    assert (counted.total, counted.rate) == (2, 50.0)
    client = app.test_client()
    sign_in(client, house.people["supervisor"])
    page = client.get("/ivr/surveys/").text
    assert "50.0 %" in page
    assert "非常满意" in page
    sign_in(client, house.people["crew"])
    assert client.get("/ivr/surveys/").status_code == 403


def test_the_database_is_away(house: House, customer: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller hears an apology and reaches an agent."""

    def gone(*_: Any, **__: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception("connection refused"))

    for name in ("customers.by_caller", "outages.storm", "telephony.notices", "telephony.hours"):
        monkeypatch.setitem(registry.lookups, name, _with(registry.lookups[name], gone))
    call = Call(house.clock, queue={"outcome": "answered", "talked": 9, "waited": 1, "agent": "1001"}).press("1")
    assert "line.trouble" in call.heard()
    assert call.phone.over
    assert any(type(entry).__name__ == "Queue" for entry in call.phone.log)


@pytest.mark.parametrize("keys", ["", "1", "11", "111", "1112", "12", "121", "13", "14", "141", "15", "16", "17", "18"])
def test_hanging_up_anywhere_ends_the_call(house: House, customer: Account, keys: str) -> None:
    call = Call(house.clock).press(*keys).hang_up() if keys else Call(house.clock).hang_up()
    assert call.phone.over


def _with(lookup: Any, handler: Any) -> Any:
    return replace(lookup, handler=handler)


def test_english_callers_hear_english(house: House, customer: Account) -> None:
    call = Call(house.clock).press("2", "4", "1", "1")
    assert call.phone.state.language == "en"
    assert any("Residents" in word for word in call.heard())
