"""The library of `tests.knowledge.library` as a fixture."""

from __future__ import annotations

import pytest
from flask import Flask

from app.kernel.clock import FrozenClock
from tests.knowledge.library import Library, build


@pytest.fixture
def library(app: Flask, clock: FrozenClock) -> Library:
    return build(clock.now())
