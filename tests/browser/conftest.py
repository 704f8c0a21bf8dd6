"""A running server on a database of its own, and Debian's Chromium looking at it.

    def test_something(live: LiveServer, page: Page) -> None:
        user = live.make_user(posts=[("dispatcher", live.make_unit("GM"))])
        live.sign_in(page, user)
        page.goto("/inbox")
        check_page(page)        # accessible, and no wider than the screen

Pictures of failed tests lie in `test-results/`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from app import create_app
from app.identity.queries import UserView
from app.kernel.db import db
from tests.conftest import START, settings_for
from tests.identity import factories

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
SOUND = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
]
"""A microphone that beeps, allowed without a question, and talks over loopback."""
TIMEOUT_MS = 10_000
T = TypeVar("T")


def pytest_configure(config: pytest.Config) -> None:
    config.option.screenshot = "only-on-failure"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


class RunningClock:
    """Runs with the machine's time from `START` on, and can be moved forward."""

    def __init__(self) -> None:
        self._offset = START - datetime.now(START.tzinfo)

    def now(self) -> datetime:
        return datetime.now(START.tzinfo) + self._offset

    def advance(self, by: timedelta) -> None:
        self._offset += by


class LiveServer:
    """The application behind `url`, in threads of this process, with its clock."""

    def __init__(self, app: Flask, clock: RunningClock) -> None:
        self.app = app
        self.clock = clock
        self._server: BaseWSGIServer = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.make_unit = partial(self.within, factories.make_unit)
        self.make_user = partial(self.within, factories.make_user)

    def within(self, work: Callable[..., T], *arguments: Any, **options: Any) -> T:
        """Call a function inside the application's context (factories, operations with their own commit, queries)."""
        with self.app.app_context():
            try:
                return work(*arguments, **options)
            finally:
                db.session.remove()

    def sign_in(self, page: Page, user: UserView) -> None:
        """Let the browser come from this user, without the sign-in page."""
        with self.app.app_context():
            client = self.app.test_client()
            factories.sign_in(client, user)
            cookie = client.get_cookie("session")
            db.session.remove()
        assert cookie is not None
        page.goto("about:blank")  # an answer under way would bring a cookie of its own and put this one out
        page.context.add_cookies([{"name": "session", "value": cookie.value, "url": self.url}])

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join(timeout=5)
        self._server.server_close()


class _Quiet(WSGIRequestHandler):
    def log_request(self, *arguments: Any) -> None:
        """Requests are no news in a test."""


@pytest.fixture
def live(database: str, tmp_path: Path) -> Iterator[LiveServer]:
    """A server of this test; CSRF is checked as in production."""
    clock = RunningClock()
    app = create_app(settings_for(database, tmp_path / "instance"), clock=clock)
    app.config.update(WTF_CSRF_ENABLED=True, PROPAGATE_EXCEPTIONS=False)
    server = LiveServer(app, clock)
    yield server
    server.close()
    with app.app_context():
        listener = app.extensions.get("lightline.live")
        if listener is not None:
            listener.close()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": [*FLAGS, *SOUND]}


@pytest.fixture
def browser_context_args(live: LiveServer) -> dict[str, Any]:
    """A Chinese desk: the server's address, 1366 x 768."""
    return {
        "base_url": live.url,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 1366, "height": 768},
        "reduced_motion": "reduce",
    }


@pytest.fixture(autouse=True)
def no_errors_in_the_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """A script error or a broken rule of the content security policy fails the test."""
    if "context" not in request.fixturenames:
        yield
        return
    context: BrowserContext = request.getfixturevalue("context")
    context.set_default_timeout(TIMEOUT_MS)
    problems: list[str] = []
    context.on("weberror", lambda error: problems.append(str(error.error)))
    context.on("console", lambda message: problems.append(message.text) if _is_bad(message) else None)
    yield
    assert not problems, problems


def _is_bad(message: Any) -> bool:
    return message.type == "error" and "Content Security Policy" in message.text
