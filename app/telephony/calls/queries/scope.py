"""Which calls a person may see, and what of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.customers.masking import masked
from app.identity import authority
from app.kernel.actor import Actor
from app.telephony.calls.models import Call

READ = "call.read"
LISTEN = "call.listen"
SENSITIVE = "customer.sensitive"


def visible(paths: Sequence[str]) -> sa.ColumnElement[bool]:
    """Calls of these units. A call that could not be placed belongs to the whole line: it stands at `/`, and is
    seen by those who may see the whole of a utility, whose unit is at the top of the tree."""
    if "/" in paths:
        return sa.true()
    below = [Call.unit_path.startswith(path, autoescape=True) for path in paths]
    if any("/" not in path.strip("/") for path in paths):
        below.append(Call.unit_path == "/")
    return sa.or_(*below) if below else sa.false()


def number_shown(number: str, unit_path: str, *, actor: Actor, now: datetime) -> str:
    """The number, masked for those without the right to see customers' data whole."""
    whole = authority.may(actor, SENSITIVE, unit_path=unit_path, now=now)
    return number if whole else masked(number, "middle")
