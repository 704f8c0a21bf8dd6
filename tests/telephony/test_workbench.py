"""The analysts' pages: rights, drafts, publishing, comparing, trying a call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import Schema, fields

from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.registry import Lookup, registry
from app.telephony.operations import flows as operations
from app.telephony.operations import switches
from app.telephony.queries import flows as queries
from app.telephony.shipped import publish_shipped
from app.telephony.workbench.comparing import compare
from tests.identity.factories import make_unit, make_user, sign_in
from tests.telephony.ivr.flows import head

SMALL = head(
    "trial",
    """entry: true
variables: {found: null}
nodes:
  first: {kind: play, prompt: line.welcome, next: ask}
  ask: {kind: gather, prompt: identify.ask_account, into: account, min: 4, max: 8, mask: true, next: look}
  look: {kind: lookup, lookup: trial.bill, inputs: {account: account}, into: found, next: tell}
  tell: {kind: play, prompt: [bills.balance, {say: found.amount, as: money}], next: order}
  order: {kind: sms, text: '"ok"', next: wait}
  wait: {kind: queue, queue: service, next: hangup}
transcripts:
  - name: 全程
    lookups: {trial.bill: [{amount: 5}]}
    steps:
      - press: 1234#
      - queue: {outcome: answered}
    end: {by: flow}
""",
)


class BillInputs(Schema):
    account = fields.String()


def bill(*, account: str, now: datetime, actor: Any) -> Mapping[str, Any]:
    if account == "0000":
        raise RuntimeError("the database is away")
    return {"amount": 12.5}


@pytest.fixture
def published(app: Flask, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped flows in force, and flow `trial` as a draft."""
    monkeypatch.setitem(registry.lookups, "trial.bill", Lookup("trial.bill", "账单", "Bill", bill, BillInputs))
    publish_shipped(now=clock.now())
    db.run(lambda: operations.save_draft("trial", SMALL, actor=SYSTEM, now=clock.now()))


@pytest.fixture
def analyst(published: None, client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(posts=[("analyst", make_unit("GM"))]))
    return client


PAGES = (
    "/ivr/",
    "/ivr/releases",
    "/ivr/flows/line_95598",
    "/ivr/flows/line_95598?days=7",
    "/ivr/flows/trial",
    "/ivr/flows/trial/text",
    "/ivr/flows/defaults/text",
    "/ivr/flows/trial/transcripts",
    "/ivr/flows/trial/versions",
    "/ivr/flows/fault/versions",
    "/ivr/flows/fault/versions/1.yaml",
    "/ivr/flows/trial/try",
    "/ivr/switches",
)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_opens_in_both_languages(analyst: FlaskClient, language: str) -> None:
    for page in PAGES:
        path, _mark, query = page.partition("?")
        assert analyst.get(path, query_string=f"lang={language}&{query}").status_code == 200, page


def test_who_has_no_right_sees_and_changes_nothing(published: None, client: FlaskClient) -> None:
    sign_in(client, make_user(posts=[("dispatcher", make_unit("GM"))]))
    for page in PAGES:
        assert client.get(page).status_code == 403, page
    for page in (
        "/ivr/publish",
        "/ivr/new",
        "/ivr/flows/trial/draft",
        "/ivr/releases/1/roll-back",
        "/ivr/flows/trial/try",
    ):
        assert client.post(page).status_code == 403, page


def test_a_draft_is_written_checked_published_and_rolled_back(analyst: FlaskClient) -> None:
    before = queries.current_release()
    broken = SMALL.replace("next: look", "next: nowhere")
    analyst.post("/ivr/flows/trial/draft", data={"content": broken})
    page = analyst.get("/ivr/flows/trial/text").text
    assert "nowhere" in page
    assert 'id="line-9" class="is-error"' in page
    assert analyst.post("/ivr/publish", data={"flow": "trial"}).status_code == 422
    assert queries.current_release() == before
    analyst.post("/ivr/flows/trial/draft", data={"content": SMALL.replace("\n", "\r\n")})
    assert analyst.post("/ivr/publish", data={"flow": "trial", "note": "新流程"}).status_code == 303
    assert queries.flow_set()["trial"].title == "流程"
    assert analyst.post(f"/ivr/releases/{before}/roll-back").status_code == 303
    assert "trial" not in queries.flow_set()


def test_a_draft_changed_by_another_is_not_written_over(analyst: FlaskClient, clock: FrozenClock) -> None:
    revision = queries.revision_of("trial")
    db.run(lambda: operations.save_draft("trial", SMALL + "\n", actor=SYSTEM, now=clock.now()))
    answer = analyst.post("/ivr/flows/trial/draft", data={"content": "mine", "revision": revision})
    assert answer.status_code == 409
    assert queries.drafts()["trial.yaml"] == SMALL + "\n"


@pytest.mark.parametrize("name", ["", "Two Words", "agent", "repeat", "../x"])
def test_a_new_flow_needs_a_new_name(analyst: FlaskClient, name: str) -> None:
    assert analyst.post("/ivr/new", data={"name": name}).status_code == 422
    assert analyst.post("/ivr/new", data={"name": "brand_new"}).status_code == 303
    assert operations.check({"x.yaml": queries.drafts()["brand_new.yaml"]}).fit


def test_a_call_is_tried_with_stated_answers(analyst: FlaskClient) -> None:
    act = "/ivr/flows/trial/try/act"
    page = analyst.post("/ivr/flows/trial/try", data={"source": "draft", "answers": "stubs", "number": "139"}).text
    assert "line.welcome" in page
    for key in "12":
        page = analyst.post(act, data={"press": key}).text
    assert "••" in page
    for key in "34#":
        page = analyst.post(act, data={"press": key}).text
    assert "trial.bill" in page
    assert "1234" not in page.split('id="ivr-call"')[1].split("ivr-variables")[1].split("</dl>")[0]
    page = analyst.post(act, data={"answer": '{"amount": 7}'}).text
    assert "sms" in page, "what would have been done is told"
    assert "queue" in page
    assert analyst.post(act, data={"answer": "{"}).status_code == 422
    page = analyst.get("/ivr/flows/trial/try").text
    assert "queue" in page, "the call goes on where it stood"
    page = analyst.post(act, data={"hang_up": "1"}).text
    assert 'name="hang_up" value="1" disabled' in page


def test_real_lookups_are_asked_and_one_that_fails_is_an_error_of_the_call(analyst: FlaskClient) -> None:
    act = "/ivr/flows/trial/try/act"
    analyst.post("/ivr/flows/trial/try", data={"source": "draft", "answers": "real"})
    for key in "1111#":
        page = analyst.post(act, data={"press": key}).text
    assert "12.5" in page
    analyst.post("/ivr/flows/trial/try", data={"source": "draft", "answers": "real"})
    for key in "0000#":
        page = analyst.post(act, data={"press": key}).text
    assert "line.trouble" in page, "the apology"


@pytest.mark.parametrize("kind", ["personal", "writes"])
def test_no_trial_asks_what_writes_or_what_is_personal_for_those_who_may_not_see_customers(
    analyst: FlaskClient, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    asked = Lookup("trial.bill", "账单", "Bill", bill, BillInputs, **{kind: True})  # type: ignore[arg-type]
    monkeypatch.setitem(registry.lookups, "trial.bill", asked)
    analyst.post("/ivr/flows/trial/try", data={"source": "draft", "answers": "real"})
    for key in "1111#":
        page = analyst.post("/ivr/flows/trial/try/act", data={"press": key}).text
    assert "12.5" not in page
    assert "trial.bill" in page


def test_a_trial_ends_where_its_flows_change(analyst: FlaskClient, clock: FrozenClock) -> None:
    analyst.post("/ivr/flows/trial/try", data={"source": "draft"})
    db.run(lambda: operations.save_draft("trial", SMALL + "\n", actor=SYSTEM, now=clock.now()))
    assert analyst.post("/ivr/flows/trial/try/act", data={"press": "1"}).status_code == 409
    assert analyst.get("/ivr/flows/trial/try").status_code == 200


def test_notices_and_hours_are_switched_on_their_page(analyst: FlaskClient, clock: FrozenClock) -> None:
    db.run(switches.sync)
    page = analyst.post("/ivr/switches/notices/storm", data={"on": "1", "text": "大风", "until": "2026-03-02T12:00"})
    assert page.status_code == 303
    assert "大风" in analyst.get("/ivr/switches").text
    assert analyst.post("/ivr/switches/hours/service", data={"state": "closed"}).status_code == 422
    assert analyst.post("/ivr/switches/hours/service", data={"state": "closed", "reason": "演练"}).status_code == 303


def test_versions_are_compared_node_by_node() -> None:
    old = head("x", "nodes:\n  first: {kind: play, prompt: a, next: gone}\n  gone: {kind: hangup}")
    new = head("x", "nodes:\n  first:\n    kind: play\n    prompt: b\n    next: here\n  here: {kind: hangup}")
    assert [(change.part, change.name, change.kind) for change in compare(old, new)] == [
        ("node", "first", "changed"),
        ("node", "here", "added"),
        ("node", "gone", "removed"),
    ]
    assert compare(new, new.replace("{kind: hangup}", "\n    kind: hangup")) == [], "how it is set out does not count"
    assert [change.part for change in compare(old, "broken: [")] != []
