"""The customer's own fault, the content checks of a reply, the review, assistance, progress."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.engine import api as engine
from app.kernel import db
from app.kernel.db import session
from app.workorders import operations
from app.workorders.models import OrderAssistant, OrderEtr, OrderProgress
from app.workorders.queries.limits import limits_of
from tests.workorders.house import REPLY, House

pytestmark = pytest.mark.databases

MINUTE = timedelta(minutes=1)


def test_the_customers_own_fault_is_replied_without_restoration(house: House) -> None:
    number = house.accept().number
    house.to_site(number)
    house.complete(
        number,
        "survey",
        "crew_leader",
        fault_type="customer_equipment",
        fault_cause="customer_fault",
        ownership="customer",
    )
    assert set(house.tasks(number)) == {"reply"}
    own = {"reply_fault_type": "customer_equipment", "reply_fault_cause": "customer_fault"}
    house.complete(number, "reply", "crew_leader", **{**REPLY, **own, "reply_ownership": "customer"})
    assert set(house.tasks(number)) == {"review"}
    limits = {limit.stage: limit.state for limit in limits_of(house.order(number).id)}
    assert limits["restore"] == "closed"


def test_a_contradictory_reply_comes_back_with_its_problems(house: House) -> None:
    number = house.accept().number
    house.to_site(number)
    house.repair(number)
    house.reply(number, reply_fault_cause="customer_fault", reply_restored_at="2026-03-02T08:00:00+08:00")
    tasks = house.tasks(number)
    assert set(tasks) == {"reply"}
    data = engine.task_data(tasks["reply"].id)
    assert "早于" in data["reply_problems"] or "Restored before" in data["reply_problems_en"]
    assert house.order(number).status == "RESTORED"
    house.reply(number)
    assert set(house.tasks(number)) == {"review"}


def test_the_reviewer_sends_a_reply_back(house: House) -> None:
    number = house.accept().number
    house.to_site(number)
    house.repair(number)
    house.reply(number)
    house.complete(
        number,
        "review",
        "reviewer",
        review_action="send_back",
        send_back_reasons=["not_contacted"],
        review_note="请联系客户",
    )
    assert house.order(number).status == "RESTORED"
    house.reply(number)
    house.complete(number, "review", "reviewer", review_action="pass")
    house.settle()
    assert set(house.tasks(number)) == {"call"}


def test_the_lead_replies_when_every_assistant_has(house: House) -> None:
    number = house.accept().number
    house.to_site(number)
    house.do(operations.request_assistance, number, unit="GM-LJ-BH", request="借用吊车", by="crew_leader")
    house.do(operations.request_assistance, number, unit="GM-LJ-BH", request="增派人手", by="dispatcher")
    house.repair(number)
    house.reply(number)
    assert house.order(number).status == "RESTORED"
    for _ in range(2):
        assert "review" not in house.tasks(number)
        task = house.tasks(number)["assist"]
        db.run(
            lambda task=task: engine.complete(
                task.id, {"assist_result": "已支援"}, actor=house.actor("other_leader"), now=house.now
            )
        )
    assert set(house.tasks(number)) == {"review"}
    assert session.scalars(sa.select(OrderAssistant.state)).all() == ["replied", "replied"]


def test_a_long_repair_reports_progress_and_its_estimates_are_kept(house: House) -> None:
    number = house.accept().number
    house.to_site(number)
    first, second = (house.now + timedelta(hours=hours) for hours in (6, 7))
    house.complete(
        number,
        "survey",
        "crew_leader",
        fault_type="cable",
        fault_cause="ageing",
        ownership="utility",
        etr=first.isoformat(),
    )
    house.complete(
        number,
        "repair",
        "crew_leader",
        90 * MINUTE,
        repair_action="progress",
        progress_note="电缆已开挖",
        etr=second.isoformat(),
        etr_reason="管道积水",
    )
    stages = [limit.stage for limit in limits_of(house.order(number).id) if limit.state == "running"]
    assert "progress" in stages
    assert house.order(number).etr_at == second
    assert session.scalars(sa.select(OrderEtr.etr_at).order_by(OrderEtr.id)).all() == [first, second]
    assert session.scalar(sa.select(OrderProgress.note)) == "电缆已开挖"
    house.complete(number, "repair", "crew_leader", 30 * MINUTE, repair_action="restored")
    progress = [limit.state for limit in limits_of(house.order(number).id) if limit.stage == "progress"]
    assert progress == ["met", "closed"]
