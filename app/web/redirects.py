"""Where a page may send its reader next: only to addresses of this site."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlsplit

from flask import Response, jsonify, redirect, request


def is_safe(target: str | None) -> bool:
    """Whether `target` is a path of this site (no scheme, host, backslash or control character)."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return False
    if any(ord(character) < 0x20 or ord(character) == 0x7F for character in target):
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc


def safe_next(fallback: str, *, name: str = "next") -> str:
    """The `next` of the form or query where it is safe, else `fallback`."""
    target = request.form.get(name) or request.args.get(name)
    return target if target is not None and is_safe(target) else fallback


def go(target: str) -> Response:
    """Send the reader on after a writing request: `{"redirect": url}` for a page's own code and htmx, else 303."""
    if "HX-Request" in request.headers:
        return Response(status=204, headers={"HX-Redirect": target})
    if request.is_json:
        return jsonify(redirect=target)
    return cast(Response, redirect(target, code=303))
