"""Which encoding a text file has: its mark, else what decodes without error from beginning to end.

UTF-8 is tried first: a GB18030 text of some length is practically never valid UTF-8, while
nearly every UTF-8 text is valid GB18030 and would become nonsense (锟斤拷).
"""

from __future__ import annotations

import codecs
from pathlib import Path

from flask_babel import lazy_gettext as _l

from app.customers.importing.reading.layout import ENCODINGS
from app.customers.importing.reading.rows import Unreadable

CHUNK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def detect(path: Path) -> str:
    """The name of the encoding for `open`; raises `Unreadable` where none fits."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if guess := _unmarked_utf16(head):
        return guess
    for encoding in ("utf-8", "gb18030"):
        if _decodes(path, encoding):
            return encoding
    message = _l("The file's encoding is not known: it is neither UTF-8 nor GB18030 nor UTF-16. Choose it by hand.")
    raise Unreadable(message, reason="encoding")


def chosen(path: Path, encoding: str) -> str:
    """The encoding chosen by hand, with the mark at the file's beginning taken off; raises `Unreadable`."""
    if encoding not in ENCODINGS:
        raise Unreadable(_l("This encoding is not known here."), reason="encoding")
    with path.open("rb") as stream:
        head = stream.read(3)
    if encoding == "utf-8" and head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    marked = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding)
    return "utf-16" if marked and head.startswith(marked) else encoding


def _unmarked_utf16(head: bytes) -> str:
    """UTF-16 without a mark shows by its zero bytes: digits, separators and line ends have one each."""
    if len(head) < 4 or b"\0" not in head:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd else ""


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
