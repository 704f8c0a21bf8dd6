"""The application of `shifted` with the service of `counted`, for processes."""

from __future__ import annotations

from tests.faults import counted
from tests.faults.shifted import app

__all__ = ["app", "counted"]
