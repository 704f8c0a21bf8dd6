"""Plain values that queries return and templates show. No ORM objects leave this package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.identity.models import OrgUnit, User


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit; `path` is its place in the tree, `/1/4/9/`, the last id its own."""

    id: int
    code: str
    name: str
    name_en: str
    kind: str
    area: str | None
    parent_id: int | None
    path: str
    valid_from: datetime
    valid_to: datetime | None

    @property
    def depth(self) -> int:
        """0 for the root."""
        return self.path.count("/") - 2


@dataclass(frozen=True, slots=True)
class UserView:
    """A user as others may see them."""

    id: int
    username: str
    name: str
    name_en: str
    phone: str
    email: str
    locale: str | None
    active: bool
    unit_id: int | None


def unit_of_row(row: OrgUnit) -> UnitView:
    return UnitView(
        id=row.id,
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        kind=row.kind,
        area=row.area,
        parent_id=row.parent_id,
        path=row.path,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def user_of_row(row: User) -> UserView:
    return UserView(
        id=row.id,
        username=row.username,
        name=row.name,
        name_en=row.name_en,
        phone=row.phone,
        email=row.email,
        locale=row.locale,
        active=row.active,
        unit_id=row.unit_id,
    )
