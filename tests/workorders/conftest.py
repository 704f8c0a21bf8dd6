"""The house of `tests.workorders.house` as a fixture."""

from __future__ import annotations

import pytest
from flask import Flask

from app.kernel.clock import FrozenClock
from tests.engine.runtime.conftest import each_way
from tests.workorders.house import House, build

__all__ = ["each_way"]


@pytest.fixture
def house(app: Flask, clock: FrozenClock) -> House:
    return build(clock)
