"""Calls through the whole line: what callers do, what is played and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from flask import Flask

from app.kernel.db import session
from app.telephony.calls import queries
from app.telephony.calls.models import AgentChange, CallLeg, CallRecording, QueueVisit
from app.telephony.ivr.pieces import Piece, Spoken
from app.telephony.standin import Script
from tests.telephony.line.house import Line, call_of, played, steps_of


def test_a_menu_an_account_and_the_end(line_app: Flask, tmp_path: Path) -> None:
    async def work(line: Line) -> str:
        ended = await line.switch.call(Script.read("asked 1; asked 12345678#"))
        await line.written()
        assert ended.cause == "NORMAL_CLEARING"
        return ended.leg.uuid

    key = played(line_app, tmp_path, work)
    call = call_of(line_app, key)
    assert (call.number, call.called, call.flow, call.direction) == ("13800138000", "95598", "main", "in")
    assert call.ended_at is not None
    assert call.outcome == "self_service"
    assert steps_of(line_app, key) == [
        ("hello", "next", ""),
        ("menu", "key 1", "1"),
        ("account", "next", "****"),
        ("said", "next", ""),
        ("bye", "", ""),
    ]
    with line_app.app_context():
        today = call.began_at.date()
        nodes = queries.drop_off("main", None, today.replace(day=1), today.replace(year=today.year + 1))
        assert nodes["menu"].entered == 1
        assert nodes["menu"].exits == {"key 1": 1}
        assert nodes["bye"].ended == 1


def test_the_first_thing_on_each_call_forbids_expansion(line_app: Flask, tmp_path: Path) -> None:
    async def work(line: Line) -> None:
        ended = await line.switch.call(Script.read("asked; hang up"))
        assert ended.leg.variables["app_disable_expand_variables"] == "true"
        assert line.switch.ran == []

    played(line_app, tmp_path, work)


def test_silence_and_wrong_keys_leave_by_their_own_counters(line_app: Flask, tmp_path: Path) -> None:
    async def work(line: Line) -> list[str]:
        silent = await line.switch.call(Script.read(""))
        wrong = await line.switch.call(Script.read("asked 8; asked 8"))
        await line.written()
        return [silent.leg.uuid, wrong.leg.uuid]

    silent, wrong = played(line_app, tmp_path, work)
    assert ("menu", "no_input", "") in steps_of(line_app, silent)
    assert ("menu", "wrong_input", "8") in steps_of(line_app, wrong)


def test_too_few_digits_are_a_wrong_input_and_never_handed_on(line_app: Flask, tmp_path: Path) -> None:
    async def work(line: Line) -> str:
        ended = await line.switch.call(Script.read("asked 1; asked 123"))
        await line.written()
        return ended.leg.uuid

    assert ("account", "wrong_input", "****") in steps_of(line_app, played(line_app, tmp_path, work))


def test_a_hang_up_in_the_middle_of_an_input_is_no_input(line_app: Flask, tmp_path: Path) -> None:
    async def work(line: Line) -> str:
        ended = await line.switch.call(Script.read("asked 1; asked 1234; hang up"))
        await line.written()
        return ended.leg.uuid

    key = played(line_app, tmp_path, work)
    assert steps_of(line_app, key)[-1][:2] == ("account", "")
    with line_app.app_context():
        today = call_of(line_app, key).began_at.date()
        nodes = queries.drop_off("main", None, today.replace(day=1), today.replace(year=today.year + 1))
        assert nodes["account"].hangups == 1
        assert nodes["account"].lost == 100.0


def test_a_message_is_recorded_into_our_files_also_where_the_caller_hangs_up(line_app: Flask, tmp_path: Path) -> None:
    async def work(line: Line) -> list[str]:
        spoken = await line.switch.call(Script.read("asked 2; recorded; speak 6; press #"))
        cut = await line.switch.call(Script.read("asked 2; recorded; speak 3; hang up"))
        await line.written()
        return [spoken.leg.uuid, cut.leg.uuid]

    keys = played(line_app, tmp_path, work)
    with line_app.app_context():
        for key, seconds in zip(keys, (6, 3), strict=True):
            kept = session.query(CallRecording).filter_by(call_key=key).one()
            assert kept.kind == "message"
            assert kept.file_id is not None
            assert abs(kept.seconds - seconds) < 1.5


def test_the_queue_joins_an_agent_and_the_record_tells_waits_and_talk(line_app: Flask, tmp_path: Path) -> None:
    async def work(line: Line) -> str:
        ended = await line.switch.call(Script.read("asked 3"))
        await line.written()
        return ended.leg.uuid

    key = played(line_app, tmp_path, work, speed=10.0)
    call = call_of(line_app, key)
    assert (call.outcome, call.queue, call.agent) == ("agent", "service", "1001")
    with line_app.app_context():
        leg = session.query(CallLeg).filter_by(call_id=call.id, kind="agent").one()
        assert (leg.party, leg.result) == ("1001", "answered")
        assert leg.answered_at is not None
        visit = session.query(QueueVisit).one()
        assert (visit.call_key, visit.outcome, visit.agent, visit.offered) == (key, "answered", "1001", 1)
        states = [change.value for change in session.query(AgentChange).order_by(AgentChange.id)]
        assert states[:2] == ["Receiving", "In a queue call"]


def test_waiting_ends_at_the_flows_own_limit_and_without_agents_does_not_begin(line_app: Flask, tmp_path: Path) -> None:
    async def work(line: Line) -> list[str]:
        line.switch.agents["1001@lightline"].status = "Logged Out"
        nobody = await line.switch.call(Script.read("asked 3"))
        line.switch.agents["1001@lightline"].status = "On Break"
        late = await line.switch.call(Script.read("asked 3"))
        await line.written()
        assert any(command.startswith("uuid_recv_dtmf") for command in line.switch.commands)
        return [nobody.leg.uuid, late.leg.uuid]

    (line_app.extensions["lightline.settings"].ivr_dir / "main.yaml").write_text(
        (line_app.extensions["lightline.settings"].ivr_dir / "main.yaml")
        .read_text()
        .replace("max_wait: 20", "max_wait: 5")
    )
    nobody, late = played(line_app, tmp_path, work, speed=1.0 * 5)
    assert ("wait", "no_agents", "") in steps_of(line_app, nobody)
    assert ("wait", "timeout", "") in steps_of(line_app, late)


def test_who_waits_is_told_the_place_in_the_queue(line_app: Flask, tmp_path: Path) -> None:
    file = line_app.extensions["lightline.settings"].ivr_dir / "main.yaml"
    file.write_text(file.read_text().replace("max_wait: 20", "max_wait: 5\n    announce_every: 1"))
    told: list[object] = []

    async def work(line: Line) -> None:
        saying = line.process.house.saying
        find = saying._find

        def heard(pieces: Iterable[Piece], language: str) -> list[Path]:
            told.extend(piece.value for piece in pieces if isinstance(piece, Spoken))
            return find(pieces, language)

        saying._find = heard
        line.switch.agents["1001@lightline"].status = "On Break"
        await asyncio.gather(*(line.switch.call(Script.read("asked 3")) for _caller in range(2)))
        assert sum(command.startswith("uuid_broadcast") for command in line.switch.commands) >= 2

    played(line_app, tmp_path, work, speed=5.0)
    assert set(told) == {1, 2}
