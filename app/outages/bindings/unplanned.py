"""Steps of an unplanned outage (`bpmn/outage_unplanned/`)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from marshmallow import Schema, fields, validate

from app.engine import api as engine
from app.kernel.registry import ServiceContext
from app.outages import hooks
from app.outages.bindings.step import instant, step
from app.outages.models import Outage
from app.outages.operations import closing, ending, etr, executing, notices, trace, verifying, warning
from app.outages.operations.confirming import confirm
from app.outages.operations.explaining import why_words
from app.outages.operations.facts import device_options, minutes_left, watches

OPTIONS = fields.List(fields.Dict())
TEXT = fields.String()


class ConfirmInputs(Schema):
    confirm_device = fields.String()
    confirm_cause = fields.String()
    confirm_weather = fields.String()
    confirm_note = fields.String()


class NonOutageInputs(Schema):
    non_outage_reason = fields.String()
    confirm_note = fields.String()


class WarnInputs(Schema):
    warn_about = fields.String(required=True)
    warn_level = fields.String(required=True, validate=validate.OneOf(sorted(warning.LEVELS)))


class NoticeInputs(Schema):
    occasion = fields.String(required=True)


class EtrInputs(Schema):
    etr = instant()
    etr_cause = fields.String()
    etr_weather = fields.String()
    etr_note = fields.String()


class ProgressInputs(Schema):
    progress = fields.Dict()


class VerificationInputs(Schema):
    verification = fields.Dict()


JUDGED: dict[str, Any] = {
    "device_options": OPTIONS,
    "why_words": TEXT,
    "why_words_en": TEXT,
    "judgement": TEXT,
    "settled_at": TEXT,
    "confirmation": fields.Raw(allow_none=True),
}


@step("open_handling", title="停电转入处置", title_en="Take an outage into handling", outputs=JUDGED)
def open_handling(outage: Outage, context: ServiceContext) -> dict[str, Any]:
    """The facts of the outage, the devices that may be confirmed, why it was located here."""
    outage.instance_id = outage.instance_id or context.instance_id
    return {**_judging(outage, context.now), "judgement": "outage"}


@step("refresh", title="刷新停电情况", title_en="Refresh the facts of an outage", outputs=JUDGED)
def refresh(outage: Outage, context: ServiceContext) -> dict[str, Any]:
    """The facts as they stand now."""
    return _judging(outage, context.now) if not outage.locked else {}


@step(
    "confirm_by_rule",
    title="规则确认停电",
    title_en="Confirm an outage by rule",
    outputs={"arrive_watch": TEXT, "etr_ask_until": TEXT},
)
def confirm_by_rule(outage: Outage, context: ServiceContext) -> dict[str, Any]:
    """The table says that nobody needs to judge."""
    if not outage.locked:
        confirm(outage.number, actor=context.actor, now=context.now)
    return {}


@step(
    "confirm_by_form",
    title="登记停电确认",
    title_en="Confirm an outage as judged",
    inputs=ConfirmInputs,
    forgets=("confirm_device", "confirm_note"),
)
def confirm_by_form(
    outage: Outage,
    context: ServiceContext,
    *,
    confirm_device: str = "",
    confirm_cause: str = "",
    confirm_weather: str = "",
    confirm_note: str = "",
) -> dict[str, Any]:
    """What the dispatcher judged."""
    if confirm_weather:
        outage.weather = confirm_weather
    if not outage.locked:
        confirm(
            outage.number,
            device=confirm_device or None,
            cause=confirm_cause,
            note=confirm_note,
            actor=context.actor,
            now=context.now,
        )
    return {}


@step("mark_non_outage", title="登记非停电", title_en="Record that it is no outage", inputs=NonOutageInputs)
def mark_non_outage(
    outage: Outage, context: ServiceContext, *, non_outage_reason: str = "other", confirm_note: str = ""
) -> dict[str, Any]:
    """The calls had another cause."""
    closing.no_outage(outage, reason=non_outage_reason, note=confirm_note, actor=context.actor, now=context.now)
    return {}


@step("mark_cancelled", title="登记停电撤销", title_en="Record the cancellation of an outage")
def mark_cancelled(outage: Outage, context: ServiceContext) -> dict[str, Any]:
    """It was cancelled or joined into another; what is left of it goes."""
    closing.cancel(outage, actor=context.actor, now=context.now)
    return {}


@step(
    "warn",
    title="提醒或升级",
    title_en="Remind or escalate",
    inputs=WarnInputs,
    outputs={"arrive_watch": TEXT, "etr_ask_until": TEXT},
)
def warn(outage: Outage, context: ServiceContext, *, warn_about: str, warn_level: str) -> dict[str, Any]:
    """Tell the posts of a level that something is late, once a step."""
    key = context.idempotency_key
    warning.warn(outage, warn_about, warn_level, key=key[-40:], actor=context.actor, now=context.now)
    return _watches(outage, context) if warn_about == "arrive" else {}


@step("enter_notice", title="发布停电信息", title_en="Enter a notice of an outage", inputs=NoticeInputs)
def enter_notice(outage: Outage, context: ServiceContext, *, occasion: str) -> dict[str, Any]:
    """Compose it, keep who is told, begin telling them. Its limit runs from what it tells of, however late that is."""
    caused = {"confirmed": outage.confirmed_at, "restored": outage.restored_at}.get(occasion)
    if occasion == "reminder" and executing.just_told(outage, now=context.now):
        return {}
    notices.enter(outage, occasion, caused_at=caused, actor=context.actor, now=context.now)
    return {}


WATCHES: dict[str, Any] = {"arrive_watch": TEXT, "etr_ask_until": TEXT}


@step("default_etr", title="按规则预计送电时间", title_en="Estimate the restoration by rule", outputs=WATCHES)
def default_etr(outage: Outage, context: ServiceContext) -> dict[str, Any]:
    """The median of past outages alike, else the table; and by when somebody should be on site."""
    if outage.etr_at is None or outage.etr_at <= context.now:
        at, source = etr.by_rule(outage, now=context.now)
        etr.estimate(outage, at, source="rule", note=source, actor=context.actor, now=context.now)
    return watches(outage, now=context.now)


@step(
    "mark_crew",
    title="登记班组进展",
    title_en="Record how far the crew is",
    inputs=Schema.from_dict({"crew_state": fields.String()}),
    outputs={"etr_ask_until": TEXT},
)
def mark_crew(outage: Outage, context: ServiceContext, *, crew_state: str = "") -> dict[str, Any]:
    """The crew moved: on site, the estimate is asked for."""
    if crew_state != "on_site":
        return {}
    return {"etr_ask_until": watches(outage, now=context.now)["etr_ask_until"]}


@step(
    "set_etr_by_form",
    title="登记预计送电时间",
    title_en="Record the estimated restoration",
    inputs=EtrInputs,
    forgets=("etr", "etr_note"),
)
def set_etr_by_form(
    outage: Outage,
    context: ServiceContext,
    *,
    etr: datetime,
    etr_cause: str = "",
    etr_weather: str = "",
    etr_note: str = "",
) -> dict[str, Any]:
    """What the crew or the dispatcher said on arrival."""
    outage.cause, outage.weather = etr_cause or outage.cause, etr_weather or outage.weather
    _estimate(outage, context, etr, etr_note)
    return {"etr_minutes": minutes_left(outage, context.now)}


@step(
    "plan_progress",
    title="确定下次进展通报",
    title_en="Plan the next report of progress",
    inputs=ProgressInputs,
    outputs={"progress_at": TEXT, "etr_watch": TEXT},
)
def plan_progress(outage: Outage, context: ServiceContext, *, progress: dict[str, Any]) -> dict[str, Any]:
    """When progress is asked for, and when a passed estimate is escalated (again)."""
    now = context.now
    repeat = engine.due_instant(str(progress["repeat_after"]), now)
    watch = outage.etr_at if outage.etr_at and outage.etr_at > now else repeat
    every = str(progress.get("progress_after") or "")
    due = _kept(context, engine.due_instant(every, now), now) if every else watch + timedelta(days=1)
    return {"progress_at": due.isoformat(), "etr_watch": watch.isoformat()}


@step(
    "remind_progress",
    title="催报抢修进展",
    title_en="Ask for progress",
    outputs={"progress_at": fields.Raw(allow_none=True)},
)
def remind_progress(outage: Outage, context: ServiceContext) -> dict[str, Any]:
    """Ask crew and dispatcher, and let the announcements say that work goes on."""
    warning.warn(outage, "progress", "crew", key=context.now.isoformat(), actor=context.actor, now=context.now)
    notices.enter(outage, "progress", actor=context.actor, now=context.now)
    return {"progress_at": None}


@step(
    "plan_verification",
    title="安排送电核实",
    title_en="Plan the verification of restoration",
    inputs=VerificationInputs,
    outputs={"to_verify": fields.Integer(), "verify_until": TEXT},
)
def plan_verification(outage: Outage, context: ServiceContext, *, verification: dict[str, Any]) -> dict[str, Any]:
    """Choose whom to ask."""
    return verifying.plan(outage, verification, actor=context.actor, now=context.now)


@step("close_verification", title="结束送电核实", title_en="End the verification")
def close_verification(outage: Outage, context: ServiceContext) -> dict[str, Any]:
    """Whoever has not answered was not reached."""
    verifying.close_rest(outage, actor=context.actor, now=context.now)
    return {}


@step("close", title="停电归档", title_en="Close an outage")
def close(outage: Outage, context: ServiceContext) -> dict[str, Any]:
    """It is over."""
    closing.close(outage, actor=context.actor, now=context.now)
    return {}


@step("process_ended", title="登记处置流程终止", title_en="Record that the process was ended by hand")
def process_ended(outage: Outage, context: ServiceContext) -> dict[str, Any]:
    """An administrator ended the process: nobody waits for what it would have done."""
    closing.go_on_by_hand(outage, actor=context.actor, now=context.now)
    return {}


def _estimate(outage: Outage, context: ServiceContext, at: datetime, note: str) -> None:
    source = "dispatcher"
    etr.estimate(outage, at, source=source, note=note, actor=context.actor, now=context.now)
    trace.event(outage, "etr_asked", actor=context.actor, now=context.now, params={"etr": at.isoformat()})
    hooks.emit("changed", outage, actor=context.actor, now=context.now)


def _judging(outage: Outage, now: datetime) -> dict[str, Any]:
    return {
        "device_options": device_options(outage, now=now),
        **why_words(outage),
        "settled_at": (outage.started_at + ending.momentary(outage, now=now)).isoformat(),
        "confirmation": None,
    }


def _watches(outage: Outage, context: ServiceContext) -> dict[str, Any]:
    """The next time that nobody on site is escalated: as long again."""
    found = watches(outage, now=context.now)
    span = datetime.fromisoformat(found["etr_ask_until"]) - context.now
    return found | {"arrive_watch": (context.now + max(span, timedelta(minutes=15))).isoformat()}


def _kept(context: ServiceContext, fresh: datetime, now: datetime) -> datetime:
    """The report planned before, where it is still to come: a step of restoration does not put it off."""
    before = context.data.get("progress_at")
    if isinstance(before, str) and before:
        kept = datetime.fromisoformat(before)
        if now < kept < fresh:
            return kept
    return fresh
