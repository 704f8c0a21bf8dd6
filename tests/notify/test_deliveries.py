"""Messages that leave the house: mail by a real SMTP server, text messages by a real HTTP gateway."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiosmtpd.controller import Controller
from flask import Flask

from app.kernel import db, jobs
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.notify import deliveries
from app.notify.channels import Message, Undeliverable, text_message
from app.notify.channels.mail import compose
from app.notify.queries import deliveries_of


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


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Mailbox]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    known = app.extensions["lightline.settings"]
    url = f"smtp://127.0.0.1:{port}"
    app.extensions["lightline.settings"] = replace(known, smtp_url=url, mail_from="95598@example.cn")
    yield box
    server.stop()


class Gateway:
    """An HTTP gateway that answers what `answers` says, the last of them for ever."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answers: list[tuple[int, dict[str, Any]]] = [(200, {"code": "0", "data": {"id": "m1"}})]


@pytest.fixture
def gateway(app: Flask, tmp_path: Path) -> Iterator[Gateway]:
    state = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.asked.append(json.loads(body) | {"token": self.headers["Authorization"]})
            status, answer = state.answers.pop(0) if len(state.answers) > 1 else state.answers[0]
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
    path = tmp_path / "sms.yaml"
    path.write_text(yaml.safe_dump(described), encoding="utf-8")
    known = app.extensions["lightline.settings"]
    app.extensions["lightline.settings"] = replace(known, sms_gateway=str(path))
    yield state
    server.shutdown()
    server.server_close()


def send(clock: FrozenClock, channel: str, to: str, key: str = "k:1") -> int:
    def work() -> int:
        return deliveries.send(
            channel=channel,
            to=to,
            subject="答复",
            text="您的诉求已办结",
            key=key,
            subject_type="order",
            subject_id="GD1",
            actor=SYSTEM,
            now=clock.now(),
        )

    return db.run(work)


def test_a_mail_arrives_once_however_often_it_is_asked_for(mailbox: Mailbox, clock: FrozenClock) -> None:
    assert send(clock, "email", "li@example.cn") == send(clock, "email", "li@example.cn")
    jobs.run_due(clock.now(), 10)
    [mail] = [message_from_bytes(each, policy=default) for each in mailbox.mails]
    assert (mail["To"], mail["Subject"], mail["Message-ID"]) == ("li@example.cn", "答复", "<k.1@example.cn>")
    assert "已办结" in mail.get_content()
    assert [row.state for row in deliveries_of("order", "GD1")] == ["sent"]


def test_a_refused_address_fails_at_once(mailbox: Mailbox, clock: FrozenClock) -> None:
    send(clock, "email", "nobody@example.cn")
    jobs.run_due(clock.now(), 10)
    [row] = deliveries_of("order", "GD1")
    assert (row.state, row.attempts) == ("failed", 1)
    assert "550" in row.error


@pytest.mark.parametrize("to", ["", "no address", "a@b.cn, c@d.cn", "a@b.cn\nBcc: c@d.cn"])
def test_what_is_no_single_address_is_never_sent(to: str) -> None:
    with pytest.raises(Undeliverable):
        compose(Message(channel="email", to=to, subject="", text="", key="k"), sender="a@example.cn")


def test_a_gateway_that_is_busy_is_asked_again_with_the_same_key(
    gateway: Gateway, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMS_TEST_TOKEN", "secret")
    gateway.answers.insert(0, (503, {}))
    send(clock, "sms", "+8613800138000")
    jobs.run_due(clock.now(), 10)
    assert [row.state for row in deliveries_of("order", "GD1")] == ["queued"]
    clock.advance(timedelta(minutes=5))
    jobs.run_due(clock.now(), 10)
    assert [row.state for row in deliveries_of("order", "GD1")] == ["sent"]
    assert (
        gateway.asked
        == [{"mobile": "13800138000", "content": "您的诉求已办结", "request_id": "k:1", "token": "Bearer secret"}] * 2
    )


def test_a_number_the_gateway_refuses_is_not_tried_again(
    gateway: Gateway, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMS_TEST_TOKEN", "secret")
    gateway.answers = [(200, {"code": "BAD_NUMBER"})]
    send(clock, "sms", "+8613800138000")
    jobs.run_due(clock.now(), 10)
    assert [row.state for row in deliveries_of("order", "GD1")] == ["failed"]


def test_a_channel_that_nobody_serves_fails_and_says_so(app: Flask, clock: FrozenClock) -> None:
    send(clock, "telegram", "1")
    jobs.run_due(clock.now(), 10)
    assert [row.error for row in deliveries_of("order", "GD1")] == ["no channel telegram"]


def test_quotes_in_a_text_do_not_break_the_request() -> None:
    gateway = {"url": "http://127.0.0.1/${to}", "body": {"t": "${text}"}, "national": False}
    request = text_message.request_of(
        gateway, Message(channel="sms", to="1", subject="", text='他说 "好"\n$5', key="k")
    )
    assert json.loads(request.data or b"") == {"t": '他说 "好"\n$5'}  # type: ignore[arg-type]
