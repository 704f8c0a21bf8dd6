"""Planned, temporary and orderly outages (计划停电、临时停电、有序用电): ask for one, change it, call it off.

The processes `outage_planned`, `outage_temporary` and `outage_execution` decide what comes next; rows change here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.identity import authority
from app.kernel import audit, live, settings
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.kernel.numbering import next_number
from app.network import grid
from app.outages import hooks
from app.outages.labels import WORK, span_words
from app.outages.models import Outage, OutagePlan, OutageSwitching
from app.outages.operations import recipients, trace
from app.outages.operations.find import open_outage
from app.outages.operations.notice_facts import OF_CAUSE
from app.outages.queries.judging_plans import Judgement, judge, terms_of
from app.outages.rights import APPROVE, PLAN

PREFIX = "TD"
PROCESS = {"planned": "outage_planned", "temporary": "outage_temporary", "orderly": "outage_temporary"}
SWITCHES = frozenset({"feeder_breaker", "switch", "breaker", "fuse"})
"""Kinds of devices that can be opened and closed."""

MOST_DEVICES = 20
BEFORE = frozenset({"drafted", "reviewed", "approved", "noticed"})
"""States in which a plan may still be changed or called off."""


class NotNow(Conflict):
    """The plan has gone too far for this."""

    code = "plan_not_now"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """What is asked for: which devices are cut off from when to when, for which work and why."""

    devices: Sequence[str]
    begins_at: datetime
    ends_at: datetime
    nature: str = "planned"
    work: str = "maintenance"
    reason: str = ""


def look(request: PlanRequest, *, actor: Actor, now: datetime) -> Judgement:
    """What the outage would do and what stands against it, before it is asked for. Right `outage.plan` as for asking.

    Raises `Invalid`, `Forbidden`.
    """
    check(request, looking=True, now=now)
    seen = grid.current(now)
    for code in request.devices:
        authority.require(actor, PLAN, unit_path=seen.info(code).unit_path, now=now)
    ids = recipients.below(request.devices, now=now)
    return _judged(request, ids, 0, now)


def request_outage(request: PlanRequest, *, actor: Actor, now: datetime) -> str:
    """Ask for an outage; returns its number. Right `outage.plan` at every device's unit.

    Raises `Invalid`, `Forbidden`.
    """
    check(request, now=now)
    seen = grid.current(now)
    infos = [seen.info(code) for code in request.devices]
    for info in infos:
        authority.require(actor, PLAN, unit_path=info.unit_path, now=now)
    first = infos[0]
    feeder_name, feeder_name_en = seen.names(first.feeder)
    outage = Outage(
        number=next_number(PREFIX, now=now),
        nature=request.nature,
        kind="planned",
        status="drafted",
        locked=True,
        device_code=first.code,
        device_name=first.name if len(infos) == 1 else f"{first.name} 等 {len(infos)} 处",
        device_name_en=_several_en(first.name_en, len(infos)),
        device_kind=first.kind,
        feeder_code=first.feeder,
        feeder_name=feeder_name,
        feeder_name_en=feeder_name_en,
        substation_code=first.substation,
        unit_code=first.unit_code,
        unit_path=first.unit_path,
        started_at=request.begins_at,
        detected_at=now,
        planned_from=request.begins_at,
        planned_to=request.ends_at,
        cause=request.work if request.work in OF_CAUSE else "",
        cause_note=request.reason,
        why={},
    )
    session.add(outage)
    session.flush()
    plan = OutagePlan(
        outage_id=outage.id,
        work=request.work,
        reason=request.reason.strip()[:300],
        devices=[{"code": info.code, "name": info.name, "name_en": info.name_en, "kind": info.kind} for info in infos],
        terms=dict(terms_of(request.nature, now=now, record=True)),
        planner=actor.username,
        requested_at=now,
        first_from=request.begins_at,
        first_to=request.ends_at,
    )
    session.add(plan)
    for n, info in enumerate((one for one in infos if one.kind in SWITCHES), 1):
        step = OutageSwitching(
            outage_id=outage.id,
            n=n,
            device_code=info.code,
            device_name=info.name,
            device_name_en=info.name_en,
            state="open",
            phases="ABC",
        )
        session.add(step)
    session.flush()
    judge_again(outage, now=now)
    trace.event(
        outage,
        "requested",
        actor=actor,
        now=now,
        params={"from": _iso(outage.planned_from), "to": _iso(outage.planned_to)},
    )
    _audit("outage.plan_requested", outage, actor=actor, now=now)
    hooks.emit("created", outage, actor=actor, now=now)
    _start(outage, plan, actor=actor, now=now)
    return outage.number


def judge_again(outage: Outage, *, now: datetime) -> Judgement:
    """Judge the plan anew and keep the judgement, with who would be told."""
    plan = session.get_one(OutagePlan, outage.id)
    codes = [device["code"] for device in plan.devices]
    assert outage.planned_from is not None and outage.planned_to is not None  # noqa: PT018 (a plan has both)
    asked = PlanRequest(
        devices=codes, begins_at=outage.planned_from, ends_at=outage.planned_to, nature=outage.nature, work=plan.work
    )
    found = _judged(asked, recipients.below(codes, now=now), outage.id, now)
    plan.judgement = found.plain()
    outage.customers_total, outage.important = found.customers, found.important
    outage.important_level = found.important_level
    session.flush()
    return found


def reschedule(
    number: str,
    *,
    begins_at: datetime,
    ends_at: datetime,
    reason: str,
    emergency: bool = False,
    actor: Actor,
    now: datetime,
) -> None:
    """Another time for an outage that is announced: the same people are told. Right `outage.approve`.

    A new begin, sooner or later, needs the whole notice anew (`move`), unless it is an `emergency`.

    Raises `OutageNotFound`, `Forbidden`, `NotNow`, `Invalid`.
    """
    outage = open_outage(number)
    authority.require(actor, APPROVE, unit_path=outage.unit_path, now=now)
    _needs_reason(reason)
    if outage.status != "noticed":
        raise NotNow(_l("Outage %(number)s is not announced, or has begun.", number=outage.number))
    needs_notice(outage, begins_at, emergency=emergency, now=now)
    move(outage, begins_at, ends_at, reason=reason, actor=actor, now=now)
    if not engine.publish("plan_changed", correlation={"business_key": number}, payload={}, actor=actor, now=now):
        raise NotNow(_l("Outage %(number)s cannot be changed now.", number=outage.number))


def call_off(number: str, *, reason: str, actor: Actor, now: datetime) -> None:
    """The outage will not take place: who was told is told so. Right `outage.plan`.

    Raises `OutageNotFound`, `Forbidden`, `NotNow`, `Invalid`.
    """
    outage = open_outage(number)
    authority.require(actor, PLAN, unit_path=outage.unit_path, now=now)
    _needs_reason(reason)
    if outage.nature not in PROCESS or outage.status not in BEFORE:
        raise NotNow(_l("Outage %(number)s has begun and cannot be called off.", number=outage.number))
    session.get_one(OutagePlan, outage.id).ended_reason = reason.strip()[:500]
    session.flush()
    payload = {"cancel_reason": reason.strip()[:300]}
    if not engine.publish(
        "plan_cancelled", correlation={"business_key": number}, payload=payload, actor=actor, now=now
    ):
        raise NotNow(_l("Outage %(number)s cannot be called off now.", number=outage.number))


def move(outage: Outage, begins_at: datetime, ends_at: datetime, *, reason: str, actor: Actor, now: datetime) -> None:
    """Write the new time of a plan. Raises `Invalid`."""
    check_times(outage, begins_at, ends_at, now=now)
    params = {"from": begins_at.isoformat(), "to": ends_at.isoformat(), "reason": reason.strip()[:300]}
    outage.planned_from, outage.planned_to, outage.started_at = begins_at, ends_at, begins_at
    judge_again(outage, now=now)
    trace.event(outage, "moved", actor=actor, now=now, params=params)
    _audit("outage.plan_moved", outage, actor=actor, now=now)
    hooks.emit("changed", outage, actor=actor, now=now)


def check_times(outage: Outage, begins_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    """Refuse another time that cannot be. Raises `Invalid` at `begins_at` and `ends_at`."""
    plan = session.get_one(OutagePlan, outage.id)
    codes = [device["code"] for device in plan.devices]
    asked = PlanRequest(devices=codes, begins_at=begins_at, ends_at=ends_at, nature=outage.nature, work=plan.work)
    check(asked, now=now, codes_known=True)


def check(request: PlanRequest, *, now: datetime, codes_known: bool = False, looking: bool = False) -> None:
    """Refuse what cannot be: unknown devices, times that do not fit, no words for customers. Raises `Invalid`."""
    errors: dict[str, list[LazyString]] = {}
    if request.nature not in PROCESS:
        errors["nature"] = [_l("There is no such kind of planned outage.")]
    if request.work not in WORK:
        errors["work"] = [_l("There is no such kind of work.")]
    if not codes_known and (why := _wrong_devices(request.devices, now)):
        errors["devices"] = [why]
    if not (codes_known or looking or request.reason.strip()):
        errors["reason"] = [_l("Say what is done: customers are told so.")]
    if request.begins_at <= now:
        errors["begins_at"] = [_l("A planned outage begins in the future.")]
    if request.ends_at <= request.begins_at:
        errors["ends_at"] = [_l("It ends after it begins.")]
    elif request.nature in PROCESS:
        hours = float(terms_of(request.nature, now=now)["most_hours"])
        if request.ends_at - request.begins_at > timedelta(hours=hours):
            errors["ends_at"] = [_l("It lasts at most %(n)s hours.", n=f"{hours:g}")]
    if errors:
        raise Invalid(_l("The planned outage cannot be so."), errors=errors)


def _wrong_devices(devices: Sequence[str], now: datetime) -> LazyString | None:
    """What is wrong with the devices named."""
    seen = grid.current(now)
    unknown = [code for code in devices if not seen.has(code)]
    if not devices:
        return _l("Choose at least one device.")
    if len(devices) > MOST_DEVICES:
        return _l("Choose at most %(n)s devices.", n=MOST_DEVICES)
    if unknown:
        return _l("The grid has no device %(codes)s.", codes=", ".join(unknown[:5]))
    return _l("A device is named twice.") if len(set(devices)) != len(devices) else None


def _judged(request: PlanRequest, ids: Sequence[int], but: int, now: datetime) -> Judgement:
    return judge(
        request.devices,
        begins_at=request.begins_at,
        ends_at=request.ends_at,
        nature=request.nature,
        but=but,
        ids=ids,
        now=now,
    )


def _needs_reason(reason: str) -> None:
    if not reason.strip():
        message = _l("A reason is needed.")
        raise Invalid(message, errors={"reason": [message]})


def needs_notice(
    outage: Outage, begins_at: datetime, *, emergency: bool, field: str = "begins_at", keep: bool = True, now: datetime
) -> None:
    """Who is told of another time is told as long before it as of the first: 7 days of a planned outage.

    An emergency, which the plan keeps (`as_temporary`, where `keep`), does without. The same begin, with
    another end, needs nothing. Amounts: table `outage_plan_terms`. Raises `Invalid` at `field`.
    """
    plan = session.get_one(OutagePlan, outage.id)
    hours = float(plan.judgement.get("notice_hours") or 0)
    if begins_at == outage.planned_from or begins_at - now >= timedelta(hours=hours):
        return
    if not emergency:
        message = _l(
            "Another time needs %(span)s notice too, unless it is an emergency with a reason.", span=span_words(hours)
        )
        raise Invalid(message, errors={field: [message]})
    plan.as_temporary = plan.as_temporary or keep


def _start(outage: Outage, plan: OutagePlan, *, actor: Actor, now: datetime) -> None:
    data: dict[str, Any] = {
        "outage_id": outage.id,
        "number": outage.number,
        "nature": outage.nature,
        "ruleset": settings.current().ruleset,
        "planner": plan.planner,
    }
    english = outage.device_name_en or outage.device_name
    instance = engine.start(
        PROCESS[outage.nature],
        data=data,
        business_key=outage.number,
        title=f"计划停电：{outage.device_name}" if outage.nature == "planned" else f"临时停电：{outage.device_name}",
        title_en=f"{'Planned' if outage.nature == 'planned' else 'Temporary'} outage: {english}",
        unit=outage.unit_code,
        priority=55,
        search=f"{outage.number} {outage.device_name} {outage.feeder_name} {english} {plan.reason}",
        actor=actor,
        now=now,
    )
    outage.instance_id = instance.id
    session.flush()
    live.touch("outages")


def _several_en(first: str, count: int) -> str:
    """The English twin of a name that stands for several devices; empty where the first has none."""
    return first if count == 1 or not first else f"{first} and {count - 1} more"[:120]


def _iso(instant: datetime | None) -> str:
    return instant.isoformat() if instant else ""


def _audit(action: str, outage: Outage, *, actor: Actor, now: datetime) -> None:
    audit.record(
        action, actor=actor, now=now, subject_type="outage", subject_id=outage.number, unit_path=outage.unit_path
    )
