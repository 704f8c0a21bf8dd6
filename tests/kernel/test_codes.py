"""Code lists: what the file says stands in the table, and words gone from it are kept for old rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.kernel import codes
from app.workorders.models import OrderCode

FIRST = "colour:\n  red: [红, Red]\n  blue: {zh: 蓝, en: Blue, cold: true}\n"
THEN = "colour:\n  blue: {zh: 蓝色, en: Blue, cold: true}\n  green: [绿, Green]\n"

pytestmark = pytest.mark.databases


def synced(folder: Path, text: str) -> int:
    path = folder / "lists.yaml"
    path.write_text(text, encoding="utf-8")
    return codes.sync(OrderCode, path)


def test_the_table_follows_the_file(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        synced(tmp_path, FIRST)
        assert synced(tmp_path, FIRST) == 0
        assert [one.code for one in codes.words(OrderCode, "colour")] == ["red", "blue"]
        assert synced(tmp_path, THEN) == 3
        assert [one.code for one in codes.words(OrderCode, "colour")] == ["blue", "green"]


def test_a_word_gone_from_the_file_is_still_known(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        synced(tmp_path, FIRST)
        synced(tmp_path, THEN)
        gone = codes.word(OrderCode, "colour", "red")
        assert gone is not None
        assert gone.name_en == "Red"
        assert "red" in {one.code for one in codes.words(OrderCode, "colour", inactive=True)}


def test_facts_go_with_their_word(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        synced(tmp_path, FIRST)
        assert codes.every_word(OrderCode)["colour", "blue"].facts == {"cold": True}
        assert codes.word(OrderCode, "colour", "pink") is None
