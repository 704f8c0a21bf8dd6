"""Accounting after the storm: every order, task, timer, job and effect, each exactly once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa

from app.engine.runtime.models import Incident, Instance, Subscription, Task, Timer
from app.kernel.db import session
from app.kernel.jobs.models import Job
from app.workorders.models import Callback, OrderEvent, OrderStamp, WorkOrder


def problems(numbers: list[str]) -> list[str]:
    """What does not add up; empty where nothing was lost and nothing done twice."""
    return [*_orders(numbers), *_instances(), *_leftovers(), *_effects()]


def _orders(numbers: list[str]) -> list[str]:
    found = Counter(session.scalars(sa.select(WorkOrder.number)))
    wrong = [f"order {number}: {found[number]} rows" for number in numbers if found[number] != 1]
    wrong += [f"order {number} was never asked for" for number in found.keys() - set(numbers)]
    unfinished = sa.select(WorkOrder.number).where(WorkOrder.status != "ARCHIVED")
    return wrong + [f"order {number} is not archived" for number in session.scalars(unfinished)]


def _instances() -> list[str]:
    query = sa.select(Instance.business_key, sa.func.count()).where(Instance.process_key == "repair_dispatch")
    wrong = [f"{key}: {n} processes" for key, n in session.execute(query.group_by(Instance.business_key)) if n != 1]
    active = sa.select(Instance.process_key, Instance.business_key).where(Instance.status != "completed")
    return wrong + [f"{key} of {number} has not ended" for key, number in session.execute(active)]


def _leftovers() -> list[str]:
    """What nobody will ever come back to."""
    counts: dict[str, Any] = {
        "open tasks": sa.select(sa.func.count()).select_from(Task).where(Task.state == "open"),
        "timers": sa.select(sa.func.count()).select_from(Timer),
        "subscriptions": sa.select(sa.func.count()).select_from(Subscription),
        "open incidents": sa.select(sa.func.count()).select_from(Incident).where(Incident.state == "open"),
        "unfinished jobs": sa.select(sa.func.count()).select_from(Job).where(Job.state != "done"),
    }
    found = {name: session.scalar(query) or 0 for name, query in counts.items()}
    return [f"{n} {name} left" for name, n in found.items() if n]


def _effects() -> list[str]:
    """Each stamp, callback and completed task once an order."""
    wrong: list[str] = []
    stamps = sa.select(OrderStamp.order_id, OrderStamp.name, sa.func.count()).group_by(
        OrderStamp.order_id, OrderStamp.name
    )
    wrong += [f"order {order}: stamp {name} {n} times" for order, name, n in session.execute(stamps) if n != 1]
    calls = sa.select(Callback.order_id, sa.func.count()).group_by(Callback.order_id)
    wrong += [f"order {order}: {n} callbacks" for order, n in session.execute(calls) if n != 1]
    accepted = sa.select(OrderEvent.order_id, sa.func.count()).where(OrderEvent.kind == "accepted")
    wrong += [
        f"order {o}: accepted {n} times" for o, n in session.execute(accepted.group_by(OrderEvent.order_id)) if n != 1
    ]
    tasks = sa.select(Task.instance_id, Task.element_id, sa.func.count()).where(Task.state == "done")
    repeated = session.execute(tasks.group_by(Task.instance_id, Task.element_id).having(sa.func.count() > 1))
    return wrong + [f"{instance}: {element} done {n} times" for instance, element, n in repeated]
