"""Substitution (代理): while a user is away another does their work as well."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.identity.models import Substitution, User
from app.identity.operations.fields import Fields
from app.identity.operations.reach import existing_user, reachable
from app.identity.operations.users import record
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFound


class SubstitutionNotFound(NotFound):
    code = "substitution_not_found"


def grant_substitution(
    absent_id: int,
    substitute_id: int,
    *,
    valid_from: datetime,
    valid_to: datetime,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> int:
    """Let `substitute_id` do the work of `absent_id` for a period; by the absent themselves or their administrator."""
    absent, substitute = _theirs(absent_id, actor, now), existing_user(substitute_id)
    fields = Fields()
    reason = fields.text("reason", reason, longest=200, required=False)
    if absent.id == substitute.id:
        fields.refuse("substitute", _l("Nobody substitutes themselves."))
    if not substitute.active:
        fields.refuse("substitute", _l("This account is disabled."))
    if valid_to <= valid_from:
        fields.refuse("valid_to", _l("The end must lie after the beginning."))
    elif valid_to <= now:
        fields.refuse("valid_to", _l("The end lies in the past."))
    fields.done()
    row = Substitution(
        absent_id=absent.id,
        substitute_id=substitute.id,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
        created_by=actor.ref,
        created_at=now,
    )
    session.add(row)
    session.flush()
    record(
        "user.substitute",
        absent,
        actor=actor,
        now=now,
        substitute=substitute.username,
        valid_from=valid_from.isoformat(),
        valid_to=valid_to.isoformat(),
    )
    return row.id


def end_substitution(substitution_id: int, *, actor: Actor, now: datetime) -> None:
    """End a substitution now; one that has not begun never does."""
    row = session.get(Substitution, substitution_id)
    if row is None:
        raise SubstitutionNotFound(_l("There is no such substitution."), substitution_id=substitution_id)
    absent = _theirs(row.absent_id, actor, now)
    if row.valid_to <= now:
        return
    row.valid_to = max(now, row.valid_from)
    session.flush()
    record("user.end_substitution", absent, actor=actor, now=now, substitution=row.id)


def _theirs(user_id: int, actor: Actor, now: datetime) -> User:
    return existing_user(user_id) if user_id == actor.id else reachable(user_id, actor=actor, now=now)
