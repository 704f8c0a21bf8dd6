"""What makes a reply complete and free of contradictions (domain rules of section 2). Pure: values in, codes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

UTILITY, CUSTOMER = "utility", "customer"
SKEW = timedelta(minutes=2)
"""How far a phone's clock may be from ours before its times count as contradictory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The crew's reply. `restored_at` is when power came back; none where the fault is the customer's own."""

    contacted: str
    fault_type: str
    fault_cause: str
    ownership: str
    findings: str
    action: str
    opinion: str
    restored_at: datetime | None


def problems(reply: Reply, *, arrived_at: datetime | None, restored_stamp: datetime | None, now: datetime) -> list[str]:
    """Codes of everything missing or contradictory, in the order a person reads the form; empty is good."""
    return _missing(reply) + _contradictions(reply, arrived_at, restored_stamp, now)


def _missing(reply: Reply) -> list[str]:
    needed = {
        "contact_missing": reply.contacted,
        "cause_missing": reply.fault_cause,
        "findings_missing": reply.findings.strip(),
        "action_missing": reply.action.strip(),
        "opinion_missing": reply.opinion.strip(),
    }
    missing = [code for code, value in needed.items() if not value]
    if reply.restored_at is None and reply.ownership != CUSTOMER:
        missing.append("restoration_missing")
    return missing


def _contradictions(
    reply: Reply, arrived_at: datetime | None, restored_stamp: datetime | None, now: datetime
) -> list[str]:
    restored = reply.restored_at
    own_equipment = reply.fault_type == "customer_equipment" or reply.fault_cause == "customer_fault"
    tests: dict[str, Callable[[], bool]] = {
        "restored_before_arrival": lambda: bool(restored and arrived_at and restored < arrived_at - SKEW),
        "restored_in_future": lambda: bool(restored and restored > now + SKEW),
        "restored_after_stamp": lambda: bool(restored and restored_stamp and restored > restored_stamp + SKEW),
        "own_fault_but_utility": lambda: own_equipment and reply.ownership == UTILITY,
        "customer_but_utility_fault": lambda: reply.ownership == CUSTOMER and not own_equipment,
        "no_fault_but_repaired": lambda: reply.fault_type == "no_fault" and reply.fault_cause not in ("", "unknown"),
    }
    return [code for code, test in tests.items() if test()]
