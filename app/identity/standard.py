"""The standard permissions, roles and posts of `standard.yaml`: defined at start, loaded by `flask identity sync`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from app.identity import permissions
from app.identity.models import Post, PostRole, Role, RolePermission
from app.kernel.db import session

STANDARD = Path(__file__).with_name("standard.yaml")


class BadStandard(ValueError):
    """The file names a role or permission that nobody defines."""


def read(path: Path = STANDARD) -> dict[str, Any]:
    """The file's sections `permissions`, `roles` and `posts`."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {section: content.get(section) or {} for section in ("permissions", "roles", "posts")}


def define_permissions(content: Mapping[str, Any]) -> None:
    """Register the file's permissions."""
    for name, entry in content["permissions"].items():
        permissions.define(name, entry["zh"], entry["en"], privileged=bool(entry.get("privileged")))


def sync(content: Mapping[str, Any]) -> dict[str, int]:
    """Make roles and posts as the file says; those it does not name stay. Returns how many of each it holds."""
    _check(content)
    roles = {code: _role(code, entry) for code, entry in content["roles"].items()}
    for sort, (code, entry) in enumerate(content["posts"].items(), start=1):
        _post(code, entry, sort, roles)
    return {"roles": len(content["roles"]), "posts": len(content["posts"])}


def _check(content: Mapping[str, Any]) -> None:
    for code, role in content["roles"].items():
        for name in role["permissions"]:
            if permissions.get(name) is None:
                raise BadStandard(f"role {code}: permission {name} is not defined")
    for code, post in content["posts"].items():
        for role in post["roles"]:
            if role not in content["roles"]:
                raise BadStandard(f"post {code}: role {role} is not defined")


def _role(code: str, entry: Mapping[str, Any]) -> Role:
    role = session.scalar(sa.select(Role).where(Role.code == code)) or Role(code=code)
    role.name, role.name_en = entry["zh"], entry["en"]
    session.add(role)
    session.flush()
    session.execute(sa.delete(RolePermission).where(RolePermission.role_id == role.id))
    held = [{"role_id": role.id, "permission": name} for name in sorted(set(entry["permissions"]))]
    session.execute(sa.insert(RolePermission), held)
    return role


def _post(code: str, entry: Mapping[str, Any], sort: int, roles: Mapping[str, Role]) -> None:
    post = session.scalar(sa.select(Post).where(Post.code == code)) or Post(code=code)
    post.name, post.name_en, post.sort = entry["zh"], entry["en"], sort
    session.add(post)
    session.flush()
    session.execute(sa.delete(PostRole).where(PostRole.post_id == post.id))
    session.execute(sa.insert(PostRole), [{"post_id": post.id, "role_id": roles[name].id} for name in entry["roles"]])
