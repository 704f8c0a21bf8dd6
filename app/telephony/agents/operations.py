"""Keep queues, agents and who serves which queue."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import queries as people
from app.kernel import audit, live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.telephony.agents.models import KINDS, STRATEGIES, PhoneAgent, PhoneQueue, PhoneTier

CODE = re.compile(r"[a-z][a-z0-9_]{0,38}")
EXTENSION = re.compile(r"[1-9][0-9]{2,4}")


class NoQueue(Invalid):
    """What was typed makes no queue."""

    code = "phone_queue"


class NoAgent(Invalid):
    """What was typed makes no agent's telephone."""

    code = "phone_agent"


@dataclass(frozen=True, slots=True)
class QueueData:
    """A queue as it is to be; seconds and counts, 0 is no bound."""

    code: str
    name: str
    name_en: str = ""
    strategy: str = STRATEGIES[0]
    max_wait: int = 600
    most: int = 0
    record: bool = True
    active: bool = True


def save_queue(data: QueueData, *, actor: Actor, now: datetime) -> int:
    """Add a queue or change the one of this code. Raises `NoQueue`."""
    if not CODE.fullmatch(data.code):
        raise NoQueue(_l("A queue's code is made of small letters, digits and _."), field="code")
    if not data.name.strip():
        raise NoQueue(_l("A queue needs a name."), field="name")
    if data.strategy not in STRATEGIES or not 0 <= data.max_wait <= 7200 or not 0 <= data.most <= 1000:
        raise NoQueue(_l("A queue waits at most two hours and holds at most 1000 callers."), field="max_wait")
    row = session.scalar(sa.select(PhoneQueue).where(PhoneQueue.code == data.code)) or PhoneQueue(code=data.code)
    row.name, row.name_en, row.strategy = data.name.strip()[:60], data.name_en.strip()[:60], data.strategy
    row.max_wait, row.most, row.record, row.active = data.max_wait, data.most, data.record, data.active
    row.changed_at = now
    session.add(row)
    session.flush()
    _told("phone.queue", "phone_queue", data.code, actor=actor, now=now)
    return row.id


def save_agent(
    extension: str,
    username: str,
    *,
    domain: str,
    kind: str = "telephone",
    wrap_up: int = 15,
    rings: int = 20,
    actor: Actor,
    now: datetime,
) -> str:
    """Give a person a telephone; its password, which nobody can read again: empty for a browser's, which gets one
    each time it signs in. Raises `NoAgent`.
    """
    if kind not in KINDS:
        raise NoAgent(_l("What rings: the browser, or a telephone?"), field="kind")
    if not EXTENSION.fullmatch(extension):
        raise NoAgent(_l("An extension has three to five digits and does not begin with 0."), field="extension")
    if people.user_view(username) is None:
        raise NoAgent(_l("There is no user of this name."), field="username")
    if not 0 <= wrap_up <= 600 or not 5 <= rings <= 60:
        raise NoAgent(_l("Wrapping up takes at most ten minutes, ringing 5 to 60 seconds."), field="wrap_up")
    taken = session.scalar(
        sa.select(PhoneAgent).where(
            sa.or_(PhoneAgent.extension == extension, PhoneAgent.username == username),
            sa.not_(sa.and_(PhoneAgent.extension == extension, PhoneAgent.username == username)),
        )
    )
    if taken is not None:
        raise NoAgent(_l("This extension or this person has another telephone already."), field="extension")
    row = session.scalar(sa.select(PhoneAgent).where(PhoneAgent.extension == extension)) or PhoneAgent(
        extension=extension, username=username
    )
    password = secrets.token_urlsafe(15)
    row.a1_hash = a1_hash(extension, domain, password)
    row.kind, row.seat, row.expires_at = kind, "", None
    row.wrap_up, row.rings, row.active, row.changed_at = wrap_up, rings, True, now
    session.add(row)
    session.flush()
    _told("phone.agent", "phone_agent", extension, actor=actor, now=now)
    return password if kind == "telephone" else ""


def a1_hash(extension: str, domain: str, password: str) -> str:
    """What SIP's digest is made of (RFC 2617 A1, MD5 by its definition): the password is not kept."""
    return hashlib.md5(f"{extension}:{domain}:{password}".encode(), usedforsecurity=False).hexdigest()


def close_agent(extension: str, *, actor: Actor, now: datetime) -> None:
    """Take a telephone away: nobody signs in with it any more."""
    row = session.scalar(sa.select(PhoneAgent).where(PhoneAgent.extension == extension))
    if row is None:
        raise NoAgent(_l("There is no such telephone."), field="extension")
    row.active, row.changed_at = False, now
    session.flush()
    _told("phone.agent_closed", "phone_agent", extension, actor=actor, now=now)


def serve(extension: str, levels: Mapping[str, int], *, actor: Actor, now: datetime) -> None:
    """Which queues a telephone serves, by code and level (1 is asked first); it serves no others."""
    agent = session.scalar(sa.select(PhoneAgent).where(PhoneAgent.extension == extension))
    if agent is None:
        raise NoAgent(_l("There is no such telephone."), field="extension")
    known = {queue.code: queue.id for queue in session.scalars(sa.select(PhoneQueue))}
    unknown = set(levels) - set(known)
    if unknown or any(not 1 <= level <= 9 for level in levels.values()):
        raise NoQueue(_l("There is no such queue."), field="queue")
    session.execute(sa.delete(PhoneTier).where(PhoneTier.agent_id == agent.id))
    session.add_all(PhoneTier(queue_id=known[code], agent_id=agent.id, level=level) for code, level in levels.items())
    session.flush()
    _told("phone.serves", "phone_agent", extension, actor=actor, now=now)


def _told(action: str, kind: str, name: str, *, actor: Actor, now: datetime) -> None:
    audit.record(action, actor=actor, now=now, subject_type=kind, subject_id=name)
    live.touch("phone_roster")
