"""Reports that callers give by keys and voice, and what flows may ask about orders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from app.kernel.actor import Actor
from app.kernel.errors import LightlineError
from app.kernel.registry import BusinessError, ServiceContext, registry
from app.workorders.operations import by_phone
from app.workorders.operations.by_phone import PhoneReport
from app.workorders.queries.progress import order_of_call, progress_of


class ReportInputs(Schema):
    """A report's values; what a caller did not say is absent, null or empty."""

    class Meta:
        unknown = EXCLUDE

    call = fields.String(validate=validate.Length(1, 110))
    category = fields.String()
    sub_type = fields.String()
    phone = fields.String(validate=validate.Length(max=40))
    account_no = fields.String(validate=validate.Length(max=32))
    address = fields.String(validate=validate.Length(max=300))
    account_unit = fields.String(validate=validate.Length(max=40))
    symptom = fields.String()
    hazard = fields.String()
    words = fields.String(validate=validate.Length(max=2000))
    voice_file = fields.Integer()
    details = fields.Dict()


NAMES = {"account_unit": "unit", "voice_file": "voice"}
"""What a diagram calls it, and what a report does."""


class ReportOutputs(Schema):
    order_id = fields.Integer()
    number = fields.String()
    joined = fields.Boolean()
    refused = fields.String()


@registry.service(
    "workorders.accept_by_phone",
    title="受理自助来电诉求",
    title_en="Accept a report given by keys and voice",
    inputs=ReportInputs,
    outputs=ReportOutputs,
    errors=("REPORT_REFUSED",),
    inline=True,
)
def accept_by_phone(context: ServiceContext, **given: Any) -> Mapping[str, Any]:
    """The order of a call, accepted once; `joined` where it was added to one under way.

    The values are the case's variables; parameters of the diagram go before. Raises
    REPORT_REFUSED where the report cannot become an order: somebody has to complete it.
    """
    variables = {name: context.data.get(name) for name in ReportInputs().fields}
    said = {name: value for name, value in (variables | given).items() if value not in (None, "")}
    try:
        values = dict(ReportInputs().load(said))
        report = PhoneReport(**{NAMES.get(str(name), str(name)): value for name, value in values.items()})
        taken = by_phone.take(report, actor=context.actor, now=context.now)
    except (LightlineError, ValidationError, TypeError) as refused:
        raise BusinessError("REPORT_REFUSED", str(refused), refused=_why(refused)) from refused
    return {"order_id": taken.order.id, "number": taken.order.number, "joined": taken.joined, "refused": ""}


def _why(refused: Exception) -> str:
    """The fields that do not fit, for who completes the report."""
    details = getattr(refused, "details", None) or {}
    errors = details.get("errors") or getattr(refused, "messages", None) or {}
    words = [f"{name}: {'; '.join(map(str, messages))}" for name, messages in dict(errors).items()]
    return " / ".join(words)[:500] or str(refused)[:500]


class DeskInputs(Schema):
    account_unit = fields.String(load_default="", allow_none=True)


class DeskOutputs(Schema):
    desk = fields.String()


@registry.service(
    "workorders.desk_for_report",
    title="确定补录座席",
    title_en="Find who completes a report",
    inputs=DeskInputs,
    outputs=DeskOutputs,
    inline=True,
)
def desk_for_report(context: ServiceContext, *, account_unit: str | None = None) -> Mapping[str, Any]:
    """`desk`: the unit whose agents complete a report given by keys that could not be accepted."""
    unit = account_unit or str(context.data.get("account_unit") or "")
    return {"desk": by_phone.desk_for(unit, now=context.now)}


class CallInputs(Schema):
    call = fields.String(required=True, validate=validate.Length(1, 110))


@registry.lookup("workorders.of_call", title="来电产生的工单", title_en="The order that a call made", inputs=CallInputs)
def of_call(*, call: str, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """`found`, `number`, and whether it was `joined` to another."""
    order = order_of_call(by_phone.key_of(call))
    if order is None:
        return {"found": False, "number": "", "joined": False}
    return {"found": True, "number": order.number, "joined": order.joined}


class ProgressInputs(Schema):
    number = fields.String(load_default="", allow_none=True, validate=validate.Length(max=40))
    last4 = fields.String(load_default="", allow_none=True, validate=validate.Length(max=4))
    phone = fields.String(load_default="", allow_none=True, validate=validate.Length(max=60))


@registry.lookup("workorders.progress", title="工单进度", title_en="Progress of an order", inputs=ProgressInputs)
def progress(
    *, number: str | None, last4: str | None, phone: str | None, actor: Actor, now: datetime
) -> Mapping[str, Any]:
    """Where an order stands: by its number and the last four digits of its phone, or the newest of a phone.

    It tells a state and an hour, never a person: `found`, `number`, `text`, `text_en`, `etr_at`, `reported_at`.
    """
    found = progress_of(number=number or "", last4=last4 or "", phone=phone or "")
    nothing = {"found": False, "number": "", "text": "", "text_en": "", "etr_at": None, "reported_at": None}
    if found is None:
        return nothing
    return {
        "found": True,
        "number": found.number,
        "text": found.text,
        "text_en": found.text_en,
        "etr_at": found.etr_at.isoformat() if found.etr_at else None,
        "reported_at": found.reported_at.isoformat(),
    }
