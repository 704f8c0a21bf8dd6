"""Fixtures of the comparison with the model: those of the runtime's tests."""

from __future__ import annotations

from tests.engine.runtime.conftest import drive

__all__ = ["drive"]
