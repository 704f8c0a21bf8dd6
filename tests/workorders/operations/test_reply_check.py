"""What is missing or contradictory in a reply."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.kernel.clock import LOCAL
from app.workorders.labels import PROBLEM
from app.workorders.operations.reply_check import Reply, problems

ARRIVED = datetime(2026, 3, 2, 9, 30, tzinfo=LOCAL)
RESTORED = ARRIVED + timedelta(hours=1)
NOW = RESTORED + timedelta(minutes=4)
GOOD = Reply(
    contacted="phone",
    fault_type="cable",
    fault_cause="ageing",
    ownership="utility",
    findings="电缆老化",
    action="更换电缆",
    opinion="满意",
    restored_at=RESTORED,
)


def found(**changes: object) -> list[str]:
    return problems(replace(GOOD, **changes), arrived_at=ARRIVED, restored_stamp=RESTORED, now=NOW)  # type: ignore[arg-type]


def test_a_complete_reply_has_no_problem() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"contacted": ""}, ["contact_missing"]),
        ({"fault_cause": ""}, ["cause_missing"]),
        ({"findings": "  "}, ["findings_missing"]),
        ({"action": ""}, ["action_missing"]),
        ({"opinion": ""}, ["opinion_missing"]),
        ({"restored_at": None}, ["restoration_missing"]),
        ({"restored_at": ARRIVED - timedelta(minutes=5)}, ["restored_before_arrival"]),
        ({"restored_at": NOW + timedelta(minutes=5)}, ["restored_in_future", "restored_after_stamp"]),
        ({"restored_at": RESTORED + timedelta(minutes=3)}, ["restored_after_stamp"]),
        ({"fault_type": "customer_equipment"}, ["own_fault_but_utility"]),
        ({"fault_cause": "customer_fault"}, ["own_fault_but_utility"]),
        ({"ownership": "customer"}, ["customer_but_utility_fault"]),
        ({"fault_type": "no_fault"}, ["no_fault_but_repaired"]),
        ({"fault_type": "no_fault", "fault_cause": "unknown"}, []),
        ({"fault_cause": "customer_fault", "ownership": "customer", "restored_at": None}, []),
    ],
)
def test_problems(changes: dict[str, object], expected: list[str]) -> None:
    assert found(**changes) == expected
    assert all(code in PROBLEM for code in expected)
