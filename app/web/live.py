"""Open pages hear what changed: server-sent events at `/live`, and a poll where no connection is free.

A page names its topics and the moment it was made. Every connection costs a thread of
the web server, so there are only so many a process; the page polls when told so. No
transaction is held open while waiting, and a connection ends after some minutes, so
that a person who signed out hears nothing more.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator

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
    """The versions a page has seen; one number for all, as versions are times."""
    given = request.args.get("since", "0")
    number = int(given) if given.isdecimal() and len(given) < 16 else 0
    return dict.fromkeys(topics, number)


@blueprint.get("/live")
@signed_in
@limiter.exempt
def events() -> Response:
    """A stream of `change` events: `{"topic": version}` of what changed."""
    topics = _topics()
    slots: threading.BoundedSemaphore = current_app.extensions["lightline.live.slots"]
    if not slots.acquire(blocking=False):
        raise NoFreeConnection(_l("No connection is free; ask again by polling."))
    response = Response(_stream(current_app._get_current_object(), topics, _since(topics)))  # type: ignore[attr-defined]
    response.call_on_close(slots.release)
    response.mimetype = "text/event-stream"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _stream(app: Flask, topics: list[str], since: live.Versions) -> Iterator[bytes]:
    """Changes as they come, a comment as heartbeat, the end after `LIFETIME` seconds."""
    until = time.monotonic() + LIFETIME
    yield b"retry: 3000\n\n"
    while time.monotonic() < until:
        with app.app_context():
            changed = wait(topics, since, timeout=HEARTBEAT)
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


def init_app(app: Flask) -> None:
    app.config.setdefault("LIVE_CONNECTIONS", 20)
    app.extensions["lightline.live.slots"] = threading.BoundedSemaphore(app.config["LIVE_CONNECTIONS"])
    app.before_request(_begin)
    app.jinja_env.globals.update(live=attributes)
    app.register_blueprint(blueprint)
