"""A4 documents from templates through WeasyPrint, which may read nothing but this package's own static files.

A document extends `web/document.html`; `data:` addresses carry pictures.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any

from flask import render_template
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

STATIC = Path(__file__).parent / "static"
BASE = "lightline:/"
MAX_HTML = 5 * 1024 * 1024


class ForbiddenAddress(ValueError):
    """A document asked for something outside the bundle."""


class LockedFetcher(URLFetcher):  # type: ignore[misc]
    """Gives `data:` addresses and `lightline:/name` from the static folder; what it refuses is left out."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url.startswith("data:"):
            return super().fetch(url, headers)
        if not url.startswith(BASE):
            raise ForbiddenAddress(f"a document may not read {url[:200]!r}")
        path = (STATIC / url.removeprefix(BASE).lstrip("/")).resolve()
        if not path.is_relative_to(STATIC.resolve()) or not path.is_file():
            raise ForbiddenAddress(f"the bundle has no {url[:200]!r}")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


def render(template: str, **context: Any) -> bytes:
    """The PDF of a template; the template's text is escaped as on a page."""
    return from_html(render_template(template, **context))


def from_html(html: str) -> bytes:
    """The PDF of a whole HTML document; ValueError for more than 5 MB of it."""
    if len(html) > MAX_HTML:
        raise ValueError("the document is too long for a PDF")
    fonts = FontConfiguration()
    fetcher = LockedFetcher()
    sheet = CSS(filename=str(STATIC / "document.css"), font_config=fonts, url_fetcher=fetcher)
    document = HTML(string=html, base_url=BASE, url_fetcher=fetcher)
    return bytes(document.write_pdf(stylesheets=[sheet], font_config=fonts))
