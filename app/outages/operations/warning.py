"""Remind and escalate (提醒与升级): who is told that something about an outage is late."""

from __future__ import annotations

from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.identity import queries as people
from app.kernel.actor import Actor
from app.notify import operations as notify
from app.outages.called import later
from app.outages.models import Outage
from app.outages.operations import trace
from app.outages.operations.facts import posts_of

LEVELS = {
    "dispatcher": (("dispatcher", "dispatch_unit"),),
    "supervisor": (("supervisor", "lead_unit"), ("head", "lead_unit"), ("dispatcher", "dispatch_unit")),
    "planner": (("grid_planner", "mode_unit"), ("outage_planner", "plan_unit")),
    "asker": (("outage_planner", "plan_unit"),),
    "crew": (("crew_leader", "crew_unit"), ("dispatcher", "dispatch_unit")),
}
"""The posts told at each level, with the fact that says at which unit."""

PRIORITY = {"dispatcher": 80, "supervisor": 95, "planner": 70, "asker": 70, "crew": 80}


def warn(outage: Outage, about: str, level: str, *, key: str, actor: Actor, now: datetime) -> int:
    """Tell the posts of a level what is late; returns how many people were told. `key` makes it happen once."""
    units = posts_of(outage, now=now) | {"crew_unit": outage.unit_code}
    groups = [f"{post}@{units[unit]}" for post, unit in LEVELS[level]]
    ids = {member.id for group in groups for member in people.members_of(group, at=now)}
    told = notify.notify_users(
        ids,
        kind="escalation" if level == "supervisor" else "outage",
        text=_text(about, outage),
        link=f"/outages/{outage.number}",
        priority=PRIORITY[level],
        dedupe_key=f"outage:{outage.number}:{about}:{level}:{key}"[:200],
        actor=actor,
        now=now,
    )
    trace.event(outage, "warned", actor=actor, now=now, params={"about": about, "level": level, "told": len(told)})
    return len(told)


def _text(about: str, outage: Outage) -> LazyString:
    place = {
        "number": outage.number,
        "device": later(outage.device_name or outage.zone, outage.device_name_en),
    }
    texts = {
        "confirm": _l("Outage %(number)s (%(device)s) waits to be judged.", **place),
        "arrive": _l("Nobody is on site yet at outage %(number)s (%(device)s).", **place),
        "etr": _l("Outage %(number)s (%(device)s): say when supply will be back.", **place),
        "etr_over": _l("Outage %(number)s (%(device)s): the estimate has passed, supply is not back.", **place),
        "progress": _l("Outage %(number)s (%(device)s): a report of progress is due.", **place),
        "notice": _l("Outage %(number)s (%(device)s): its notice is not entered in time.", **place),
        "telling": _l("Outage %(number)s (%(device)s): not all customers could be told of its notice.", **place),
        "review": _l("Planned outage %(number)s (%(device)s) waits for its review.", **place),
        "approve": _l("Planned outage %(number)s (%(device)s) waits for approval.", **place),
        "switching": _l("Planned outage %(number)s (%(device)s) should have been switched off by now.", **place),
        "planned_over": _l("Planned outage %(number)s (%(device)s) is over its time: restore or extend.", **place),
        "returned": _l("Planned outage %(number)s (%(device)s) was returned to be revised.", **place),
        "rejected": _l("Planned outage %(number)s (%(device)s) was not approved.", **place),
        "moved_late": _l(
            "Planned outage %(number)s (%(device)s) was moved as an emergency, without its notice.", **place
        ),
        "still_out": _l("Outage %(number)s (%(device)s): a customer is still out.", **place),
    }
    return texts[about]
