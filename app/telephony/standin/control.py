"""The stand-in's own event socket: auth, api, bgapi, events."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

import orjson

from app.telephony.standin import queues
from app.telephony.standin.events import Values, as_json, as_plain
from app.telephony.standin.socket import GOODBYE

if TYPE_CHECKING:
    from app.telephony.standin.leg import Leg
    from app.telephony.standin.switch import Switch

AGENT_COLUMNS = (
    "name|instance_id|uuid|type|contact|status|state|max_no_answer|wrap_up_time|reject_delay_time|busy_delay_time|"
    "no_answer_delay_time|last_bridge_start|last_bridge_end|last_offered_call|last_status_change|no_answer_count|"
    "calls_answered|talk_time|ready_time|external_calls_count"
)
QUEUE_COLUMNS = (
    "name|strategy|moh_sound|time_base_score|tier_rules_apply|tier_rule_wait_second|tier_rule_wait_multiply_level|"
    "tier_rule_no_agent_no_wait|discard_abandoned_after|abandoned_resume_allowed|max_wait_time|"
    "max_wait_time_with_no_agent|max_wait_time_with_no_agent_time_reached|record_template|calls_answered|"
    "calls_abandoned|ring_progressively_delay|skip_agents_with_external_calls|agent_no_answer_status"
)
MEMBER_COLUMNS = (
    "queue|instance_id|uuid|session_uuid|cid_number|cid_name|system_epoch|joined_epoch|rejoined_epoch|bridge_epoch|"
    "abandoned_epoch|base_score|skill_score|serving_agent|serving_system|state"
)
"""Those of the table (src: mod_callcenter.c, `members_sql`): `queue list members` selects them all."""


class Listener:
    """One connection to the control socket."""

    def __init__(self, switch: Switch, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._switch, self._reader, self.writer = switch, reader, writer
        self._form = "plain"
        self.events: set[str] = set()

    async def run(self) -> None:
        self._send("Content-Type: auth/request")
        known = False
        while True:
            try:
                line = (await self._reader.readuntil(b"\n\n")).decode().strip("\n")
            except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
                return
            word, _blank, rest = line.partition(" ")
            if self._switch.faults.late_replies:
                await asyncio.sleep(self._switch.faults.late_replies / self._switch.speed)
            if word == "auth":
                if rest != self._switch.password:
                    self._reply("-ERR invalid")
                    head = f"Content-Type: text/disconnect-notice\nContent-Length: {len(GOODBYE)}\n\n"
                    self.writer.write(head.encode() + GOODBYE)
                    return
                known = True
                self._reply("+OK accepted")
            elif not known:
                self._reply("-ERR command not found")
            else:
                self._command(word, rest)

    def _command(self, word: str, rest: str) -> None:
        if word == "event":
            form, *names = rest.split()
            self._form = form
            self.events |= {name for name in names if name != "CUSTOM"}
            self._reply(f"+OK event listener enabled {form}")
        elif word == "api":
            text = self._switch.control.api(rest).encode()
            self.writer.write(b"Content-Type: api/response\nContent-Length: %d\n\n%s" % (len(text), text))
        elif word == "bgapi":
            job = str(uuid.uuid4())
            self._reply(f"+OK Job-UUID: {job}\nJob-UUID: {job}")
            self._switch.spawn(self._background(job, rest))
        elif word in {"filter", "nixevent", "noevents", "noop"}:
            self._reply("+OK")
        elif word == "exit":
            self._reply("+OK bye")
            self.writer.close()
        else:
            self._reply("-ERR command not found")

    async def _background(self, job: str, command: str) -> None:
        text = await self._switch.control.slow(command)
        values = self._switch.heads.head("BACKGROUND_JOB")
        name, _blank, argument = command.partition(" ")
        values |= {"Job-UUID": job, "Job-Command": name}
        if argument:
            values["Job-Command-Arg"] = argument
        if "BACKGROUND_JOB" in self.events:
            self.tell(values, text)

    def tell(self, values: Values, body: str = "") -> None:
        if not self.writer.is_closing():
            self.writer.write(as_json(values, body) if self._form == "json" else as_plain(values, body))

    def _reply(self, text: str) -> None:
        self._send(f"Content-Type: command/reply\nReply-Text: {text}")

    def _send(self, text: str) -> None:
        self.writer.write(f"{text}\n\n".encode())


class Control:
    """The commands of the switch."""

    def __init__(self, switch: Switch) -> None:
        self._switch = switch

    async def slow(self, command: str) -> str:
        """A command run in the background: `originate` waits for the other side."""
        if command.startswith("originate "):
            return await self._switch.originate(command.removeprefix("originate "))
        return self.api(command)

    def api(self, command: str) -> str:
        """The answer to a command."""
        word, _blank, rest = command.strip().partition(" ")
        switch = self._switch
        switch.commands.append(command)
        known: dict[str, Callable[[str], str]] = {
            "status": lambda _rest: f"UP 0 years, 0 days\n{len(switch.legs)} session(s) since startup\n",
            "version": lambda _rest: "FreeSWITCH Version 1.11.3-dev (stand-in)\n",
            "originate": self._originate,
            "bgapi": self._later,
            "hupall": self._hang_up_all,
            "show": self._show,
            "callcenter_config": self._callcenter,
            "reloadxml": lambda _rest: "+OK [Success]\n",
        }
        if word in known:
            return known[word](rest)
        return self._channel(word, rest) if word.startswith("uuid_") else f"-ERR {word} Command not found!\n"

    def _originate(self, rest: str) -> str:
        self._switch.spawn(self._switch.originate(rest))
        return f"+OK {self._switch.new_uuid()}\n"

    def _later(self, rest: str) -> str:
        job = self._switch.new_uuid()
        self._switch.spawn(self.slow(rest))
        return f"+OK Job-UUID: {job}\n"

    def _hang_up_all(self, _rest: str) -> str:
        for leg in list(self._switch.legs.values()):
            leg.hang_up("MANAGER_REQUEST")
        return "+OK hangup all channels with cause MANAGER_REQUEST\n"

    def _show(self, _rest: str) -> str:
        rows = [{"uuid": leg.uuid, "name": leg.variables["channel_name"]} for leg in self._switch.legs.values()]
        return orjson.dumps({"row_count": len(rows), "rows": rows}).decode()

    def _channel(self, word: str, rest: str) -> str:
        leg_id, _blank, more = rest.partition(" ")
        leg = self._switch.legs.get(leg_id)
        if leg is None:
            return self._agents_channel(word, leg_id, more)
        answer = "+OK\n"
        match word:
            case "uuid_kill":
                leg.hang_up(more or "NORMAL_CLEARING")
            case "uuid_send_dtmf":
                self._switch.sent_keys(leg, more)
                answer = f"+OK {leg_id} sent DTMF {more}.\n"
            case "uuid_recv_dtmf":
                for key in more:
                    leg.press(key)
            case "uuid_getvar":
                answer = leg.variables.get(more, "_undef_")
            case "uuid_setvar":
                name, _space, value = more.partition(" ")
                leg.variables[name] = value
            case "uuid_record":
                what, _space, path = more.partition(" ")
                known = leg.tapes.mask(path, now=self._switch.time(), masked=what == "mask")
                answer = "+OK Success\n" if known else "-ERR Operation failed\n"
            case "uuid_broadcast":
                leg.broadcast(more.split(" ")[0])
                answer = "+OK Message sent\n"
            case "uuid_transfer":
                self._take_over(leg, more)
            case "uuid_break":
                pass
            case _:
                answer = f"-ERR {word} Command not found!\n"
        return answer

    def _take_over(self, leg: Leg, where: str) -> None:
        """The dialplan takes the caller: whatever runs on the channel ends, and then its socket."""
        self._switch.transfers.append((leg.uuid, where))
        for other in [other for other, caller in self._switch.talks.items() if caller is leg]:
            leg.part(other)
        leg.fallback = True
        if leg.socket is not None:
            asyncio.get_running_loop().call_later(0.2 / self._switch.speed, leg.socket.cut)

    def _agents_channel(self, word: str, channel: str, more: str) -> str:
        """What is done to the channel of an agent who talks with a caller."""
        caller = self._switch.talks.get(channel)
        if caller is None and not (word == "uuid_hold" and more in self._switch.talks):
            return "-ERR No such channel!\n"
        if word == "uuid_kill" and caller is not None:
            caller.part(channel)
        elif word == "uuid_hold":
            self._switch.held ^= {more}
        return "+OK\n"

    def _callcenter(self, rest: str) -> str:
        what, *words = separated(rest)
        known = {"agent": self._agent, "tier": self._tier, "queue": self._queue}
        return known[what](words) if what in known else "-ERR Invalid!\n"

    def _agent(self, words: list[str]) -> str:
        switch = self._switch
        match words:
            case ["list"]:
                return self._agents()
            case ["add", name, *_kind]:
                if name in switch.agents:
                    return "-ERR Agent already exist!\n"
                switch.agents[name] = queues.StandInAgent(name)
            case ["del", name]:
                switch.agents.pop(name, None)
            case ["set", ("contact" | "status" | "state") as what, name, *value]:
                if (agent := switch.agents.get(name)) is None:
                    return "-ERR Agent not found!\n"
                text = value[0] if value else ""
                setattr(agent, what, text)
                asyncio.get_running_loop().call_soon(queues.changed, switch, agent, what, text)
        return "+OK\n"

    def _tier(self, words: list[str]) -> str:
        tiers = self._switch.tiers
        match words:
            case ["add", queue, agent, *_order]:
                if agent in tiers.setdefault(queue, []):
                    return "-ERR Tier already exist!\n"
                tiers[queue].append(agent)
            case ["del", queue, agent]:
                if agent in tiers.get(queue, []):
                    tiers[queue].remove(agent)
        return "+OK\n"

    def _queue(self, words: list[str]) -> str:
        switch = self._switch
        match words:
            case ["load" | "reload", name]:
                switch.queues.setdefault(name, queues.StandInQueue(name))
            case ["list"]:
                return self._queues()
            case ["count", "members", name]:
                return f"{len(switch.queues[name].members) if name in switch.queues else 0}\n"
            case ["count", "agents", name, *status]:
                return f"{switch.agents_of(name, status[0] if status else '')}\n"
            case ["list", "members", name]:
                rows = switch.queues[name].listed() if name in switch.queues else []
                return _table(MEMBER_COLUMNS, rows)
        return "+OK\n"

    def _agents(self) -> str:
        rows = [
            f"{agent.name}|single_box||Callback|{agent.contact}|{agent.status}|{agent.state}|0|0|0|0|0|0|0|0|0|0|"
            f"{agent.calls}|0|0|0"
            for agent in self._switch.agents.values()
        ]
        return _table(AGENT_COLUMNS, rows)

    def _queues(self) -> str:
        rows = [
            f"{name}|longest-idle-agent|tone_stream://%(200,800,440);loops=-1|system|false|0|false|true|60|false|0|0|5|"
            "|0|0|10|true|On Break"
            for name in self._switch.queues
        ]
        return "\n".join([QUEUE_COLUMNS, *rows, "+OK\n"])


def separated(text: str) -> list[str]:
    """Words as the switch cuts a command (src: switch_utils.c, `separate_string_blank_delim`): at blanks, but not
    within single quotes."""
    return [quoted or word for quoted, word in re.findall(r"'([^']*)'|(\S+)", text)]


def _table(columns: str, rows: list[str]) -> str:
    """A list: its columns come with the first row (src: mod_callcenter.c, `list_result_callback`)."""
    return "\n".join([*([columns, *rows] if rows else []), "+OK\n"])
