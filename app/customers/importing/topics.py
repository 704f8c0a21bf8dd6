"""Topics of `kernel.live` that pages of imports listen to."""

from __future__ import annotations


def of_import(import_id: int) -> str:
    """One import: its state, its progress."""
    return f"import:{import_id}"


LIST = "imports"
