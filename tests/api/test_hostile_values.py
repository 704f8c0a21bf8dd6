"""Values that break careless programs: refused in words or kept as they are; never an error of ours, never half."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.engine import api as engine
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.workorders.models import WorkOrder
from tests.api.test_repair_by_api import REPORT
from tests.api.tokens import token_of
from tests.workorders.house import House

MEGABYTES = "长" * (5 * 1024 * 1024 // 3)

VALUES = {
    "NUL": b'"a\\u0000b"',
    "a lone surrogate": b'"a\\ud800b"',
    "five megabytes": orjson.dumps(MEGABYTES),
    "not UTF-8": b'"\xff\xfe"',
    "a thousand levels": b"[" * 1000 + b"]" * 1000,
    "a hundred thousand levels": b"[" * 100_000 + b"]" * 100_000,
    "no number": b"NaN",
    "a number too large": b"1e999",
    "a long number": b"9" * 5000,
    "one name twice": b'{"typename": 1, "typename": 2}',
    "a type of the engine's own": b'{"typename": "Box", "$ref": "x", "__class__": "y"}',
}


@pytest.fixture
def headers(house: House) -> dict[str, str]:
    given = token_of(house.people["dispatcher"], house.now, "order.create", "order.read", "task.work")
    return {**given, "Content-Type": "application/json"}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_a_report_with_it_is_refused_and_leaves_nothing(
    house: House, client: FlaskClient, headers: dict[str, str], value: bytes
) -> None:
    """As text of a field, and as a field nobody knows."""
    whole = orjson.dumps(REPORT)[:-1]
    for field in (b"description", b"typename"):
        answer = client.post("/api/v1/orders", data=whole + b',"' + field + b'":' + value + b"}", headers=headers)
        assert answer.status_code in {400, 413, 422}, answer.text[:500]
        assert answer.json["code"]
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(WorkOrder)) == 0


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_a_task_completed_with_it_stays_open_or_ignores_it(
    house: House, client: FlaskClient, headers: dict[str, str], clock: FrozenClock, value: bytes
) -> None:
    number = house.accept().number
    task = house.tasks(number)["dispatch"]
    path = f"/api/v1/tasks/{task.id}"
    session.remove()
    assert client.post(f"{path}/claim", data=b"{}", headers=headers).status_code == 200
    known = b'{"data": {"dispatch_action": ' + value + b"}}"
    answer = client.post(f"{path}/complete", data=known, headers=headers)
    assert answer.status_code in {400, 413, 422}, answer.text[:500]
    session.rollback()
    assert engine.get_task(task.id).state == "open"
    unknown = b'{"data": {"dispatch_action": "dispatch", "crew": "%d", "typename": ' % house.crew + value + b"}}"
    answer = client.post(f"{path}/complete", data=unknown, headers=headers)
    assert answer.status_code in {200, 400, 413, 422}, answer.text[:500]
    session.rollback()
    variables: dict[str, Any] = engine.variables(task.instance_id)
    assert "typename" not in variables
