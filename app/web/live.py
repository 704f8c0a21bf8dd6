"""Open pages hear what changed: server-sent events at `/live`, and a poll where no connection is free.

A page names its topics and the versions it has seen. Every connection costs a thread of
the web server, so there are only so many a process; the page polls when told so. A page
that is left gives its thread back within a second. No transaction is held open while
waiting, and a connection ends after some minutes, so that a person who signed out hears
nothing more.
"""

from __future__ import annotations

import os
import re
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator

import orjson
from flask import Blueprint, Flask, Response, current_app, g, jsonify, request
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.kernel import live
from app.kernel.errors import Invalid, LightlineError
from app.kernel.live_listener import wait
from app.web.access import signed_in
from app.web.security import limiter

HEARTBEAT = 15.0
LIFETIME = 300.0
MAX_TOPICS = 40
TOPIC = re.compile(r"[\w:@./-]{1,150}")
STALE_MS = 50
"""A change counts as newer than a page that began this long after it: its commit may have been under way."""

blueprint = Blueprint("live", __name__)


class NoFreeConnection(LightlineError):
    status = 503
    code = "no_free_connection"


def _topics() -> list[str]:
    topics = [topic for topic in request.args.get("topics", "").split(",") if topic]
    if not topics or len(topics) > MAX_TOPICS or not all(TOPIC.fullmatch(topic) for topic in topics):
        raise Invalid(_l("Name between 1 and 40 topics."), errors={"topics": request.args.get("topics", "")[:200]})
    return topics


def _since(topics: list[str]) -> live.Versions:
    """The versions a page has seen: one for each topic in their order, or one for all, as versions are times."""
    given = [_version(text) for text in request.args.get("since", "0").split(",")]
    if len(given) == 1:
        return dict.fromkeys(topics, given[0])
    return dict(zip(topics, [*given, *[0] * len(topics)], strict=False))


def _version(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0


@blueprint.get("/live")
@signed_in
@limiter.exempt
def events() -> Response:
    """A stream of `change` events: `{"topic": version}` of what changed."""
    topics = _topics()
    slots: threading.BoundedSemaphore = current_app.extensions["lightline.live.slots"]
    if not slots.acquire(blocking=False):
        raise NoFreeConnection(_l("No connection is free; ask again by polling."))
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    response = Response(_stream(app, topics, _since(topics), _left()))
    response.call_on_close(slots.release)
    response.mimetype = "text/event-stream"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _left() -> Callable[[], bool]:
    """Whether whoever asked has gone, as far as the server shows its socket: it can be read, and holds nothing.

    A closed connection is else noticed only when something is written to it.
    """
    peer = request.environ.get("gunicorn.socket") or request.environ.get("werkzeug.socket")
    if not isinstance(peer, socket.socket):
        return lambda: False

    poll = select.poll()
    poll.register(peer, select.POLLIN)

    def left() -> bool:
        try:
            return bool(poll.poll(0)) and not peer.recv(1, socket.MSG_PEEK)
        except OSError:
            return True

    return left


def _stream(app: Flask, topics: list[str], since: live.Versions, left: Callable[[], bool]) -> Iterator[bytes]:
    """Changes as they come, a comment as heartbeat, the end after `LIFETIME` seconds or when the page is left."""
    until = time.monotonic() + LIFETIME
    yield b"retry: 3000\n\n"
    while time.monotonic() < until and not left():
        with app.app_context():
            changed = wait(topics, since, timeout=HEARTBEAT, given_up=left)
        since |= changed
        yield b"event: change\ndata: " + orjson.dumps(changed) + b"\n\n" if changed else b": waiting\n\n"


@blueprint.get("/live/changes")
@signed_in
@limiter.exempt
def poll() -> Response:
    """The same as one answer: the topics that changed since."""
    topics = _topics()
    response = jsonify(live.changes(topics, _since(topics)))
    response.headers["Cache-Control"] = "no-store"
    return response


def _begin() -> None:
    g.live_since = time.time_ns() // 1_000_000 - STALE_MS


def attributes(*topics: str) -> Markup:
    """The attributes of the element that keeps a page's pieces fresh: see `controllers/live.js`."""
    return Markup('data-controller="live" data-topics="{}" data-since="{}"').format(",".join(topics), g.live_since)


def _connections() -> int:
    """How many threads of a process may listen; the rest is kept for pages (at 32: 24 and 8)."""
    threads = int(os.environ.get("LIGHTLINE_WEB_THREADS", "32"))
    return max(1, threads - max(2, threads // 4))


def init_app(app: Flask) -> None:
    app.config.setdefault("LIVE_CONNECTIONS", _connections())
    app.extensions["lightline.live.slots"] = threading.BoundedSemaphore(app.config["LIVE_CONNECTIONS"])
    app.before_request(_begin)
    app.jinja_env.globals.update(live=attributes)
    app.register_blueprint(blueprint)
