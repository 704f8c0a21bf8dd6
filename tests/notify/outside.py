"""The world outside in small: a real SMTP server and a real HTTP gateway for text messages, on this machine."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml
from aiosmtpd.controller import Controller
from flask import Flask


class Mailbox:
    """What the SMTP server took; an address that begins with `nobody` is refused."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address.startswith("nobody"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append(envelope.content)
        return "250 OK"


@contextmanager
def mail_server(app: Flask) -> Iterator[Mailbox]:
    """The application sends its mails to this server."""
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    known = app.extensions["lightline.settings"]
    url = f"smtp://127.0.0.1:{port}"
    app.extensions["lightline.settings"] = replace(known, smtp_url=url, mail_from="95598@example.cn")
    try:
        yield box
    finally:
        server.stop()
        app.extensions["lightline.settings"] = known


class Gateway:
    """An HTTP gateway that answers what `answers` says, the last of them for ever, after `slow` seconds."""

    def __init__(self) -> None:
        self.slow = 0.0
        self.asked: list[dict[str, Any]] = []
        self.answers: list[tuple[int, dict[str, Any]]] = [(200, {"code": "0", "data": {"id": "m1"}})]


@contextmanager
def text_gateway(app: Flask, folder: Path) -> Iterator[Gateway]:
    """The application sends its text messages through this gateway, whose file is written into the folder."""
    state = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(state.slow)
            state.asked.append(json.loads(body) | {"token": self.headers["Authorization"]})
            status, answer = state.answers.pop(0) if len(state.answers) > 1 else state.answers[0]
            with suppress(BrokenPipeError):  # whoever asked may have gone by now
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    described = {
        "url": f"http://127.0.0.1:{server.server_port}/send",
        "headers": {"Authorization": "Bearer ${SMS_TEST_TOKEN}"},
        "body": {"mobile": "${to}", "content": "${text}", "request_id": "${key}"},
        "success": {"status": [200], "field": "code", "values": ["0"]},
        "refused": {"field": "code", "values": ["BAD_NUMBER"]},
        "reference": "data.id",
    }
    path = folder / "sms.yaml"
    path.write_text(yaml.safe_dump(described), encoding="utf-8")
    known = app.extensions["lightline.settings"]
    app.extensions["lightline.settings"] = replace(known, sms_gateway=str(path))
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        app.extensions["lightline.settings"] = known
