"""The page of one outage, and where else outages are shown."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from app.customers.records import records_of
from app.kernel.actor import SYSTEM
from app.kernel.i18n import in_locale
from app.kernel.registry import registry
from tests.identity.factories import sign_in
from tests.outages.test_orders import accept
from tests.outages.world import World, active, calls_of
from tests.workorders.house import House


def test_a_dispatcher_sees_why_and_confirms(world: World, house: House, client: FlaskClient) -> None:
    orders = [accept(house, "T1", customer) for customer in range(2)]
    (outage,) = active()
    sign_in(client, house.people["dispatcher"])
    page = client.get(f"/outages/{outage.number}?lang=en").text
    assert "2 callers below T1台区, 2 are enough within 60 minutes: the transformer" in page
    assert "rule outage_location_002" in page
    assert orders[0].number in page
    sent = {"revision": outage.revision, "cause": "tree", "device": "F1", "note": "现场已见"}
    assert client.post(f"/outages/{outage.number}/confirm", data=sent).status_code == 302
    (outage,) = active()
    assert (outage.device_code, outage.locked, outage.cause, outage.customers_out) == ("F1", True, "tree", 12)
    assert client.post(f"/outages/{outage.number}/confirm", data=sent).status_code == 409
    side = client.get(f"/orders/{orders[0].number}?lang=en").text
    assert outage.number in side
    assert "12 of 12 customers out" in side


def test_acts_are_refused_in_words(world: World, house: House, client: FlaskClient) -> None:
    accept(house, "T1")
    accept(house, "T5")
    one, two = active()
    (call,) = calls_of(one)
    sign_in(client, house.people["dispatcher"])
    refused = client.post(
        f"/outages/{one.number}/move", data={"call_id": f"{call.id}:{call.revision}", "to": two.number}
    )
    assert refused.status_code == 422
    moved = {"call_id": f"{call.id}:{call.revision}", "to": two.number, "reason": "同一处"}
    assert client.post(f"/outages/{one.number}/move", data=moved).status_code == 302
    late = client.post(f"/outages/{two.number}/move", data={**moved, "to": ""})
    assert late.status_code == 409
    assert client.post(f"/outages/{two.number}/split", data={"call": ["x", "99"], "reason": "试"}).status_code == 422
    assert [outage.number for outage in active()] == [two.number]


def test_who_may_not_dispatch_only_looks(world: World, house: House, client: FlaskClient) -> None:
    accept(house, "T1")
    (outage,) = active()
    sign_in(client, house.people["agent"])
    page = client.get(f"/outages/{outage.number}?lang=en").text
    assert "Confirm the outage" not in page
    answer = client.post(f"/outages/{outage.number}/confirm", data={"revision": outage.revision})
    assert answer.status_code == 403
    sign_in(client, house.people["other_leader"])
    assert client.get(f"/outages/{outage.number}").status_code == 403


def test_flows_and_pages_of_customers_are_told(app: Flask, world: World, house: House) -> None:
    accept(house, "T1")
    accept(house, "T1", 1)
    (outage,) = active()
    outage.etr_at, outage.etr_source = house.now + timedelta(hours=1), "dispatcher"
    ask = registry.get_lookup("outages.of_customer").handler
    answer = ask(now=house.now, actor=SYSTEM, account_no="33T1-2")
    assert answer["known"]
    assert answer["number"] == outage.number
    assert answer["text_zh"] == "2026年3月2日 09:00起故障停电。预计2026年3月2日 10:00恢复供电。"
    assert "Supply is expected back" in answer["text_en"]
    assert not ask(now=house.now, actor=SYSTEM, account_no="33T5-0")["known"]
    of_address = registry.get_lookup("outages.of_address").handler
    assert of_address(now=house.now, actor=SYSTEM, address="青山县T1路1号")["number"] == outage.number
    with app.test_request_context(), in_locale("en"):
        kept = records_of("outages", ["33T1-0", "33T5-0"])
    assert [record.number for record in kept["33T1-0"]] == [outage.number]
    assert "33T5-0" not in kept
