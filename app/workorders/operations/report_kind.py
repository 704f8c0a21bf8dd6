"""What a report's category asks of it: its channels, secrecy, sub-type, and whether it may be solved at once."""

from __future__ import annotations

from typing import Protocol

from flask_babel import lazy_gettext as _l

from app.workorders.queries.tree import kind

FAULT = "fault_repair"
"""The category whose orders are about a place: an address is needed, and orders there may be the same fault."""

Errors = dict[str, list[object]]


class KindOfReport(Protocol):
    """What the checks read of a report."""

    @property
    def category(self) -> str: ...
    @property
    def sub_type(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def secrecy(self) -> str: ...
    @property
    def solution(self) -> str: ...


def check_kind(report: KindOfReport, errors: Errors) -> None:
    """Add what does not fit the category to the errors by field."""
    found = kind(report.category, report.sub_type)
    if found is None:
        return
    if not found.process:
        errors.setdefault("category", []).append(_l("Orders of this category are not handled here yet."))
    if found.sub_type_needed and not report.sub_type:
        errors.setdefault("sub_type", []).append(_l("This category needs a sub-type."))
    if found.channels and report.channel not in found.channels:
        errors.setdefault("channel", []).append(_l("Orders of this category do not come by this channel."))
    if report.secrecy != "none" and report.secrecy not in found.secrecy:
        errors.setdefault("secrecy", []).append(_l("Secrecy cannot be asked for in this category."))
    if report.solution.strip() and not found.at_once:
        errors.setdefault("solution", []).append(_l("Orders of this category are not solved at once."))
