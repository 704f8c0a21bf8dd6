"""The grid alone: what other packages do when a switch is operated is tested with them."""

from __future__ import annotations

import pytest

from app.network import listeners


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listeners, "_listeners", [])
