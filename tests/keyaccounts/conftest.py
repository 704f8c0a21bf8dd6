"""The house of `tests.keyaccounts.house` as a fixture."""

from __future__ import annotations

import pytest
from flask import Flask

from app.kernel.clock import FrozenClock
from tests.keyaccounts.house import House, build


@pytest.fixture
def house(app: Flask, clock: FrozenClock) -> House:
    return build(clock)
