"""One channel: its variables and states, the keys on it, what it plays, and the events it makes."""

from __future__ import annotations

import asyncio
import uuid
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.telephony.standin import media
from app.telephony.standin.events import Values, headers, template
from app.telephony.standin.tapes import Tapes

if TYPE_CHECKING:
    from app.telephony.standin.socket import Socket
    from app.telephony.standin.switch import Switch

MAX_KEYS = 500
"""The switch keeps so many keys and drops the rest (src: the size of its queue)."""


BRIDGED = ("Bridge-A-Unique-ID", "Bridge-B-Unique-ID")


class Leg:
    """A call as the switch sees it."""

    def __init__(
        self, switch: Switch, *, number: str, name: str, to: str, leg_id: str = "", direction: str = "inbound"
    ) -> None:
        self.switch = switch
        self.uuid = leg_id or str(uuid.uuid4())
        self.number, self.name, self.to, self.direction = number, name, to, direction
        self.cause = ""
        self.answer_state, self.call_state, self.state, self.state_number = "ringing", "RINGING", "CS_EXECUTE", "4"
        self.socket_arguments = ""
        self.other = ""
        self.fax = "ok"
        self.terminators = ""
        self.pressed = ""
        self.fallback = False
        """Whether the dialplan went on after its `socket`."""
        self.socket: Socket | None = None
        self.tapes = Tapes()
        self._speaks_until = 0.0
        self._broadcast_until = 0.0
        self._keys: deque[str] = deque()
        self._stir = asyncio.Event()
        self._told: dict[str, int] = {}
        self._seen: dict[str, int] = {}
        self._last: dict[str, str] = {}
        self._created = str(int(switch.now().timestamp() * 1_000_000))
        self.variables: Values = self._filled("variables")
        self._caller: Values = self._filled("caller")

    def _filled(self, part: str) -> Values:
        words = {
            "{uuid}": self.uuid,
            "{number}": self.number,
            "{name}": self.name,
            "{to}": self.to,
            "{created}": self._created,
            "{socket}": self.socket_arguments,
        }
        values = {}
        for name, value in template()[part]:
            filled = value
            for word, meant in words.items():
                filled = filled.replace(word, meant)
            values[name] = filled
        return values

    def over(self) -> bool:
        """Whether the call has ended."""
        return bool(self.cause)

    # The caller's side

    def press(self, key: str) -> None:
        """A key arrives. The event of a key that ends an input follows the input's end, as recorded."""
        if self.cause:
            return
        self.pressed += key
        if len(self._keys) < MAX_KEYS:
            self._keys.append(key)
        extra = {"DTMF-Digit": key, "DTMF-Duration": "2080", "DTMF-Source": "RTP"}
        if key in self.terminators and self._keys[0] == key:
            asyncio.get_running_loop().call_later(0.02 / self.switch.speed, self.emit, "DTMF", extra)
        else:
            self.emit("DTMF", extra)
        self._stir.set()

    def speak(self, seconds: float) -> None:
        self._speaks_until = self.switch.time() + seconds

    def hang_up(self, cause: str, *, by_caller: bool = False, variables: Mapping[str, str] | None = None) -> None:
        """End the call; what runs on it ends too and then the channel is reported."""
        if self.cause:
            return
        self.cause = cause
        self.tapes.end(now=self.switch.time(), writes=self.switch.writes)
        self.answer_state, self.state_number = "hangup", "10"
        if by_caller:
            self.variables |= {
                "sip_reason": f'Q.850;cause=16;text="{cause}"',
                "sip_term_status": "200",
                "proto_specific_hangup_cause": "sip:200",
                "sip_term_cause": "16",
            }
        self.variables.update(variables or {})
        self.emit("CHANNEL_HANGUP")
        if by_caller:
            self.variables["sip_hangup_disposition"] = "recv_bye"
        self._stir.set()
        self.switch.hung_up(self)

    # What is told to callers

    def tell(self, what: str, played: str) -> None:
        """The caller notices something: `heard`, `asked`, `recorded`."""
        self._told[what] = self._told.get(what, 0) + 1
        self._last[what] = played or "-"
        self._stir.set()
        self.switch.noticed(self, what, played)

    async def until(self, what: str) -> str:
        """Wait for the next time the caller notices this; one that was not waited for yet counts."""
        while self._told.get(what, 0) <= self._seen.get(what, 0) and not self.over():
            await self._stirred(None)
        self._seen[what] = self._told.get(what, 0)
        return "" if self.cause else self._last[what]

    # Time, sound and keys

    async def lasting(self, seconds: float) -> bool:
        """Let time pass; false where the call ended meanwhile."""
        end = self.switch.time() + seconds
        while not self.over() and (left := end - self.switch.time()) > 1e-6:
            await self._stirred(left)
        return not self.cause

    async def talking(self, other: str, seconds: float) -> None:
        """Talk with an agent's channel until the time is over, the caller hangs up, or the two are parted."""
        talks = self.switch.talks
        talks[other] = self
        end = self.switch.time() + seconds
        while other in talks and not self.over() and (left := end - self.switch.time()) > 1e-6:
            await self._stirred(left)
        talks.pop(other, None)

    def part(self, other: str) -> None:
        """The agent's channel ends, or the caller is taken from it."""
        self.switch.talks.pop(other, None)
        self._stir.set()

    async def key(self, seconds: float) -> str:
        """The next key, within so many seconds; empty where none came."""
        end = self.switch.time() + seconds
        while not self._keys:
            left = end - self.switch.time()
            if self.over() or left <= 1e-6:
                return ""
            await self._stirred(left)
        return self._keys.popleft()

    @property
    def broadcasting(self) -> bool:
        """Whether something is broadcast to the channel: keys go to it, and to nothing below."""
        return self.switch.time() < self._broadcast_until

    def broadcast(self, what: str) -> None:
        """Play over what runs."""
        self._broadcast_until = self.switch.time() + (media.seconds(what) or 0.0)
        self.tell("heard", what)

    def flush_keys(self) -> None:
        self._keys.clear()

    async def play(self, what: str, *, stop_at: str = "") -> str:
        """Play it, at most until a key of `stop_at` (`any`, or keys); that key. Other keys stay for later."""
        length = media.seconds(what)
        if length is None:
            self.variables["current_application_response"] = "FILE NOT FOUND"
            return ""
        if what in {"", "''"}:
            return ""
        self.tell("heard", what)
        began, end, key = self.switch.time(), self.switch.time() + length, ""
        while not self.over() and not key:
            if self._keys and stop_at and (stop_at == "any" or self._keys[0] in stop_at):
                key = self._keys.popleft()
                break
            left = end - self.switch.time()
            if left <= 1e-6:
                break
            await self._stirred(left)
        played = min(self.switch.time() - began, length)
        self.variables |= {
            "playback_last_offset_pos": str(int(played * 8000)),
            "playback_seconds": str(int(played)),
            "playback_ms": str(int(played * 1000)),
            "playback_samples": str(int(played * 8000)),
        }
        return key

    async def listen(self, limit: float, silence: float, stop_at: str) -> tuple[float, str]:
        """Record: how long, and what ended it (`limit`, `silence`, `key`, `hangup`)."""
        began = self.switch.time()
        while not self.over():
            now = self.switch.time()
            if self._keys and (stop_at == "any" or self._keys[0] in stop_at):
                self._keys.popleft()
                return now - began, "key"
            quiet_at = max(began, min(self._speaks_until, began + limit)) + silence
            end = min(began + limit, quiet_at)
            if now >= end - 1e-6:
                return now - began, "limit" if end == began + limit else "silence"
            await self._stirred(end - now)
        return self.switch.time() - began, "hangup"

    async def _stirred(self, seconds: float | None) -> None:
        self._stir.clear()
        try:
            async with asyncio.timeout(None if seconds is None else max(seconds, 0) / self.switch.speed):
                await self._stir.wait()
        except TimeoutError:
            pass

    # Events

    def answer(self) -> None:
        if self.answer_state != "ringing":
            return
        self.answer_state = "answered"
        self.variables.update(template()["answered"])
        self._caller["Caller-Channel-Answered-Time"] = str(int(self.switch.now().timestamp() * 1_000_000))
        self.emit("CHANNEL_ANSWER")
        self.call_state = "ACTIVE"
        self.variables["endpoint_disposition"] = "ANSWER"

    def emit(self, name: str, extra: Mapping[str, str] | None = None) -> None:
        """Tell an event to the call's own socket and to whoever listens on the control sockets."""
        if name in {"CHANNEL_BRIDGE", "CHANNEL_UNBRIDGE"}:
            self.tapes.joined(self.switch.time(), name == "CHANNEL_BRIDGE")
        wanted = self.switch.wanted(name)
        if self.socket is None and not wanted:
            return
        values = self.event(name, extra or {})
        if self.socket is not None:
            self.socket.told(values)
        if wanted:
            self.switch.publish(name, values)

    def event(self, name: str, extra: Mapping[str, str], *, head: Values | None = None) -> Values:
        """All headers of an event of this channel."""
        values = head or self.switch.heads.head(name)
        values |= {mark: extra[mark] for mark in BRIDGED if mark in extra}
        if self.cause and name == "CHANNEL_HANGUP_COMPLETE":
            values["Hangup-Cause"] = self.cause
        values |= self._states()
        if self.cause and name != "CHANNEL_HANGUP_COMPLETE":
            values["Hangup-Cause"] = self.cause
        values.update(template()["codecs"])
        values.update(self._caller)
        if self.other:
            values |= self._other_leg()
        if name not in {"DTMF", "CHANNEL_STATE"}:
            for variable, value in self.variables.items():
                values[f"variable_{variable}"] = value
        values |= {mark: value for mark, value in extra.items() if mark not in BRIDGED}
        return values

    def _other_leg(self) -> Values:
        values = {"Other-Type": "originatee"}
        for name, value in self._caller.items():
            if name == "Caller-Profile-Index":
                continue
            values[name.replace("Caller-", "Other-Leg-", 1)] = value
        return values | {"Other-Leg-Unique-ID": self.other}

    def joined(self, other: str) -> None:
        """Bridged to another channel; from now on events tell of it."""
        self.other = other
        known: Values = {}
        for name, value in self._caller.items():
            known[name] = value
            if name == "Caller-Orig-Caller-ID-Number":
                known |= {"Caller-Callee-ID-Name": "Outbound Call", "Caller-Callee-ID-Number": "public"}
        self._caller = known

    def _states(self) -> Values:
        return {
            "Channel-State": self.state,
            "Channel-Call-State": self.call_state,
            "Channel-State-Number": self.state_number,
            "Channel-Name": self.variables["channel_name"],
            "Unique-ID": self.uuid,
            "Call-Direction": self.direction,
            "Presence-Call-Direction": self.direction,
            "Channel-HIT-Dialplan": "true",
            "Channel-Call-UUID": self.uuid,
            "Answer-State": self.answer_state,
        }

    def data(self, *, full: bool) -> bytes:
        """The answer to `connect`."""
        values = self.switch.heads.head("CHANNEL_DATA")
        values.update(self._filled("channel_data"))
        values |= self._states()
        values.update(template()["codecs"])
        values.update(self._caller)
        values |= {f"variable_{name}": value for name, value in self.variables.items()}
        values |= {"Content-Type": "command/reply", "Reply-Text": "+OK\n", "Socket-Mode": "async"}
        values["Control"] = "full" if full else "single-channel"
        return headers(values) + b"\n"

    def report(self) -> None:
        """The last states of a channel that has ended (it is no longer there afterwards)."""
        self.state = "CS_HANGUP"
        self.emit("CHANNEL_STATE")
        self.state, self.call_state, self.state_number = "CS_REPORTING", "HANGUP", "11"
        self.emit("CHANNEL_STATE")
        self.variables |= {
            "hangup_cause": self.cause,
            "hangup_cause_q850": Q850.get(self.cause, "16"),
            "digits_dialed": self.pressed or "none",
        }
        self.variables.update(template()["reporting"])
        self.variables |= {
            "last_app": self.variables.get("current_application", ""),
            "caller_id": f'"{self.name}" <{self.number}>',
        }
        self.emit("CHANNEL_HANGUP_COMPLETE")


Q850 = {
    "NORMAL_CLEARING": "16",
    "USER_BUSY": "17",
    "NO_ANSWER": "19",
    "CALL_REJECTED": "21",
    "DESTINATION_OUT_OF_ORDER": "27",
    "NORMAL_TEMPORARY_FAILURE": "41",
    "UNALLOCATED_NUMBER": "1",
}
