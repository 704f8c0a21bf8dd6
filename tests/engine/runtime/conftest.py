"""Fixtures of the runtime's tests."""

from __future__ import annotations

import pytest
from flask import Flask

from app.kernel.clock import FrozenClock
from tests.engine.runtime.driving import Driver


@pytest.fixture
def drive(app: Flask, clock: FrozenClock) -> Driver:
    """A way to deploy diagrams and to drive their instances."""
    return Driver(clock)
