"""Every text for people exists in Chinese: msgids are read from the sources and sought in the catalogues."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file

from app.kernel.i18n import catalogues

KEYWORDS = DEFAULT_KEYWORDS | {
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "_t": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
}
OPTIONS = {"extensions": "jinja2.ext.do,jinja2.ext.loopcontrols", "silent": "false"}
PACKAGES = sorted(path for path in catalogues.APP.iterdir() if (path / "__init__.py").exists())


def texts(package: Path) -> Iterator[tuple[str, str | None, str]]:
    """Each msgid of a package, with its context and place."""
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.html"), *package.rglob("*.txt")]):
        if "node_modules" in path.parts:
            continue
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        for line, message, _comments, context in extract_from_file(method, path, keywords=KEYWORDS, options=OPTIONS):
            msgid = message[0] if isinstance(message, tuple) else message
            if msgid:
                yield msgid, context, f"{path.relative_to(catalogues.APP)}:{line}"


def chinese() -> dict[tuple[str, str | None], set[str]]:
    """Every translation in the house by msgid and context."""
    found: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    for path in catalogues.sources():
        for message in catalogues.read(path):
            if message.id and message.string and "zh" in path.parts and not message.fuzzy:
                msgid = message.id[0] if isinstance(message.id, tuple | list) else message.id
                string = message.string[0] if isinstance(message.string, tuple | list) else message.string
                found[msgid, message.context].add(string)
    return found


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_every_text_has_chinese(package: Path) -> None:
    known = chinese()
    missing = [f"{place}: {msgid}" for msgid, context, place in texts(package) if not known.get((msgid, context))]
    assert not missing, "\n".join(missing)


def test_one_text_has_one_translation() -> None:
    """All catalogues are merged into one: which translation won would be chance."""
    several = {msgid: strings for (msgid, _context), strings in chinese().items() if len(strings) > 1}
    assert not several


def test_placeholders_are_kept() -> None:
    for path in catalogues.sources():
        errors = [
            f"{path}: {message.id}: {error}" for message, found in catalogues.read(path).check() for error in found
        ]
        assert not errors
