"""Steps of a visit (`bpmn/key_account_visit/`). Each reads what the form before it left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import EXCLUDE, Schema, fields

from app.kernel.db import session
from app.kernel.registry import ServiceContext, registry
from app.keyaccounts.days import end_of
from app.keyaccounts.models import AccountVisit, VisitHazard
from app.keyaccounts.operations import visits


class RecordInputs(Schema):
    """What the record's form leaves."""

    visit_result = fields.String()
    visited_on = fields.Date()
    met = fields.String()
    findings = fields.String()
    visit_wishes = fields.String()
    visit_satisfaction = fields.String()
    visit_photos = fields.List(fields.Raw())
    hazard_list = fields.List(fields.Dict())
    rule = fields.Dict()


class Hazards(Schema):
    """`hazards`: what is followed up, one `{id, text, due, due_day}` each."""

    hazards = fields.List(fields.Dict())


class NewDue(Schema):
    visit_due = fields.String()


class FollowUpInputs(Schema):
    hazard_id = fields.Integer(required=True)
    hazard_result = fields.String()
    hazard_note = fields.String()


class HazardDone(Schema):
    hazard_done = fields.Boolean()


class ReviewInputs(Schema):
    review_action = fields.String()
    review_note = fields.String()


@registry.service(
    "keyaccounts.record_visit",
    title="登记大客户走访记录",
    title_en="Record a key account's visit",
    inputs=RecordInputs,
    outputs=Hazards,
    inline=True,
)
def record_visit(context: ServiceContext, **given: Any) -> Mapping[str, Any]:
    """Keep the record and its hazards; a visit that was put off leaves none."""
    values = _read(RecordInputs, context, given)
    if values.get("visit_result") == "postponed":
        return {"hazards": []}
    visit = _visit(context)
    record = {
        "visited_on": values.get("visited_on"),
        "met": values.get("met", ""),
        "findings": values.get("findings", ""),
        "wishes": values.get("visit_wishes", ""),
        "satisfaction": values.get("visit_satisfaction", ""),
        "photos": values.get("visit_photos"),
    }
    visits.record_visit(visit, record, actor=context.actor, now=context.now)
    rule = values.get("rule") or {}
    days = {"general": int(rule.get("general_days", 0)), "serious": int(rule.get("serious_days", 0))}
    found = visits.keep_hazards(visit, values.get("hazard_list") or [], days, now=context.now)
    return {"hazards": [_hazard(row) for row in found]}


@registry.service(
    "keyaccounts.postpone_visit",
    title="走访改期",
    title_en="Put a visit off",
    inputs=Schema.from_dict({"new_due": fields.Date()}),
    outputs=NewDue,
    inline=True,
)
def postpone_visit(context: ServiceContext, **_given: Any) -> Mapping[str, Any]:
    """The visit's new last day."""
    new_due = date.fromisoformat(str(context.data["new_due"]))
    due = visits.postpone_visit(_visit(context), new_due)
    return {"visit_due": due.isoformat(), "visit_result": None, "new_due": None}


@registry.service(
    "keyaccounts.record_follow_up",
    title="登记隐患整改结果",
    title_en="Record what became of a hazard",
    inputs=FollowUpInputs,
    outputs=HazardDone,
    inline=True,
)
def record_follow_up(context: ServiceContext, *, hazard_id: int, **given: Any) -> Mapping[str, Any]:
    """Keep the state of one hazard."""
    values = _read(FollowUpInputs, context, given)
    done = visits.record_follow_up(
        session.get_one(VisitHazard, hazard_id),
        result=values.get("hazard_result", "not_done"),
        note=values.get("hazard_note", ""),
        actor=context.actor,
        now=context.now,
    )
    return {"hazard_done": done, "hazard_result": None, "hazard_note": None}


@registry.service(
    "keyaccounts.record_visit_review",
    title="登记走访审核意见",
    title_en="Record the verdict on a visit",
    inputs=ReviewInputs,
    inline=True,
)
def record_visit_review(context: ServiceContext, **given: Any) -> Mapping[str, Any]:
    """Keep the head's verdict."""
    values = _read(ReviewInputs, context, given)
    accepted = values.get("review_action") != "return"
    visits.record_review(_visit(context), accepted=accepted, note=values.get("review_note", ""), actor=context.actor)
    return {}


@registry.service("keyaccounts.close_visit", title="走访归档", title_en="Close a visit", inline=True)
def close_visit(context: ServiceContext) -> Mapping[str, Any]:
    """The visit is over."""
    visits.close_visit(_visit(context), now=context.now)
    return {}


@registry.service("keyaccounts.mark_visit_cancelled", title="登记走访取消", title_en="Cancel a visit", inline=True)
def mark_visit_cancelled(context: ServiceContext) -> Mapping[str, Any]:
    """The visit will not be made."""
    visits.close_visit(_visit(context), state="cancelled", now=context.now)
    return {}


def _visit(context: ServiceContext) -> AccountVisit:
    return session.get_one(AccountVisit, int(context.data["visit_id"]))


def _hazard(row: VisitHazard) -> dict[str, Any]:
    return {"id": row.id, "text": row.text, "due": end_of(row.due_on).isoformat(), "due_day": row.due_on.isoformat()}


def _read(schema: type[Schema], context: ServiceContext, given: Mapping[str, Any]) -> dict[str, Any]:
    """The schema's fields from the variables, `given` going before; empty ones left out."""
    wanted = schema().fields
    found = {name: context.data[name] for name in wanted if context.data.get(name) not in (None, "")}
    return dict(schema(unknown=EXCLUDE, partial=True).load(found)) | {k: v for k, v in given.items() if v is not None}
