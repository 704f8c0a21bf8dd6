"""The house of `tests.workorders.house` with the words of supervision and its process."""

from __future__ import annotations

import pytest
from flask import Flask

from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.supervision.operations.words import sync_words
from tests.workorders.house import House, build


@pytest.fixture
def house(app: Flask, clock: FrozenClock) -> House:
    built = build(clock, "supervision_order")
    db.run(lambda: sync_words(actor=SYSTEM, now=clock.now()))
    return built
