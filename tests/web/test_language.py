"""The language switch and what remembers it."""

from __future__ import annotations

from flask.testing import FlaskClient


def test_chinese_is_the_default_whatever_the_browser_says(client: FlaskClient) -> None:
    page = client.get("/nowhere", headers={"Accept-Language": "en-US"})
    assert "没有找到内容" in page.text


def test_switch_is_remembered(client: FlaskClient) -> None:
    assert "Nothing is here" in client.get("/nowhere?lang=en").text
    assert "Nothing is here" in client.get("/nowhere").text
    assert "没有找到内容" in client.get("/nowhere?lang=zh").text


def test_an_unknown_language_changes_nothing(client: FlaskClient) -> None:
    response = client.get("/nowhere?lang=fr")
    assert "没有找到内容" in response.text
    assert "lang=" not in response.headers.get("Set-Cookie", "")


def test_the_switch_keeps_the_query(client: FlaskClient) -> None:
    page = client.get("/nowhere?q=停电&page=2").text
    assert "/nowhere?q=%E5%81%9C%E7%94%B5&amp;page=2&amp;lang=en" in page
