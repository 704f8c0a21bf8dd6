"""Play, take keys, record, fax: what FreeSWITCH does with the caller's ear and voice."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import structlog

from app.telephony.esl import Channel, Result
from app.telephony.ivr import digits
from app.telephony.ivr.commands import FaxReceive, Gather, Play, Record
from app.telephony.ivr.events import Digits, Done, Event, NoInput, WrongInput
from app.telephony.ivr.pieces import Piece
from app.telephony.line.saying import SILENCE, Saying

log = structlog.get_logger(__name__)

MARGIN = 20.0
"""Seconds that FreeSWITCH may take beyond what a thing lasts: it pauses up to 5 s where no sound comes in."""

BEEP = "tone_stream://%(400,100,1000)"
SILENT = 200
"""The level under which a recording counts as silence, as FreeSWITCH's own examples have it."""

FAX_LIMIT = 900.0


@dataclass(slots=True)
class Ear:
    """What we know of a channel's keys: which were pressed and not used yet, and which variables were last set.

    The event of a key may follow the end of the input that it ended (seen in recordings): `late` counts those
    that are still to come and are used already.
    """

    channel: Channel
    keys: str = ""
    late: int = 0
    terminators: str = ""
    stale: set[str] = field(default_factory=set)

    def pressed(self, key: str) -> None:
        if self.late:
            self.late -= 1
        elif len(self.keys) < 100:
            self.keys += key

    def used(self, count: int) -> None:
        """So many keys became an input."""
        self.late = max(0, count - len(self.keys))
        self.keys = self.keys[count:]

    async def stop_at(self, keys: str) -> None:
        """Which keys end what is played or recorded: `any`, `none`, or keys."""
        if keys != self.terminators:
            await self.channel.set("playback_terminators", keys)
            self.terminators = keys

    async def fresh(self, variable: str) -> None:
        """Forget what an input before left in a variable."""
        if variable in self.stale:
            await self.channel.execute("unset", variable, timeout=10)
            self.stale.discard(variable)

    def read(self, result: Result, variable: str) -> str:
        value = result.variable(variable)
        if value:
            self.stale.add(variable)
        return value


async def play(ear: Ear, command: Play, saying: Saying) -> Event:
    """Play to the end, or to the first key where keys may interrupt."""
    sound = await saying.sound(command.pieces, command.language)
    if not sound.argument:
        return Done(command.id, {"digits": ""})
    await ear.stop_at("any" if command.barge_in else "none")
    await ear.fresh("playback_terminator_used")
    result = await ear.channel.execute("playback", sound.argument, timeout=sound.seconds + MARGIN)
    if result.response not in {"FILE PLAYED", ""} and result.alive:
        log.error("a recording did not play", response=result.response, node=command.node)
    if command.barge_in:
        key = ear.read(result, "playback_terminator_used")
        ear.used(len(key))
        return Done(command.id, {"digits": key})
    await _throw_away(ear)
    return Done(command.id, {"digits": ""})


async def tell(ear: Ear, pieces: tuple[Piece, ...], language: str, saying: Saying) -> None:
    """Play something that must be heard to its end."""
    sound = await saying.sound(pieces, language)
    if sound.argument:
        await ear.stop_at("none")
        await ear.channel.execute("playback", sound.argument, timeout=sound.seconds + MARGIN)
        await _throw_away(ear)


async def gather(ear: Ear, command: Gather, saying: Saying) -> Event:
    """Play and take keys by one `play_and_get_digits` of one try: retries are the flow's."""
    collector, taken = digits.collect(command, 0.0)
    if taken is not None:
        return taken
    typed = collector.value
    sound = await saying.sound(() if typed else command.pieces, command.language)
    argument = sound.argument or SILENCE
    if not command.barge_in and sound.argument:
        await ear.stop_at("none")
        await ear.channel.execute("playback", argument, timeout=sound.seconds + MARGIN)
        argument = SILENCE
        await _throw_away(ear)
    await ear.fresh("read_terminator_used")
    name = f"lightline_{command.id}"
    least, most = max(1, command.min - len(typed)), max(1, command.max - len(typed))
    first = command.digit_timeout if typed else command.first_timeout
    wanted = (
        f"{min(least, most)} {most} 1 {round(first * 1000)} {command.terminators or 'none'} {argument} '' {name} "
        f"[0-9*#]+ {round(command.digit_timeout * 1000)}"
    )
    limit = sound.seconds + max(first, 1.0) + most * max(command.digit_timeout, 1.0) + MARGIN
    result = await ear.channel.execute("play_and_get_digits", wanted, timeout=limit)
    return _taken(ear, command, typed, result.variable(name) or result.variable(f"{name}_invalid"), result)


def _taken(ear: Ear, command: Gather, typed: str, pressed: str, result: Result) -> Event:
    """What the input is. FreeSWITCH tells nothing of too few keys: those we saw ourselves."""
    terminator = ear.read(result, "read_terminator_used")
    value = (typed + pressed)[:64]
    if pressed:
        ear.used(len(pressed) + len(terminator))
    else:
        seen = "".join(key for key in ear.keys if key not in command.terminators)
        value = (typed + seen)[:64]
        ear.used(len(ear.keys) or len(terminator))
        if not value:
            return Digits("", terminator, command.id) if terminator else NoInput(command.id)
        if not typed or len(value) < command.min:
            return WrongInput(value, command.id)
    if len(value) < command.min or (command.pattern and not digits.fits(value, command.pattern)):
        return WrongInput(value, command.id)
    return Digits(value[: command.max], terminator[:1], command.id)


async def record(ear: Ear, command: Record, path: Path) -> float:
    """Record the caller into `path`; the seconds recorded. A caller who hangs up leaves what was said."""
    if command.beep:
        await ear.stop_at("none")
        await ear.channel.execute("playback", BEEP, timeout=5 + MARGIN)
        await _throw_away(ear)
    await ear.stop_at(command.terminators or "none")
    argument = f"{path} {round(command.max_seconds)} {SILENT} {max(1, round(command.silence))}"
    result = await ear.channel.execute("record", argument, timeout=command.max_seconds + MARGIN)
    milliseconds = result.variable("record_ms")
    return int(milliseconds) / 1000 if milliseconds.isdigit() else 0.0


@dataclass(frozen=True, slots=True)
class Faxed:
    """How a fax went: `outcome` is `sent`, `failed` or `not_fax`; the switch's own words with it."""

    outcome: str
    pages: int
    code: str
    detail: str


NO_MACHINE = frozenset({"2", "3"})
"""Result codes of spandsp (src: t30.h) where the other side never spoke like a fax machine: T30_ERR_T0_EXPIRED
(nobody answered) and T30_ERR_T1_EXPIRED (no first message). All others are said after a machine was heard."""

DROPPED = "49"
"""T30_ERR_CALLDROPPED (src: t30.h): hung up. It was no machine where none had given its name or a speed."""


async def send_fax(channel: Channel, path: Path) -> Faxed:
    """Send pages on this call."""
    return faxed(await channel.execute("txfax", str(path), timeout=FAX_LIMIT))


async def receive_fax(channel: Channel, command: FaxReceive, path: Path) -> Faxed:
    """Receive pages on this call."""
    return faxed(await channel.execute("rxfax", str(path), timeout=command.timeout + MARGIN))


def faxed(result: Result) -> Faxed:
    pages = result.variable("fax_document_transferred_pages")
    code = result.variable("fax_result_code")
    done = result.variable("fax_success") == "1"
    heard = pages not in {"", "0"} or bool(result.variable("fax_remote_station_id"))
    nobody = not heard and (code in NO_MACHINE or code == DROPPED)
    outcome = "sent" if done else "not_fax" if nobody else "failed"
    detail = result.variable("fax_result_text") or result.cause
    return Faxed(outcome, int(pages) if pages.isdigit() else 0, code[:20], detail[:300])


async def _throw_away(ear: Ear) -> None:
    """Keys pressed while something had to be heard to its end are no answers."""
    if ear.keys:
        await ear.channel.execute("flush_dtmf", timeout=10)
        ear.keys = ""
