"""The application that the load starts as real processes: as `shifted`, with the service and job of `rounds`."""

from __future__ import annotations

from tests.faults.shifted import app
from tests.load import rounds

celery = app.extensions.get("lightline.celery")

__all__ = ["app", "celery", "rounds"]
