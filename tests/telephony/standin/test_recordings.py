"""The stand-in answers as FreeSWITCH was recorded to: the same replies and events, in order, with the same fields."""

from __future__ import annotations

import asyncio
import re

import pytest

from app.telephony.esl import Framer
from app.telephony.standin import Phone, Script, StandInAgent, Switch
from app.telephony.standin.callers import Line
from app.telephony.standin.queues import StandInQueue
from tests.telephony import virtual
from tests.telephony.standin.recorded import Heard, recording

MENU = (
    "asked; wait 2; press 1; asked; wait 1.55; press 12; wait 0.32; press 34; wait 0.32; press 56; wait 0.32; press 78;"
    "wait 0.3; press #"
)
CALLS = {
    "outbound-menu": MENU,
    "outbound-plain": MENU,
    "outbound-no-input": "",
    "outbound-caller-hangs-up": "asked; wait 2; hang up",
    "outbound-bridge": "wait 5; hang up",
    "outbound-bridge-fails": "",
    "outbound-queue": "heard; wait 5; hang up",
    "outbound-txfax": "",
    "outbound-record": "",
}
SAME = (
    "Event-Name",
    "Channel-State",
    "Channel-Call-State",
    "Channel-State-Number",
    "Answer-State",
    "Hangup-Cause",
    "Application",
    "Application-Response",
    "DTMF-Digit",
    "Caller-Caller-ID-Number",
    "Caller-Caller-ID-Name",
    "CC-Action",
    "CC-Queue",
    "CC-Agent",
    "CC-Agent-Status",
    "CC-Agent-State",
    "CC-Count",
    "CC-Cause",
    "CC-Cancel-Reason",
    "CC-Hangup-Cause",
    "Job-Command",
    "Job-Command-Arg",
)
MEANT = re.compile(
    r"(variable_)(menu_choice|acct|choice|read_result|read_terminator_used|language|default_language|DIALSTATUS|"
    r"originate_disposition|hangup_cause|hangup_cause_q850|fax_success|fax_result_code|fax_result_text|"
    r"fax_document_transferred_pages|cc_side|cc_queue|cc_cause|cc_cancel_reason|silence_hits_exhausted|"
    r"current_application|current_application_response|digits_dialed|sip_hangup_disposition|endpoint_disposition)"
)
"""The variables that anything is decided by."""


class Replay:
    """An IVR server that sends what was recorded to be sent, each when as much was heard as then."""

    def __init__(self, lines: list[Heard]) -> None:
        self._lines = lines
        self.heard: list[Heard] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        framer, began = Framer(), asyncio.get_running_loop().time()
        expected = 0
        for line in self._lines:
            if not line.to_switch:
                expected += 1
                continue
            while len(self.heard) < expected:
                await self._more(reader, framer, began)
            writer.write(line.text.encode())
        while await self._more(reader, framer, began):
            pass
        writer.close()

    async def _more(self, reader: asyncio.StreamReader, framer: Framer, began: float) -> bool:
        data = await reader.read(65536)
        for frame in framer.feed(data):
            text = "\n".join(f"{name}: {value}" for name, value in frame.headers.items())
            self.heard.append(Heard(asyncio.get_running_loop().time() - began, False, text, frame))
        return bool(data)


async def outbound(name: str, lines: list[Heard]) -> list[Heard]:
    replay = Replay(lines)
    server = await asyncio.start_server(replay.serve, "127.0.0.1", 0)
    switch = Switch(ivr=[server.sockets[0].getsockname()[:2]], full=True, writes=False)
    switch.phones |= {
        "loopback/9197/public": Phone(rings=0.0, talks=100),
        "sofia/internal/1000@127.0.0.1:5999": Phone(cause="NORMAL_TEMPORARY_FAILURE"),
    }
    switch.queues["95598@default"] = StandInQueue("95598@default")
    switch.agents["1001@default"] = StandInAgent("1001@default", status="Available", rings=60)
    switch.tiers["95598@default"] = ["1001@default"]
    await switch.call(Script.read(CALLS[name]))
    await asyncio.sleep(1)
    server.close()
    return replay.heard


@pytest.mark.parametrize("name", CALLS)
def test_a_recorded_call_is_answered_alike(name):
    lines = recording(name)
    recorded = [line for line in lines if not line.to_switch]
    heard = virtual.run(outbound(name, lines))
    # A key's own event races with the end of the application it ends: seen both ways in the recordings.
    for keys in (True, False):
        assert [_said(line) for line in heard if _key(line) == keys] == [
            _said(line) for line in recorded if _key(line) == keys
        ]
    recorded, heard = ([line for line in lines if not _key(line)] for lines in (recorded, heard))
    known: dict[str, str] = {}
    for there, here in zip(recorded, heard, strict=True):
        _same_fields(there, here)
        if here.event is not None:
            known |= {key: value for key, value in here.event.values.items() if MEANT.fullmatch(key)}
        if there.event is not None and there.event.name != "CHANNEL_DATA":
            changed = {key: value for key, value in there.event.values.items() if MEANT.fullmatch(key)}
            assert {key: known.get(key) for key in changed} == changed, there.event.name


@pytest.mark.parametrize("name", ["outbound-menu", "outbound-no-input", "outbound-record", "outbound-txfax"])
def test_applications_last_as_long_as_recorded(name):
    lines = recording(name)
    recorded = [line for line in lines if not line.to_switch]
    heard = virtual.run(outbound(name, lines))
    ends = [
        [line.at for line in found if line.event and line.event.name == "CHANNEL_EXECUTE_COMPLETE"]
        for found in (recorded, heard)
    ]
    assert ends[1] == pytest.approx(ends[0], abs=0.45)


@pytest.mark.parametrize("name", ["inbound-auth-wrong", "inbound-before-auth"])
def test_who_is_not_known_is_refused_as_recorded(name):
    async def ask() -> list[Heard]:
        switch = Switch()
        reader, writer = await asyncio.open_connection("127.0.0.1", await switch.start())
        replay = Replay([*lines])
        task = asyncio.create_task(replay.serve(reader, writer))
        await asyncio.sleep(1)
        task.cancel()
        writer.close()
        await switch.stop()
        return replay.heard

    lines = recording(name)
    recorded = [line for line in lines if not line.to_switch]
    heard = virtual.run(ask())
    assert [_said(line) for line in heard] == [_said(line) for line in recorded]
    assert [line.frame and line.frame.body for line in heard] == [line.frame and line.frame.body for line in recorded]


def test_the_control_socket_answers_and_tells_of_queues_as_recorded():
    lines = recording("inbound-control")
    recorded = [line for line in lines if not line.to_switch]
    heard = virtual.run(control(lines))
    told = [line for line in recorded if line.event and line.event.name in {"CUSTOM", "BACKGROUND_JOB"}]
    ours = [line for line in heard if line.event and line.event.name in {"CUSTOM", "BACKGROUND_JOB"}]
    assert [_said(line) for line in ours] == [_said(line) for line in told]
    for there, here in zip(told, ours, strict=True):
        _same_fields(there, here)
    replies = [_shape(line) for line in recorded if line.event is None]
    assert [_shape(line) for line in heard if line.event is None] == replies


async def control(lines: list[Heard]) -> list[Heard]:
    """The recorded commands, those of calls replaced by the calls themselves."""
    switch = Switch(writes=False)
    switch.queues["95598@default"] = StandInQueue("95598@default")
    switch.agents["1001@default"] = StandInAgent("1001@default", rings=60)
    switch.tiers["95598@default"] = ["1001@default"]
    server = await asyncio.start_server(_queueing, "127.0.0.1", 0)
    switch.ivr = [server.sockets[0].getsockname()[:2]]
    reader, writer = await asyncio.open_connection("127.0.0.1", await switch.start())
    replay, framer, began = Replay([]), Framer(), asyncio.get_running_loop().time()
    reading = asyncio.create_task(_until_closed(replay, reader, framer, began))
    calls: list[asyncio.Task] = []
    legs: list[str] = []
    for line in lines:
        if line.to_switch:
            text = line.text
            if (found := re.search(r"uuid_\w+ (\S+)", text)) and legs:
                text = text.replace(found[1], legs[-1])
            if text.startswith("api originate"):
                calls.append(asyncio.create_task(switch.call(Quiet(), made=lambda leg: legs.append(leg.uuid))))
            writer.write(text.encode())
            await asyncio.sleep(5 if "originate {" in text else 0.3)
    await asyncio.sleep(5)
    for call in calls:
        call.cancel()
    writer.close()
    await switch.stop()
    server.close()
    reading.cancel()
    return replay.heard


async def _until_closed(replay: Replay, reader: asyncio.StreamReader, framer: Framer, began: float) -> None:
    while await replay._more(reader, framer, began):
        pass


class Quiet:
    async def run(self, line: Line) -> None:
        await line.wait(100)


async def _queueing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """An IVR server that sends every second call to the queue, as the recorded one did with its last."""
    _queueing.calls += 1
    writer.write(b"connect\n\n")
    await reader.readuntil(b"\n\n")
    writer.write(b"sendmsg\ncall-command: execute\nexecute-app-name: answer\n\n")
    if _queueing.calls == 2:
        writer.write(
            b"sendmsg\ncall-command: execute\nexecute-app-name: callcenter\ncontent-length: 13\n\n95598@default"
        )
    while await reader.read(65536):
        pass
    writer.close()


_queueing.calls = 0


def _key(line: Heard) -> bool:
    return line.event is not None and line.event.name == "DTMF"


def _said(line: Heard) -> tuple[str, ...]:
    """What a frame says, in short."""
    assert line.frame is not None
    event = line.event
    if event is None:
        head = line.frame.headers
        text = head.get("Reply-Text", "") if "Job-UUID" not in head else "job"
        return (line.frame.kind, text, head.get("Content-Disposition", ""), head.get("Linger-Time", ""))
    return (line.frame.kind, *(event.get(name) for name in SAME))


def _shape(line: Heard) -> str:
    """A reply without its ids, counts and times."""
    assert line.frame is not None
    body = line.frame.body.decode()
    if "\n" in body.strip():
        body = body.partition("\n")[0]  # tables: the columns
    text = re.sub(
        r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", f"{line.frame.kind} {line.frame.headers.get('Reply-Text')} {body}"
    )
    return re.sub(r"UP 0 years.*", "UP", text)


def _same_fields(there: Heard, here: Heard) -> None:
    """The same headers in the same order; variables apart."""
    assert there.frame is not None
    assert here.frame is not None
    if there.event is None or here.event is None:
        assert list(there.frame.headers) == list(here.frame.headers)
        return
    names = [
        [name for name in line.event.values if not name.startswith("variable_")]  # type: ignore[union-attr]
        for line in (there, here)
    ]
    assert names[1] == names[0], there.event.name
