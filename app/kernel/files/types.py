"""Which files are accepted, and whether a file is what its name says.

A file is known by its extension and must prove it by its content; what it is called by
the browser counts for nothing. No type here can hold a program: macros, HTML, SVG and
the old binary Office formats are refused.
"""

from __future__ import annotations

import codecs
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.kernel.files import pictures

MAX_MEMBERS = 5_000
MAX_UNPACKED = 512 * 1024 * 1024

Check = Callable[[Path], bool]


def _head(path: Path, size: int) -> bytes:
    with path.open("rb") as stream:
        return stream.read(size)


def _is_pdf(path: Path) -> bool:
    return b"%PDF-" in _head(path, 1024)


def _is_wav(path: Path) -> bool:
    head = _head(path, 12)
    return head[:4] == b"RIFF" and head[8:12] == b"WAVE"


def _is_mp3(path: Path) -> bool:
    head = _head(path, 3)
    return head == b"ID3" or (len(head) == 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2)  # layer III


def _is_text(path: Path) -> bool:
    """UTF-8, GB18030 or marked UTF-16 without control characters but tabs and line ends."""
    if _head(path, 2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:  # what Excel calls Unicode text
        return _decodes(path, "utf-16")
    return any(_decodes(path, encoding) for encoding in ("utf-8", "gb18030"))


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(1 << 16):
                if _has_control(decoder.decode(chunk)):
                    return False
        return not _has_control(decoder.decode(b"", final=True))
    except UnicodeDecodeError:
        return False


def _has_control(text: str) -> bool:
    return any(character < " " and character not in "\t\r\n\f" for character in text)


def _is_office(folder: str) -> Check:
    def check(path: Path) -> bool:
        try:
            with zipfile.ZipFile(path) as archive:
                members = archive.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            return False
        names = {member.filename for member in members}
        return (
            len(members) <= MAX_MEMBERS
            and sum(member.file_size for member in members) <= MAX_UNPACKED
            and "[Content_Types].xml" in names
            and any(name.startswith(f"{folder}/") for name in names)
            and not any(name.lower().endswith("vbaproject.bin") for name in names)
        )

    return check


@dataclass(frozen=True, slots=True)
class FileType:
    """How an extension is served, and the proof that a file is of this type."""

    media_type: str
    check: Check


_OOXML = "application/vnd.openxmlformats-officedocument."

TYPES: dict[str, FileType] = {
    "jpg": FileType("image/jpeg", pictures.is_picture("JPEG")),
    "jpeg": FileType("image/jpeg", pictures.is_picture("JPEG")),
    "png": FileType("image/png", pictures.is_picture("PNG")),
    "gif": FileType("image/gif", pictures.is_picture("GIF")),
    "webp": FileType("image/webp", pictures.is_picture("WEBP")),
    "pdf": FileType("application/pdf", _is_pdf),
    "docx": FileType(_OOXML + "wordprocessingml.document", _is_office("word")),
    "xlsx": FileType(_OOXML + "spreadsheetml.sheet", _is_office("xl")),
    "pptx": FileType(_OOXML + "presentationml.presentation", _is_office("ppt")),
    "txt": FileType("text/plain", _is_text),
    "csv": FileType("text/csv", _is_text),
    "wav": FileType("audio/wav", _is_wav),
    "mp3": FileType("audio/mpeg", _is_mp3),
}

PICTURES = frozenset({"jpg", "jpeg", "png", "gif", "webp"})
DOCUMENTS = frozenset({"pdf", "docx", "xlsx", "pptx", "txt", "csv"})
AUDIO = frozenset({"wav", "mp3"})
EVERYTHING = PICTURES | DOCUMENTS | AUDIO
