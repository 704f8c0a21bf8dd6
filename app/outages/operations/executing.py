"""Carry a planned outage out (停电实施): times, switching off, steps, extension, switching on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.kernel.i18n import format_when
from app.network import grid
from app.network import operations as network
from app.outages import hooks
from app.outages.models import Outage, OutageDevice, OutageNotice, OutagePlan, OutageSwitching
from app.outages.operations import etr, members, overlapping, recipients, restoring, steps, trace
from app.outages.operations.find import require_open
from app.outages.queries.judging_plans import terms_of


def times(outage: Outage, *, now: datetime) -> dict[str, str]:
    """When customers are reminded, when switching begins, when lateness is escalated (table `execution_times`)."""
    rule = engine.decide("execution_times", {"nature": outage.nature}, now=now).result
    begins, ends = _span(outage)
    remind = begins - (engine.due_instant(str(rule["remind_before"]), begins) - begins)
    switch = begins - (engine.due_instant(str(rule["switch_before"]), begins) - begins)
    return {
        "remind_at": remind.isoformat(),
        "switch_at": switch.isoformat(),
        "planned_from": begins.isoformat(),
        "planned_to": ends.isoformat(),
        "switch_late": str(rule["switch_late"]),
        "late_at": engine.due_instant(str(rule["restore_grace"]), ends).isoformat(),
    }


def switch_off(outage: Outage, *, note: str = "", actor: Actor, now: datetime) -> int:
    """Supply is cut off: whoever hangs below is out from now; returns how many customers.

    Customers and transformers that are out in another outage stay with it (`overlapping`). The switches of the plan
    are operated in the grid after the members are written, so that location finds them explained.
    Raises `Invalid` before the time that was announced.
    """
    require_open(outage)
    plan = session.get_one(OutagePlan, outage.id)
    codes = [device["code"] for device in plan.devices]
    check_begin(outage, now=now)
    _begins, ends = _span(outage)
    outage.status, outage.locked = "switching", True
    outage.started_at = outage.confirmed_at = now
    session.flush()
    below = restoring.below(codes, now)
    seen = grid.current(now)
    transformers = [one for one in below if seen.has(one) and seen.info(one).kind == "distribution_transformer"]
    overlapping.cut(outage, transformers, at=now)
    overlapping.keep_predictions(outage, below, actor=actor, now=now)
    members.take(outage, _free(below), out_at=now)
    members.take_customers(outage, _below_transformers(codes, now), out_at=now)
    session.flush()
    members.count(outage)
    steps.add_step(outage, "out", steps.named(codes), outage.customers_out, 0.0, at=now, note=note, actor=actor)
    outage.etr_at = None
    etr.estimate(outage, max(ends, now + timedelta(minutes=1)), source="plan", actor=actor, now=now)
    trace.event(outage, "switched_off", actor=actor, now=now, params={"customers": outage.customers_out, "note": note})
    session.flush()
    hooks.emit("changed", outage, actor=actor, now=now)
    _operate(outage, "open", actor=actor, now=now)
    return outage.customers_out


def check_begin(outage: Outage, *, now: datetime) -> None:
    """Nobody is cut off before the time that customers were told. Raises `Invalid`."""
    begins, _ends = _span(outage)
    if now < begins:
        message = _l("Customers were told %(begin)s: supply is not cut off before.", begin=format_when(begins))
        raise Invalid(message, errors={"switch_action": [message]})


def just_told(outage: Outage, *, now: datetime) -> bool:
    """Whether customers heard of the time when a reminder was due already, or later: another would only repeat it."""
    remind_at = datetime.fromisoformat(times(outage, now=now)["remind_at"])
    told = sa.select(sa.func.max(OutageNotice.caused_at)).where(
        OutageNotice.outage_id == outage.id, OutageNotice.occasion.in_(("announced", "changed"))
    )
    last = session.scalar(told)
    return last is not None and last >= remind_at


def switch_on(outage: Outage, *, note: str = "", actor: Actor, now: datetime) -> None:
    """Supply is back for all of it; the switches are closed in the order they were opened, from the last."""
    require_open(outage)
    if outage.status not in restoring.BACK:
        restoring.bring_back(outage, note=note, actor=actor, now=now)
    _operate(outage, "closed", actor=actor, now=now)


def extend(outage: Outage, until: datetime, *, reason: str, actor: Actor, now: datetime) -> None:
    """Work takes longer (延期送电): a later end, told to the same people. Raises `Invalid`."""
    require_open(outage)
    check_extension(outage, until, now=now)
    plan = session.get_one(OutagePlan, outage.id)
    _begins, ends = _span(outage)
    outage.planned_to, plan.extensions = until, plan.extensions + 1
    params = {"to": until.isoformat(), "before": ends.isoformat(), "reason": reason[:300]}
    trace.event(outage, "extended", actor=actor, now=now, params=params)
    etr.estimate(outage, until, source="plan", note=reason, actor=actor, now=now)
    session.flush()


def check_extension(outage: Outage, until: datetime, *, now: datetime) -> None:
    """An extension ends later than planned, in the future, and adds no more than one outage may last.

    Raises `Invalid`.
    """
    _begins, ends = _span(outage)
    most = timedelta(hours=float(terms_of(outage.nature, now=now)["most_hours"]))
    why = None
    if until <= max(ends, now):
        why = _l("An extension ends later than planned, and in the future.")
    elif until - ends > most:
        why = _l("An extension is at most %(n)s hours.", n=f"{most.total_seconds() / 3600:g}")
    if why is not None:
        raise Invalid(why, errors={"extend_to": [why]})


def _operate(outage: Outage, state: str, *, actor: Actor, now: datetime) -> None:
    """Operate the plan's switches in the grid; the step of the process is the authority, the person is kept."""
    steps: Sequence[OutageSwitching] = session.scalars(
        sa.select(OutageSwitching)
        .where(OutageSwitching.outage_id == outage.id, OutageSwitching.state == "open")
        .order_by(OutageSwitching.n if state == "open" else OutageSwitching.n.desc())
    ).all()
    seen = grid.current(now)
    for step in steps:
        if not seen.has(step.device_code) or (state == "closed" and step.done_at is None):
            continue
        reason = f"{outage.number} {outage.cause_note}".strip()[:300]
        network.switch(
            step.device_code,
            state,
            step.phases,
            reason=f"{reason} {actor.username}".strip(),
            actor=SYSTEM,
            now=now,
            source="plan",
            key=f"{outage.number}:{step.n}:{state}",
        )
        if state == "open":
            step.done_at, step.done_by = now, actor.ref
    session.flush()


def _free(codes: set[str]) -> set[str]:
    """Those devices that no active outage holds."""
    held: set[str] = set()
    wanted = sorted(codes)
    for place in range(0, len(wanted), 500):
        query = sa.select(OutageDevice.device_code).where(
            OutageDevice.active, OutageDevice.device_code.in_(wanted[place : place + 500])
        )
        held.update(session.scalars(query))
    return codes - held


def _below_transformers(codes: Sequence[str], now: datetime) -> list[int]:
    """The customers of devices that lie below a transformer: branches and boxes, which have no transformer below."""
    seen = grid.current(now)
    low = [code for code in codes if seen.has(code) and seen.info(code).kind in ("lv_branch", "meter_box")]
    return recipients.below(low, now=now)


def _span(outage: Outage) -> tuple[datetime, datetime]:
    if outage.planned_from is None or outage.planned_to is None:
        raise Invalid(_l("Outage %(number)s has no planned time.", number=outage.number))
    return outage.planned_from, outage.planned_to


def facts_of(outage: Outage) -> dict[str, Any]:
    """What the forms of switching show besides."""
    steps = session.scalars(
        sa.select(OutageSwitching).where(OutageSwitching.outage_id == outage.id).order_by(OutageSwitching.n)
    ).all()
    names = [step.device_name or step.device_code for step in steps]
    english = [step.device_name_en or step.device_name or step.device_code for step in steps]
    return {
        "switching_words": "、".join(f"断开{name}" for name in names) or "按现场操作票",
        "switching_words_en": ", ".join(f"open {name}" for name in english) or "by the switching order on site",
    }
