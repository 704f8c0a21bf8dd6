"""The OpenAPI document: valid, complete, and no request made from it breaks the server (Schemathesis)."""

from __future__ import annotations

import warnings
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings

from tests.api.tokens import token_of
from tests.workorders.house import House

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its own imports of older names
    import schemathesis

SCOPES = ("order.create", "order.read", "order.remind", "order.cancel", "task.work", "customer.reveal")
EXAMPLES = 12
ADDRESS = {"address"}


def test_every_operation_says_what_it_does_and_answers(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").json
    assert {"/api/v1/orders", "/api/v1/orders/{number}", "/api/v1/orders/{number}/reminders", "/api/v1/files"} <= set(
        document["paths"]
    )
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method != "parameters":
                assert operation.get("summary"), f"{method} {path}"
                assert any(code.startswith("2") for code in operation["responses"]), f"{method} {path}"
    body = document["components"]["schemas"]["NewOrder"]
    assert body["properties"]["address"]["maxLength"] == 300
    assert "description" in body["required"]
    assert any(set(each["required"]) >= ADDRESS for each in body["anyOf"])


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({}, False),
        ({"category": "fault_repair"}, False),
        ({"address": ""}, False),
        ({"address": "解放路 12 号"}, True),
        ({"category": "inquiry"}, True),
    ],
)
def test_the_description_asks_faults_alone_for_an_address(
    client: FlaskClient, changes: dict[str, Any], fits: bool
) -> None:
    document = client.get("/api/v1/openapi.json").json
    rule = {"anyOf": document["components"]["schemas"]["NewOrder"]["anyOf"]}
    assert jsonschema_rs.is_valid(rule, {"description": "停电", **changes}) is fits


@pytest.mark.slow
def test_no_request_of_the_description_breaks_the_server(app: Flask, house: House) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    order = house.accept()
    headers = token_of(house.people["agent"], house.now, *SCOPES)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    broken: list[str] = []
    for found in schema.get_all_operations():
        _try(found.ok(), headers, order.number, broken)
    assert not broken, "\n".join(broken)


def _try(operation: Any, headers: dict[str, str], number: str, broken: list[str]) -> None:
    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def attempt(case: Any) -> None:
        if "number" in case.path_parameters and len(case.path_parameters["number"]) % 2:
            case.path_parameters["number"] = number
        answer = case.call(headers=headers)
        if answer.status_code >= 500:
            broken.append(f"{operation.label}: {answer.status_code} {case.as_curl_command()[:500]}")

    attempt()
