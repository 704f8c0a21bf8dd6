"""Two browsers on two worker processes of the real web server: what one does the other sees, and pages left behind
keep no thread."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LiveServer
from tests.browser.test_inbox import SOON_MS, Desk, rows
from tests.faults.system import System


@pytest.fixture
def served(live: LiveServer, database: str, tmp_path: Path) -> Iterator[System]:
    """The web server as in production, with two workers, on the database of `live`."""
    system = System(database, tmp_path / "instance")
    system.environment |= {"LIGHTLINE_WEB_WORKERS": "2", "LIGHTLINE_WEB_THREADS": "8"}
    system.start("web")
    system.wait_ready()
    yield system
    system.stop()


def test_what_one_does_the_other_sees(
    live: LiveServer, served: System, page: Page, browser: Browser, browser_context_args: dict[str, Any]
) -> None:
    desk = Desk(live, page)
    for _visit in range(20):  # more pages than the workers have threads, each left at once
        page.goto(f"{served.url}/inbox?scope=groups")
    expect(rows(page)).to_have_count(3)
    with browser.new_context(**{**browser_context_args, "base_url": served.url}) as colleague:
        theirs = colleague.new_page()
        live.sign_in(theirs, desk.other)
        theirs.goto("/inbox?scope=groups")
        rows(theirs).first.get_by_role("button", name="认领").click()
        expect(rows(page)).to_have_count(2, timeout=SOON_MS)
        rows(page).first.get_by_role("button", name="认领").click()
        expect(rows(theirs)).to_have_count(1, timeout=SOON_MS)
