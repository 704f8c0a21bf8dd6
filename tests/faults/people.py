"""The people of a repair, as programs: each takes what is offered to their post and fills in its form."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.identity import operations as identity
from app.identity import queries
from app.kernel import db
from tests.faults.caller import Caller, Refused
from tests.workorders.house import REPLY, REPORT, SURVEY, House

PATIENCE = 240.0
"""Seconds after which an order that does not reach the archive fails the test."""

WORKERS = ("agent", "dispatcher", "crew_leader", "reviewer", "callback")


def tokens(house: House) -> dict[str, str]:
    """An API token with all of a person's rights, for each post at work."""
    found = {}
    for post in WORKERS:
        user, now = house.people[post], house.now
        rights = queries.permissions_of(user.id, at=now)
        until = now + timedelta(days=1)
        _, found[post] = db.run(
            lambda user=user, rights=rights, until=until, now=now, post=post: identity.issue_token(  # type: ignore[misc]
                user.id, name="faults", scopes=rights, expires_at=until, actor=house.actor(post), now=now
            )
        )
    return found


def answers(house: House) -> dict[str, dict[str, Any]]:
    """What each task's form is filled with."""
    now = house.now
    return {
        "dispatch": {"dispatch_action": "dispatch", "crew": str(house.crew)},
        "take": {"take_action": "take"},
        "depart": {"depart_vehicle": "浙A12345"},
        "arrive": {"arrive_lat": 30.1, "arrive_lon": 120.2, "arrive_accuracy": 9},
        "survey": {**SURVEY, "etr": (now + timedelta(hours=2)).isoformat()},
        "repair": {"repair_action": "restored"},
        "reply": dict(REPLY),
        "review": {"review_action": "pass"},
        "call": {"callback_result": "restored", "satisfaction": "satisfied"},
    }


def report(agent: Caller, n: int) -> str:
    """Report fault number `n` and return the order's number; the same however often it is asked."""
    body = {
        "unit": REPORT.unit,
        "address": f"青山县解放路 {n} 号",
        "description": REPORT.description,
        "contact_name": f"客户{n}",
        "phone": f"138{n:08d}",
        "sub_type": REPORT.sub_type,
        "symptom": REPORT.symptom,
    }
    number: str = agent.post("/api/v1/orders", body, key=f"fault-{n}")["number"]
    return number


def work_off(number: str, people: Mapping[str, Caller], filled: Mapping[str, dict[str, Any]]) -> None:
    """Do every task of an order until it is archived."""
    end = time.monotonic() + PATIENCE
    while people["agent"].get(f"/api/v1/orders/{number}")["status"] != "ARCHIVED":
        if time.monotonic() > end:
            raise TimeoutError(f"{number} does not reach the archive")
        if not any(_work(number, caller, filled) for caller in people.values()):
            time.sleep(0.2)


def _work(number: str, caller: Caller, filled: Mapping[str, dict[str, Any]]) -> bool:
    done = False
    for scope in ("mine", "groups"):
        for task in caller.get("/api/v1/tasks", scope=scope, key=number)["tasks"]:
            done |= _complete(task, caller, filled, claim=scope == "groups")
    return done


def _complete(task: dict[str, Any], caller: Caller, filled: Mapping[str, dict[str, Any]], *, claim: bool) -> bool:
    """Claim and complete; a refusal means that a call before, never answered, had been carried out."""
    data = dict(filled[task["element_id"]])
    if task["element_id"] == "reply":
        data["reply_restored_at"] = task["created_at"]
    try:
        if claim:
            caller.post(f"/api/v1/tasks/{task['id']}/claim")
        caller.post(f"/api/v1/tasks/{task['id']}/complete", {"data": data})
    except Refused as refused:
        if refused.status != 409:
            raise
    return True
