"""Calls to other systems: only to hosts that the installation names, without redirects, bounded in time and size.

The standard library's `urllib` is enough for one file or one message at a time and brings no dependency. A
person who may schedule imports chooses addresses; that they cannot reach the machine's own network with it
is the list of hosts (`LIGHTLINE_OUTBOUND_HOSTS`), and that they cannot read secrets is that they choose tokens
by name and only among `LIGHTLINE_TOKEN_*`.
"""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l

from app.kernel import settings
from app.kernel.errors import Invalid

CHUNK = 1 << 16
TIMEOUT_S = 30


class BadAddress(Invalid):
    """No HTTP(S) address of a host that may be called, or an unknown token."""

    code = "outbound_address"


class CallFailed(RuntimeError):
    """The other side could not be reached or did not answer with 2xx."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any) -> None:
        """A redirect could lead to a host that nobody allowed."""


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)


def check_address(url: str) -> None:
    """Raise `BadAddress` unless the installation allows calls to this address."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        host, port = "", None
        parts = urlsplit("")
    allowed = settings.current().outbound_hosts
    if parts.scheme not in {"http", "https"} or not host or parts.username or parts.password:
        raise BadAddress(_l("This is no address of the kind https://host/path."))
    if host not in allowed and f"{host}:{port or ''}" not in allowed:
        message = _l("The host %(host)s may not be called. An administrator allows it in the settings.", host=host)
        raise BadAddress(message, host=host)


def token(name: str) -> str:
    """The secret of this name; raises `BadAddress` where the environment has none."""
    try:
        return settings.current().tokens[name]
    except KeyError:
        message = _l("There is no token %(name)s. An administrator sets LIGHTLINE_TOKEN_%(name)s.", name=name)
        raise BadAddress(message, token=name) from None


def fetch(url: str, target: BinaryIO, *, token_name: str, limit: int) -> None:
    """Write what an address answers into `target`, at most `limit` bytes. Raises `BadAddress`, `CallFailed`."""
    check_address(url)
    headers = {"Authorization": f"Bearer {token(token_name)}"} if token_name else {}
    with _call(urllib.request.Request(url, headers=headers)) as response:  # noqa: S310 - scheme and host are checked
        size = 0
        while chunk := response.read(CHUNK):
            size += len(chunk)
            if size > limit:
                raise CallFailed(f"the answer is larger than {limit} bytes")
            target.write(chunk)


def post(url: str, body: bytes, *, headers: Mapping[str, str]) -> None:
    """Send a message. Raises `BadAddress`, `CallFailed`."""
    check_address(url)
    request = urllib.request.Request(url, data=body, headers=dict(headers), method="POST")  # noqa: S310 - checked
    with _call(request) as response:
        response.read(CHUNK)


def ask(url: str, body: bytes, *, headers: Mapping[str, str]) -> bytes:
    """Send a message and return what is answered, its first `CHUNK` bytes. Raises `BadAddress`, `CallFailed`."""
    check_address(url)
    request = urllib.request.Request(url, data=body, headers=dict(headers), method="POST")  # noqa: S310 - checked
    with _call(request) as response:
        return bytes(response.read(CHUNK))


def _call(request: urllib.request.Request) -> Any:
    try:
        return _opener.open(request, timeout=TIMEOUT_S)
    except urllib.error.HTTPError as exc:
        with exc:
            raise CallFailed(f"HTTP {exc.code} {exc.reason}") from exc
    except (OSError, http.client.HTTPException, ValueError) as exc:
        raise CallFailed(str(exc) or type(exc).__name__) from exc
