"""The administrators' pages at work: what they change, and what they refuse with the field's message."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.identity import queries
from app.identity.queries import UnitView
from app.kernel.clock import FrozenClock
from tests.identity.factories import make_tree, make_user, sign_in


@pytest.fixture
def tree(app: Flask, client: FlaskClient) -> dict[str, UnitView]:
    """The tree of two cities; signed in is an administrator of the first."""
    units = make_tree()
    sign_in(client, make_user("boss", posts=[("unit_admin", units["P-A"])], name="头"))
    return units


def test_a_new_account_shows_its_first_password_once(
    client: FlaskClient, tree: dict[str, UnitView], app: Flask
) -> None:
    data = {"username": "lin", "name": "林", "unit": tree["P-A-X"].id}
    shown = client.post("/users/new", data=data).text
    found = re.search(r'id="fresh-password">([^<]+)<', shown)
    assert found is not None
    user = queries.user_view("lin")
    assert user is not None
    assert found[1] not in client.get(f"/users/{user.id}").text
    fresh = app.test_client()
    assert fresh.post("/sign-in", data={"username": "lin", "password": found[1]}).status_code == 302
    assert fresh.get("/units").location == "/profile/password"


def test_a_form_in_error_keeps_what_was_typed_and_changes_nothing(
    client: FlaskClient, tree: dict[str, UnitView]
) -> None:
    data = {"username": "lin", "name": "", "phone": "13957100103", "unit": tree["P-A-X"].id}
    answer = client.post("/users/new", data=data)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert 'value="13957100103"' in answer.text
    assert queries.user_view("lin") is None


def test_the_form_of_an_account_shows_that_account(client: FlaskClient, tree: dict[str, UnitView]) -> None:
    user = make_user("lin", unit=tree["P-A-X"], name="林晓雯")
    page = client.get(f"/users/{user.id}").text
    assert re.search(r'id="f-name"[^>]*value="林晓雯"', page)
    answer = client.post(f"/users/{user.id}", data={"name": "林小文", "unit": tree["P-A"].id})
    assert answer.status_code == 302
    changed = queries.user_view(user.id)
    assert changed is not None
    assert (changed.name, changed.unit_id) == ("林小文", tree["P-A"].id)


def test_appointing_and_ending(client: FlaskClient, tree: dict[str, UnitView], clock: FrozenClock) -> None:
    user = make_user("lin", unit=tree["P-A-X"])
    data = {"post": "crew", "post_unit": tree["P-A-X"].id, "valid_from": "2026-03-03", "valid_to": "2026-03-04"}
    assert client.post(f"/users/{user.id}/appointments", data=data).status_code == 302
    held = queries.appointments_of([user.id], at=clock.now())[user.id][0]
    assert held.valid_to is not None
    assert held.valid_to - held.valid_from == timedelta(days=2)
    wrong = {**data, "post": "agent", "valid_to": "2026-03-01"}
    assert client.post(f"/users/{user.id}/appointments", data=wrong).status_code == 422
    assert client.post(f"/users/{user.id}/appointments", data={**data, "post": "admin"}).status_code == 403
    assert client.post(f"/users/{user.id}/appointments/{held.id}/end").status_code == 302
    clock.advance(timedelta(days=2))
    assert queries.groups_of(user.id, at=clock.now()) == frozenset()


def test_other_peoples_accounts_cannot_be_seen_or_touched(client: FlaskClient, tree: dict[str, UnitView]) -> None:
    other = make_user("other", posts=[("agent", tree["P-B"])])
    assert "other" not in client.get("/users").text
    assert client.get(f"/users/{other.id}").status_code == 404
    for path in ("active", "unlock", "password", "two-factor"):
        assert client.post(f"/users/{other.id}/{path}", data={"active": "0"}).status_code == 403
    assert client.post(f"/users/{other.id}", data={"name": "新", "unit": tree["P-A"].id}).status_code == 403


def test_the_list_comes_by_pages_and_narrows(client: FlaskClient, tree: dict[str, UnitView]) -> None:
    for n in range(60):
        make_user(f"crew{n:02}", posts=[("crew", tree["P-A-X"])], name=f"员工{n:02}")
    first = client.get("/users?post=crew").text
    assert "crew49" in first
    assert "crew50" not in first
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    second = client.get(following[1].replace("&amp;", "&")).text
    assert "crew50" in second
    assert ">crew49<" not in second
    assert "crew07" in client.get("/users?q=员工07").text
    assert "crew07" not in client.get("/users?q=员工08").text
    assert client.get("/users?_external=1&_scheme=x&endpoint=y").status_code == 200


def test_units_are_added_renamed_moved_and_closed(client: FlaskClient, tree: dict[str, UnitView]) -> None:
    station = tree["P-A-X-1"]
    data = {"parent": tree["P-A"].id, "code": "P-A-Y", "name": "丙县", "kind": "county"}
    assert client.post("/units/new", data=data).status_code == 302
    assert client.post("/units/new", data=data).status_code == 422
    county = re.search(r"/units/(\d+)\">丙县", client.get("/units").text)
    assert county is not None
    assert client.post(f"/units/{station.id}/move", data={"parent": county[1]}).status_code == 302
    assert client.post(f"/units/{station.id}", data={"name": "新名", "area": "rural"}).status_code == 302
    page = client.get(f"/units/{station.id}").text
    assert "丙县" in page
    assert station.name in page
    assert client.post(f"/units/{county[1]}/close").status_code == 409
    assert client.post(f"/units/{station.id}/close").status_code == 302
    assert client.post(f"/units/{tree['P-B'].id}", data={"name": "新名"}).status_code == 403


def test_the_audit_trail_shows_ones_own_part(client: FlaskClient, tree: dict[str, UnitView]) -> None:
    make_user("mine", unit=tree["P-A-X"])
    make_user("theirs", unit=tree["P-B"])
    page = client.get("/audit").text
    assert "mine" in page
    assert "theirs" not in page
    assert "mine" not in client.get("/audit?subject=boss").text


def test_staff_see_the_tree_but_not_the_accounts(app: Flask, client: FlaskClient) -> None:
    tree = make_tree()
    sign_in(client, make_user(posts=[("agent", tree["P"])]))
    assert client.get("/units").status_code == 200
    for page in ("/users", "/users/1", "/users/new", "/posts", "/audit", "/units/new"):
        assert client.get(page).status_code == 403
    assert client.post(f"/units/{tree['P-A'].id}/close").status_code == 403


def test_absence_on_the_page(app: Flask, client: FlaskClient, clock: FrozenClock) -> None:
    tree = make_tree()
    me, other = make_user("me", posts=[("agent", tree["P"])]), make_user("other", unit=tree["P"], name="同事")
    sign_in(client, me)
    assert "other 同事" in client.get("/profile/absence").text
    data = {
        "substitute": "other 同事",
        "valid_from": "2026-03-02T08:00",
        "valid_to": "2026-03-02T18:00",
        "reason": "培训",
    }
    assert client.post("/profile/absence", data=data).status_code == 302
    assert queries.groups_of(other.id, at=clock.now()) == {"agent@P"}
    row = re.search(r"/profile/absence/(\d+)/end", client.get("/profile/absence").text)
    assert row is not None
    client.post(row[0])
    assert queries.groups_of(other.id, at=clock.now()) == frozenset()
    assert client.post("/profile/absence", data={**data, "substitute": "ghost"}).status_code == 422
