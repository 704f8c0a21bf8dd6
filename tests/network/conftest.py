"""The grid alone: what other packages do when a switch is operated is tested with them."""

from __future__ import annotations

import pytest

from app.network import listeners


@pytest.fixture(autouse=True)
def _alone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "app" in request.fixturenames:
        request.getfixturevalue("app")  # first: whoever listens registers while it is built
    monkeypatch.setattr(listeners, "_listeners", [])
