"""The register of permissions: their names and titles. Who holds them stands in roles (`standard.yaml`, rows).

A privileged permission administers the system itself: a substitute does not get it, and
only somebody who holds it may appoint others to a post that carries it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permission:
    """`name` is `<subject>.<verb>`; `title` is Chinese, `title_en` English."""

    name: str
    title: str
    title_en: str
    privileged: bool = False


class DuplicatePermission(RuntimeError):
    """One name with two meanings."""


_permissions: dict[str, Permission] = {}


def define(name: str, zh: str, en: str, *, privileged: bool = False) -> str:
    """Register a permission; the same definition twice is one."""
    permission = Permission(name, zh, en, privileged)
    known = _permissions.setdefault(name, permission)
    if known != permission:
        raise DuplicatePermission(f"permission {name!r} is defined twice")
    return name


def get(name: str) -> Permission | None:
    return _permissions.get(name)


def all_permissions() -> list[Permission]:
    """Every registered permission, by name."""
    return [_permissions[name] for name in sorted(_permissions)]


def is_privileged(name: str) -> bool:
    """Whether the permission administers the system; an unknown one is treated as if it did."""
    permission = _permissions.get(name)
    return permission is None or permission.privileged
