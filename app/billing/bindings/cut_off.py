"""Steps of cutting off for arrears; each finds its notice by the variable `notice_id`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, fields

from app.billing.operations import cutting, promising
from app.kernel.registry import ServiceContext, registry

Work = Callable[[int, ServiceContext], Mapping[str, Any] | None]


class Outcome(Schema):
    outcome = fields.String()
    arrears = fields.String()


class Called(Schema):
    delivery_id = fields.Integer()


class PromisedUntil(Schema):
    promised_until = fields.String()


class CutFrom(Schema):
    cut_from = fields.String()


class CutAtEarliest(Schema):
    cut_at_earliest = fields.String()


class RestoreDue(Schema):
    restore_due = fields.String()


class Told(Schema):
    told = fields.Integer()


def step(name: str, title: str, title_en: str, outputs: type[Schema] | None = None) -> Callable[[Work], Work]:
    """Register `work(notice_id, context) -> outputs` as the inline service `billing.<name>`."""

    def register(work: Work) -> Work:
        def handle(context: ServiceContext) -> Mapping[str, Any] | None:
            return work(int(context.data["notice_id"]), context)

        registry.service(f"billing.{name}", title=title, title_en=title_en, outputs=outputs, inline=True)(handle)
        return work

    return register


def _terms(context: ServiceContext, name: str) -> int:
    return int(context.data["terms"][name])


@step("mark_cut_off_noticed", "登记停电通知送达", "Record that the notice is delivered", CutFrom)
def noticed(notice_id: int, context: ServiceContext) -> Mapping[str, Any]:
    days = _terms(context, "notice_days")
    return cutting.mark_noticed(notice_id, notice_days=days, actor=context.actor, now=context.now)


@step("recheck_arrears", "复核欠费", "Look at the arrears again", Outcome)
def recheck(notice_id: int, context: ServiceContext) -> Mapping[str, Any]:
    return cutting.recheck(notice_id, now=context.now)


@step("remind_by_phone", "电话催缴", "Remind by telephone", Called)
def remind_by_phone(notice_id: int, context: ServiceContext) -> Mapping[str, Any]:
    return promising.remind_by_phone(notice_id, actor=context.actor, now=context.now)


@step("record_promise", "登记承诺缴费", "Record a promise to pay", PromisedUntil)
def record_promise(notice_id: int, context: ServiceContext) -> Mapping[str, Any]:
    told = context.data.get("delivery_details") or {}
    return promising.record_promise(notice_id, told, actor=context.actor, now=context.now)


@step("judge_promise", "核对承诺缴费", "See whether a promise was kept", Outcome)
def judge_promise(notice_id: int, context: ServiceContext) -> Mapping[str, Any]:
    return promising.judge_promise(notice_id, now=context.now)


@step("mark_cut_off_approved", "登记停电审批", "Record the approval of a cut")
def approved(notice_id: int, context: ServiceContext) -> None:
    reason = str(context.data.get("approve_reason") or "")
    cutting.mark_approved(notice_id, reason=reason, actor=context.actor, now=context.now)


@step("mark_cut_off_reminded", "登记停电前提醒", "Record the reminder before a cut", CutAtEarliest)
def reminded(notice_id: int, context: ServiceContext) -> Mapping[str, Any]:
    minutes = _terms(context, "reminder_minutes")
    return cutting.mark_reminded(notice_id, reminder_minutes=minutes, actor=context.actor, now=context.now)


@step("mark_cut_off", "登记欠费停电", "Record that supply is cut off")
def cut(notice_id: int, context: ServiceContext) -> None:
    cutting.mark_cut(notice_id, actor=context.actor, now=context.now)


@step("mark_cut_off_exempt", "登记不予停电", "Record that a customer is not to be cut off")
def exempt(notice_id: int, context: ServiceContext) -> None:
    reason = str(context.data["terms"].get("reason") or "")
    cutting.mark_ended(notice_id, "exempt", reason=reason, actor=context.actor, now=context.now)


@step("mark_cut_off_paid", "登记停电前缴清", "Record that the arrears are paid before a cut")
def paid(notice_id: int, context: ServiceContext) -> None:
    cutting.mark_ended(notice_id, "paid", actor=context.actor, now=context.now)


@step("mark_cut_off_withdrawn", "登记撤回停电", "Record that a cut is withdrawn")
def withdrawn(notice_id: int, context: ServiceContext) -> None:
    reason = str(context.data.get("approve_reason") or "")
    cutting.mark_ended(notice_id, "withdrawn", reason=reason, actor=context.actor, now=context.now)


@step("mark_restoring", "登记待复电", "Record that supply is due back", RestoreDue)
def restoring(notice_id: int, context: ServiceContext) -> Mapping[str, Any]:
    hours = _terms(context, "restore_hours")
    return cutting.mark_restoring(notice_id, restore_hours=hours, actor=context.actor, now=context.now)


@step("mark_restored", "登记复电", "Record that supply is restored")
def restored(notice_id: int, context: ServiceContext) -> None:
    cutting.mark_restored(notice_id, actor=context.actor, now=context.now)


@step("warn_restore_late", "复电超时预警", "Warn that restoring is late", Told)
def warn(notice_id: int, context: ServiceContext) -> Mapping[str, Any]:
    return {"told": cutting.warn_late(notice_id, actor=context.actor, now=context.now)}
