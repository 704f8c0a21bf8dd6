"""How long calls that were to be made, faxes and answers to surveys are kept. Records of calls: `calls.retention`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.kernel.db import session
from app.kernel.retention.kinds import define, standard
from app.kernel.retention.plan import Plan
from app.telephony.fax.models import FaxAttempt, FaxJob
from app.telephony.outbound.models import PhoneAttempt, PhoneCall
from app.telephony.surveys.models import SurveyAnswer


def register() -> None:
    """Define the kinds."""
    entries = standard(Path(__file__).with_name("retention.yaml"))
    define("phone_call", entries["phone_call"], expired=_old_calls, remove=_delete_calls)
    define("fax_job", entries["fax_job"], expired=_old_faxes, remove=_delete_faxes)
    define("survey_answer", entries["survey_answer"], expired=_old_answers, remove=_delete_answers)


def _old_calls(plan: Plan) -> sa.Select[Any]:
    """Those that are over: what waits or is dialled is never removed."""
    return sa.select(PhoneCall.id).where(plan.over(PhoneCall.finished_at))


def _delete_calls(keys: Sequence[int]) -> int:
    _run(sa.delete(PhoneAttempt).where(PhoneAttempt.phone_call_id.in_(keys)))
    return _run(sa.delete(PhoneCall).where(PhoneCall.id.in_(keys)))


def _old_faxes(plan: Plan) -> sa.Select[Any]:
    return sa.select(FaxJob.id).where(plan.over(FaxJob.finished_at))


def _delete_faxes(keys: Sequence[int]) -> int:
    _run(sa.delete(FaxAttempt).where(FaxAttempt.fax_id.in_(keys)))
    return _run(sa.delete(FaxJob).where(FaxJob.id.in_(keys)))


def _old_answers(plan: Plan) -> sa.Select[Any]:
    return sa.select(SurveyAnswer.id).where(plan.over(SurveyAnswer.at))


def _delete_answers(keys: Sequence[int]) -> int:
    return _run(sa.delete(SurveyAnswer).where(SurveyAnswer.id.in_(keys)))


def _run(statement: Any) -> int:
    result: Any = session.execute(statement, execution_options={"synchronize_session": False})
    return int(result.rowcount)
