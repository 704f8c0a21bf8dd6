"""The tree of categories: the standard one (`standard.yaml`), and an installation's changes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml
from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.knowledge.models import Category
from app.knowledge.queries.scope import REVIEW

STANDARD = Path(__file__).parents[1] / "standard.yaml"
DEEPEST = 5


def save_category(
    code: str, *, name: str, name_en: str = "", parent: str = "", position: int = 0, active: bool = True,
    actor: Actor, now: datetime,
) -> int:  # fmt: skip
    """Make a category or change it; its branch moves with it. Needs the right `knowledge.review`; raises `Invalid`."""
    authority.require(actor, REVIEW, unit_path="/", now=now)
    errors: dict[str, list[object]] = {}
    if not code.isascii() or not code.replace("_", "").isalnum() or len(code) > 40:
        errors["code"] = [_l("Letters, digits and _ only, at most 40.")]
    if not name.strip() or len(name) > 80:
        errors["name"] = [_l("A name of at most 80 characters is needed.")]
    above = _by_code(parent) if parent else None
    row = _by_code(code)
    if parent and (
        above is None or (row is not None and above.path.startswith(row.path)) or above.path.count("/") > DEEPEST
    ):
        errors["parent"] = [_l("Choose another category above it.")]
    if errors:
        raise Invalid(_l("The category is not complete."), errors=errors)
    row = _put(
        row or Category(code=code),
        above,
        {"name": name.strip(), "name_en": name_en.strip(), "position": position, "active": active},
    )
    audit.record("knowledge.category", actor=actor, now=now, subject_type="knowledge_category", subject_id=code)
    return row.id


def sync_categories(*, path: Path = STANDARD) -> int:
    """Add the categories of the file that are not there yet; returns how many were added."""
    added = 0
    for position, (code, entry) in enumerate(yaml.safe_load(path.read_text(encoding="utf-8"))["categories"].items()):
        if _by_code(code) is None:
            above = _by_code(entry["parent"]) if "parent" in entry else None
            _put(Category(code=code), above, {"name": entry["zh"], "name_en": entry["en"], "position": position})
            added += 1
    return added


def _by_code(code: str) -> Category | None:
    return session.scalar(sa.select(Category).where(Category.code == code))


def _put(row: Category, above: Category | None, values: dict[str, Any]) -> Category:
    before = row.path
    for name, value in values.items():
        setattr(row, name, value)
    row.parent_id = above.id if above else None
    session.add(row)
    session.flush()
    row.path = f"{above.path if above else '/'}{row.id}/"
    if before and before != row.path:
        below = sa.select(Category).where(Category.path.startswith(before), Category.id != row.id)
        for child in session.scalars(below):
            child.path = row.path + child.path.removeprefix(before)
    session.flush()
    return row
