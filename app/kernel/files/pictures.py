"""Photographs: whether they are whole and of a bearable size, and their thumbnails.

A thumbnail carries the pixels only: place and camera stay in the original.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 80_000_000
"""Today's telephones make 12 to 50 million; a small file may claim far more and fill the memory."""

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
"""Pillow may open nothing else. (It opens an MPO, a JPEG of several pictures, as JPEG.)"""

Image.MAX_IMAGE_PIXELS = MAX_PIXELS  # Pillow warns above it and refuses above twice as many

THUMBNAIL = (480, 480)

_BROKEN = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
)


def is_picture(*formats: str) -> Callable[[Path], bool]:
    """A check that a file is a whole picture in one of Pillow's `formats` with at most `MAX_PIXELS`."""

    def check(path: Path) -> bool:
        try:
            with Image.open(path, formats=formats) as image:
                if image.width * image.height > MAX_PIXELS:
                    return False
                image.verify()
            return size(path) is not None
        except _BROKEN:
            return False

    return check


def size(path: Path) -> tuple[int, int] | None:
    """Width and height as seen (after the orientation the camera noted), in pixels; None for no picture."""
    try:
        with Image.open(path, formats=FORMATS) as image:
            turned = image.getexif().get(0x0112) in {5, 6, 7, 8}
            return (image.height, image.width) if turned else (image.width, image.height)
    except _BROKEN:
        return None


def thumbnail(path: Path) -> bytes | None:
    """A JPEG within `THUMBNAIL`, upright, without metadata; None where the pixels cannot be read."""
    try:
        with Image.open(path, formats=FORMATS) as image:
            image.draft("RGB", THUMBNAIL)
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail(THUMBNAIL)
            flat = Image.new("RGB", upright.size, "white")
            layered = upright.convert("RGBA")
            flat.paste(layered, mask=layered.getchannel("A"))
    except _BROKEN:
        return None
    target = BytesIO()
    flat.save(target, "JPEG", quality=80)
    return target.getvalue()
