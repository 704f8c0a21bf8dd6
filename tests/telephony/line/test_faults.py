"""FreeSWITCH killed, slow, lying or cut off; our own house broken: no call hangs, nothing is lost, nothing runs."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.kernel import db
from app.kernel.registry import Lookup, registry
from app.telephony.calls import operations as records
from app.telephony.line import process as processes
from app.telephony.line import services
from app.telephony.standin import Script, Switch
from tests.conftest import START
from tests.telephony.line.house import Line, call_of, played, steps_of, until

ALL = "asked 1; asked 12345678#"
APPLICATIONS = {
    "playback": ALL,
    "play_and_get_digits": ALL,
    "record": "asked 2; recorded; speak 2; press #",
    "callcenter": "asked 3",
    "bridge": "asked 5",
    "hangup": ALL,
    "set": ALL,
}


@pytest.mark.parametrize("application", APPLICATIONS)
def test_the_link_cut_in_the_middle_of_each_application_ends_the_session(
    line_app: Flask, tmp_path: Path, application: str
) -> None:
    async def work(line: Line) -> str:
        line.switch.faults.cut_in = application
        ended = await line.switch.call(Script.read(APPLICATIONS[application]))
        await until(lambda: line.process.server.calls == 0)
        assert ended.fallback  # the dialplan goes on: an apology and the agents
        await line.written()
        return ended.leg.uuid

    key = played(line_app, tmp_path, work, link=application != "callcenter")
    if application != "set":  # the very first command: no flow began
        assert call_of(line_app, key).cause == "LOST"


@pytest.mark.parametrize("fault", ["twice", "foreign", "swapped"])
def test_lies_change_nothing(line_app: Flask, tmp_path: Path, fault: str) -> None:
    async def work(line: Line) -> str:
        setattr(line.switch.faults, fault, True)
        ended = await line.switch.call(Script.read(ALL))
        await line.written()
        return ended.leg.uuid

    assert [step[:2] for step in steps_of(line_app, played(line_app, tmp_path, work))] == [
        ("hello", "next"),
        ("menu", "key 1"),
        ("account", "next"),
        ("said", "next"),
        ("bye", ""),
    ]


def test_garbage_ends_the_call_and_nothing_else(line_app: Flask, tmp_path: Path) -> None:
    async def work(line: Line) -> None:
        line.switch.faults.garbage = "play_and_get_digits"
        broken = await line.switch.call(Script.read(ALL))
        assert broken.fallback
        line.switch.faults.garbage = ""
        assert (await line.switch.call(Script.read(ALL))).cause == "NORMAL_CLEARING"

    played(line_app, tmp_path, work)


def test_a_refused_application_is_an_error_of_the_flow(line_app: Flask, tmp_path: Path) -> None:
    async def work(line: Line) -> str:
        line.switch.faults.refuse = "bridge"
        ended = await line.switch.call(Script.read("asked 5"))
        await line.written()
        return ended.leg.uuid

    steps = steps_of(line_app, played(line_app, tmp_path, work))
    assert steps[-1][0] == "bye"


def test_a_flood_of_keys_is_bounded(line_app: Flask, tmp_path: Path) -> None:
    async def work(line: Line) -> str:
        ended = await line.switch.call(Script.read(f"asked {'8' * 3000}"))
        await line.written()
        return ended.leg.uuid

    steps = steps_of(line_app, played(line_app, tmp_path, work))
    assert steps[-1][0] == "bye"
    assert all(len(entry) <= 60 for _node, _exit, entry in steps)


@pytest.mark.parametrize("evil", ["${system(touch /tmp/x)}", "1\n\napi system id", "1" * 40, "😀" * 30])
def test_odd_numbers_and_names_of_callers_are_values(line_app: Flask, tmp_path: Path, evil: str) -> None:
    async def work(line: Line) -> str:
        ended = await line.switch.call(Script.read(ALL), number=evil, name=evil)
        assert line.switch.ran == []
        assert not [command for command in line.switch.commands if "system" in command]
        await line.written()
        return ended.leg.uuid

    assert call_of(line_app, played(line_app, tmp_path, work)).number == evil[:40]


def test_a_lookup_that_hangs_delays_nobody_else(line_app: Flask, tmp_path: Path) -> None:
    def slow(**_given: object) -> dict[str, object]:
        time.sleep(3)
        return {}

    async def work(line: Line) -> None:
        stuck = [asyncio.create_task(line.switch.call(Script.read("asked 4"))) for _ in range(30)]
        await until(lambda: line.process.workers.running >= 8)
        began = time.monotonic()
        await line.switch.call(Script.read(ALL))
        assert time.monotonic() - began < 2
        ended = await asyncio.gather(*stuck)
        # Each of them heard the way out of an error, after its second.
        assert all(call.cause == "NORMAL_CLEARING" for call in ended)

    registry.lookups["test.slow"] = Lookup("test.slow", "慢", "Slow", slow)
    try:
        played(line_app, tmp_path, work)
    finally:
        del registry.lookups["test.slow"]


def test_with_the_database_away_callers_are_served_and_records_written_later(
    line_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: object, **_named: object) -> None:
        raise OperationalError("select 1", {}, Exception("connection refused"))

    async def work(line: Line) -> list[str]:
        monkeypatch.setattr(records, "write", away)
        monkeypatch.setattr(services.lookups, "ask", away)
        asked = await line.switch.call(Script.read("asked 4"))
        plain = await line.switch.call(Script.read(ALL))
        assert plain.cause == "NORMAL_CLEARING"
        with pytest.raises(OperationalError):
            await line.written()
        assert line.process.state()["database"] == "away"
        monkeypatch.undo()
        await line.written()
        return [asked.leg.uuid, plain.leg.uuid]

    registry.lookups["test.slow"] = Lookup("test.slow", "慢", "Slow", lambda **_given: {})
    try:
        asked, plain = played(line_app, tmp_path, work)
    finally:
        del registry.lookups["test.slow"]
    assert ("said", "next", "") in steps_of(line_app, asked)  # the error's way out
    assert steps_of(line_app, plain)[-1][0] == "bye"


def test_whatever_breaks_in_a_flow_the_caller_reaches_an_agent(
    line_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise RuntimeError("a fault of ours")

    async def work(line: Line) -> str:
        monkeypatch.setattr("app.telephony.line.session.machine.step", broken)
        ended = await line.switch.call(Script.read("asked 1"))
        assert line.switch.agents["1001@lightline"].calls == 1
        await line.written()
        return ended.leg.uuid

    call = call_of(line_app, played(line_app, tmp_path, work))
    assert (call.outcome, call.agent) == ("fallback", "1001")


def test_a_killed_switch_comes_back_and_its_calls_are_closed(line_app: Flask, tmp_path: Path) -> None:
    async def work(line: Line) -> str:
        made: list[str] = []
        task = asyncio.create_task(line.switch.call(Script.read(""), made=lambda leg: made.append(leg.uuid)))
        await until(lambda: len(line.process._sessions) == 1)
        port = line.process.telephony.switch[1]
        await line.switch.stop()
        task.cancel()
        await until(lambda: not line.process.house.link.up and line.process.server.calls == 0)
        line.switch = Switch(speed=25, ivr=[("127.0.0.1", line.process.server.port)])
        await line.switch.start(port)
        await line.process.house.link.wait_up(10)
        assert line.process.house.link.connects == 2
        assert (await line.switch.call(Script.read(ALL))).cause == "NORMAL_CLEARING"
        await line.written()
        await line.switch.stop()
        return made[0]

    assert call_of(line_app, played(line_app, tmp_path, work)).cause == "LOST"


def test_over_the_cap_and_while_draining_the_dialplan_goes_on(line_app: Flask, tmp_path: Path) -> None:
    async def work(line: Line) -> None:
        line.process.server._most = 1
        first = asyncio.create_task(line.switch.call(Script.read("asked; wait 20; press 8")))
        await until(lambda: line.process.server.calls == 1)
        assert (await line.switch.call(Script.read(ALL))).fallback
        assert line.process.server.refused == 1
        drained = asyncio.create_task(line.process.server.drain(30))
        await asyncio.sleep(0.05)
        assert (await line.switch.call(Script.read(ALL))).fallback
        assert not (await first).fallback  # who was on the line talked to the end
        assert await drained == 0

    played(line_app, tmp_path, work)


def test_a_call_left_open_by_a_dead_process_is_closed(line_app: Flask, tmp_path: Path) -> None:
    with line_app.app_context():
        log = processes.Recorder(records.write)
        log.begin("gone", server="test", began_at=START, number="1")
        log.flush()
        assert db.run(lambda: records.reconcile("test", {"other"}, now=START)) == 1
    assert call_of(line_app, "gone").cause == "LOST"
