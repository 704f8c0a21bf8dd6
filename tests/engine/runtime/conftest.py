"""Fixtures of the runtime's tests."""

from __future__ import annotations

import pytest
from flask import Flask

from app.kernel.clock import FrozenClock
from tests.engine.runtime.driving import Driver
from tests.kernel.queue import WAYS, go


@pytest.fixture
def drive(app: Flask, clock: FrozenClock) -> Driver:
    """A way to deploy diagrams and to drive their instances."""
    return Driver(clock)


@pytest.fixture(params=WAYS)
def each_way(request: pytest.FixtureRequest, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test holds whether its jobs run in this thread or travel through the broker."""
    go(request.param, app, monkeypatch)
