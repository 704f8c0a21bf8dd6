"""The bounds of one import, read once from `bounds.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Bounds:
    """Sizes in bytes, rows, columns and characters; the file says what each protects."""

    file_bytes: int
    unpacked_bytes: int
    ratio: int
    members: int
    rows: int
    columns: int
    cell_length: int
    header_search: int
    strings: int
    string_bytes: int
    problems: int
    preview: int
    batch: int
    file_rows_in_report: int


BOUNDS = Bounds(**yaml.safe_load((Path(__file__).parent / "bounds.yaml").read_text(encoding="utf-8")))
