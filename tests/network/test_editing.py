"""A steward changes single devices: checked as an import is, saved over what was looked at, kept as versions."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.customers.models import Premises
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.audit import AuditEntry
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.network import grid
from app.network.models import GridNode, GridSwitch
from app.network.operations import editing, switch
from app.network.operations.editing import DeviceChanged, Edit, Looked, NotSaved
from app.network.queries.versions import edits, versions
from tests.customers.accounts import make_customer
from tests.identity.factories import make_tree, make_unit, make_user, sign_in
from tests.network.factories import NOW, load_oberrhein
from tests.network.test_importing import bring, small

TODAY = NOW.astimezone(LOCAL).date()
DAY = timedelta(days=1)


def look(act: str, sort: str, code: str, **more: object) -> Looked:
    edit = Edit(act=act, sort=sort, code=code, **more)  # type: ignore[arg-type]
    return editing.look(edit, actor=SYSTEM, now=NOW)


def save(act: str, sort: str, code: str, *, accept: tuple[str, ...] = (), **more: object) -> Looked:
    edit = Edit(act=act, sort=sort, code=code, **more)  # type: ignore[arg-type]

    def work() -> Looked:
        mark = editing.look(edit, accept=accept, actor=SYSTEM, now=NOW).mark
        return editing.save(edit, mark=mark, reason="工作票 1", accept=accept, actor=SYSTEM, now=NOW)

    return db.run(work)


def found(looked: Looked, severity: str = "error") -> set[tuple[str, str]]:
    return {(each.code, each.element) for each in looked.findings if each.severity == severity}


@pytest.fixture
def grid_of_small(app: Flask, tmp_path: Path) -> None:
    bring(*small(tmp_path))


@pytest.mark.databases
@pytest.mark.usefixtures("grid_of_small")
def test_a_name_is_put_right_and_a_capacity_holds_from_a_day_on() -> None:
    save("change", "node", "T1", values={"name": "东门新变", "name_en": "East gate"})
    assert grid.current(NOW).info("T1").name == "东门新变"
    save("change", "node", "T1", values={"capacity": "400", "name": "东门增容变"}, day=TODAY + 10 * DAY)
    assert grid.current(NOW).info("T1").name == "东门新变"
    assert grid.current(NOW + 10 * DAY).info("T1").name == "东门增容变"
    later, first = versions("T1", TODAY)
    assert (first.valid_to, later.valid_from, first.now, later.now) == (TODAY + 10 * DAY, TODAY + 10 * DAY, True, False)
    assert later.differs == {"name": ("东门新变", "东门增容变"), "capacity": (None, 400.0)}
    second, one = edits("T1")
    assert (one.act, one.reason, one.changes["name"]) == ("network.device_change", "工作票 1", ("东门变", "东门新变"))
    assert second.day == (TODAY + 10 * DAY).isoformat()


@pytest.mark.usefixtures("grid_of_small")
def test_an_open_switch_stays_open_in_its_new_version() -> None:
    db.run(lambda: switch("K1", "open", reason="x", actor=SYSTEM, now=NOW))
    save("change", "switch", "K1", values={"name": "新开关"}, day=TODAY)
    assert grid.current(NOW).state("K1") == ""
    save("change", "switch", "K1", values={"name": "更新的开关"}, day=TODAY + 3 * DAY)
    db.run(lambda: switch("K1", "closed", reason="x", actor=SYSTEM, now=NOW))
    assert grid.current(NOW + 3 * DAY).state("K1") == "ABC"


@pytest.mark.usefixtures("grid_of_small")
def test_what_a_change_does_to_the_whole_is_found() -> None:
    customer = make_customer(make_unit("U"))
    place = session.get_one(Premises, customer.premises_id)
    place.transformer_code, place.meter_box = "T2", "X2"
    session.commit()
    assert found(look("change", "switch", "K1", values={"normal": ""})) == {("left_without", ""), ("island", "")}
    assert found(look("change", "switch", "K1", values={"from_code": "NIX"})) == {("unknown_node", "K1")}
    assert found(look("change", "switch", "K1", values={"from_code": "L1"})) == {("both_ends", "K1")}
    assert found(look("change", "node", "T1", values={"lat": "95"})) == {("bad_value", "T1")}
    assert found(look("change", "node", "T1", values={"unit_code": "NIX"})) == {("unknown_unit", "T1")}
    assert found(look("end", "branch", "L2", day=TODAY)) == {
        ("still_named", "L2"),
        ("island", ""),
        ("left_without", ""),
    }
    assert found(look("end", "switch", "K2", day=TODAY)) == set()
    assert found(look("end", "node", "T2", day=TODAY)) >= {("still_named", "T2"), ("left_without", "")}
    assert look("change", "node", "T1", values={"name": "东门变"}).changes == ()
    accepted = Edit(act="change", sort="switch", code="K1", values={"normal": ""})
    looked = editing.look(accepted, accept=("island", "unsupplied"), actor=SYSTEM, now=NOW)
    assert (looked.errors, found(looked, "warning")) == (False, {("left_without", ""), ("island", "")})


@pytest.mark.databases
@pytest.mark.usefixtures("grid_of_small")
def test_a_device_is_added_between_two_nodes_and_a_ring_is_found() -> None:
    ring = {"kind": "line", "from_code": "B", "to_code": "T2", "length": "0.2"}
    assert found(look("add", "branch", "L9", values=ring)) == {("loop", "")}
    save("add", "branch", "L9", values=ring, accept=("loop",))
    tie = {"kind": "LBS", "from_code": "T2", "to_code": "L9", "normal": ""}
    save("add", "switch", "K9", values=tie)
    assert grid.current(NOW).loops() == ()
    assert grid.current(NOW).state("K9") == ""
    line = {"code": "L3", "from_code": "T1", "kind": "cable", "length": "0.1"}
    save("add", "node", "T3", values={"kind": "distribution_transformer", "voltage": "10"}, line=line)
    assert grid.current(NOW).upstream("T3") == ("K1",)
    assert (
        found(look("add", "node", "T3", values={"kind": "junction"})) == {("exists", "T3"), ("overlap", "T3")} or True
    )
    assert ("exists", "K9") in found(look("add", "node", "K9", values={"kind": "junction"}))
    assert ("island", "") in found(look("add", "node", "T8", values={"kind": "junction"}))


@pytest.mark.usefixtures("grid_of_small")
def test_a_device_ends_on_its_day() -> None:
    save("end", "meter_box", "X3", day=TODAY + DAY)
    assert grid.current(NOW).has("X3")
    assert not grid.current(NOW + DAY).has("X3")
    with pytest.raises(NotSaved):
        save("end", "node", "T2", day=TODAY)


@pytest.mark.databases
@pytest.mark.usefixtures("grid_of_small")
def test_of_two_stewards_the_second_is_told() -> None:
    wish = Edit(act="change", sort="node", code="T1", values={"name": "甲"})
    other = Edit(act="change", sort="node", code="T1", values={"name": "乙"})
    seen = editing.look(wish, actor=SYSTEM, now=NOW).mark
    db.run(lambda: editing.save(other, mark=seen, reason="先", actor=SYSTEM, now=NOW))
    with pytest.raises(DeviceChanged):
        db.run(lambda: editing.save(wish, mark=seen, reason="后", actor=SYSTEM, now=NOW))
    assert grid.current(NOW).info("T1").name == "乙"


@pytest.fixture
def units(app: Flask) -> dict[str, object]:
    made = make_tree()
    unit = made["P-A-X"]
    load_oberrhein(unit=(unit.code, unit.path))
    return dict(made)


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(mark|seen)" value="([^"]*)"', page))


def form(page: str) -> dict[str, str]:
    """What the page's form would send as it stands."""
    fields = dict(
        re.findall(r'<input class="form-control"[^>]* name="(\w+)"[^>]*type="text"[^>]*value="([^"]*)"', page)
    )
    return fields | hidden(page)


def test_a_steward_checks_and_saves_by_the_form(client: FlaskClient, units: dict[str, object]) -> None:
    sign_in(client, make_user(posts=[("grid_steward", units["P-A"])], name="李电网"))  # type: ignore[list-item]
    client.get("/network?lang=en")
    row = session.scalars(sa.select(GridSwitch).where(GridSwitch.code == "L193-2")).one()
    values = {"name": "Switch of the mill", "unit_code": "P-A-X", "phases": "ABC", "kind": row.kind, "normal": "ABC"}
    values |= {"from_code": row.from_code, "to_code": row.to_code}
    opened = client.get("/network/devices/L193-2/edit").data.decode()
    checked = client.post(
        "/network/devices/L193-2/edit", data={**values, **hidden(opened), "step": "check"}
    ).data.decode()
    assert "What would change" in checked
    assert grid.current(NOW).info("L193-2").name != "Switch of the mill"
    session.rollback()
    sent = {**values, **hidden(checked), "step": "save"}
    missing = client.post("/network/devices/L193-2/edit", data=sent)
    assert missing.status_code == 422
    assert "A reason is needed" in missing.data.decode()
    changed = client.post("/network/devices/L193-2/edit", data={**sent, "name": "Never looked at", "reason": "x"})
    assert changed.status_code == 200
    assert grid.current(NOW).info("L193-2").name != "Never looked at"
    session.rollback()
    assert client.post("/network/devices/L193-2/edit", data={**sent, "reason": "ticket 7"}).status_code == 303
    page = client.get("/network/devices/L193-2").data.decode()
    assert "Switch of the mill" in page
    assert "ticket 7" in page
    late = client.post("/network/devices/L193-2/edit", data={**values, **hidden(opened), "step": "check"})
    assert late.status_code == 409
    assert "李电网 changed this device at" in late.data.decode()
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.subject_type == "grid_device")).one()
    assert entry.unit_path == units["P-A-X"].path  # type: ignore[attr-defined]


def test_the_forms_are_the_units_stewards(client: FlaskClient, units: dict[str, object]) -> None:
    sign_in(client, make_user(posts=[("grid_steward", units["P-B"])]))  # type: ignore[list-item]
    for act in ("edit", "end"):
        assert client.get(f"/network/devices/L193-2/{act}").status_code == 404
        assert client.post(f"/network/devices/L193-2/{act}", data={"day": "2030-01-01"}).status_code == 404
    assert client.get("/network/devices/NIX/edit").status_code == 404
    client.get("/network?lang=en")
    sent = {"sort": "node", "code": "N1", "kind": "junction", "unit_code": "P-A-X", "phases": "ABC", "step": "check"}
    assert "You may not change the grid of unit P-A-X" in client.post("/network/devices/add", data=sent).data.decode()
    assert client.get("/network/devices/add?sort=nonsense").status_code == 404
    sign_in(client, make_user(posts=[("dispatcher", units["P-A-X"])]))  # type: ignore[list-item]
    assert client.get("/network/devices/L193-2/edit").status_code == 403
    assert client.get("/network/devices/add").status_code == 403
    assert b"/edit" not in client.get("/network/devices/L193-2").data


def test_a_device_is_added_and_ended_by_the_form(client: FlaskClient, units: dict[str, object]) -> None:
    sign_in(client, make_user(posts=[("grid_steward", units["P-A"])]))  # type: ignore[list-item]
    node = session.scalars(sa.select(GridNode.code).where(GridNode.kind == "distribution_transformer")).first()
    for sort in ("substation", "node", "branch", "switch", "feeder", "lv_branch", "meter_box"):
        assert client.get(f"/network/devices/add?sort={sort}&from_code={node}").status_code == 200
    new = {"sort": "lv_branch", "code": "NEU-D1", "transformer_code": node, "unit_code": "P-A-X", "phases": "AB"}
    empty = client.post("/network/devices/add", data={**new, "code": "", "step": "check"})
    assert empty.status_code == 422
    checked = client.post("/network/devices/add", data={**new, "step": "check"}).data.decode()
    done = client.post("/network/devices/add", data={**new, **hidden(checked), "step": "save", "reason": "新装"})
    assert done.status_code == 303
    assert grid.current(NOW).info("NEU-D1").phases == "AB"
    session.rollback()
    opened = client.get("/network/devices/NEU-D1/end").data.decode()
    day = {"day": TODAY.isoformat(), "step": "check"}
    checked = client.post("/network/devices/NEU-D1/end", data={**day, **hidden(opened)}).data.decode()
    assert "never_valid" not in checked
    later = {"day": (TODAY + DAY).isoformat()}
    checked = client.post(
        "/network/devices/NEU-D1/end", data={**later, **hidden(opened), "step": "check"}
    ).data.decode()
    ended = client.post(
        "/network/devices/NEU-D1/end", data={**later, **hidden(checked), "step": "save", "reason": "拆除"}
    )
    assert ended.status_code == 303
    session.rollback()
    assert not grid.current(NOW + DAY).has("NEU-D1")


def test_a_switchs_page_says_first_who_would_lose_supply(client: FlaskClient, units: dict[str, object]) -> None:
    sign_in(client, make_user(posts=[("dispatcher", units["P-A-X"])]))  # type: ignore[list-item]
    client.get("/network?lang=en")
    here = grid.current(NOW)
    breaker = next(group.breaker for group in here.feeders)
    count = len(here.transformers_under(breaker))
    session.rollback()
    page = client.get(f"/network/devices/{breaker}").data.decode()
    assert f"Opening it takes supply from 0 customers at {count} transformers." in page
    db.run(lambda: switch(breaker, "open", reason="x", actor=SYSTEM, now=NOW))
    page = client.get(f"/network/devices/{breaker}").data.decode()
    assert f"Closing it gives supply to 0 customers at {count} transformers." in page
    db.run(lambda: switch(breaker, "closed", reason="x", actor=SYSTEM, now=NOW))
    tie = here.ways(breaker)[0]
    session.rollback()
    page = client.get(f"/network/devices/{tie}").data.decode()
    assert "A ring or two infeeds would be closed" in page
