"""Walls around every page: security headers, cross-site request forgery, request limits.

Pages carry no inline script and no inline style element. Style attributes are allowed:
the diagram and form viewers set sizes and colours with them.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app.kernel.settings import Settings

POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "style-src-attr": "'unsafe-inline'",
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'", "data:"],
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
"""The content security policy of every page."""

FEATURES = {"geolocation": "(self)", "camera": "(self)", "microphone": "()", "payment": "()", "usb": "()"}

PHONE = "lightline.page_phones"

csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address)


def _carries_token() -> bool:
    """A browser never sends a Bearer token by itself, so such a call cannot be forged by another site."""
    return request.headers.get("Authorization", "").startswith("Bearer ")


def _check_csrf() -> None:
    if current_app.config["WTF_CSRF_ENABLED"] and not _carries_token():
        csrf.protect(apply_exemptions=True)


def let_phone(origin: str) -> None:
    """Let the page of this request speak with a telephone switch at `origin` (`wss://host:port`), and hear its reader.

    No other page may: the policy is widened for this answer alone.
    """
    setattr(g, PHONE, origin)


def _widen(response: Response) -> Response:
    origin = getattr(g, PHONE, "")
    if origin:
        policy = response.headers.get("Content-Security-Policy", "")
        response.headers["Content-Security-Policy"] = policy.replace(
            "connect-src 'self'", f"connect-src 'self' {origin}"
        )
        features = response.headers.get("Permissions-Policy", "")
        response.headers["Permissions-Policy"] = features.replace("microphone=()", "microphone=(self)")
    return response


def _tiles(address: str) -> list[str]:
    """The origin of map tiles, which pages may show as pictures."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return []
    return [f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"]


def init_app(app: Flask) -> None:
    """Install the walls; in tests the CSRF check is off until a test turns it on."""
    given: Settings = app.extensions["lightline.settings"]
    app.config.update(
        WTF_CSRF_ENABLED=not given.testing,
        WTF_CSRF_CHECK_DEFAULT=False,  # `_check_csrf` decides
        WTF_CSRF_TIME_LIMIT=None,  # a page may stay open for a whole shift; the token dies with the session
        RATELIMIT_STORAGE_URI=given.limiter_storage,
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,  # each web counts for itself while the shared storage is away
        RATELIMIT_HEADERS_ENABLED=True,
        RATELIMIT_ENABLED=not given.testing,
    )
    if (n := given.proxies) > 0:  # with none, anybody could name any address
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    app.after_request(_widen)  # before Talisman's, so run after it
    policy = {**POLICY, "img-src": [*POLICY["img-src"], *_tiles(given.map_tiles)]}
    Talisman(
        app,
        force_https=given.https,
        strict_transport_security=given.https,
        session_cookie_secure=given.https,
        session_cookie_samesite="Lax",
        frame_options="DENY",
        content_security_policy=policy,
        permissions_policy=FEATURES,
        referrer_policy="strict-origin-when-cross-origin",
    )
    csrf.init_app(app)
    app.before_request(_check_csrf)
    limiter.init_app(app)
