"""PDF: Chinese text is drawn and can be read back; a document reads nothing outside the bundle."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from app.web import pdf

PAGE = "<!doctype html><html lang='zh-CN'><body><h1>抢修工单 GD1</h1><p>{}</p></body></html>"


def _text(content: bytes, folder: Path) -> str:
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed")
    path = folder / "document.pdf"
    path.write_bytes(content)
    return subprocess.run([tool, str(path), "-"], capture_output=True, check=True, timeout=30).stdout.decode()


def test_chinese_text_is_drawn(app: Flask, tmp_path: Path) -> None:
    content = pdf.from_html(PAGE.format("台区停电，预计 12:30 复电"))
    assert content.startswith(b"%PDF-")
    assert "预计 12:30 复电" in _text(content, tmp_path)


@pytest.mark.parametrize(("path", "name"), [("/", "光明热线"), ("/?lang=en", "Lightline")])
def test_letterhead_in_the_reader_language(app: Flask, tmp_path: Path, path: str, name: str) -> None:
    with app.test_request_context(path):
        assert name in _text(pdf.render("web/document.html"), tmp_path)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:1/x.png",
        "https://example.com/x.css",
        "lightline:/../../kernel/settings.py",
        "ftp://example.com/x",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"document|bundle"):
        pdf.LockedFetcher().fetch(url)


def test_a_document_with_foreign_links_is_still_drawn(app: Flask, tmp_path: Path) -> None:
    content = pdf.from_html(PAGE.format('text <img src="file:///etc/passwd" alt="none">'))
    assert "root:" not in _text(content, tmp_path)


def test_too_much_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        pdf.from_html("x" * (pdf.MAX_HTML + 1))
