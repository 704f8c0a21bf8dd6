"""What a browser signs in to the switch with: made for the desk that opens, good for minutes, kept as a hash."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.telephony.agents.models import PhoneAgent
from app.telephony.agents.operations import a1_hash
from app.telephony.agents.settings import PhoneSettings

SEAT = re.compile(r"[A-Za-z0-9-]{8,40}")


class NoPhone(Conflict):
    """The person has no telephone of this kind."""

    code = "no_phone"


class SeatTaken(Conflict):
    """Another desk of the same person has taken the telephone over."""

    code = "seat_taken"


@dataclass(frozen=True, slots=True)
class Credentials:
    """For one registration; `ice` as browsers take it (`urls`, `username`, `credential`)."""

    extension: str
    domain: str
    password: str = field(repr=False)
    seconds: int
    ice: list[dict[str, str]] = field(repr=False)


def sign_in(
    username: str, seat: str, *, renew: bool, domain: str, settings: PhoneSettings, actor: Actor, now: datetime
) -> Credentials:
    """A new password for this person's browser; the one before is void. Raises `NoPhone`, `SeatTaken`.

    `seat` names the open desk. A desk that opens takes the telephone over; one that renews keeps it only while no
    other has.
    """
    row = session.scalar(
        sa.select(PhoneAgent).where(PhoneAgent.username == username, PhoneAgent.active).with_for_update()
    )
    if row is None or row.kind != "browser" or not settings.wss or not SEAT.fullmatch(seat):
        raise NoPhone(_l("You have no telephone in the browser."))
    if renew and row.seat != seat:
        raise SeatTaken(_l("The telephone is in use at another desk."))
    if not renew:
        audit.record("phone.signed_in", actor=actor, now=now, subject_type="phone_agent", subject_id=row.extension)
    password = secrets.token_urlsafe(24)
    row.a1_hash, row.seat, row.expires_at = a1_hash(row.extension, domain, password), seat, now + settings.life
    session.flush()
    return Credentials(row.extension, domain, password, int(settings.life.total_seconds()), ice(settings, row, now=now))


def sign_off(username: str, seat: str, *, now: datetime) -> str | None:
    """The desk `seat` is closed: its password is void. The extension, None where another desk has taken over."""
    row = session.scalar(sa.select(PhoneAgent).where(PhoneAgent.username == username, PhoneAgent.active))
    if row is None or row.kind != "browser" or not seat or row.seat != seat:
        return None
    row.expires_at = now
    session.flush()
    return row.extension


def ice(settings: PhoneSettings, row: PhoneAgent, *, now: datetime) -> list[dict[str, str]]:
    """Servers for finding a way through the network. Names and passwords of TURN are those of its REST interface
    (draft-uberti-behave-turn-rest-00): an end in epoch seconds and a person, signed by the shared secret.
    """
    servers = []
    for address in settings.ice:
        server = {"urls": address}
        if address.startswith("turn") and settings.turn_secret:
            server["username"] = f"{int((now + settings.life).timestamp())}:{row.extension}"
            signed = hmac.new(settings.turn_secret.encode(), server["username"].encode(), hashlib.sha1)
            server["credential"] = base64.b64encode(signed.digest()).decode()
        servers.append(server)
    return servers
