"""Live updates: changes reach a listening page; connections are bounded; polling says the same."""

from __future__ import annotations

import socket
import threading
import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.identity.queries import UserView
from app.kernel import live
from app.kernel.db import run
from tests.identity.factories import make_user, sign_in


@pytest.fixture
def user(app: Flask, client: FlaskClient) -> UserView:
    found = make_user()
    sign_in(client, found)
    return found


@pytest.fixture(autouse=True)
def close_listener(app: Flask) -> object:
    yield
    listener = app.extensions.get("lightline.live")
    if listener is not None:
        listener.close()


def test_poll_names_what_changed(client: FlaskClient, user: UserView) -> None:
    run(lambda: live.touch("order:5"))
    found = client.get("/live/changes?topics=order:5,order:6&since=0").json
    assert found is not None
    assert set(found) == {"order:5"}
    assert client.get(f"/live/changes?topics=order:5&since={found['order:5']}").json == {}


def test_stream_tells_of_a_change_before_and_after(app: Flask, client: FlaskClient, user: UserView) -> None:
    run(lambda: live.touch("order:5"))
    response = client.get("/live?topics=order:5", buffered=False)
    chunks = response.iter_encoded()
    assert next(chunks).startswith(b"retry:")
    assert b"order:5" in next(chunks)

    def later() -> None:
        with app.app_context():
            run(lambda: live.touch("order:5"))

    writer = threading.Thread(target=later)
    writer.start()
    assert b"event: change" in next(chunks)
    writer.join()
    response.close()


def test_each_topic_is_asked_from_its_own_version(client: FlaskClient, user: UserView) -> None:
    run(lambda: live.touch("order:5", "order:6"))
    seen = live.versions(["order:5"])["order:5"]
    assert set(client.get(f"/live/changes?topics=order:5,order:6&since={seen},0").json or {}) == {"order:6"}
    assert set(client.get(f"/live/changes?topics=order:6,order:5&since=0,{seen}").json or {}) == {"order:6"}
    assert set(client.get(f"/live/changes?topics=order:5,order:6,none&since={seen},x").json or {}) == {"order:6"}


def test_a_page_that_is_left_gives_its_thread_back(app: Flask, client: FlaskClient, user: UserView) -> None:
    server, browser = socket.socketpair()
    with server, browser:
        answer = client.get("/live?topics=quiet", buffered=False, environ_overrides={"gunicorn.socket": server})
        chunks = answer.iter_encoded()
        assert next(chunks).startswith(b"retry:")
        browser.close()
        began = time.monotonic()
        assert b"change" not in b"".join(chunks)
        assert time.monotonic() - began < 5
        answer.close()


def test_connections_are_bounded_and_given_back(app: Flask, client: FlaskClient, user: UserView) -> None:
    app.extensions["lightline.live.slots"] = threading.BoundedSemaphore(1)
    first = client.get("/live?topics=a", buffered=False)
    assert client.get("/live?topics=a", headers={"Accept": "application/json"}).status_code == 503
    first.close()
    again = client.get("/live?topics=a", buffered=False)
    assert again.status_code == 200
    again.close()


@pytest.mark.parametrize("topics", ["", "a b", "x" * 200, ",".join(f"t{n}" for n in range(41))])
def test_odd_topics_are_refused(client: FlaskClient, user: UserView, topics: str) -> None:
    assert client.get(f"/live/changes?topics={topics}").status_code == 422


def test_strangers_hear_nothing(client: FlaskClient) -> None:
    assert client.get("/live?topics=a").status_code in {302, 401}
