"""The pages of the library: looked up, written, kept."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.kernel import db
from app.knowledge import operations
from app.knowledge.queries import article_view, open_feedback, usage
from tests.identity.factories import make_user, sign_in
from tests.knowledge.library import TODAY, Library


def test_a_question_leads_to_its_answer(library: Library, client: FlaskClient) -> None:
    number = library.published(body="| 档 | 加价 |\n| --- | --- |\n| 二 | 0.05 |\n\n<script>alert(1)</script>")
    sign_in(client, library.author)
    page = client.get("/knowledge/?q=电费变贵").text
    assert f'href="/knowledge/{number}"' in page
    article = client.get(f"/knowledge/{number}").text
    assert "按年计算" in article
    assert "<td>0.05</td>" in article
    assert "<script>alert" not in article


def test_nothing_found_says_how_to_go_on_and_tells_the_editors(library: Library, client: FlaskClient) -> None:
    sign_in(client, library.author)
    assert "没有找到合适的答案" in client.get("/knowledge/?q=光伏").text
    client.post("/knowledge/feedback", data={"kind": "missing", "query": "光伏"})
    assert [(one.kind, one.query) for one in open_feedback(paths=["/"])] == [("missing", "光伏")]


def test_written_in_the_browser_and_submitted(library: Library, client: FlaskClient) -> None:
    sign_in(client, library.author)
    words = {
        "unit": "P", "category": "tiers", "title": "峰谷电价", "answer": "可以申请。",
        "questions": "峰谷电怎么办\n\n谷电几点", "keywords": "峰谷", "valid_from": "2026-03-02", "submit": "1",
    }  # fmt: skip
    answer = client.post("/knowledge/new", data=words)
    number = answer.location.rsplit("/", 1)[1]
    view = article_view(number, paths=["/"])
    assert view is not None
    assert view.draft is not None
    assert view.draft.state == "review"
    assert view.draft.questions == ["峰谷电怎么办", "谷电几点"]
    refused = client.post("/knowledge/new", data=words | {"title": ""})
    assert refused.status_code == 422
    assert "谷电几点" in refused.text


def test_use_is_counted_by_day_and_unit(library: Library, client: FlaskClient) -> None:
    number = library.published()
    sign_in(client, library.author)
    for kind in ("helpful", "helpful", "unhelpful"):
        client.post(f"/knowledge/{number}/use", data={"kind": kind}, headers={"HX-Request": "true"})
    assert client.post(f"/knowledge/{number}/use", data={"kind": "else"}).status_code == 422
    (row,) = usage(since=TODAY, until=TODAY.replace(day=3), paths=["/"])
    assert row.counts == {"helpful": 2, "unhelpful": 1}


def test_feedback_is_answered_and_its_giver_told(library: Library, client: FlaskClient) -> None:
    number = library.published()
    db.run(
        lambda: operations.give_feedback(
            "wrong", number=number, text="档次不对", actor=library.writing, now=library.now
        )
    )
    sign_in(client, library.editor)
    page = client.get("/knowledge/use").text
    assert "档次不对" in page
    (one,) = open_feedback(paths=["/"])
    client.post(f"/knowledge/feedback/{one.id}", data={"answer": "已更正"})
    assert open_feedback(paths=["/"]) == []
    sign_in(client, library.author)
    assert "已更正" in client.get("/notices").text


def test_pages_of_keepers_are_not_for_everybody(library: Library, client: FlaskClient) -> None:
    number = library.published()
    sign_in(client, library.author)
    assert client.get("/knowledge/use").status_code == 403
    assert client.post(f"/knowledge/{number}/retire", data={"reason": "x"}).status_code == 403
    nobody = make_user("nobody")
    sign_in(client, nobody)
    assert client.get("/knowledge/").status_code == 403


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_opens(library: Library, client: FlaskClient, lang: str) -> None:
    number = library.published(title_en="Tiers", answer_en="By the year.")
    sign_in(client, library.editor)
    for path in (
        "/",
        "/list",
        "/list?state=review",
        "/list?state=ending",
        "/use",
        "/new",
        f"/{number}",
        f"/{number}/edit",
        f"/{number}?version=1",
    ):
        assert (
            client.get(f"/knowledge{path}", query_string={"lang": lang} if "?" not in path else None).status_code == 200
        )
