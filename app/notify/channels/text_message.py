"""Text messages (短信) through any HTTP gateway, described by a file: `LIGHTLINE_SMS_GATEWAY=/etc/lightline/sms.yaml`.

    url: https://sms.example.cn/v2/send
    method: POST
    headers: {Content-Type: application/json, Authorization: "Bearer ${SMS_TOKEN}"}
    body: {mobile: "${to}", content: "${text}", request_id: "${key}"}    # a text is sent as it is
    encode: json                       # json or form
    national: true                     # the number without +86
    success: {status: [200], field: code, values: ["0", "DUPLICATE"]}
    refused: {field: code, values: ["BAD_NUMBER", "BLACKLIST"]}          # never tried again
    reference: data.id

`${to}`, `${text}`, `${key}` come from the message, every other name from the environment, so
that no secret stands in the file. `key` is the same at every attempt: a gateway that keeps
it sends once.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import orjson
import yaml

from app.kernel import settings
from app.notify.channels import Message, Outcome, Undeliverable

TIMEOUT = 15
MOST = 65_536
"""Bytes read of an answer: gateways answer in a line."""


class GatewayRefused(RuntimeError):
    """The gateway answered, and not that it took the message: to be tried again."""


def send(message: Message) -> Outcome:
    """Ask the gateway. Raises `Undeliverable`, `GatewayRefused`, `OSError`."""
    path = settings.current().sms_gateway
    if not path:
        raise Undeliverable("no gateway is set (LIGHTLINE_SMS_GATEWAY)", reason="not_set_up")
    gateway = _read(path, Path(path).stat().st_mtime_ns)
    status, answer = _ask(request_of(gateway, message))
    return understand(gateway, status, answer)


def request_of(gateway: Mapping[str, Any], message: Message) -> Request:
    """The request a gateway's file describes for a message."""
    to = message.to.removeprefix("+86") if gateway.get("national", True) else message.to
    words = {**os.environ, "to": to, "text": message.text, "key": message.key}
    url = _filled(str(gateway["url"]), words)
    if urlsplit(url).scheme not in ("http", "https"):
        raise Undeliverable("the gateway's address is neither http nor https", reason="not_set_up")
    headers = {name: _filled(str(value), words) for name, value in (gateway.get("headers") or {}).items()}
    body, kind = _body(gateway, words)
    headers.setdefault("Content-Type", kind)
    return Request(url, data=body, headers=headers, method=str(gateway.get("method", "POST")))  # noqa: S310 - above


def understand(gateway: Mapping[str, Any], status: int, answer: bytes) -> Outcome:
    """What the gateway's answer means. Raises `Undeliverable`, `GatewayRefused`."""
    try:
        said: Any = orjson.loads(answer)
    except orjson.JSONDecodeError:
        said = {}
    refused, success = gateway.get("refused") or {}, gateway.get("success") or {}
    if refused and str(_at(said, str(refused["field"]))) in map(str, refused["values"]):
        text = f"the gateway refused the number ({_at(said, str(refused['field']))})"
        raise Undeliverable(text, reason="bad_number")
    good = status in success.get("status", [200])
    if good and "field" in success:
        good = str(_at(said, str(success["field"]))) in map(str, success["values"])
    if not good:
        raise GatewayRefused(f"the gateway answered {status} {answer[:200]!r}")
    return Outcome("sent", str(_at(said, str(gateway.get("reference", ""))) or ""))


def _ask(request: Request) -> tuple[int, bytes]:
    try:
        with urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310 - the scheme is checked in request_of
            return response.status, response.read(MOST)
    except HTTPError as error:
        return error.code, error.read(MOST)


def _body(gateway: Mapping[str, Any], words: Mapping[str, str]) -> tuple[bytes | None, str]:
    body = gateway.get("body")
    if body is None:
        return None, "text/plain"
    if isinstance(body, str):
        return _filled(body, words).encode(), "text/plain; charset=UTF-8"
    filled = _deep(body, words)
    if gateway.get("encode", "json") == "form":
        return urlencode(filled).encode(), "application/x-www-form-urlencoded"
    return orjson.dumps(filled), "application/json"


def _deep(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _deep(each, words) for key, each in value.items()}
    if isinstance(value, list):
        return [_deep(each, words) for each in value]
    return _filled(value, words) if isinstance(value, str) else value


def _filled(text: str, words: Mapping[str, str]) -> str:
    return Template(text).substitute(words)


def _at(said: Any, path: str) -> Any:
    for part in path.split(".") if path else ():
        said = said.get(part) if isinstance(said, dict) else None
    return said if path else None


@lru_cache(maxsize=4)
def _read(path: str, changed: int) -> dict[str, Any]:  # noqa: ARG001 - a changed file is read anew
    loaded: dict[str, Any] = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    return loaded
