"""Profiles and their versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.customers.importing import find, rights, targets
from app.customers.importing.models import DataImport, ImportProfile, ImportProfileVersion
from app.customers.importing.profiles import Content
from app.kernel.actor import Actor
from app.kernel.db import session


@dataclass(frozen=True, slots=True)
class ProfileView:
    """A profile with the content of one of its versions."""

    id: int
    name: str
    target: str
    target_name: str
    version: int
    active: bool
    content: Content
    note: str
    created_at: datetime
    created_by: str


def list_profiles(*, target: str = "", retired: bool = False) -> list[ProfileView]:
    """Profiles by name, with the version in force."""
    query = _QUERY.where(ImportProfileVersion.number == ImportProfile.current).order_by(ImportProfile.name)
    if not retired:
        query = query.where(ImportProfile.active)
    if target:
        query = query.where(ImportProfile.target == target)
    return [_view(profile, version) for profile, version in session.execute(query)]


def profile_view(profile_id: int, *, version: int | None = None) -> ProfileView:
    """One profile in the version in force or another; raises `ProfileNotFound`."""
    profile = find.a_profile(profile_id)
    number = profile.current if version is None else version
    query = sa.select(ImportProfileVersion).filter_by(profile_id=profile_id, number=number)
    row = session.scalars(query).first()
    return _view(profile, row or find.version_in_force(profile))


def by_name(name: str) -> ProfileView | None:
    """The profile of this name."""
    found = session.scalars(sa.select(ImportProfile).where(ImportProfile.name == name)).first()
    return profile_view(found.id) if found else None


def versions_of(profile_id: int) -> list[ProfileView]:
    """Every version, the latest first."""
    query = _QUERY.where(ImportProfile.id == profile_id).order_by(ImportProfileVersion.number.desc())
    return [_view(profile, version) for profile, version in session.execute(query)]


def last_file(profile_id: int, *, actor: Actor, now: datetime) -> int | None:
    """The last file that came by a profile in an import which the actor may see."""
    query = (
        sa.select(DataImport.file_id)
        .join(ImportProfileVersion, ImportProfileVersion.id == DataImport.profile_version_id)
        .where(ImportProfileVersion.profile_id == profile_id, rights.visible(actor, now=now))
        .order_by(DataImport.id.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def _view(profile: ImportProfile, version: ImportProfileVersion) -> ProfileView:
    return ProfileView(
        id=profile.id,
        name=profile.name,
        target=profile.target,
        target_name=str(targets.get(profile.target).title),
        version=version.number,
        active=profile.active,
        content=Content.from_json(version.content),
        note=version.note,
        created_at=version.created_at,
        created_by=version.created_by,
    )


_QUERY = sa.select(ImportProfile, ImportProfileVersion).join(
    ImportProfileVersion, ImportProfileVersion.profile_id == ImportProfile.id
)
