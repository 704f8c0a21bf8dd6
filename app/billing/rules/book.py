"""Versions of tariffs by code and day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.billing.rules.files import Entry
from app.billing.rules.house import House
from app.billing.rules.schema import RULES, read_rule, read_tariff
from app.billing.rules.tariff import TariffRules


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a tariff, in force in [valid_from, valid_to). `id` is its row, None where there is none."""

    code: str
    valid_from: date
    valid_to: date | None
    rules: TariffRules
    id: int | None = None
    name: str = ""
    name_en: str = ""

    @property
    def reference(self) -> str:
        """How a bill's lines name this version."""
        return f"{self.code}@{self.valid_from:%Y-%m-%d}"


class Book:
    """All versions known, looked up by code and period."""

    def __init__(self, versions: Iterable[Version]) -> None:
        self._versions: dict[str, list[Version]] = {}
        for version in sorted(versions, key=lambda each: (each.code, each.valid_from)):
            self._versions.setdefault(version.code, []).append(version)

    def __contains__(self, code: str) -> bool:
        return code in self._versions

    def on(self, code: str, day: date) -> Version | None:
        """The version in force on a day, None where there is none."""
        for version in reversed(self._versions.get(code, ())):
            if version.valid_from <= day:
                return version if version.valid_to is None or day < version.valid_to else None
        return None

    def within(self, code: str, from_on: date, to_on: date) -> Sequence[Version]:
        """The versions in force on some day of [from_on, to_on), earliest first."""
        return [
            version
            for version in self._versions.get(code, ())
            if version.valid_from < to_on and (version.valid_to is None or version.valid_to > from_on)
        ]


def book_of(entries: Iterable[Entry]) -> Book:
    """The tariffs of files, without rows (for tests, lint and trials)."""
    return Book(
        Version(entry.code, entry.valid_from, entry.valid_to, read_tariff(entry.rules), None, entry.name, entry.name_en)
        for entry in entries
    )


def house_on(entries: Iterable[Entry], day: date) -> House:
    """The rules beside the tariffs in force on a day; raises `LookupError` where one is missing."""
    found = {
        entry.code: entry
        for entry in entries
        if entry.valid_from <= day and (entry.valid_to is None or day < entry.valid_to)
    }
    if missing := set(RULES) - set(found):
        raise LookupError(f"no rules in force on {day}: {', '.join(sorted(missing))}")
    rules = {code: read_rule(code, entry.rules) for code, entry in found.items()}
    return House(**rules, references={code: f"{code}@{entry.valid_from}" for code, entry in found.items()})
