"""Demo customers over the demo units: six hundred households, shops and factories with two years' readings."""

from __future__ import annotations

from collections.abc import Sequence

from app.customers.fictive.loading import Follower, Loaded
from app.customers.fictive.loading import load as load_fictive
from app.customers.fictive.words import words
from app.customers.operations.codes import sync_codes
from app.identity import queries as people
from app.kernel import clock, db
from app.kernel.actor import SYSTEM
from app.kernel.db import session

COUNT = 600


def load(*, count: int = COUNT, follow: Sequence[Follower] = ()) -> Loaded:
    """Make customers until there are `count` (those made before stay); `follow` adds what belongs to each batch."""
    now = clock.now()
    db.run(lambda: sync_codes(actor=SYSTEM, now=now))
    codes = list(words()["places"])
    units = [unit for code in codes if (unit := people.unit_by_code(code, at=now))]
    session.rollback()
    if not units:
        return Loaded(0, 0, 0.0)
    return load_fictive(count, units, now=now, follow=follow, unit_of=_unit_of)


def _unit_of(n: int) -> int:
    """The callers of the demo orders live where the orders are; others take turns."""
    if n < words()["callers"]["count"]:
        return 3 if n % 4 == 3 else 0
    return n
