"""The ivr process: takes calls, keeps the link, writes records, makes calls that are due, and stops politely.

`flask ivr serve` runs it. Without a FreeSWITCH it listens and says so; nothing else of Lightline needs it.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.kernel import clock, db, heartbeat
from app.telephony import prompts
from app.telephony.calls import Recorder
from app.telephony.calls import operations as records
from app.telephony.calls.operations import pausing
from app.telephony.config import KEY, Telephony
from app.telephony.esl import Channel, Event, Link, Server
from app.telephony.ivr.flow import FlowSet
from app.telephony.ivr.pieces import Prompt
from app.telephony.line import dialling, faxes, figures, flows, queue_events, roster
from app.telephony.line.house import House
from app.telephony.line.saying import Find, Saying
from app.telephony.line.services import IVR
from app.telephony.line.session import Session
from app.telephony.line.watch import Watch
from app.telephony.line.workers import Workers

log = structlog.get_logger(__name__)

FLUSH, REFRESH, DIAL, BEAT, FIGURES, TAKE_IN = 1.0, 3.0, 2.0, 10.0, 60.0, 5.0
"""Rhythms in seconds: records, flows and queues, calls to be made, sign of life, means, recordings."""

AGAIN = 10.0
"""Seconds until a place that is taken is tried again."""

SWITCH = 0.0005
"""Seconds that a thread may hold the interpreter while the loop wants it: callers wait for the loop."""

HEARTBEAT = "ivr"
APOLOGY = "line.trouble"


class Process:
    """All of it. `start` and `stop` are for tests, `run` for the command."""

    def __init__(
        self, app: Flask, *, say: Callable[[str], None] = lambda _text: None, find: Find = prompts.files
    ) -> None:
        self._app, self._say = app, say
        self._clock: clock.Clock = app.extensions["lightline.clock"]
        self.telephony: Telephony = app.extensions[KEY]
        self._flows: FlowSet | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._calling: set[asyncio.Task[None]] = set()
        self._sessions: dict[str, Session] = {}
        self._stopping = asyncio.Event()
        self.workers = Workers(app)
        self.house = House(
            telephony=self.telephony,
            workers=self.workers,
            saying=Saying(find, self.workers),
            recorder=Recorder(self._write),
            flows=lambda: self._flows,
            now=self._now,
        )
        self.server = Server(self._call, most=self.telephony.most_calls)
        self.watch = Watch(self.state, self.figures)
        self._roster = roster.Roster(self.telephony.domain)
        self._database = "unknown"
        self._sizes: dict[str, int] = {}

    def _now(self) -> datetime:
        return self._clock.now()

    def _write(self, batch: Any) -> None:
        """Called in a thread of `workers`, within its context."""
        records.write(batch)

    # Beginning and end

    async def run(self) -> None:
        """Until SIGTERM or SIGINT, then drain."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        await self.start()
        await self._stopping.wait()
        self._say(f"ivr: stopping; {self.server.calls} calls may end, at most {self.telephony.drain:g} s")
        await self.stop(self.telephony.drain)
        self._say("ivr: stopped")

    async def start(self) -> None:
        """Listen and begin all that repeats."""
        sys.setswitchinterval(SWITCH)
        self._rhythm("flows", REFRESH, self._refresh)
        await self._refresh_first()
        # What is here now stays: the collector need not look through all of the application while callers wait.
        gc.collect()
        gc.freeze()
        await self._listen()
        self._rhythm("records", FLUSH, self._flush)
        self._rhythm("heartbeat", BEAT, self._beat)
        self._rhythm("recordings", TAKE_IN, self._take_in)
        self._rhythm("pauses", FLUSH, self._pause)
        self._rhythm("figures", FIGURES, self._means)
        if self.telephony.switch is None:
            self._say("ivr: no FreeSWITCH is named (LIGHTLINE_FREESWITCH); calls are taken, none can be made")
        else:
            host, port = self.telephony.switch
            self.house.link = Link(host, port, self.telephony.password, told=self._told, reconcile=self._reconcile)
            self._spawn(self.house.link.run())
            self._rhythm("roster", REFRESH, self._keep_roster)
            self._rhythm("left over", FIGURES, self._close_left_over)
            self._rhythm("outbound", DIAL, self._dial)
            self._rhythm("faxes", DIAL, self._fax)

    async def _listen(self) -> None:
        host, port = self.telephony.listen
        if not await self._try_listen(host, port):
            self._spawn(self._listen_later(host, port))
        if self.telephony.watch is not None:
            try:
                await self.watch.listen(*self.telephony.watch)
            except OSError as taken:
                log.warning("nothing tells how the ivr process is", place=self.telephony.watch, error=str(taken))

    async def _try_listen(self, host: str, port: int) -> bool:
        try:
            await self.server.listen(host, port)
        except OSError as taken:
            self._say(f"ivr: {host}:{port} cannot be used ({taken.strerror}); trying again every {AGAIN:g} s")
            return False
        self._say(f"ivr: listening on {host}:{self.server.port} for FreeSWITCH's calls")
        return True

    async def _listen_later(self, host: str, port: int) -> None:
        while True:
            await asyncio.sleep(AGAIN)
            if await self._try_listen(host, port):
                return

    async def stop(self, seconds: float) -> None:
        """Take no more calls, let those under way end, write what is known, and leave."""
        cut = await self.server.drain(seconds)
        if cut:
            log.warning("calls were cut off by the stop", calls=cut)
        for task in [*self._tasks, *self._calling]:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._calling, return_exceptions=True)
        self.watch.close()
        with suppress(Exception):
            await self._flush()

    def _spawn(self, work: Any) -> None:
        self._tasks.append(asyncio.get_running_loop().create_task(work))

    def _rhythm(self, name: str, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        async def again() -> None:
            failing = False
            while True:
                try:
                    await work()
                    failing = False
                except Exception as failed:
                    if not failing:
                        log.warning("a rhythm fails", rhythm=name, error=repr(failed))
                    failing = True
                await asyncio.sleep(seconds)

        self._spawn(again())

    # Calls

    async def _call(self, channel: Channel) -> None:
        house, now = self.house, self.house.now()
        house.live.taken += 1
        data = channel.data
        outgoing = house.outgoing.get(data.get("variable_lightline_job", ""))
        number = data.get("Caller-Caller-ID-Number", "")[:40]
        called = data.get("Caller-Destination-Number", "")[:40]
        if outgoing is not None:
            number, called = outgoing.number, outgoing.number
        record = house.recorder.begin(
            channel.uuid,
            direction="out" if outgoing else "in",
            number=number,
            called=called,
            server=self.telephony.server,
            began_at=now,
            language=outgoing.language if outgoing else "zh",
        )
        record.leg(1, kind="caller", party=number, uuid=channel.uuid, offered_at=now)
        flow, facts = self._flow_for(channel, number, called)
        if self._flows is not None and flow in self._flows:
            record.note(flow=flow, version=self._flows[flow].version)
        session = Session(channel, house, record)
        self._sessions[channel.uuid] = session
        try:
            await session.run(flow, facts)
        finally:
            self._sessions.pop(channel.uuid, None)
            await self._ended(channel, record, outgoing)

    def _flow_for(self, channel: Channel, number: str, called: str) -> tuple[str, dict[str, Any]]:
        """Which flow speaks, and what it is told of the call."""
        facts: dict[str, Any] = {"id": channel.uuid, "number": number, "called": called}
        outgoing = self.house.outgoing.get(channel.data.get("variable_lightline_job", ""))
        if outgoing is not None:
            facts["inputs"] = {"text": outgoing.text, "queue": outgoing.queue, "tongue": outgoing.language}
            return outgoing.flow or dialling.FLOWS[outgoing.kind], facts
        return channel.data.get("variable_lightline_flow") or self.telephony.entry, facts

    async def _ended(self, channel: Channel, record: Any, outgoing: Any) -> None:
        now = self.house.now()
        if channel.cause == "LOST":
            self.house.live.lost += 1
        left = record.last or {}
        by_caller = bool(channel.cause) and channel.cause != "LOST" and left.get("kind") != "hangup"
        if not record.head.get("outcome"):
            record.note(outcome="self_service")
        record.leg(1, ended_at=now, answered_at=record.head.get("answered_at"), result=channel.cause[:40])
        if outgoing is not None:
            await dialling.ended(self.house, outgoing, record, channel.cause)
        record.end(cause=channel.cause or "NORMAL_CLEARING", by_caller=by_caller, now=now)

    # What repeats

    async def _refresh_first(self) -> None:
        try:
            await self._refresh()
        except Exception as failed:
            log.error("no flows yet", error=repr(failed))

    async def _refresh(self) -> None:
        """The published flows, and the apology for when nothing else works."""
        found = await self.workers.run("flows", lambda: flows.load(self._flows), seconds=30)
        if found is not None:
            self._flows = found
        with suppress(SQLAlchemyError):  # away: what was known holds
            self.house.unrecorded = await self.workers.run("queues", roster.unrecorded, seconds=10)
        if not self.house.rescue_sound:
            sound = await self.house.saying.sound((Prompt(APOLOGY),), "zh")
            self.house.rescue_sound = sound.argument

    async def _flush(self) -> None:
        try:
            await self.workers.run("records", self.house.recorder.flush, seconds=60)
            self._database = "ok"
        except Exception:
            self._database = "away"
            raise

    async def _beat(self) -> None:
        now = self.house.now()
        await self.workers.run("heartbeat", lambda: db.run(lambda: heartbeat.beat(HEARTBEAT, now=now)), seconds=10)

    async def _means(self) -> None:
        now = self.house.now()
        self.house.handling_seconds = await self.workers.run(
            "figures", lambda: figures.handling_seconds(now), seconds=20
        )

    async def _take_in(self) -> None:
        now, folder = self.house.now(), self.telephony.recordings
        await self.workers.run(
            "taking in",
            lambda: records.take_in(folder, self.telephony.server, self._sizes, actor=IVR, now=now),
            seconds=120,
        )

    async def _pause(self) -> None:
        """Recordings that people want silent, or heard again."""
        taped = {key: session.tapes for key, session in self._sessions.items() if session.tapes.tape is not None}
        if not taped:
            return
        now = self.house.now()
        wanted = await self.workers.run("pauses", lambda: pausing.wanted(list(taped), now=now), seconds=10)
        done = {
            key: silent
            for key, silent in wanted.items()
            if (tape := taped[key].tape) is not None and tape.silent != silent and await taped[key].pause(silent)
        }
        if done:
            await self.workers.run("pauses", lambda: db.run(lambda: pausing.carried_out(done)), seconds=10)

    async def _keep_roster(self) -> None:
        if self.house.link is not None and self.house.link.up:
            await self._roster.keep(self.house)

    async def _dial(self) -> None:
        for call in await dialling.due(self.house):
            self._beside(dialling.dial(call, self.house))

    async def _fax(self) -> None:
        for work in await faxes.due(self.house):
            self._beside(work)

    def _beside(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._calling.add(task)
        task.add_done_callback(self._calling.discard)

    # What the link tells

    def _told(self, event: Event) -> None:
        if event.subclass == "callcenter::info":
            values = queue_events.read(event, self.house.now())
            if values is not None:
                self.house.recorder.event(values)
        elif event.name == "CHANNEL_HANGUP_COMPLETE":
            self.house.hung_up(event)

    async def _reconcile(self, known: frozenset[str]) -> None:
        """The link is back: calls that neither FreeSWITCH nor we know are closed."""
        alive = known | set(self._sessions)
        now, server = self.house.now(), self.telephony.server
        self._roster.forget()
        closed = await self.workers.run(
            "reconcile", lambda: db.run(lambda: records.reconcile(server, alive, now=now)), seconds=30
        )
        log.info("reconciled with FreeSWITCH", channels=len(known), closed=closed)

    async def _close_left_over(self) -> None:
        """Calls that a killed process left to the dialplan end there unseen: close those that are over by now."""
        link = self.house.link
        if link is None or not link.up:
            return
        alive = await link.channels() | set(self._sessions)
        now, server = self.house.now(), self.telephony.server
        before = now - timedelta(seconds=FIGURES)
        await self.workers.run(
            "reconcile", lambda: db.run(lambda: records.reconcile(server, alive, before=before, now=now)), seconds=30
        )

    # How it is

    def state(self) -> Mapping[str, Any]:
        """For `/readyz`: it can take calls where it listens and has flows; the rest is told."""
        link = self.house.link
        return {
            "ready": self.server.listening and self._flows is not None and not self.server.draining,
            "listening": self.server.listening,
            "flows": len(self._flows.flows) if self._flows else 0,
            "calls": self.server.calls,
            "link": "none" if link is None else "up" if link.up else f"down: {link.why}",
            "database": self._database,
            "draining": self.server.draining,
        }

    def figures(self) -> Mapping[str, float]:
        """For `/metrics`."""
        link = self.house.link
        return {
            **self.house.live.as_metrics(),
            "lightline_ivr_calls": self.server.calls,
            "lightline_ivr_calls_refused": self.server.refused,
            "lightline_ivr_link_up": int(link is not None and link.up),
            "lightline_ivr_outgoing": len(self.house.outgoing),
            "lightline_ivr_records_waiting": self.house.recorder.waiting,
            "lightline_ivr_records_dropped": self.house.recorder.dropped,
            "lightline_ivr_threads": self.workers.running,
        }
