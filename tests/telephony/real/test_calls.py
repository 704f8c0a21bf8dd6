"""The same calls on a real FreeSWITCH (`make test-freeswitch`): started here, on ports and folders of its own.

Left out where `FREESWITCH` does not name its binary.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.telephony.config import KEY
from app.telephony.esl import Link
from app.telephony.freeswitch import values_for, write
from app.telephony.line.process import Process
from tests.telephony.line.house import recordings, steps_of, until, with_flows

BINARY = os.environ.get("FREESWITCH", "")
pytestmark = pytest.mark.skipif(not BINARY, reason="FREESWITCH names no binary")

CALLER = "{origination_caller_id_number=13800138000}loopback/95598/lightline_public"


@pytest.fixture
def switch(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """A FreeSWITCH of this test's own, its calls coming to us."""
    with_flows(app, tmp_path)
    telephony = dataclasses.replace(app.extensions[KEY], listen=("127.0.0.1", 18084), switch=("127.0.0.1", 8021))
    carrier = {"host": "127.0.0.1", "user": "x", "password": "x"}
    values = values_for(
        telephony, web="http://127.0.0.1:1", trunk=carrier, ivr="127.0.0.1:18084", apology="silence_stream://100"
    )
    write(tmp_path / "conf", values)
    (tmp_path / "recordings").mkdir()
    for name in ("trunk", "agents"):
        (tmp_path / "conf" / "sip_profiles" / f"{name}.xml").unlink()  # no sound card, no network: loopback calls alone
    app.extensions[KEY] = dataclasses.replace(telephony, password=values["EVENT_SOCKET_PASSWORD"])
    folders = [f"-{name} {tmp_path / name}".split() for name in ("conf", "log", "db", "run")]
    for name in ("log", "db", "run"):
        (tmp_path / name).mkdir()
    command = [BINARY, "-nonat", "-nf", "-nc", *[word for folder in folders for word in folder]]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        yield app
        running.terminate()
        running.wait(20)


async def dial(link: Link, process: Process, presses: list[str]) -> str:
    """A loopback call whose far end presses keys, each when an input begins; the uuid of our side."""
    uuid = (await link.bgapi(f"originate {CALLER} &park()")).split()[-1]
    await until(lambda: process.server.calls == 1)
    for keys in presses:
        await asyncio.sleep(2)
        await link.api(f"uuid_send_dtmf {uuid} {keys}")
    await until(lambda: process.server.calls == 0, seconds=60)
    return uuid


def test_a_menu_an_account_and_the_end(switch: Flask, tmp_path: Path) -> None:
    async def all_of_it() -> str:
        process = Process(switch, find=recordings(tmp_path))
        await process.start()
        assert process.house.link is not None
        await process.house.link.wait_up(60)
        seen: list[str] = []
        begin = process.house.recorder.begin

        def noted(key: str, **head: object):
            seen.append(key)
            return begin(key, **head)

        process.house.recorder.begin = noted  # type: ignore[method-assign]
        await dial(process.house.link, process, ["1", "12345678#"])
        await process.stop(5)
        return seen[0]

    key = asyncio.run(asyncio.wait_for(all_of_it(), 180))
    assert steps_of(switch, key)[:3] == [("hello", "next", ""), ("menu", "key 1", "1"), ("account", "next", "****")]
