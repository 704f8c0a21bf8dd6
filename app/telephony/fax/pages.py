"""A PDF as the pages of a fax."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

import pypdfium2
from PIL import Image

from app.kernel import settings
from app.telephony.fax.documents import pdf_of
from app.telephony.prompts import audio

WIDTH = 1728
"""Dots of a line (ITU-T T.4)."""

DPI = (204, 196)
"""Dots an inch, across and down: “fine”, so that small characters can be read."""

MOST_PAGES = 10
BLACK_BELOW = 150
"""Grey values below this become black: thin strokes of characters must not break."""

_pdfium = Lock()
"""PDFium is for one thread at a time."""


def render(document: str, inputs: Mapping[str, Any], *, language: str, now: datetime) -> Path:
    """The document's pages as a TIFF that FreeSWITCH's txfax sends. Raises what `pdf_of` raises."""
    return tiff_of(pdf_of(document, inputs, language=language, now=now))


def folder() -> Path:
    """Where pages lie until they are sent: FreeSWITCH must read it."""
    return settings.current().instance / "fax"


def tiff_of(content: bytes) -> Path:
    """A PDF as a file of fax pages, at most `MOST_PAGES`."""
    path = folder() / f"{hashlib.sha256(content).hexdigest()[:40]}.tif"
    pages = [_dots(page) for page in _rastered(content)]
    out = BytesIO()
    pages[0].save(out, "TIFF", compression="group4", dpi=DPI, save_all=True, append_images=pages[1:])
    audio.write(path, out.getvalue())
    return path


def pictures_of(path: Path) -> list[bytes]:
    """Each page as a PNG with square dots, as it looks on paper."""
    shown = []
    with Image.open(path) as fax:
        for number in range(getattr(fax, "n_frames", 1)):
            fax.seek(number)
            page = fax.convert("L").resize((WIDTH // 2, round(fax.height * DPI[0] / DPI[1] / 2)), Image.Resampling.BOX)
            out = BytesIO()
            page.save(out, "PNG", optimize=True)
            shown.append(out.getvalue())
    return shown


def _rastered(content: bytes) -> list[Image.Image]:
    with _pdfium:
        document = pypdfium2.PdfDocument(content)
        try:
            count = min(len(document), MOST_PAGES)
            return [document[n].render(scale=DPI[0] / 72, grayscale=True).to_pil() for n in range(count)]
        finally:
            document.close()


def _dots(page: Image.Image) -> Image.Image:
    """A page of A4 in the middle of a fax's lines, black and white."""
    height = round(page.height * DPI[1] / DPI[0])
    grey = page.convert("L").resize((min(page.width, WIDTH), height), Image.Resampling.LANCZOS)
    paper = Image.new("L", (WIDTH, height), 255)
    paper.paste(grey, ((WIDTH - grey.width) // 2, 0))
    return paper.point(lambda value: 0 if value < BLACK_BELOW else 255).convert("1", dither=Image.Dither.NONE)
