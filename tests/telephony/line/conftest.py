"""The application on flows of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.telephony.config import KEY
from tests.telephony.line.house import with_flows


@pytest.fixture
def line_app(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The application, speaking the tests' flows; as it was before, afterwards."""
    before = app.extensions["lightline.settings"], app.extensions[KEY]
    with_flows(app, tmp_path)
    yield app
    app.extensions["lightline.settings"], app.extensions[KEY] = before
