"""The demo organisation of `demo.yaml`: made once, by the real operations, with a password made at first load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from app.identity import operations, passwords, queries, standard
from app.kernel.actor import SYSTEM
from app.kernel.settings import Settings

DEMO = Path(__file__).with_name("demo.yaml")
PASSWORD_FILE = "demo_password"  # noqa: S105  (the name of a file)


class NoDemoHere(RuntimeError):
    """Demo accounts share a password that is printed: not in production."""


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account for visitors."""

    username: str
    name: str
    name_en: str
    posts: tuple[str, ...]


def password(settings: Settings) -> str:
    """The shared password of the demo accounts, made at first use and kept in the instance folder."""
    if settings.production:
        raise NoDemoHere("demo accounts are not made in production")
    path = settings.instance / PASSWORD_FILE
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(passwords.random_password() + "\n", encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()


def load(shared_password: str) -> list[Account]:
    """Make the units, users and appointments that are not there yet; returns the named accounts."""
    content: dict[str, Any] = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
    since: datetime = content["since"]
    standard.sync(standard.read())
    for code, entry in content["units"].items():
        _unit(code, entry, since)
    for username, entry in content["users"].items():
        _user(username, entry, shared_password, since)
    return [
        Account(username, entry["zh"], entry["en"], tuple(entry["posts"]))
        for username, entry in content["users"].items()
        if entry.get("named")
    ]


def _unit(code: str, entry: Mapping[str, Any], since: datetime) -> None:
    if queries.unit_by_code(code, at=since) is not None:
        return
    parent = queries.unit_by_code(entry["parent"], at=since) if "parent" in entry else None
    operations.create_unit(
        code=code,
        name=entry["zh"],
        name_en=entry["en"],
        kind=entry["kind"],
        parent_id=parent.id if parent else None,
        area=entry.get("area"),
        valid_from=since,
        actor=SYSTEM,
        now=since,
    )


def _user(username: str, entry: Mapping[str, Any], shared_password: str, since: datetime) -> None:
    if queries.user_view(username) is not None:
        return
    user = operations.create_user(
        username=username,
        name=entry["zh"],
        name_en=entry["en"],
        phone=entry.get("phone", ""),
        unit_id=_unit_id(entry["home"], since),
        password=shared_password,
        must_change_password=False,
        actor=SYSTEM,
        now=since,
    )
    for held in entry["posts"]:
        post, _, unit = held.partition("@")
        unit_id = _unit_id(unit, since) if unit else None
        operations.appoint(user.id, post=post, unit_id=unit_id, actor=SYSTEM, now=since)


def _unit_id(code: str, since: datetime) -> int:
    unit = queries.unit_by_code(code, at=since)
    if unit is None:
        raise LookupError(f"demo.yaml: there is no unit {code}")
    return unit.id
