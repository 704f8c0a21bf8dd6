"""The page of retention rules."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.identity.queries import UnitView
from app.kernel.retention import rules
from tests.identity.factories import make_tree, make_user, sign_in


@pytest.fixture
def units(app: Flask) -> dict[str, UnitView]:
    return make_tree()


@pytest.fixture
def operator(client: FlaskClient, units: dict[str, UnitView]) -> FlaskClient:
    sign_in(client, make_user("operator", posts=[("admin", None)]))
    return client


def test_rules_are_changed_and_dropped(operator: FlaskClient) -> None:
    assert "Notices to people" in operator.get("/control/retention?lang=en").text
    form = {"kind": "case", "process_key": "repair_dispatch", "days": "700", "reason": "省公司要求"}
    assert operator.post("/control/retention", data=form).status_code == 302
    assert operator.post("/control/retention", data={"kind": "notice", "days": "", "reason": "留存"}).status_code == 302
    assert [(one.kind, one.process_key, one.days) for one in rules.rules()] == [
        ("case", "repair_dispatch", 700),
        ("notice", "", None),
    ]
    assert "700" in operator.get("/control/retention").text
    drop = {"process_key": "repair_dispatch", "reason": "恢复"}
    assert operator.post("/control/retention/case/drop", data=drop).status_code == 302
    assert [one.kind for one in rules.rules()] == ["notice"]


@pytest.mark.parametrize(
    "form",
    [{"kind": "case", "days": "x"}, {"kind": "none", "days": "5"}, {"kind": "job", "process_key": "p", "days": "5"}],
)
def test_what_makes_no_sense_is_refused(operator: FlaskClient, form: dict[str, str]) -> None:
    answer = operator.post("/control/retention", data=form | {"reason": "x"})
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert operator.post("/control/retention", data={"kind": "job", "days": "5", "reason": ""}).status_code == 422


def test_it_is_for_administrators_of_the_whole(client: FlaskClient, units: dict[str, UnitView]) -> None:
    sign_in(client, make_user("local", posts=[("admin", units["P-A"])]))
    assert client.get("/control/retention").status_code == 403
    assert client.post("/control/retention", data={}).status_code == 403
