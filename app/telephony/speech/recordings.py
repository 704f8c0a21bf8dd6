"""What the recordings of numbers are called and what each says: `zh.yaml` and `en.yaml` beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

HERE = Path(__file__).parent
PAUSES = {"pause/short": 0.25}
"""Silences, in seconds: they are made and not spoken."""


@cache
def recordings(language: str) -> Mapping[str, str]:
    """Name and text of each recording of a language; the text of a pause is empty."""
    words = yaml.safe_load((HERE / f"{language}.yaml").read_text(encoding="utf-8"))
    named = {f"{group}/{name}": str(text) for group, names in words.items() for name, text in names.items()}
    return MappingProxyType(named | dict.fromkeys(PAUSES, ""))
