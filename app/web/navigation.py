"""Entries of the main menu and of the user's menu, shown to those who may open them.

Packages add entries in their `init_app`; this file knows none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l

from app.web.access import checker

SECTIONS: dict[str, Any] = {
    "work": _l("Work"),
    "service": _l("Service"),
    "manage": _l("Processes"),
    "admin": _l("Administration"),
    "system": _l("System"),
}
"""Titles of the sections, in the order of the menu; `user` is the menu under the user's name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`permissions`: any one is enough; none means every signed-in user."""

    endpoint: str
    label: Any
    icon: str
    permissions: tuple[str, ...]
    section: str
    order: int


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as the layout draws it."""

    href: str
    label: str
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    links: list[Link]


_entries: dict[str, Entry] = {}


def add(  # noqa: PLR0917 - one line an entry in every package
    endpoint: str,
    label: Any,
    icon: str,
    permissions: Sequence[str] = (),
    section: str = "work",
    order: int = 100,
) -> None:
    """Add an entry; `label` is a lazy text, `icon` a name of tabler.io/icons, `section` one of SECTIONS or `user`."""
    if section != "user" and section not in SECTIONS:
        raise ValueError(f"navigation has no section {section!r}")
    _entries[endpoint] = Entry(endpoint, label, icon, tuple(permissions), section, order)


def _may_see(entry: Entry) -> bool:
    if entry.endpoint not in current_app.view_functions:
        return False
    who = checker(current_app)
    if who is None or not who.is_signed_in():
        return False
    return not entry.permissions or who.has_any(entry.permissions)


def _is_current(href: str) -> bool:
    """The entry whose address the page's address lies under (a task page is still the inbox's)."""
    return request.path == href or request.path.startswith(href.rstrip("/") + "/")


def links(section: str) -> list[Link]:
    """What the present user sees of a section."""
    found = sorted((e for e in _entries.values() if e.section == section), key=lambda e: (e.order, e.endpoint))
    return [_link(entry) for entry in found if _may_see(entry)]


def _link(entry: Entry) -> Link:
    href = url_for(entry.endpoint)
    return Link(href, str(entry.label), entry.icon, _is_current(href) and not _has_nearer(href))


def _has_nearer(href: str) -> bool:
    """Whether another entry names the page's address more exactly (`/orders/new` beside `/orders`)."""
    others = (url_for(e.endpoint) for e in _entries.values() if e.endpoint in current_app.view_functions)
    return any(len(other) > len(href) and _is_current(other) for other in others)


def sections() -> list[Section]:
    """The main menu of the present user, without empty sections."""
    built = (Section(str(title), links(key)) for key, title in SECTIONS.items())
    return [section for section in built if section.links]


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(navigation_sections=sections, navigation_links=links)
