"""Reports by keys and voice: one order a call, joined to one under way, completed by an agent where need be."""

from __future__ import annotations

import io
import re
import wave
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.engine import api as engine
from app.inbox.operations.files import keep
from app.inbox.queries.case import files_of
from app.kernel import db, files
from app.kernel.actor import SYSTEM
from app.kernel.audit import AuditEntry
from app.kernel.clock import FrozenClock
from app.kernel.lookups import ask
from app.kernel.registry import registry
from app.workorders import labels
from app.workorders.models import WorkOrder
from app.workorders.queries.progress import SPOKEN
from tests.identity.factories import sign_in
from tests.workorders.house import House, build


@pytest.fixture
def house(app: Flask, clock: FrozenClock) -> House:
    return build(clock, "ivr_fault_report", "ivr_request", "complaint")


def message(house: House) -> int:
    """A voice message that was left."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16000))
    out.seek(0)
    return db.run(lambda: files.save(out, "message.wav", actor=SYSTEM, now=house.now, allowed=files.AUDIO)).id


def report(house: House, process: str = "ivr_fault_report", call: str = "c-1", **data: Any) -> engine.InstanceView:
    values = {"call": call, "phone": "13800138000", "account_no": "3301005566", "account_unit": "GM-LJ-QS", **data}
    return db.run(lambda: engine.start(process, data=values, business_key=call, actor=SYSTEM, now=house.now))


def of_call(house: House, call: str = "c-1") -> dict[str, Any]:
    return ask("workorders.of_call", {"call": call}, actor=SYSTEM, now=house.now)


def test_a_report_becomes_a_task_of_the_dispatcher(house: House) -> None:
    voice = message(house)
    started = report(house, address="青山县解放路12号", symptom="building", hazard="wire_down", voice_file=voice)
    assert started.status == "completed"
    number = of_call(house)["number"]
    order = house.order(number)
    assert (order.channel, order.symptom, order.unit_code) == ("ivr", "building", "GM-LJ-QS")
    assert order.urgency == "urgent", "a hazard raises it"
    assert set(house.tasks(number)) == {"dispatch"}
    assert order.instance_id is not None
    assert [each.file_id for each in files_of(order.instance_id)] == [voice]


def test_a_call_makes_one_order_however_often_it_is_told(house: House) -> None:
    first, again = report(house, address="解放路12号"), report(house, address="解放路 12 号", words="同上")
    assert (first.status, again.status) == ("completed", "completed")
    assert db.session.query(WorkOrder).count() == 1


def test_the_same_account_joins_the_order_under_way(house: House) -> None:
    report(house, address="解放路12号")
    main = of_call(house)["number"]
    report(house, call="c-2")
    second = of_call(house, "c-2")
    assert second["joined"] is True
    assert second["number"] != main
    assert house.order(second["number"]).status == "MERGED"
    report(house, call="c-3", account_no="3301005567", address="和平路1号")
    assert of_call(house, "c-3")["joined"] is False


def test_an_order_that_is_too_far_on_is_not_joined(house: House) -> None:
    report(house, address="解放路12号")
    house.to_callback(of_call(house)["number"])
    report(house, call="c-2", address="解放路12号")
    second = of_call(house, "c-2")
    assert (second["found"], second["joined"]) == (True, False)


def test_nothing_but_a_voice_is_enough(house: House) -> None:
    """A withheld number and no account: the message and the highest unit that takes orders."""
    started = report(house, account_no="", account_unit="", phone="13900139000", voice_file=message(house))
    assert started.status == "completed"
    order = house.order(of_call(house)["number"])
    assert (order.address, order.unit_code) == ("见语音留言", "GM-LJ")


def test_a_report_that_cannot_be_accepted_waits_for_an_agent(house: House) -> None:
    started = report(house, phone="", account_no="", address="解放路12号", symptom="no_such_symptom")
    task = engine.open_tasks(started.id)[0]
    assert (task.element_id, task.candidates) == ("complete", (("group", "agent@GM-LJ-QS"),))
    assert "symptom" in engine.task_data(task.id)["refused"]
    assert "phone" in engine.task_data(task.id)["refused"]
    assert of_call(house)["found"] is False


def test_an_agent_completes_a_complaint(house: House) -> None:
    started = report(house, "ivr_request", category="complaint", words="停电太频繁")
    task = engine.open_tasks(started.id)[0]
    assert "details." in engine.task_data(task.id)["refused"]
    data = {"happened_on": "2026-03-01", "demand": "见语音留言"}
    told = report(house, "ivr_request", call="c-2", category="complaint", words="见语音留言", details=data)
    assert told.status == "completed"
    assert house.order(of_call(house, "c-2")["number"]).category == "complaint"


def test_a_lost_message_does_not_lose_the_report(house: House) -> None:
    assert report(house, voice_file=4711, address="解放路12号").status == "completed"


def test_every_state_can_be_said() -> None:
    assert set(SPOKEN) == set(labels.STATUS)


def test_progress_by_number_and_by_caller(house: House) -> None:
    order = house.accept()

    def progress(**inputs: Any) -> dict[str, Any]:
        return ask("workorders.progress", inputs, actor=SYSTEM, now=house.now)

    said = progress(number=order.number.removeprefix("GD"), last4="8000")
    assert (said["found"], said["number"], said["text"]) == (True, order.number, "已受理，正在派单")
    assert progress(number=order.number, last4="8001")["found"] is False
    assert progress(number="9" * 39, last4="8000")["found"] is False
    assert progress(phone="138 0013 8000")["number"] == order.number
    assert progress(phone="anonymous")["found"] is False
    assert progress()["found"] is False
    assert "解放路" not in str(said)


def test_names_are_registered() -> None:
    assert registry.get_lookup("workorders.progress").personal is False
    assert registry.get_lookup("customers.set_password").personal is True


def test_the_message_is_heard_on_the_orders_page(house: House, app: Flask) -> None:
    report(house, address="解放路12号", voice_file=message(house))
    number = of_call(house)["number"]
    client = app.test_client()
    sign_in(client, house.people["dispatcher"])
    page = client.get(f"/orders/{number}").text
    address = re.search(rf"/orders/{number}/voice/\d+", page)
    assert address is not None
    with client.get(address[0]) as heard:
        assert (heard.status_code, heard.mimetype, heard.data[:4]) == (200, "audio/wav", b"RIFF")
    assert client.get(f"/orders/{number}/voice/4711").status_code == 404
    trail = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "order.listened")).all()
    assert len(trail) == 1
    stranger = app.test_client()
    sign_in(stranger, house.people["other_dispatcher"])
    assert stranger.get(address[0]).status_code in {403, 404}


def test_a_secret_voice_is_not_heard_by_the_unit_complained_of(house: House, app: Flask) -> None:
    order = house.accept(
        category="complaint",
        sub_type="complaint_service",
        secrecy="confidential",
        symptom="",
        details={"happened_on": "2026-03-01", "demand": "改进"},
        by="city_agent",
    )
    assert order.instance_id is not None
    instance, voice = order.instance_id, message(house)
    db.run(lambda: keep(instance, voice, task_id=None, title="voice", actor=SYSTEM, now=house.now))
    for post, heard in (("reviewer", False), ("city_discipline", True)):
        client = app.test_client()
        sign_in(client, house.people[post])
        assert (f"/orders/{order.number}/voice/" in client.get(f"/orders/{order.number}").text) is heard, post
