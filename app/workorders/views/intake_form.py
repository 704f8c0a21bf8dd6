"""What the intake page sends, and what it shows beside the form while the agent types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l

from app.forms.uploads import Upload, files_of
from app.identity import authority
from app.identity.session import current_actor
from app.kernel import clock
from app.kernel.errors import Invalid
from app.workorders.operations import Report
from app.workorders.queries.codes import CodeView, code
from app.workorders.queries.duplicates import Duplicate, possible_duplicates
from app.workorders.queries.limit_preview import LimitPreview, limits_to_come
from app.workorders.queries.proposal import Proposal, propose
from app.workorders.views.inputs import acting, instant, text
from app.workorders.views.questions import answers_sent

TEXTS = (
    "unit",
    "contact_name",
    "phone",
    "account_no",
    "address",
    "description",
    "line",
    "transformer_area",
    "against_unit",
    "external_no",
    "answer_to",
    "solution",
)
WORDS = (
    "category",
    "sub_type",
    "item",
    "channel",
    "urgency",
    "importance",
    "mood",
    "symptom",
    "hazard",
    "voltage",
    "secrecy",
    "answer_way",
)
TELLING = frozenset({"account", "phone", "address"})
"""Reasons strong enough that a new order beside the old one needs a word why."""

MOST_PHOTOS = 10


@dataclass(frozen=True, slots=True)
class Sight:
    """What the agent sees beside the form: the caller, the unit, the same fault, the limits, what to read aloud."""

    proposal: Proposal
    duplicates: list[Duplicate]
    limits: list[LimitPreview]
    hazard: CodeView | None


def report_of_form() -> Report:
    """The report as typed; the unit proposed where none is chosen. Times that cannot be read are refused."""
    given: dict[str, Any] = {name: text(name) for name in TEXTS}
    given |= {name: text(name) for name in WORDS if name in request.form}
    given["unit"] = given["unit"] or _proposed_unit()
    return Report(
        **given,
        area=text("area") or None,
        sensitive=bool(text("sensitive")),
        appointment_at=_instant("appointment_at"),
        details=answers_sent(category(), text("sub_type")),
    )


def photos_of_form() -> list[Upload]:
    """The photos uploaded for this report, as far as this agent uploaded them."""
    known = files_of(current_actor())
    ids = [int(value) for value in request.form.getlist("photos") if value.isascii() and value.isdigit()]
    found = [known(file_id) for file_id in dict.fromkeys(ids[:MOST_PHOTOS]) if file_id < 2**53]
    return [file for file in found if isinstance(file, Upload) and file.is_picture]


def sight() -> Sight:
    """Look at what is typed so far; nothing is refused here."""
    proposal = propose(address=text("address"), phone=text("phone"), account_no=text("account_no"), **acting())
    area = text("area") or proposal.area or "urban"
    hazard = code("hazard", text("hazard")) if text("hazard") not in ("", "none") else None
    limits = limits_to_come(
        category=category(),
        sub_type=text("sub_type"),
        channel=text("channel") or "phone",
        area=area,
        importance=text("importance") or "none",
        now=clock.now(),
    )
    return Sight(proposal, same_fault(), limits, hazard)


def same_fault() -> list[Duplicate]:
    """Orders under way that the agent may see and that may be the same fault, surest first."""
    actor, now = current_actor(), clock.now()
    found = possible_duplicates(
        account_no=text("account_no"),
        phone=text("phone"),
        address=text("address"),
        transformer_area=text("transformer_area"),
        category=category(),
        actor=actor,
        now=now,
    )
    return [each for each in found if authority.may(actor, "order.read", unit_path=each.order.unit_path, now=now)]


def category() -> str:
    """The category chosen; a fault where none is."""
    return text("category") or "fault_repair"


def needs_reason(duplicates: list[Duplicate]) -> bool:
    """Whether a new order beside these must say why it is another fault."""
    return any(TELLING & set(each.reasons) for each in duplicates)


def _proposed_unit() -> str:
    found = propose(address=text("address"), phone=text("phone"), account_no=text("account_no"), **acting())
    return found.unit.code if found.unit else ""


def _instant(name: str) -> datetime | None:
    if text(name) and instant(name) is None:
        message = _l("This is no date and time.")
        raise Invalid(message, errors={name: [message]})
    return instant(name)
