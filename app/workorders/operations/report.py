"""A report as it is taken (受理内容), and the checks it must pass before it becomes an order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from app.customers.phones import normalise
from app.kernel.errors import Invalid
from app.workorders.operations.report_kind import FAULT, check_kind
from app.workorders.queries.codes import code

LENGTHS = {
    "contact_name": 80,
    "phone": 40,
    "account_no": 32,
    "address": 300,
    "description": 2000,
    "line": 80,
    "external_no": 60,
    "answer_to": 200,
    "solution": 2000,
}
CODED = (
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
OPTIONAL = frozenset({"sub_type", "item", "symptom", "voltage", "answer_way"})


class InvalidReport(Invalid):
    """The report cannot become an order; `details["errors"]` maps field to messages."""

    code = "invalid_report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the customer said and the agent chose. Codes are words of the lists of `standard.yaml`.

    `unit` is the code of the unit in charge; `area` (urban, rural, remote) comes from the
    unit where it is not given; `reported_at` is for reports that reached us earlier by
    another way, `external_no` that other way's own number. `against_unit` is the unit
    complained of (the unit in charge where none is named); `details` answer the guided
    questions of the category; a `solution` says that the matter was solved while the
    customer talked (当场办结), for kinds that allow it.
    """

    unit: str
    address: str
    description: str
    contact_name: str = ""
    phone: str = ""
    account_no: str = ""
    category: str = "fault_repair"
    sub_type: str = ""
    channel: str = "phone"
    urgency: str = "normal"
    importance: str = "none"
    mood: str = "calm"
    symptom: str = ""
    hazard: str = "none"
    voltage: str = ""
    line: str = ""
    transformer_area: str = ""
    area: str | None = None
    sensitive: bool = False
    supervised: bool = False
    appointment_at: datetime | None = None
    fault_at: datetime | None = None
    reported_at: datetime | None = None
    item: str = ""
    secrecy: str = "none"
    against_unit: str = ""
    external_no: str = ""
    answer_way: str = ""
    answer_to: str = ""
    solution: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


def check(report: Report, *, now: datetime) -> None:
    """Raise `InvalidReport` with every field that does not fit."""
    errors: dict[str, list[object]] = {}
    for name in ("address", "description") if report.category == FAULT else ("description",):
        if not getattr(report, name).strip():
            errors.setdefault(name, []).append(_l("This is needed."))
    if not (report.phone.strip() or report.account_no.strip()) and not _reachable_otherwise(report):
        errors.setdefault("phone", []).append(_l("A phone number or an account number is needed."))
    if normalise(report.phone) is None:
        errors.setdefault("phone", []).append(_l("This is no phone number."))
    _check_lengths(report, errors)
    _check_codes(report, errors)
    _check_times(report, errors, now)
    check_kind(report, errors)
    if errors:
        raise InvalidReport(_l("The report is not complete."), errors=errors)


def _reachable_otherwise(report: Report) -> bool:
    """Whether nobody need be telephoned: anonymous, or answered to an address or to the office that sent it."""
    return report.secrecy == "anonymous" or bool(report.answer_to.strip()) or bool(report.external_no.strip())


def _check_lengths(report: Report, errors: dict[str, list[object]]) -> None:
    for name, most in LENGTHS.items():
        if len(getattr(report, name)) > most:
            errors.setdefault(name, []).append(_l("At most %(most)s characters.", most=most))


def _check_codes(report: Report, errors: dict[str, list[object]]) -> None:
    for kind in CODED:
        word = getattr(report, kind)
        if word == "" and kind in OPTIONAL:
            continue
        known = code(kind, word)
        if known is None:
            errors.setdefault(kind, []).append(_l("Unknown value “%(value)s”.", value=word))
        elif kind == "sub_type" and known.facts.get("category") != report.category:
            errors.setdefault(kind, []).append(_l("This does not belong to the category."))
        elif kind == "item" and known.facts.get("sub_type") != report.sub_type:
            errors.setdefault(kind, []).append(_l("This does not belong to the sub-type."))
    if report.area is not None and code("area", report.area) is None:
        errors.setdefault("area", []).append(_l("Unknown value “%(value)s”.", value=report.area))


def _check_times(report: Report, errors: dict[str, list[object]], now: datetime) -> None:
    for name in ("fault_at", "reported_at"):
        value = getattr(report, name)
        if value is not None and value > now + timedelta(minutes=1):
            errors.setdefault(name, []).append(_l("This lies in the future."))
    if report.appointment_at is not None and report.appointment_at < now:
        errors.setdefault("appointment_at", []).append(_l("This lies in the past."))
