"""Tasks for tests of lists and rights, written as rows: what the engine leaves behind, without running it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import Any

from app.engine.api import Instance, Task, TaskCandidate
from app.identity.queries import UnitView, UserView
from app.inbox.search import index
from app.kernel.db import new_id, session

_numbers = count(1)


def make_case(now: datetime, *, unit: UnitView | None = None, **values: Any) -> Instance:
    """A running instance, findable by its title, key and search text."""
    number = next(_numbers)
    given = {"title": f"报修{number}", "title_en": f"Fault {number}", "business_key": f"GD{number:04}", **values}
    case = Instance(
        id=new_id(),
        definition_id="definition",
        process_key="repair_dispatch",
        unit_code=unit.code if unit else None,
        unit_path=unit.path if unit else None,
        started_at=now,
        started_by="agent",
        state=b"",
        **given,
    )
    session.add(case)
    session.flush()
    index.put(case.id, "\n".join([case.business_key or "", case.title, case.title_en, case.search or ""]))
    return case


def make_task(
    now: datetime,
    *,
    case: Instance | None = None,
    unit: UnitView | None = None,
    groups: Iterable[str] = (),
    users: Iterable[UserView] = (),
    assignee: UserView | None = None,
    owner: UserView | None = None,
    **values: Any,
) -> str:
    """A task row with its candidates; returns its id. `values` are columns of the row."""
    case = case or make_case(now, unit=unit)
    given = {
        "element_id": "dispatch",
        "name": "派单",
        "name_en": "Dispatch",
        "priority": 50,
        "created_at": now,
        **values,
    }
    task = Task(
        id=new_id(),
        instance_id=case.id,
        token=new_id(),
        definition_id=case.definition_id,
        process_key=case.process_key,
        unit_code=case.unit_code,
        unit_path=case.unit_path,
        title=case.title,
        title_en=case.title_en,
        business_key=case.business_key,
        search=case.search or "",
        assignee_id=assignee.id if assignee else None,
        owner_id=owner.id if owner else None,
        **given,
    )
    session.add(task)
    session.flush()
    refs = [*(("group", group) for group in groups), *(("user", user.username) for user in users)]
    for kind, ref in refs:
        session.add(
            TaskCandidate(
                task_id=task.id,
                kind=kind,
                ref=ref,
                open=(task.state or "open") == "open",
                held=task.assignee_id is not None,
                due_at=task.due_at,
                priority=task.priority,
                created_at=task.created_at,
            )
        )
    session.commit()
    return task.id
