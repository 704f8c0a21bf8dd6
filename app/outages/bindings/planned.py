"""Steps of planned outages (`bpmn/outage_planned/`, `bpmn/outage_temporary/`, `bpmn/outage_execution/`)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields

from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.kernel.i18n import in_locale
from app.kernel.registry import ServiceContext
from app.outages import hooks
from app.outages.bindings.step import instant, step
from app.outages.labels import span_words
from app.outages.models import Outage, OutagePlan
from app.outages.operations import closing, consenting, executing, planning, restoring, trace, warning
from app.outages.operations.facts import step_options

TEXT = fields.String()
COUNT = fields.Integer()


class ReviseInputs(Schema):
    revise_action = fields.String()
    new_from = instant()
    new_to = instant()
    revise_note = fields.String()


class VerdictInputs(Schema):
    review_note = fields.String()
    approve_note = fields.String()
    as_temporary = fields.Boolean()
    emergency = fields.Boolean()
    revise_note = fields.String()
    approve_action = fields.String()
    review_action = fields.String()


class CancelInputs(Schema):
    cancel_reason = fields.String()
    switch_reason = fields.String()


class MoveInputs(Schema):
    new_from = instant()
    new_to = instant()
    switch_reason = fields.String()
    switch_emergency = fields.Boolean()


class ExtendInputs(Schema):
    extend_to = instant()
    work_reason = fields.String()


class WorkInputs(Schema):
    restore_devices = fields.List(fields.String())
    work_note = fields.String()
    switch_note = fields.String()


CHECKED: dict[str, Any] = {
    "clash_words": TEXT,
    "clash_words_en": TEXT,
    "consent_words": TEXT,
    "consent_words_en": TEXT,
    "return_words": TEXT,
    "return_words_en": TEXT,
    "consent_key": TEXT,
    "consent_until": TEXT,
    "consents_open": COUNT,
    "consents_refused": COUNT,
    "review_due": TEXT,
    "approve_due": TEXT,
    "planner": TEXT,
    "decision": TEXT,
    "notice_in_time": fields.Boolean(),
    "new_from": fields.String(allow_none=True),
    "new_to": fields.String(allow_none=True),
    "revise_action": fields.String(allow_none=True),
}


@step(
    "check_plan",
    title="核对停电计划",
    title_en="Check a planned outage",
    inputs=ReviseInputs,
    outputs=CHECKED,
    forgets=("new_from", "new_to", "revise_action", "revise_note", "review_action", "approve_action"),
)
def check_plan(
    outage: Outage,
    context: ServiceContext,
    *,
    revise_action: str = "",
    new_from: datetime | None = None,
    new_to: datetime | None = None,
    revise_note: str = "",
) -> dict[str, Any]:
    """Judge the plan; where its planner revised it, with the new time."""
    actor, now = context.actor, context.now
    plan = session.get_one(OutagePlan, outage.id)
    if revise_action == "revise" and new_from is not None and new_to is not None:
        consenting.call_off(outage, actor=actor, now=now)
        planning.move(outage, new_from, new_to, reason=revise_note, actor=actor, now=now)
        plan.first_from, plan.first_to, plan.round = new_from, new_to, plan.round + 1
        outage.status = "drafted"
    else:
        planning.judge_again(outage, now=now)
    due = {
        f"{name}_due": (now + timedelta(hours=float(plan.terms[f"{name}_hours"]))).isoformat()
        for name in ("review", "approve")
    }
    return {
        **_clashes(plan.judgement),
        **consenting.counts(outage),
        **due,
        "planner": plan.planner,
        "decision": "asked",
        "return_words": "",
        "return_words_en": "",
    }


@step("mark_reviewed", title="登记计划审查通过", title_en="Record that a plan passed its review", inputs=VerdictInputs)
def mark_reviewed(outage: Outage, context: ServiceContext, *, review_note: str = "", **_rest: Any) -> dict[str, Any]:
    """The planner of the grid saw no objection."""
    plan = session.get_one(OutagePlan, outage.id)
    plan.reviewed_at, plan.reviewed_by, plan.review_note = context.now, context.actor.ref, review_note[:500]
    outage.status = "reviewed"
    _moved(outage, "reviewed", context, note=review_note)
    return {}


@step("ask_consents", title="征询重要客户", title_en="Ask key accounts about an outage", outputs=CHECKED)
def ask_consents(outage: Outage, context: ServiceContext) -> dict[str, Any]:
    """Begin a case for each key account."""
    return consenting.ask(outage, actor=context.actor, now=context.now)


@step("count_consents", title="统计客户停电意见", title_en="Count the answers of key accounts", outputs=CHECKED)
def count_consents(outage: Outage, context: ServiceContext) -> dict[str, Any]:
    """What they said so far."""
    return consenting.counts(outage)


@step(
    "mark_approved",
    title="登记停电批准",
    title_en="Record the approval of an outage",
    inputs=VerdictInputs,
    outputs=CHECKED,
    forgets=("approve_note", "as_temporary", "emergency"),
)
def mark_approved(
    outage: Outage,
    context: ServiceContext,
    *,
    approve_note: str = "",
    as_temporary: bool = False,
    emergency: bool = False,
    **_rest: Any,
) -> dict[str, Any]:
    """Approved; whether it can still be announced in time, or was approved although it cannot."""
    plan = session.get_one(OutagePlan, outage.id)
    judgement = planning.judge_again(outage, now=context.now)
    excused = as_temporary or emergency
    in_time = judgement.notice_in_time or excused
    begun = outage.planned_from is not None and outage.planned_from <= context.now
    if begun or not in_time:
        return {"notice_in_time": False, "decision": "late", **_too_late(judgement.notice_hours)}
    plan.approved_at, plan.approved_by, plan.approve_note = context.now, context.actor.ref, approve_note[:500]
    plan.as_temporary = excused and not judgement.notice_in_time
    outage.status = "approved"
    _moved(outage, "approved", context, note=approve_note)
    return {"notice_in_time": True, "decision": "approved"}


@step(
    "mark_plan_returned",
    title="登记计划退回",
    title_en="Record that a plan was returned",
    inputs=VerdictInputs,
    outputs=CHECKED,
    forgets=("review_note", "approve_note", "review_action", "approve_action"),
)
def mark_plan_returned(
    outage: Outage, context: ServiceContext, *, review_note: str = "", approve_note: str = "", **_rest: Any
) -> dict[str, Any]:
    """The planner must change it."""
    note = approve_note or review_note
    outage.status = "drafted"
    _moved(outage, "returned", context, note=note)
    warning.warn(outage, "returned", "asker", key=context.idempotency_key[-40:], actor=context.actor, now=context.now)
    kept = {name: context.data.get(name) or "" for name in ("return_words", "return_words_en")}
    if note:
        kept = {"return_words": f"退回原因：{note}", "return_words_en": f"Returned: {note}"}
    return kept | _times_of(outage)


@step(
    "mark_plan_rejected",
    title="登记计划不批准",
    title_en="Record that a plan is not carried out",
    inputs=VerdictInputs,
    outputs=CHECKED,
)
def mark_plan_rejected(
    outage: Outage,
    context: ServiceContext,
    *,
    review_note: str = "",
    approve_note: str = "",
    revise_note: str = "",
    **_rest: Any,
) -> dict[str, Any]:
    """Refused, or withdrawn by its planner."""
    plan = session.get_one(OutagePlan, outage.id)
    plan.ended_reason = (approve_note or review_note or revise_note)[:500]
    consenting.call_off(outage, actor=context.actor, now=context.now)
    closing.cancel(outage, reason=plan.ended_reason, actor=context.actor, now=context.now)
    warning.warn(outage, "rejected", "asker", key=context.idempotency_key[-40:], actor=context.actor, now=context.now)
    return {"decision": "refused"}


@step("mark_noticed", title="登记停电已公告", title_en="Record that an outage is announced", outputs=CHECKED)
def mark_noticed(outage: Outage, context: ServiceContext) -> dict[str, Any]:
    """Customers are being told."""
    session.get_one(OutagePlan, outage.id).noticed_at = context.now
    outage.status = "noticed"
    _moved(outage, "noticed", context)
    return {}


@step("cancel_plan", title="登记停电取消", title_en="Call a planned outage off", inputs=CancelInputs)
def cancel_plan(
    outage: Outage, context: ServiceContext, *, cancel_reason: str = "", switch_reason: str = ""
) -> dict[str, Any]:
    """It does not take place."""
    plan = session.get_one(OutagePlan, outage.id)
    plan.ended_reason = (cancel_reason or switch_reason or plan.ended_reason)[:500]
    consenting.call_off(outage, actor=context.actor, now=context.now)
    closing.cancel(outage, reason=plan.ended_reason, actor=context.actor, now=context.now)
    return {}


TIMES: dict[str, Any] = dict.fromkeys(
    ("remind_at", "switch_at", "planned_from", "planned_to", "switch_late", "late_at"), TEXT
) | {
    "switching_words": TEXT,
    "switching_words_en": TEXT,
    "step_options": fields.List(fields.Dict()),
}


@step(
    "plan_times",
    title="确定停电实施时间",
    title_en="Set the times of execution",
    outputs=TIMES,
    forgets=("new_from", "new_to", "switch_action", "switch_reason", "switch_emergency"),
)
def plan_times(outage: Outage, context: ServiceContext) -> dict[str, Any]:
    """When to remind, to switch, to escalate."""
    return executing.times(outage, now=context.now) | executing.facts_of(outage)


@step(
    "switch_off",
    title="登记停电操作",
    title_en="Record switching off",
    inputs=WorkInputs,
    outputs=TIMES,
    forgets=("switch_note",),
)
def switch_off(outage: Outage, context: ServiceContext, *, switch_note: str = "", **_rest: Any) -> dict[str, Any]:
    """Supply is cut off."""
    executing.switch_off(outage, note=switch_note, actor=context.actor, now=context.now)
    return {"step_options": step_options(outage, now=context.now)}


@step(
    "restore_by_form",
    title="登记分步送电",
    title_en="Record a step of restoration",
    inputs=WorkInputs,
    outputs=TIMES,
    forgets=("restore_devices", "work_note", "work_action"),
)
def restore_by_form(
    outage: Outage,
    context: ServiceContext,
    *,
    restore_devices: list[str] | None = None,
    work_note: str = "",
    **_rest: Any,
) -> dict[str, Any]:
    """A part has supply again."""
    restoring.bring_back(outage, restore_devices or [], note=work_note, actor=context.actor, now=context.now)
    return {"step_options": step_options(outage, now=context.now)}


@step(
    "extend",
    title="登记停电延期",
    title_en="Record the extension of an outage",
    inputs=ExtendInputs,
    outputs=TIMES,
    forgets=("extend_to", "work_reason", "work_action"),
)
def extend(
    outage: Outage, context: ServiceContext, *, extend_to: datetime | None = None, work_reason: str = ""
) -> dict[str, Any]:
    """A later end."""
    if extend_to is None:
        message = _l("Say until when.")
        raise Invalid(message, errors={"extend_to": [message]})
    executing.extend(outage, extend_to, reason=work_reason, actor=context.actor, now=context.now)
    return executing.times(outage, now=context.now) | {"step_options": step_options(outage, now=context.now)}


@step("switch_on", title="登记送电操作", title_en="Record switching on", inputs=WorkInputs)
def switch_on(outage: Outage, context: ServiceContext, *, work_note: str = "", **_rest: Any) -> dict[str, Any]:
    """Supply is back for all."""
    executing.switch_on(outage, note=work_note, actor=context.actor, now=context.now)
    return {}


@step("postpone", title="登记停电改期", title_en="Record a new time", inputs=MoveInputs)
def postpone(
    outage: Outage,
    context: ServiceContext,
    *,
    new_from: datetime | None = None,
    new_to: datetime | None = None,
    switch_reason: str = "",
    switch_emergency: bool = False,
) -> dict[str, Any]:
    """The dispatcher could not switch: another time; the supervisor hears of one that comes without notice."""
    if new_from is None or new_to is None:
        message = _l("Say the new time.")
        raise Invalid(message, errors={"new_from": [message]})
    planning.needs_notice(outage, new_from, emergency=switch_emergency, field="new_from", now=context.now)
    planning.move(outage, new_from, new_to, reason=switch_reason, actor=context.actor, now=context.now)
    if switch_emergency:
        key = context.idempotency_key[-40:]
        warning.warn(outage, "moved_late", "supervisor", key=key, actor=context.actor, now=context.now)
    return {}


def _times_of(outage: Outage) -> dict[str, str]:
    """What the form of revision starts from: another time, from the one there is."""
    assert outage.planned_from is not None and outage.planned_to is not None  # noqa: PT018 (a plan has both)
    times = {"new_from": outage.planned_from, "new_to": outage.planned_to}
    words = {name: at.astimezone(LOCAL).isoformat(timespec="minutes") for name, at in times.items()}
    return {**words, "revise_action": "revise"}


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _moved(outage: Outage, kind: str, context: ServiceContext, note: str = "") -> None:
    trace.event(outage, f"plan_{kind}", actor=context.actor, now=context.now, params={"note": note})
    session.flush()
    hooks.emit("changed", outage, actor=context.actor, now=context.now)


def _too_late(hours: float) -> dict[str, str]:
    span = _span(hours)
    return {
        "return_words": f"来不及提前{span['zh']}公告：请改期，或由审批人按临时停电批准。",
        "return_words_en": f"Too late for {span['en']} notice: another time, or approval as temporary.",
    }


def _span(hours: float) -> dict[str, str]:
    """Hours of notice in words, by language."""
    found = {}
    for language in ("zh", "en"):
        with in_locale(language):
            found[language] = str(span_words(hours))
    return found


def _clashes(judgement: dict[str, Any]) -> dict[str, str]:
    """What the forms of review and approval say of clashes."""
    parts, parts_en = [], []
    if clashes := judgement.get("clashes"):
        more = "等" if len(clashes) > 3 else ""
        parts.append(f"与 {len(clashes)} 起停电冲突（{'、'.join(one['number'] for one in clashes[:3])}{more}）")
        more = " and others" if more else ""
        parts_en.append(f"clashes with {', '.join(one['number'] for one in clashes[:3])}{more}")
    if repeated := judgement.get("repeated"):
        months, limit = judgement["repeat_months"], judgement["repeat_limit"]
        parts.append(f"{repeated} 户 {months} 个月内停电达 {limit} 次")
        parts_en.append(f"customers stopped {limit} times in {months} months: {repeated}")
    if not judgement.get("notice_in_time"):
        span = _span(judgement["notice_hours"])
        parts.append(f"来不及提前{span['zh']}公告")
        parts_en.append(f"too late for {span['en']} notice")
    return {
        "clash_words": "；".join(parts) + "。" if parts else "无冲突。",
        "clash_words_en": _capital("; ".join(parts_en)) + "." if parts_en else "No clash.",
    }
