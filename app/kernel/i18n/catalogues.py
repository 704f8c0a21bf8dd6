"""Each package's catalogue: found, compiled from .po to .mo."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

APP = Path(__file__).resolve().parents[2]


class BrokenCatalogue(ValueError):
    """A .po file that cannot be read."""


def folders() -> list[Path]:
    """The translations folder of each package, lower-named packages first."""
    return sorted(APP.glob("*/translations"))


def sources() -> list[Path]:
    """Every .po file of the application."""
    return sorted(APP.glob("*/translations/*/LC_MESSAGES/messages.po"))


def read(path: Path) -> Catalog:
    """One catalogue; raises `BrokenCatalogue` with the line that is wrong."""
    with path.open("rb") as stream:
        try:
            return read_po(stream, locale=path.parents[1].name, abort_invalid=True)
        except Exception as exc:
            raise BrokenCatalogue(f"{path}: {exc}") from exc


def compile_file(path: Path) -> Path:
    """Write the .mo beside a .po; whoever reads meanwhile sees the old or the new one, whole."""
    target = path.with_suffix(".mo")
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".mo.tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            write_mo(stream, read(path))
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise
    return target


def compile_stale() -> list[Path]:
    """Compile every catalogue whose .mo is missing or older than its .po; what was written."""
    return [compile_file(path) for path in sources() if _is_stale(path)]


def _is_stale(path: Path) -> bool:
    target = path.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime < path.stat().st_mtime
