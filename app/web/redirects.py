"""Where a page may send its reader next: only to addresses of this site."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request


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
