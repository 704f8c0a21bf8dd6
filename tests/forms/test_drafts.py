"""Drafts: one a person and task, replaced, dropped, bounded, forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.forms import drafts
from app.kernel.actor import Actor
from app.kernel.clock import FrozenClock
from app.kernel.db import run, session

pytestmark = pytest.mark.databases


def test_the_last_one_counts(app: Flask, actor: Actor, clock: FrozenClock) -> None:
    for text in ("一", "二"):
        run(lambda text=text: drafts.save_draft("T1", 1, {"note": text}, actor=actor, now=clock.now()))
    found = drafts.load_draft("T1", 1)
    assert found is not None
    assert (found.data, found.saved_at) == ({"note": "二"}, clock.now())
    assert drafts.load_draft("T1", 2) is None


def test_dropping_ones_own_or_everybodys(app: Flask, actor: Actor, clock: FrozenClock) -> None:
    for user in (1, 2, 3):
        run(lambda user=user: drafts.save_draft("T1", user, {}, actor=actor, now=clock.now()))
    run(lambda: drafts.drop_draft("T1", 1))
    assert [drafts.load_draft("T1", user) is None for user in (1, 2, 3)] == [True, False, False]
    session.rollback()
    run(lambda: drafts.drop_draft("T1"))
    assert drafts.load_draft("T1", 3) is None


def test_too_large(app: Flask, actor: Actor, clock: FrozenClock) -> None:
    with pytest.raises(drafts.DraftTooLarge):
        drafts.save_draft("T1", 1, {"note": "x" * 300_000}, actor=actor, now=clock.now())


def test_old_ones_are_forgotten(app: Flask, actor: Actor, clock: FrozenClock) -> None:
    run(lambda: drafts.save_draft("old", 1, {}, actor=actor, now=clock.now()))
    later = clock.advance(timedelta(days=91))
    run(lambda: drafts.save_draft("new", 1, {}, actor=actor, now=later))
    assert drafts.drop_old(later) == 1
    assert drafts.load_draft("old", 1) is None
    assert drafts.load_draft("new", 1) is not None
