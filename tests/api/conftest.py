"""The house of `tests.workorders.house` for tests of the API."""

from __future__ import annotations

import pytest
from flask import Flask

from app.kernel.clock import FrozenClock
from tests.workorders.house import House, build


@pytest.fixture
def house(app: Flask, clock: FrozenClock) -> House:
    return build(clock)
