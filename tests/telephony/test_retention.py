"""Calls that were made, faxes, answers to surveys and checks of callers go when their time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask

from app.customers.models import CallerCheck
from app.kernel.actor import SYSTEM
from app.kernel.db import Base, session
from app.kernel.retention import sweeping
from app.telephony.fax.models import SENT, FaxAttempt, FaxJob
from app.telephony.outbound.models import PhoneAttempt, PhoneCall
from app.telephony.surveys.models import SurveyAnswer
from tests.conftest import START


def count(model: type[Base]) -> int:
    session.expire_all()
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def phone_call(key: str, finished_at: datetime | None) -> PhoneCall:
    return PhoneCall(
        key=key, kind="message", number="13900139000", created_at=START, created_by="t", finished_at=finished_at
    )


def test_what_is_over_goes_and_what_waits_stays(app: Flask) -> None:
    with app.app_context():
        fax = FaxJob(
            key="f", document="bill", inputs={}, number="1", state=SENT,
            created_at=START, created_by="t", finished_at=START,
        )  # fmt: skip
        over = phone_call("over", START)
        session.add_all([fax, over, phone_call("waits", None)])
        session.flush()
        session.add_all(
            [
                FaxAttempt(fax_id=fax.id, n=1, started_at=START),
                PhoneAttempt(phone_call_id=over.id, n=1, call_key="c", began_at=START),
                SurveyAnswer(survey="agent_service", call_ref="c", answer="1", at=START),
                CallerCheck(at=START, account_no="1", method="password", outcome="passed"),
            ]
        )
        session.commit()
        sweeping.run(actor=SYSTEM, now=START + timedelta(days=179))
        assert count(CallerCheck) == 1
        sweeping.run(actor=SYSTEM, now=START + timedelta(days=181))
        assert count(CallerCheck) == 0
        assert [count(model) for model in (FaxJob, FaxAttempt, PhoneAttempt, SurveyAnswer)] == [1, 1, 1, 1]
        sweeping.run(actor=SYSTEM, now=START + timedelta(days=1096))
        assert [count(model) for model in (FaxJob, FaxAttempt, PhoneAttempt, SurveyAnswer)] == [0, 0, 0, 0]
        assert session.scalars(sa.select(PhoneCall.key)).all() == ["waits"]
