"""A fault reported by telephone, across all processes: the switch, `ivr serve`, the clock, the dispatcher's inbox."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.engine import api as engine
from app.inbox.queries.case import files_of
from app.kernel.db import session
from app.telephony.calls.models import Call, CallRecording, CallStep
from app.telephony.standin import Script, Switch
from app.workorders.models import WorkOrder
from tests.billing.accounts import Account
from tests.faults.line import CALLER, WithIvr
from tests.faults.system import System
from tests.telephony.hotline import test_calls as hotline
from tests.workorders.house import House

pytestmark = [pytest.mark.databases, pytest.mark.slow]

house, customer = hotline.house, hotline.customer


def test_a_report_by_keys_and_voice_ends_in_the_dispatchers_inbox(
    app: Flask, house: House, customer: Account, database: str, tmp_path: Path
) -> None:
    folder = tmp_path / "instance"
    folder.mkdir(exist_ok=True)
    system = WithIvr(database, folder)
    port = system._port("ivr")
    system.environment |= {"LIGHTLINE_IVR_LISTEN": f"127.0.0.1:{port}", "LIGHTLINE_IVR_WATCH": "off"}
    session.remove()
    try:
        system.start("clock")
        system.start("ivr")
        key = asyncio.run(asyncio.wait_for(_call(port), 240))
        made = _when(lambda: session.scalars(sa.select(WorkOrder)).one_or_none(), system)
        assert (made.channel, made.symptom, made.hazard, made.account_no) == (
            "ivr",
            "building",
            "wire_down",
            customer.number,
        )
        dispatch = _when(lambda: _dispatch_task(made.number), system)
        assert "dispatcher@GM-LJ-QS" in str(dispatch)
        assert files_of(dispatch.instance_id)
        ended = sa.select(Call).where(Call.ended_at.is_not(None))
        record = _when(lambda: session.scalars(ended).one_or_none(), system)
        assert (record.key, record.number) == (key, "13800138000")
        passed = sa.select(CallStep.node).where(CallStep.call_id == record.id)
        assert {"ask_symptom", "leave_message", "submit"} <= set(session.scalars(passed))
        assert _recordings(key)
    finally:
        system.stop()


async def _call(port: int) -> str:
    switch = Switch(ivr=[("127.0.0.1", port)], speed=10)
    for _attempt in range(600):  # until the ivr process listens
        try:
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            break
        except OSError:
            await asyncio.sleep(0.2)
    ended = await switch.call(Script.read(CALLER))
    assert not ended.fallback
    return ended.leg.uuid


def _dispatch_task(number: str):
    views = engine.list_instances(business_key=number)
    tasks = [task for view in views for task in engine.open_tasks(view.id) if task.element_id == "dispatch"]
    return tasks[0] if tasks else None


def _recordings(key: str) -> list[CallRecording]:
    return list(session.scalars(sa.select(CallRecording).where(CallRecording.call_key == key)))


def _when(found, system: System, seconds: float = 60):
    end = time.monotonic() + seconds
    while True:
        session.rollback()
        session.expire_all()
        if (value := found()) is not None:
            return value
        if time.monotonic() > end:
            raise AssertionError(system.log("ivr")[-3000:] + system.log("clock")[-1500:])
        time.sleep(0.2)
