"""The built front-end: addresses of its files by name, and icons drawn into the page.

esbuild (`npm run build` in `app/web/frontend`) writes `static/dist/` with a content hash
in each name and `manifest.json` beside them, so that browsers keep files for ever.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, request, send_from_directory, url_for
from markupsafe import Markup, escape

from app.web.access import public

DIST = Path(__file__).parent / "static" / "dist"
FOR_EVER = 365 * 24 * 3600

blueprint = Blueprint("assets", __name__)


@cache
def _manifest() -> dict[str, str]:
    """Logical name -> hashed name; empty where the bundle was not built (pages then lack style, not content)."""
    path = DIST / "manifest.json"
    return dict(orjson.loads(path.read_bytes())) if path.exists() else {}


@cache
def _icons() -> dict[str, str]:
    """Icon name -> the inside of its SVG element."""
    path = DIST / "icons.json"
    return dict(orjson.loads(path.read_bytes())) if path.exists() else {}


def asset(name: str) -> str:
    """The address of a built file, for example `asset("app.js")`."""
    return url_for("assets.file", name=_manifest().get(name, name))


def icon(name: str, *, label: str = "", css: str = "") -> Markup:
    """A Tabler outline icon (tabler.io/icons) as inline SVG; without a label it is hidden from screen readers."""
    spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    inside = Markup(_icons().get(name, ""))  # noqa: S704 - our own build's file
    return Markup(
        '<svg class="icon {}" width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" {}>{}</svg>'
    ).format(escape(css), spoken, inside)


def has_icon(name: str) -> bool:
    """Whether the built set holds this icon (a test checks every name in use)."""
    return name in _icons()


@blueprint.get("/static/dist/<path:name>")
@public
def file(name: str) -> Response:
    """A file of the bundle; the copy that was compressed at build where the browser takes it."""
    hashed = name in _manifest().values() or name.startswith("assets/")
    response = _compressed(name) or send_from_directory(DIST, name)
    if hashed:
        response.cache_control.max_age = FOR_EVER
        response.cache_control.public = True
        response.cache_control.immutable = True
        response.cache_control.no_cache = None
    response.vary.add("Accept-Encoding")
    return response


def _compressed(name: str) -> Response | None:
    if request.accept_encodings["gzip"] <= 0 or not (DIST / f"{name}.gz").is_file():
        return None
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    response = send_from_directory(DIST, f"{name}.gz", mimetype=f"{kind}; charset=utf-8")
    response.content_encoding = "gzip"
    return response


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(asset=asset, icon=icon)

    @app.context_processor
    def _names() -> dict[str, Any]:
        return {"bundle_built": bool(_manifest())}
