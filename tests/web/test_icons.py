"""Every icon that a template or a menu entry names exists in the built set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.web import assets, navigation

APP = Path(assets.__file__).parents[1]
CALL = re.compile(r"\bicon\(\s*[\"']([a-z0-9-]+)[\"']|icon_name=[\"']([a-z0-9-]+)[\"']")


@pytest.mark.usefixtures("app")
def test_icons_exist() -> None:
    if not (assets.DIST / "icons.json").exists():
        pytest.skip("the bundle is not built")
    named = {entry.icon: entry.endpoint for entry in navigation._entries.values()}
    for path in APP.glob("*/templates/**/*.html"):
        for found in CALL.finditer(path.read_text()):
            named[found[1] or found[2]] = path.name
    missing = {name: place for name, place in named.items() if not assets.has_icon(name)}
    assert not missing
