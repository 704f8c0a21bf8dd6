"""What people call a priority number. The levels are data: `priorities.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from app.kernel.i18n import localized


@dataclass(frozen=True, slots=True)
class Level:
    """Priorities from `floor` up to the next level; `colour` is one of the badge's."""

    floor: int
    name: str
    name_en: str
    colour: str

    @property
    def title(self) -> str:
        return localized(self.name, self.name_en)


@cache
def levels() -> tuple[Level, ...]:
    """From the highest down; the last one starts at 0."""
    rows = yaml.safe_load(Path(__file__).with_name("priorities.yaml").read_text("utf-8"))
    return tuple(sorted((Level(**row) for row in rows), key=lambda level: -level.floor))


def level_of(priority: int) -> Level:
    return next(level for level in levels() if priority >= level.floor)
