"""Uploads: what is kept, what is refused, and that nothing half-written stays."""

from __future__ import annotations

import io
import os
import wave
import zipfile
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from app.kernel import clock, db, files, settings
from app.kernel.actor import Actor
from app.kernel.cleaning import clean_files
from app.kernel.files import store
from app.kernel.files.operations import clean_name


def picture(form: str = "JPEG", size: tuple[int, int] = (1200, 800), exif: Image.Exif | None = None) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "orange").save(target, form, **({"exif": exif} if exif else {}))
    return target.getvalue()


def office(*members: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for member in ("[Content_Types].xml", *members):
            archive.writestr(member, "<x/>")
    return target.getvalue()


def sound() -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(8000)
        recording.writeframes(b"\0\0" * 80)
    return target.getvalue()


def bomb() -> bytes:
    """A PNG of 30 kB that claims 400 million pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    header = (20_000).to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9000))
        + chunk(b"IEND", b"")
    )


def save(content: bytes, name: str, actor: Actor, **options: object) -> files.OpenFile:
    def work() -> int:
        return files.save(io.BytesIO(content), name, actor=actor, now=clock.now(), **options).id  # type: ignore[arg-type]

    return files.open_file(db.run(work))


def kept_files() -> list[Path]:
    return [path for path in (settings.current().instance / "files").rglob("*") if path.is_file()]


GOOD = {
    "现场.jpg": picture(),
    "a.png": picture("PNG"),
    "a.webp": picture("WEBP"),
    "a.gif": picture("GIF"),
    "a.pdf": b"%PDF-1.7\n...",
    "a.docx": office("word/document.xml"),
    "a.xlsx": office("xl/workbook.xml"),
    "a.pptx": office("ppt/presentation.xml"),
    "说明.txt": "中文\t说明\r\n".encode(),
    "旧系统.csv": "户号,户名\r\n1,张建国\r\n".encode("gb18030"),
    "a.wav": sound(),
    "a.mp3": b"ID3\x04" + bytes(100),
}


@pytest.mark.parametrize("name", GOOD)
def test_true_files_are_kept(app: Flask, actor: Actor, name: str) -> None:
    opened = save(GOOD[name], name, actor)
    assert opened.path.read_bytes() == GOOD[name]
    assert (opened.name, opened.size) == (name, len(GOOD[name]))


FALSE = {
    "program.jpg": b"MZ\x90\0" + bytes(100),
    "page.png": b"<html><script>alert(1)</script></html>",
    "other.png": picture("JPEG"),
    "cut.png": picture("PNG")[:200],
    "bomb.png": bomb(),
    "a.pdf": b"hello",
    "sheet.docx": office("xl/workbook.xml"),
    "macro.xlsx": office("xl/workbook.xml", "xl/vbaProject.bin"),
    "zip.xlsx": b"PK\x03\x04nonsense",
    "binary.txt": b"a\0b",
    "latin.txt": b"\xff\xfe\xff",
    "avi.wav": b"RIFF\0\0\0\0AVI ",
    "noise.mp3": b"\xff\x00\x00",
    "empty.pdf": b"",
    "page.html": b"<p>",
    "picture.svg": b"<svg/>",
    "program.exe": b"MZ",
    "no-extension": b"text",
}


@pytest.mark.parametrize("name", FALSE)
def test_false_files_are_refused_and_leave_nothing(app: Flask, actor: Actor, name: str) -> None:
    with pytest.raises(files.FileRefused):
        save(FALSE[name], name, actor)
    assert kept_files() == []


def test_only_what_is_allowed_here_is_accepted(app: Flask, actor: Actor) -> None:
    with pytest.raises(files.FileRefused) as refused:
        save(GOOD["a.pdf"], "a.pdf", actor, allowed=files.PICTURES)
    assert refused.value.details["reason"] == "type"


def test_size_is_bounded_while_reading(app: Flask, actor: Actor) -> None:
    class Endless(io.RawIOBase):
        read_bytes = 0

        def read(self, size: int = -1) -> bytes:
            self.read_bytes += size
            return b"a" * size

    stream = Endless()
    with pytest.raises(files.FileRefused) as refused:
        files.save(stream, "a.txt", actor=actor, now=clock.now(), max_size=3_000_000)  # type: ignore[arg-type]
    assert refused.value.details["reason"] == "size"
    assert stream.read_bytes < 3_000_000 + 2 * store.CHUNK
    assert kept_files() == []


def test_one_content_is_kept_once(app: Flask, actor: Actor) -> None:
    first, second = (save(b"%PDF-1.7 same", name, actor) for name in ("a.pdf", "b.pdf"))
    assert (first.path, first.id != second.id, len(kept_files())) == (second.path, True, 1)


def test_a_view_that_runs_again_saves_the_whole_file(app: Flask, actor: Actor) -> None:
    stream = io.BytesIO(b"%PDF-1.7 whole")

    def save_again() -> int:
        return files.save(stream, "a.pdf", actor=actor, now=clock.now()).size

    assert db.run(save_again) == db.run(save_again) == 14


def test_thumbnails_are_upright_and_carry_no_place(app: Flask, actor: Actor) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif.get_ifd(0x8825)[1] = "N"
    original = save(picture(exif=exif), "现场.jpg", actor)
    small = files.open_file(original.id, thumbnail=True)
    with Image.open(small.path) as image:
        assert image.size[0] < image.size[1] <= 480
        assert not image.getexif()
    with Image.open(original.path) as image:
        assert image.getexif()[0x0112] == 6
    row = db.session.get_one(files.StoredFile, original.id)
    assert (row.width, row.height, small.media_type) == (800, 1200, "image/jpeg")


def test_a_thumbnail_of_no_picture_is_the_file_itself(app: Flask, actor: Actor) -> None:
    opened = save(GOOD["a.pdf"], "a.pdf", actor)
    assert files.open_file(opened.id, thumbnail=True) == opened


def test_unknown_and_lost_files_are_not_found(app: Flask, actor: Actor) -> None:
    with pytest.raises(files.FileNotFound):
        files.open_file(99)
    opened = save(GOOD["a.pdf"], "a.pdf", actor)
    opened.path.unlink()
    with pytest.raises(files.FileNotFound):
        files.open_file(opened.id)


def test_content_of_a_rolled_back_upload_is_swept_and_the_rest_kept(app: Flask, actor: Actor) -> None:
    kept = save(picture(), "a.jpg", actor)

    def fail() -> None:
        files.save(io.BytesIO(b"%PDF-1.7 gone"), "b.pdf", actor=actor, now=clock.now())
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        db.run(fail)
    assert clean_files(clock.now()) == 0  # still young
    for path in kept_files():
        two_days_ago = path.stat().st_mtime - timedelta(days=2).total_seconds()
        os.utime(path, (two_days_ago, two_days_ago))
    assert clean_files(clock.now()) == 1
    assert len(kept_files()) == 2  # the photograph and its thumbnail
    assert kept.path.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        (r"C:\照片\现场.jpg", "现场.jpg"),
        ("a\0b\n.png", "ab.png"),
        ("gpj.\u202etxt.exe", "gpj.txt.exe"),
        (' . "x"?.pdf', "_x__.pdf"),
        ("", "file"),
        ("长" * 300 + ".jpeg", "长" * 195 + ".jpeg"),
    ],
)
def test_names_are_cleaned(given: str, kept: str) -> None:
    assert clean_name(given) == kept
