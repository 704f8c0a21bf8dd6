"""Tariffs and rules as files: `tariffs/*.yaml`, one mapping of tariffs by code, or `rules:` in one of them.

Each version says `valid_from`, `valid_to` (not included; the next version's beginning where it is left out),
`source` and `rules`. A file that does not fit is refused as a whole, each mistake with its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from app.billing.rules.schema import RULES, InvalidRules, read_rule, read_tariff

SEED = Path(__file__).parents[1] / "tariffs"


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of a tariff (`name` set) or of a rule beside the tariffs, checked."""

    code: str
    valid_from: date
    valid_to: date | None
    rules: Mapping[str, Any]
    source: str
    name: str = ""
    name_en: str = ""


@dataclass(slots=True)
class Contents:
    """What the files of a folder say; `problems` are `file:place: what is wrong`."""

    tariffs: list[Entry] = field(default_factory=list)
    rules: list[Entry] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_folder(folder: Path = SEED) -> Contents:
    """Read and check all files of a folder; never raises for what they hold."""
    contents = Contents()
    for path in sorted(folder.glob("*.yaml")):
        try:
            document = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (UnicodeDecodeError, yaml.YAMLError) as exc:
            contents.problems.append(f"{path.name}: {exc}")
            continue
        if not isinstance(document, dict):
            contents.problems.append(f"{path.name}: a mapping of tariffs is expected")
            continue
        for code, body in document.items():
            _section(contents, path.name, str(code), body)
    if missing := [code for code in RULES if code not in {entry.code for entry in contents.rules}]:
        contents.problems.append(f"{folder.name}: rules are missing: {', '.join(missing)}")
    return contents


def _section(contents: Contents, file: str, code: str, body: Any) -> None:
    if code == "rules" and isinstance(body, dict):
        for rule, versions in body.items():
            contents.rules += _versions(contents.problems, f"{file}:{rule}", str(rule), versions, {})
        return
    if not isinstance(body, dict) or not body.get("name") or not body.get("name_en"):
        contents.problems.append(f"{file}:{code}: name, name_en and versions are expected")
        return
    names = {"name": str(body["name"]), "name_en": str(body["name_en"])}
    contents.tariffs += _versions(contents.problems, f"{file}:{code}", code, body.get("versions"), names)


def _versions(problems: list[str], place: str, code: str, versions: Any, names: dict[str, str]) -> list[Entry]:
    if not isinstance(versions, list) or not versions:
        problems.append(f"{place}: a list of versions is expected")
        return []
    entries = [entry for version in versions if (entry := _entry(problems, place, code, version, names))]
    entries.sort(key=lambda entry: entry.valid_from)
    return list(_follow(problems, place, entries))


def _entry(problems: list[str], place: str, code: str, version: Any, names: dict[str, str]) -> Entry | None:
    begins = version.get("valid_from") if isinstance(version, dict) else None
    ends = version.get("valid_to") if isinstance(version, dict) else None
    if type(begins) is not date or not (ends is None or type(ends) is date):
        problems.append(f"{place}: valid_from and valid_to must be days")
        return None
    at = f"{place}@{begins}"
    if not version.get("source"):
        problems.append(f"{at}: the source of the figures is missing")
    if ends is not None and ends <= begins:
        problems.append(f"{at}: valid_to must come after valid_from")
    rules = version.get("rules")
    if not isinstance(rules, dict):
        problems.append(f"{at}: rules are missing")
        return None
    try:
        read_tariff(rules) if names else read_rule(code, rules)
    except InvalidRules as exc:
        problems.extend(f"{at}: {line}" for line in _flat(exc.details.get("errors")))
        return None
    return Entry(code, begins, ends, rules, str(version.get("source") or ""), **names)


def _follow(problems: list[str], place: str, entries: Sequence[Entry]) -> Iterator[Entry]:
    """Each version ends where the next begins; one that reaches into the next is a mistake."""
    for entry, following in pairwise(entries):
        if entry.valid_to is not None and entry.valid_to > following.valid_from:
            problems.append(f"{place}@{entry.valid_from}: reaches into the version of {following.valid_from}")
        end = entry.valid_to or following.valid_from
        yield Entry(entry.code, entry.valid_from, end, entry.rules, entry.source, entry.name, entry.name_en)
    yield from entries[-1:]


def _flat(errors: Any, place: str = "") -> Iterator[str]:
    """Marshmallow's nested messages, one line each."""
    if isinstance(errors, Mapping):
        for name, inner in errors.items():
            yield from _flat(inner, f"{place}.{name}" if place else str(name))
    else:
        for message in errors if isinstance(errors, list) else [errors]:
            yield f"{place}: {message}"
