"""The words of `words.yaml`, read once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("words.yaml")


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """Everything of the file, by section."""
    content: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return content


def place(unit: str) -> dict[str, Any]:
    """Where a unit's customers live: city, district, town, area, area code, centre in degrees."""
    content = words()
    found: dict[str, Any] = content["places"].get(unit, content["elsewhere"])
    return found
