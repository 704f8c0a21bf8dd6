"""Tests of the telephone run event loops of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def own_loop() -> Iterator[None]:
    """A browser of earlier tests keeps a loop running in this thread as long as the process lives (Playwright's):
    set it aside for the time of a test, so that the test may run its own."""
    of_the_browser = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(of_the_browser)
