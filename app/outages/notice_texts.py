"""What notices say: the templates of `notice_texts.yaml`, filled in for one outage in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from app.kernel import settings

HERE = Path(__file__).parent
KINDS = ("planned", "temporary", "grid_fault", "shortage", "theft", "breach", "arrears", "orderly")
STANDING = "standing"
"""What is said of an outage at this moment, whatever its last notice said."""

OCCASIONS = (
    "confirmed",
    "etr",
    "progress",
    "restored",
    "announced",
    "reminder",
    "changed",
    "extended",
    "cancelled",
)
ALWAYS = frozenset({"number", "area", "cause", "start", "unit", "customers", "hotline", "type"})
"""Fields that every outage has."""

PERHAPS = frozenset({"substation", "line", "transformer", "range", "end", "etr"})
"""Fields that may be empty: a text holds them within `[[...]]`."""

OPTIONAL = re.compile(r"\[\[(.*?)\]\]")
FIELD = re.compile(r"\{(\w+)\}")


class BadTexts(ValueError):
    """The file of texts of this installation does not fit."""


def compose(occasion: str, kind: str, facts: Mapping[str, str], language: str) -> str:
    """The text of a notice; `facts` holds the fields in this language. Raises `BadTexts`."""
    texts = _texts()
    of_occasion = texts[occasion]
    template = str((of_occasion.get(kind) or of_occasion["any"])[language])
    known = {**facts, "hotline": str(texts["hotline"])}
    kept = OPTIONAL.sub(
        lambda part: part[1] if all(known.get(name) for name in FIELD.findall(part[1])) else "", template
    )
    return str(texts[f"sign_{language}"]) + FIELD.sub(lambda name: known.get(name[1]) or "", kept)


def _texts() -> dict[str, Any]:
    own = settings.current().instance / "outage_notice_texts.yaml"
    path = own if own.exists() else HERE / "notice_texts.yaml"
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _mtime: int) -> dict[str, Any]:
    texts = dict(yaml.safe_load(path.read_text("utf-8")) or {})
    for name in ("hotline", "sign_zh", "sign_en"):
        if not isinstance(texts.get(name), str):
            raise BadTexts(f"{path.name}: {name} is missing")
    for occasion in (*OCCASIONS, STANDING):
        _check(path.name, occasion, texts.get(occasion))
    return texts


def _check(name: str, occasion: str, by_kind: Any) -> None:
    if not isinstance(by_kind, dict) or "any" not in by_kind:
        raise BadTexts(f"{name}: {occasion} has no text for any kind")
    for kind, pair in by_kind.items():
        if kind != "any" and kind not in KINDS:
            raise BadTexts(f"{name}: {occasion}: no such kind {kind}")
        for language in ("zh", "en"):
            text = pair.get(language) if isinstance(pair, dict) else None
            if (wrong := _wrong(text)) is not None:
                raise BadTexts(f"{name}: {occasion}.{kind}.{language}: {wrong}")


def _wrong(text: Any) -> str | None:
    """What is wrong with a template: a word the reader would see, or a hole."""
    if not isinstance(text, str) or not text.strip():
        return "no text"
    if unknown := set(FIELD.findall(text)) - ALWAYS - PERHAPS:
        return f"unknown {', '.join(sorted(unknown))}"
    bare = OPTIONAL.sub("", text)
    if holes := set(FIELD.findall(bare)) & PERHAPS:
        return f"{', '.join(sorted(holes))} may be empty: put it and the words about it into [[...]]"
    if any(mark in FIELD.sub("", OPTIONAL.sub(r"\1", text)) for mark in "{}[]"):
        return "braces that do not close"
    return None
