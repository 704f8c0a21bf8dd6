"""Recording talks and whole calls: told first, silent where a secret is keyed or said, taken in, and no more."""

from __future__ import annotations

import asyncio
import itertools
import wave
from pathlib import Path

import pytest
from flask import Flask

from app.kernel import audit, db, files
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.telephony.agents.models import PhoneAgent, PhoneQueue
from app.telephony.calls.models import Call, CallRecording, RecordingPause
from app.telephony.calls.operations import pausing
from app.telephony.calls.operations.taking_in import mended, take_in
from app.telephony.standin import Faults, Script
from tests.conftest import START
from tests.telephony.line.house import Line, played, until

pytestmark = pytest.mark.databases


def flow(app: Flask) -> Path:
    return Path(app.extensions["lightline.settings"].ivr_dir / "main.yaml")


def tell(app: Flask) -> None:
    """The queue of the tests' flow tells callers that they are recorded."""
    flow(app).write_text(flow(app).read_text().replace("max_wait: 20", "max_wait: 20\n    recorded: hello"))


def whole(app: Flask, more: str = "") -> None:
    """The tests' flow records the whole call from its greeting on."""
    record = "next: tape\n  tape:\n    kind: record_call\n    prompt: hello\n    next: menu\n"
    text = flow(app).read_text().replace("next: menu\n", record, 1)
    flow(app).write_text(text.replace("next: said", f"next: {more}", 1) if more else text)


def sound(app: Flask, kind: str) -> tuple[CallRecording, list[tuple[bool, float]]]:
    """The one recording of a kind with what is on it: whether anything is heard, for how many seconds."""
    with app.app_context():
        row = session.query(CallRecording).filter_by(kind=kind).one()
        assert row.file_id is not None
        with wave.open(str(files.open_file(row.file_id).path), "rb") as content:
            assert content.getnchannels() == 2
            rate, frames = content.getframerate(), content.readframes(content.getnframes())
    heard = (frames[n] != 0 for n in range(0, len(frames), 4))
    return row, [(loud, round(sum(1 for _frame in group) / rate, 1)) for loud, group in itertools.groupby(heard)]


async def over(line: Line) -> None:
    """What was recorded is written and taken in, as it is some seconds later."""
    await line.written()
    await line.process._take_in()
    await line.process._take_in()


def test_a_talk_is_recorded_while_two_talk_and_taken_in(line_app: Flask, tmp_path: Path) -> None:
    tell(line_app)

    async def work(line: Line) -> None:
        line.switch.speed = 10
        await line.switch.call(Script.read("asked 3"))
        await over(line)

    played(line_app, tmp_path, work)
    row, parts = sound(line_app, "talk")
    assert [loud for loud, _seconds in parts] == [True]
    assert row.seconds == pytest.approx(5, abs=1.5)
    assert not list((tmp_path / "recordings").rglob("*.wav"))


def test_the_talk_of_a_caller_who_hangs_up_is_kept(line_app: Flask, tmp_path: Path) -> None:
    tell(line_app)

    async def work(line: Line) -> None:
        line.switch.agents["1001@lightline"].talks = 500
        await line.switch.call(Script.read("asked 3; wait 12; hang up"))
        await over(line)

    played(line_app, tmp_path, work)
    assert sound(line_app, "talk")[0].seconds > 2


def test_nobody_is_recorded_who_was_not_told(line_app: Flask, tmp_path: Path) -> None:
    async def work(line: Line) -> None:
        await line.switch.call(Script.read("asked 3"))
        assert line.switch.recordings == []

    played(line_app, tmp_path, work)


def test_a_queue_may_be_without_recordings(line_app: Flask, tmp_path: Path) -> None:
    tell(line_app)
    with line_app.app_context():
        db.run(lambda: session.add(PhoneQueue(code="service", name="综合", record=False, changed_at=START)))

    async def work(line: Line) -> None:
        await line.process._refresh()
        await line.switch.call(Script.read("asked 3"))
        assert line.switch.recordings == []

    played(line_app, tmp_path, work)


def test_nothing_is_heard_of_a_masked_input(line_app: Flask, tmp_path: Path) -> None:
    whole(line_app)

    async def work(line: Line) -> None:
        await line.switch.call(Script.read("asked 1; asked; wait 2; press 12345678#"))
        await over(line)

    played(line_app, tmp_path, work)
    _row, parts = sound(line_app, "whole")
    assert [loud for loud, _seconds in parts] == [True, False, True]
    assert parts[1][1] >= 2


def test_a_recording_that_cannot_be_silenced_is_ended(line_app: Flask, tmp_path: Path) -> None:
    whole(line_app)

    async def work(line: Line) -> None:
        line.switch.faults = Faults(refuse="record_session_mask")
        ended = await line.switch.call(Script.read("asked 1; asked; wait 2; press 12345678#"))
        assert ended.cause == "NORMAL_CLEARING"
        await over(line)
        assert line.process.house.live.recordings_failed == 1

    played(line_app, tmp_path, work)
    row, parts = sound(line_app, "whole")
    assert len(parts) == 1
    assert row.seconds < 10


def test_a_call_that_cannot_be_recorded_goes_on(line_app: Flask, tmp_path: Path) -> None:
    tell(line_app)

    async def work(line: Line) -> str:
        line.switch.faults = Faults(refuse="record_session")
        ended = await line.switch.call(Script.read("asked 3"))
        await line.written()
        return ended.leg.uuid

    key = played(line_app, tmp_path, work)
    with line_app.app_context():
        assert session.query(Call).filter_by(key=key).one().outcome == "agent"
        assert session.query(CallRecording).count() == 0


def test_where_the_whole_call_is_recorded_the_talk_is_not_recorded_again(line_app: Flask, tmp_path: Path) -> None:
    tell(line_app)
    whole(line_app)

    async def work(line: Line) -> None:
        await line.switch.call(Script.read("asked 3"))
        assert len(line.switch.recordings) == 1
        await over(line)

    played(line_app, tmp_path, work)
    assert sound(line_app, "whole")[0].seconds > 5


def test_the_agent_pauses_the_recording_and_it_goes_on_by_itself(line_app: Flask, tmp_path: Path) -> None:
    tell(line_app)
    with line_app.app_context():
        agent = PhoneAgent(extension="1001", username="agent_li", a1_hash="0" * 32, changed_at=START)
        db.run(lambda: session.add(agent))

    async def work(line: Line) -> None:
        line.switch.agents["1001@lightline"].talks = 6000
        calling = asyncio.create_task(line.switch.call(Script.read("asked 3")))
        session_of = line.process._sessions
        await until(lambda: any(one.tapes.tape for one in session_of.values()), 10)
        now = line.process.house.now()

        def talking() -> bool:
            with line_app.app_context():
                return pausing.talk_of("agent_li", now=now) is not None

        for _look in range(200):
            await line.written()
            if talking():
                break
            await asyncio.sleep(0.05)
        with line_app.app_context():
            db.run(lambda: pausing.pause_own("agent_li", paused=True, actor=SYSTEM, now=now) and None)
        await line.process._pause()
        (tape,) = [one.tapes.tape for one in session_of.values()]
        assert tape is not None
        assert tape.silent
        assert any(" mask " in command for command in line.switch.commands)
        line.process.house.now = lambda: now + pausing.LONGEST
        await line.process._pause()
        assert not tape.silent
        line.process.house.now = lambda: now
        calling.cancel()

    played(line_app, tmp_path, work, speed=20.0)
    with line_app.app_context():
        row = session.query(RecordingPause).one()
        assert (row.paused, row.done) == (True, False)
        assert session.query(audit.AuditEntry).filter_by(action="call.recording_paused").count() == 1


def test_somebody_in_no_talk_pauses_nothing(line_app: Flask) -> None:
    with line_app.app_context(), pytest.raises(pausing.NoTalk):
        pausing.pause_own("nobody", paused=True, actor=SYSTEM, now=START)


def test_a_recording_of_a_switch_that_died_is_put_right(tmp_path: Path) -> None:
    file = tmp_path / "cut.wav"
    with wave.open(str(file), "wb") as made:
        made.setnchannels(2)
        made.setsampwidth(2)
        made.setframerate(8000)
    content = file.read_bytes()
    file.write_bytes(content + b"\x10" * 64000)
    assert mended(file) == 2.0
    with wave.open(str(file), "rb") as read:
        assert read.getnframes() == 16000


def test_what_was_never_found_is_no_longer_looked_for(line_app: Flask, tmp_path: Path) -> None:
    with line_app.app_context():
        call = Call(key="u", server="test", began_at=START, ended_at=START, tags={})
        db.run(lambda: session.add(call))
        row = CallRecording(call_id=call.id, call_key="u", kind="talk", path="20260302/u-1-talk.wav", at=START)
        db.run(lambda: session.add(row))
        assert take_in(tmp_path, "test", {}, actor=SYSTEM, now=START) == 0
        assert session.query(CallRecording.path).scalar() != ""
        assert take_in(tmp_path, "test", {}, actor=SYSTEM, now=START.replace(day=9)) == 0
        assert session.query(CallRecording.path).scalar() == ""
