"""Faxes that go out (传真索取): documents, the pages that FreeSWITCH sends, the list of faxes.

`render(document, inputs, language=, now=)` makes the pages of a document as they are at that instant: rendered
by WeasyPrint, rastered by PDFium, written as a TIFF of fax group 4 (ITU-T T.4 and T.6: 1728 dots a line,
204 × 196 dots an inch). The line calls, sends and tries again (`app.telephony.outbound`); here stands what is sent.
"""

from __future__ import annotations

from flask import Flask

from app.telephony.fax import models, sweeping, views
from app.telephony.fax.documents import DOCUMENTS, NotIdentified, UnknownDocument, pdf_of
from app.telephony.fax.pages import render

__all__ = [
    "DOCUMENTS",
    "NotIdentified",
    "UnknownDocument",
    "init_app",
    "models",
    "pdf_of",
    "render",
    "sweeping",
]


def init_app(app: Flask) -> None:
    """Add the pages."""
    views.init_app(app)
