"""Queues and telephones: pages, and what FreeSWITCH is told of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree

from app.telephony.agents import operations
from app.telephony.agents.operations import NoAgent, NoQueue, QueueData
from app.telephony.config import KEY
from tests.conftest import START
from tests.identity.factories import make_user, sign_in

TOKEN = "a-long-token-of-the-switch"


@pytest.fixture
def switch_app(app: Flask) -> Iterator[Flask]:
    before = app.extensions[KEY]
    app.extensions[KEY] = dataclasses.replace(before, token=TOKEN, domain="lightline")
    yield app
    app.extensions[KEY] = before


def ask(client: FlaskClient, token: str = TOKEN, **fields: str):
    return client.post("/telephony/xml_curl", data=fields, auth=("freeswitch", token))


def test_a_telephone_is_given_serves_queues_and_can_sign_in(switch_app: Flask, client: FlaskClient, actor) -> None:
    with switch_app.app_context():
        make_user("agent_li")
        sign_in(client, make_user("boss", posts=[("supervisor", None)]))
    queue = {"code": "service", "name": "综合业务", "name_en": "General", "strategy": "ring-all", "max_wait": "300"}
    assert client.post("/phones/queues", data={**queue, "record": "1", "active": "1"}).status_code == 303
    given = {"extension": "1001", "username": "agent_li", "rings": "20", "wrap_up": "15", "level_service": "1"}
    assert client.post("/phones/agents", data=given).status_code == 303
    page = client.get("/phones/").get_data(as_text=True)
    assert "1001" in page
    user = etree.fromstring(ask(client, section="directory", user="1001", domain="lightline").data)
    (hash_,) = user.xpath("//param[@name='a1-hash']/@value")
    assert len(hash_) == 32
    assert not user.xpath("//param[@name='password']")
    queues = etree.fromstring(ask(client, section="configuration", key_value="callcenter.conf").data)
    assert queues.xpath("//queue/@name") == ["service@lightline"]
    assert queues.xpath("//queue/param[@name='strategy']/@value") == ["ring-all"]
    assert queues.xpath("//tier/@agent") == ["1001@lightline"]


def test_the_door_opens_to_the_token_alone(switch_app: Flask, client: FlaskClient) -> None:
    assert ask(client, token="wrong", section="directory").status_code == 403
    assert client.post("/telephony/xml_curl", data={"section": "directory"}).status_code == 403
    assert ask(client, section="directory", user="x" * 20_000).status_code == 413
    switch_app.extensions[KEY] = dataclasses.replace(switch_app.extensions[KEY], token="")
    assert ask(client, token="", section="directory").status_code == 403


@pytest.mark.parametrize(
    "fields",
    [
        {"section": "dialplan"},
        {"section": "directory", "user": "9999", "domain": "lightline"},
        {"section": "directory", "user": "1001'; drop table call; --", "domain": "lightline"},
        {"section": "configuration", "key_value": "../../etc/passwd"},
        {},
    ],
)
def test_what_is_not_known_is_not_found(switch_app: Flask, client: FlaskClient, fields: dict[str, str]) -> None:
    document = etree.fromstring(ask(client, **fields).data)
    assert document.xpath("//result/@status") == ["not found"]


@pytest.mark.parametrize("code", ["", "Service", "a b", "x" * 60, "a;b", "ä"])
def test_a_queue_needs_a_plain_code(app: Flask, actor, code: str) -> None:
    with app.app_context(), pytest.raises(NoQueue):
        operations.save_queue(QueueData(code, "名"), actor=actor, now=START)


@pytest.mark.parametrize(("extension", "username"), [("01", "agent_li"), ("1" * 9, "agent_li"), ("1001", "nobody")])
def test_a_telephone_needs_an_extension_and_a_person(app: Flask, actor, extension: str, username: str) -> None:
    with app.app_context():
        make_user("agent_li")
        with pytest.raises(NoAgent):
            operations.save_agent(extension, username, domain="lightline", actor=actor, now=START)


def test_a_telephone_taken_away_signs_in_no_more(switch_app: Flask, client: FlaskClient, actor) -> None:
    with switch_app.app_context():
        make_user("agent_li")
        operations.save_agent("1001", "agent_li", domain="lightline", actor=actor, now=START)
        operations.close_agent("1001", actor=actor, now=START)
    document = etree.fromstring(ask(client, section="directory", user="1001", domain="lightline").data)
    assert document.xpath("//result/@status") == ["not found"]
