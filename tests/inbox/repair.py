"""A small process of three steps with real forms, run by the real engine: dispatch → repair → review."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from app.engine import api as engine
from app.engine.definitions.deploy import deploy
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from tests.engine.diagrams import chain, diagram, end, extensions, start, user

DISPATCH = {
    "type": "default",
    "id": "inbox_repair-dispatch",
    "components": [
        {
            "type": "textfield",
            "id": "crew",
            "key": "crew",
            "label": "抢修班组",
            "properties": {"label_en": "Crew"},
            "validate": {"required": True, "maxLength": 40},
        },
        {"type": "number", "id": "people", "key": "people", "label": "人数", "validate": {"min": 1, "max": 20}},
        {"type": "filepicker", "id": "photos", "key": "photos", "label": "照片", "multiple": True},
    ],
}


def _named(name: str) -> str:
    return extensions(properties={"name_en": name})


def files() -> dict[str, bytes]:
    """The diagram and its form."""
    process = diagram(
        start("reported", name="报修"),
        user(
            "dispatch",
            _named("Dispatch"),
            name="派单",
            camunda_candidateGroups="dispatcher@${unit}",
            camunda_formRef="inbox_repair-dispatch",
            camunda_dueDate="PT45M",
        ),
        user("repair", _named("Repair"), name="抢修", camunda_assignee="${leader}"),
        user("review", _named("Review"), name="审核", camunda_candidateGroups="reviewer@${unit}"),
        end("archived", name="归档"),
        chain("reported", "dispatch", "repair", "review", "archived"),
        key="inbox_repair",
        name="抢修",
        name_en="Repair",
    )
    return {"inbox_repair.bpmn": process, "inbox_repair-dispatch.form": json.dumps(DISPATCH).encode()}


def report(now: datetime, *, unit: str, leader: str = "", **values: Any) -> engine.InstanceView:
    """Deploy (once) and start a case; its first task waits for `dispatcher@<unit>`."""
    deploy(files(), actor=SYSTEM, now=now)
    shown = {"title": "青山路停电", "title_en": "Outage in Qingshan Road", "business_key": "GD202603020001", **values}
    case = engine.start(
        "inbox_repair", data={"unit": unit, "leader": leader}, unit=unit, actor=SYSTEM, now=now, **shown
    )
    session.commit()
    return case


def task_of(case: engine.InstanceView) -> engine.TaskView:
    """The one open task of a case."""
    (task,) = engine.open_tasks(case.id)
    return task
