"""No request made from the description of the resource of customers breaks the server."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from flask import Flask

from app.kernel.clock import FrozenClock
from tests.api.test_description import _try
from tests.api.tokens import token_of
from tests.customers.factories import demo_units, make_fictive, sync_words
from tests.identity.factories import make_user

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its own imports of older names
    import schemathesis


@pytest.mark.slow
def test_no_request_breaks_the_server(app: Flask, clock: FrozenClock) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    sync_words()
    units = demo_units()
    make_fictive(4, units, now=clock.now())
    headers = token_of(make_user(posts=[("steward", units[0])]), clock.now(), "customer.read", "customer.write")
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    broken: list[str] = []
    for found in schema.get_all_operations():
        operation: Any = found.ok()
        if operation.path.startswith("/api/v1/customers") and "bills" not in operation.path:
            _try(operation, headers, "3301040000", broken)
    assert not broken, "\n".join(broken)
