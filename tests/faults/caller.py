"""A client that does not give up: repeats a call until the server has answered it, as any good client would."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode

import orjson

PATIENCE = 120.0
"""Seconds after which an unanswered call fails the test."""


class Refused(Exception):
    """The server answered and said no."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body


class Caller:
    """Calls the API as one user."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token

    def get(self, path: str, **query: Any) -> Any:
        return self._call("GET", f"{path}?{urlencode(query)}" if query else path, None, {})

    def post(self, path: str, body: dict[str, Any] | None = None, *, key: str = "") -> Any:
        """`key` is the idempotency key: the same on every repetition."""
        return self._call("POST", path, body or {}, {"Idempotency-Key": key} if key else {})

    def _call(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Any:
        headers = {**headers, "Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        data = None if body is None else orjson.dumps(body)
        end = time.monotonic() + PATIENCE
        while True:
            request = urllib.request.Request(self._url + path, data=data, headers=headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=30) as response:
                    return orjson.loads(response.read())
            except urllib.error.HTTPError as error:
                if error.code < 500 and error.code != 429:
                    raise Refused(error.code, _body(error)) from error
                unanswered: Exception = error
            except (urllib.error.URLError, http.client.HTTPException, OSError, orjson.JSONDecodeError) as error:
                unanswered = error
            if time.monotonic() > end:
                raise unanswered
            time.sleep(0.1)


def _body(error: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        found: dict[str, Any] = orjson.loads(error.read())
    except (orjson.JSONDecodeError, OSError):
        found = {}
    return found
