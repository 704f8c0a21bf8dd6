"""Fixtures of the migration's tests."""

from __future__ import annotations

import pytest
from flask import Flask

from app.kernel.clock import FrozenClock
from tests.engine.migration.mover import Mover


@pytest.fixture
def drive(app: Flask, clock: FrozenClock) -> Mover:
    """A way to deploy versions, drive instances and move them."""
    return Mover(clock)
