"""`kill -9` of the ivr process at random moments with calls under way: at most the last second of records is lost,
nothing is done twice, callers go on in the dialplan, and what was open is closed by the process that follows.

A hundred kills: `python -m tests.load.line`.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from flask import Flask

from app.kernel.db import session
from tests.billing.accounts import Account
from tests.faults.line import WithIvr, moments, problems, ride
from tests.telephony.hotline import test_calls as hotline
from tests.workorders.house import House

pytestmark = [pytest.mark.databases, pytest.mark.slow]

house, customer = hotline.house, hotline.customer

KILLS = 1
"""On each database; the process takes seconds of CPU to come up. More: `python -m tests.load.line`."""


def test_a_killed_line_loses_a_second_and_does_nothing_twice(
    app: Flask, house: House, customer: Account, database: str, tmp_path: Path
) -> None:
    folder = tmp_path / "instance"
    folder.mkdir(exist_ok=True)
    system = WithIvr(database, folder)
    port, link = system._port("ivr"), system._port("link")
    system.environment |= {
        "LIGHTLINE_IVR_LISTEN": f"127.0.0.1:{port}",
        "LIGHTLINE_IVR_WATCH": "off",
        "LIGHTLINE_FREESWITCH": f"127.0.0.1:{link}",
        "LIGHTLINE_FREESWITCH_PASSWORD": "ClueCon",
    }
    session.remove()
    try:
        for after in moments(KILLS, seed=3):
            found = asyncio.run(asyncio.wait_for(ride(system, port, link, calls=4, after=after), 300))
            assert problems(found) == [], system.log("ivr")[-3000:]
            assert sum(len(times) for times in found.asked.values()) > 4
    finally:
        system.stop()
