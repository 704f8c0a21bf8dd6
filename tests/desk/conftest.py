"""The house of work orders with inquiries, the desk's decision table, a customer and their phone."""

from __future__ import annotations

import pytest
from flask import Flask

from app.kernel.clock import FrozenClock
from tests.workorders.house import House, build


@pytest.fixture
def house(app: Flask, clock: FrozenClock) -> House:
    return build(clock, "inquiry", "service_request", "desk")
