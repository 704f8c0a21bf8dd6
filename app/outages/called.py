"""What the reader calls an outage's device and feeder: names are kept with the outage, Chinese with an English twin."""

from __future__ import annotations

from typing import Protocol

from flask_babel import LazyString

from app.kernel.i18n import localized


class Names(Protocol):
    """What has the names of a device and its feeder in both languages."""

    @property
    def device_name(self) -> str: ...
    @property
    def device_name_en(self) -> str: ...
    @property
    def feeder_name(self) -> str: ...
    @property
    def feeder_name_en(self) -> str: ...


class Called:
    """Adds `device` and `feeder`: their names in the reader's language."""

    __slots__ = ()

    @property
    def device(self: Names) -> str:
        """The device's name; empty where only an address zone is known."""
        return localized(self.device_name, self.device_name_en)

    @property
    def feeder(self: Names) -> str:
        """The feeder's name."""
        return localized(self.feeder_name, self.feeder_name_en)


def later(name: str, name_en: str) -> LazyString:
    """A name in the language of whoever reads it later."""
    return LazyString(lambda: localized(name, name_en))
