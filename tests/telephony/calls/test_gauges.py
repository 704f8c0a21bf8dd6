"""What Prometheus is told of calls, queues and agents."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.telephony.calls import gauges
from app.telephony.calls.models import AgentChange, Call, QueueVisit, StepCount
from app.telephony.calls.operations import reconcile
from app.telephony.line.live import Live
from app.telephony.line.watch import exposed
from tests.conftest import START

pytestmark = pytest.mark.databases


def test_calls_queues_agents_and_errors_are_counted(app: Flask, clock: FrozenClock) -> None:
    now = clock.now()
    with app.app_context():
        session.add_all(
            [
                Call(key="a", server="ivr1", began_at=now, tags={}),
                Call(key="b", server="ivr1", began_at=now, ended_at=now, tags={}),
                QueueVisit(member="1", queue="service", call_key="a", joined_at=now - timedelta(seconds=90)),
                QueueVisit(member="2", queue="service", call_key="b", joined_at=now, left_at=now),
                AgentChange(agent="1001", what="status", value="Available", at=now),
                AgentChange(agent="1001", what="state", value="Waiting", at=now),
                AgentChange(agent="1002", what="status", value="On Break", at=now),
                StepCount(flow="main", version="v", day=now.date(), node="n", what="exit:error", n=3),
                StepCount(flow="main", version="v", day=now.date(), node="n", what="exit:next", n=9),
            ]
        )
        session.flush()
        assert gauges.under_way() == {"ivr1": 1}
        assert gauges.waiting() == {"service": 1}
        assert gauges.longest_wait() == {"service": 90}
        assert gauges.agents() == {"Available: Waiting": 1, "On Break": 1}
        assert gauges.flow_errors() == {"main": 3}


def test_a_call_left_to_the_dialplan_is_closed_when_it_is_over(app: Flask) -> None:
    with app.app_context():
        session.add_all(Call(key=key, server="ivr1", began_at=START, tags={}) for key in ("gone", "there"))
        session.add(Call(key="young", server="ivr1", began_at=START + timedelta(seconds=70), tags={}))
        session.flush()
        closed = reconcile("ivr1", {"there"}, before=START + timedelta(seconds=60), now=START + timedelta(seconds=120))
        assert closed == 1
        assert {call.key for call in session.query(Call).filter(Call.ended_at.is_(None))} == {"there", "young"}


def test_look_ups_are_told_by_name_and_their_type_once() -> None:
    live = Live()
    for name, seconds in (("billing.balance", 0.5), ("billing.balance", 0.25), ("customers.by_caller", 0.1)):
        live.lookups[name] += 1
        live.lookup_seconds[name] += seconds  # type: ignore[assignment]
    text = exposed(live.as_metrics())
    assert text.count("# TYPE lightline_ivr_lookups gauge") == 1
    assert 'lightline_ivr_lookups{lookup="billing.balance"} 2\n' in text
    assert 'lightline_ivr_lookup_seconds{lookup="billing.balance"} 0.75\n' in text
