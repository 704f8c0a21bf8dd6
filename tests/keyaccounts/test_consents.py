"""Consent to outages: who is asked, by when, what follows from each answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.db import session
from app.kernel.errors import Invalid
from app.keyaccounts import operations
from app.keyaccounts.models import OutageConsent
from app.keyaccounts.operations import PlannedOutage
from app.keyaccounts.operations.consents import answer_time
from app.keyaccounts.queries import consents_of
from app.keyaccounts.queries.consents import ConsentView
from tests.conftest import START
from tests.customers.accounts import make_customer
from tests.keyaccounts.house import House


def ask(house: House, outage: str = "TD1", hours: float = 200, kind: str = "planned") -> list[int]:
    begins = house.now + timedelta(hours=hours)
    planned = PlannedOutage(
        number=outage, begins_at=begins, ends_at=begins + timedelta(hours=4), reason="线路检修", kind=kind
    )
    ordinary = make_customer(house.county)
    return house.do(operations.ask_consent, planned, [house.customer.id, ordinary.id])


def state(outage: str = "TD1") -> ConsentView:
    session.rollback()
    [found] = consents_of(outage)
    return found


def test_only_key_accounts_are_asked_and_once(house: House) -> None:
    house.account()
    assert len(ask(house)) == 1
    assert ask(house) == []
    assert (state().state, state().answer_by) == ("asked", house.now + timedelta(hours=48))
    task = house.tasks(state().number)["ask"]
    assert task.assignee_id == house.manager.id


def test_an_ungraded_account_is_only_told(house: House) -> None:
    house.account(grade="none")
    ask(house)
    assert (state().state, state().free) == ("not_needed", True)


def test_the_manager_writes_down_the_answer(house: House) -> None:
    house.account()
    ask(house)
    house.complete(state().number, "ask", consent_answer="consented", consent_note="书面同意")
    assert (state().state, state().answer_note, state().free) == ("consented", "书面同意", True)


def test_the_customer_answers_by_another_way(house: House) -> None:
    house.account()
    [consent] = ask(house)
    assert house.do(operations.answer, consent, said="conditional", note="限 2 小时内")
    assert state().state == "escalated"
    assert house.do(operations.answer, consent, said="consented", note="可以"), "answered anew while the head decides"
    assert state().state == "consented"
    assert not house.do(operations.answer, consent, said="refused")


@pytest.mark.parametrize(("decision", "ends"), [("respect", "refused"), ("proceed", "overruled")])
def test_silence_goes_to_the_head(house: House, decision: str, ends: str) -> None:
    house.account()
    ask(house)
    house.advance(timedelta(hours=48, minutes=1))
    assert (state().state, state().answer) == ("escalated", "no_answer")
    house.complete(state().number, "decide", by=house.head, consent_decision=decision, decision_note="依据")
    assert (state().state, state().decided_by) == (ends, "head1")


def test_an_outage_that_is_withdrawn_needs_no_answer(house: House) -> None:
    house.account()
    ask(house)
    assert house.do(operations.withdraw, "TD1") == 1
    assert state().state == "withdrawn"
    assert house.do(operations.withdraw, "TD1") == 0


def test_an_outage_lies_in_the_future(house: House) -> None:
    with pytest.raises(Invalid):
        ask(house, hours=-1)


@given(
    hours=st.floats(0.1, 2000),
    answer_hours=st.integers(1, 200),
    before_hours=st.integers(0, 200),
    least_hours=st.integers(0, 1),
)
def test_the_time_to_answer_is_the_least_of_the_rule_and_never_more_than_the_rule(
    hours: float, answer_hours: int, before_hours: int, least_hours: int
) -> None:
    consent = OutageConsent(begins_at=START + timedelta(hours=hours))
    rule = {"answer_hours": answer_hours, "before_hours": before_hours, "least_hours": least_hours}
    due = answer_time(consent, rule, now=START)
    assert START + timedelta(hours=least_hours) <= due <= START + timedelta(hours=answer_hours)


def test_the_row_knows_its_outage(house: House) -> None:
    house.account()
    ask(house, "TD7", kind="temporary")
    row = session.scalars(sa.select(OutageConsent)).one()
    assert (row.outage, row.kind) == ("TD7", "temporary")
