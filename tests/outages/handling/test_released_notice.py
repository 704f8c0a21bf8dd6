"""A notice that a person releases: in time or late, reworded, dropped, overtaken by a newer one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.engine.definitions.deploy import deploy
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.settings import ROOT
from app.notify.models import Delivery, Notice
from app.outages.models import Outage, OutageNotice, OutageTold
from app.outages.operations import confirming, etr
from tests.outages.handling.test_unplanned import located, reach_everybody
from tests.outages.world import World
from tests.workorders.house import House

pytestmark = pytest.mark.databases
TABLE = Path("bpmn/outage_notice/notice_policy.dmn")
WORDS = {"notice_text": "T1台区停电，抢修中，预计中午恢复。", "notice_text_en": "T1: no supply, back at noon."}


@pytest.fixture
def draft(world: World, house: House) -> OutageNotice:
    """A confirmed outage whose notice waits for somebody: the policy asks for it from two customers on."""
    content = (ROOT / TABLE).read_bytes()
    assert content.count(b"20000") == 1
    changed = {str(TABLE): content.replace(b"20000", b"1")}
    db.run(lambda: deploy(changed, actor=SYSTEM, now=house.now))
    reach_everybody(world)
    house.do(confirming.confirm, located(world, house).number, cause="tree")
    house.settle()
    return session.scalars(sa.select(OutageNotice)).one()


def number(notice: OutageNotice) -> str:
    return session.get_one(Outage, notice.outage_id).number


def key(notice: OutageNotice) -> str:
    return f"{number(notice)}-{notice.id}"


def told() -> list[OutageTold]:
    session.expire_all()
    return list(session.scalars(sa.select(OutageTold).order_by(OutageTold.customer_id)))


def test_nobody_is_told_before_it_is_released_and_then_in_its_words(
    world: World, house: House, draft: OutageNotice
) -> None:
    assert (draft.state, told()) == ("draft", [])
    house.complete(key(draft), "release", "dispatcher", release_action="release", **WORDS)
    house.settle()
    session.refresh(draft)
    assert (draft.state, draft.text, draft.by) == ("entered", WORDS["notice_text"], house.actor("dispatcher").ref)
    assert [row.customer_id for row in told()] == sorted(world.customers["T1"])
    assert {row.state for row in told()} == {"handed"}
    sent = session.scalars(sa.select(Delivery.text)).all()
    assert len(sent) == len(world.customers["T1"])
    assert all(WORDS["notice_text"] in text for text in sent)


def test_late_it_goes_to_the_supervisor_and_may_still_be_released(house: House, draft: OutageNotice) -> None:
    house.clock.advance(timedelta(minutes=6))
    house.settle()
    session.refresh(draft)
    assert draft.warned_at is not None
    warned = session.scalars(sa.select(Notice.user_id).where(Notice.kind == "escalation")).all()
    assert house.people["supervisor"].id in warned
    house.complete(key(draft), "release", "dispatcher", release_action="release", **WORDS)
    house.settle()
    session.refresh(draft)
    assert draft.entered_at is not None
    assert draft.entered_at > draft.due_at


def test_dropped_tells_nobody(house: House, draft: OutageNotice) -> None:
    house.complete(key(draft), "release", "dispatcher", release_action="drop", **WORDS)
    house.settle()
    session.refresh(draft)
    assert (draft.state, told()) == ("dropped", [])


def test_a_newer_one_takes_its_place(house: House, draft: OutageNotice) -> None:
    house.do(etr.set_etr, number(draft), house.now + timedelta(hours=3), source="dispatcher")
    house.settle()
    session.expire_all()
    first, second = session.scalars(sa.select(OutageNotice).order_by(OutageNotice.id)).all()
    assert [(one.occasion, one.state) for one in (first, second)] == [("confirmed", "dropped"), ("etr", "draft")]
    assert "release" not in house.tasks(key(first)), "nobody has two to release"
    assert "release" in house.tasks(key(second))
