"""Markdown as safe HTML: what people write with headings, lists and tables, and nothing that acts.

markdown-it-py (MIT, CommonMark, kept by the Executable Books project) reads it with raw HTML
switched off; nh3 (ammonia, MIT) keeps only tags that format, in case a reader's fault lets one through.
"""

from __future__ import annotations

from functools import cache

import nh3
from flask import Flask
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {
    "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "strong", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
MAX_TEXT = 50_000


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False}).enable("table")


def rich_text(text: str) -> Markup:
    """The text as HTML; links lead to web pages and paths of this site only. Longer texts are cut."""
    html = _reader().render(text[:MAX_TEXT])
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "tel", "mailto"},
        link_rel="noopener noreferrer",
    )
    return Markup(clean)  # noqa: S704 (cleaned above)


def init_app(app: Flask) -> None:
    """Give templates the filter `rich_text`."""
    app.jinja_env.filters["rich_text"] = rich_text
