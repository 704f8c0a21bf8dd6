"""Messages that leave the house: mail by a real SMTP server, text messages by a real HTTP gateway."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask

from app.kernel import db, jobs
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.notify import deliveries
from app.notify.channels import Message, Undeliverable, text_message
from app.notify.channels.mail import compose
from app.notify.queries import deliveries_of
from tests.notify.outside import Gateway, Mailbox, mail_server, text_gateway


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Mailbox]:
    with mail_server(app) as box:
        yield box


@pytest.fixture
def gateway(app: Flask, tmp_path: Path) -> Iterator[Gateway]:
    with text_gateway(app, tmp_path) as state:
        yield state


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
