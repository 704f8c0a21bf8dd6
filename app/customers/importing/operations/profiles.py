"""Saving profiles: each change is a version of its own; imports keep the one they used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers.importing import find, rights, targets
from app.customers.importing.models import ImportProfile, ImportProfileVersion
from app.customers.importing.profiles import BadProfile, Content, check
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session


@dataclass(frozen=True, slots=True)
class ProfileData:
    """What a person says of a profile; `note` tells why this version was made."""

    name: str
    target: str
    content: Content
    note: str = ""


def save_profile(data: ProfileData, *, profile_id: int | None = None, actor: Actor, now: datetime) -> ImportProfile:
    """Create a profile, or give one a new version where its content changed. Raises `BadProfile`."""
    rights.require(actor, now=now)
    name = data.name.strip()
    _check_name(name, profile_id)
    check(data.content, targets.get(data.target))
    profile = find.a_profile(profile_id) if profile_id is not None else None
    if profile is None:
        profile = ImportProfile(name=name, target=data.target, current=0)
        session.add(profile)
        session.flush()
    profile.name, profile.target, profile.active = name, data.target, True
    kept = data.content.as_json()
    if profile.current == 0 or find.version_in_force(profile).content != kept:
        profile.current += 1
        session.add(
            ImportProfileVersion(
                profile_id=profile.id,
                number=profile.current,
                content=kept,
                note=data.note.strip()[:200],
                created_at=now,
                created_by=actor.ref[:80],
            )
        )
    session.flush()
    details = {"name": name, "version": profile.current}
    audit.record(
        "import_profile.saved",
        actor=actor,
        now=now,
        subject_type="import_profile",
        subject_id=profile.id,
        details=details,
    )
    return profile


def retire_profile(profile_id: int, *, active: bool, actor: Actor, now: datetime) -> None:
    """Lay a profile aside, or take it up again; what used it stays."""
    rights.require(actor, now=now)
    profile = find.a_profile(profile_id)
    profile.active = active
    action = "import_profile.taken_up" if active else "import_profile.retired"
    audit.record(action, actor=actor, now=now, subject_type="import_profile", subject_id=profile.id)


def _check_name(name: str, profile_id: int | None) -> None:
    if not name or len(name) > 100:
        raise BadProfile(_l("The profile is not complete."), errors={"name": [str(_l("Give it a name."))]})
    query = sa.select(ImportProfile.id).where(ImportProfile.name == name)
    if session.scalars(query.where(ImportProfile.id != (profile_id or 0))).first() is not None:
        errors = {"name": [str(_l("Another profile has this name."))]}
        raise BadProfile(_l("The profile is not complete."), errors=errors)
