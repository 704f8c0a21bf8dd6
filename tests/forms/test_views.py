"""Uploads and drafts over HTTP: for their owner only, bounded, checked for what they really are."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app.forms.api import describe, files_of
from tests.identity.factories import actor_of, make_user, sign_in


def photo() -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (640, 480), "red").save(out, "JPEG")
    out.seek(0)
    return out


def upload(client: FlaskClient, content: BytesIO, name: str) -> Any:
    return client.post("/forms/files", data={"file": (content, name)}, headers={"Accept": "application/json"})


@pytest.fixture
def mine(app: Flask, client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user("me"))
    return client


def test_an_upload_is_kept_and_shown_small(mine: FlaskClient) -> None:
    answer = upload(mine, photo(), "现场.jpg")
    assert answer.status_code == 201
    assert (answer.json["name"], answer.json["picture"]) == ("现场.jpg", True)
    small = mine.get(f"{answer.json['url']}?small=1", buffered=True)
    assert small.mimetype == "image/jpeg"
    assert len(small.data) < len(mine.get(answer.json["url"], buffered=True).data)


def test_it_is_its_owners_alone(app: Flask, mine: FlaskClient) -> None:
    found = upload(mine, photo(), "a.jpg").json
    owner, other = make_user("me2"), make_user("other")
    stranger = app.test_client()
    sign_in(stranger, other)
    assert stranger.get(found["url"]).status_code == 404
    assert files_of(actor_of(owner))(found["id"]) is None
    assert files_of(actor_of(owner), kept=[found["id"]])(found["id"]) is not None
    assert describe([found["id"], 999])[0]["name"] == "a.jpg"


@pytest.mark.parametrize(("content", "name"), [(b"MZ", "a.jpg"), (b"x", "a.exe"), (b"", "a.txt"), (b"<svg/>", "a.svg")])
def test_false_files_are_refused(mine: FlaskClient, content: bytes, name: str) -> None:
    answer = upload(mine, BytesIO(content), name)
    assert answer.status_code == 422
    assert answer.json["code"] == "file_refused"


def test_nothing_chosen(mine: FlaskClient) -> None:
    assert mine.post("/forms/files", headers={"Accept": "application/json"}).status_code == 422


def test_a_request_beyond_all_bounds(app: Flask, mine: FlaskClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    assert upload(mine, BytesIO(b"x" * 5000), "a.txt").status_code == 413


def test_a_draft_over_http(mine: FlaskClient) -> None:
    assert mine.get("/forms/drafts/T1").json == {"data": None, "saved_at": None}
    assert mine.put("/forms/drafts/T1", json={"note": "断线"}).status_code == 200
    assert mine.get("/forms/drafts/T1").json["data"] == {"note": "断线"}  # type: ignore[index]
    assert mine.delete("/forms/drafts/T1").status_code == 204
    assert mine.get("/forms/drafts/T1").json == {"data": None, "saved_at": None}


def test_a_draft_is_an_object(mine: FlaskClient) -> None:
    assert mine.put("/forms/drafts/T1", json=[1]).status_code == 400


def test_strangers_keep_nothing(app: Flask) -> None:
    assert app.test_client().put("/forms/drafts/T1", json={}).status_code in {302, 401}
