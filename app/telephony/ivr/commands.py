"""What the interpreter wants done. Frozen, plain values only.

Each `step` returns commands in order: any number that nobody answers (`Enter`, `Tag`, `SetLanguage`), then at
most one with `waits`, which is answered by exactly one event, or `Hangup`, after which the call is over.
`id` counts up within a call; `flow` and `node` say where it comes from. Together with the call's own id, `id` is
the idempotency key of a command with an effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from app.telephony.ivr.pieces import Piece, Prompt, Spoken, Text, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """The base of all commands."""

    waits: ClassVar[bool] = True
    """An event answers it."""
    needs_caller: ClassVar[bool] = False
    """It makes no sense once the caller is gone."""

    id: int
    flow: str
    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Enter(Command):
    """A node is entered: for the call's record. `verb` is the node's kind, `exit` the exit of the node before by
    which it was reached (empty for the first), `came_from` that node (`flow/node`)."""

    waits: ClassVar[bool] = False

    verb: str
    exit: str = ""
    came_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag(Command):
    """Write a fact on the call's record (reason of the call, account …)."""

    waits: ClassVar[bool] = False

    name: str
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLanguage(Command):
    """From now on the caller is spoken to in this language (`zh`, `en`)."""

    waits: ClassVar[bool] = False

    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Command):
    """Answer the call. Done: nothing."""

    needs_caller: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Play(Command):
    """Play the pieces one after another. With `barge_in` any key ends them; without it keys pressed meanwhile
    are thrown away. Done: `digits`, the keys that ended it (typed ahead, empty otherwise)."""

    needs_caller: ClassVar[bool] = True

    pieces: tuple[Piece, ...]
    language: str
    barge_in: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Gather(Command):
    """Play the pieces and take keys; `app.telephony.ivr.digits` is the rule as a pure function.

    Digits, NoInput or WrongInput answer it. Without `barge_in` keys pressed while the pieces play are thrown
    away. `first_timeout` (seconds) runs from the end of the pieces until the first key, `digit_timeout` from key
    to key. A timeout with at least `min` digits is `Digits`, with fewer `WrongInput`, without any `NoInput`.
    `terminators` end the input; `typed` are keys pressed before, counted as the first. `mask`: the keys are
    never written to a log or record.
    """

    needs_caller: ClassVar[bool] = True

    pieces: tuple[Piece, ...]
    language: str
    min: int = 1
    max: int = 1
    terminators: str = ""
    first_timeout: float = 5.0
    digit_timeout: float = 3.0
    pattern: str = ""
    barge_in: bool = True
    mask: bool = False
    typed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Command):
    """Record the caller under `name`: until `max_seconds`, `silence` seconds of silence, or a key of
    `terminators`. Done: `file` (a reference that later commands may carry on), `seconds`."""

    needs_caller: ClassVar[bool] = True

    name: str
    max_seconds: float
    min_seconds: float = 1.0
    silence: float = 4.0
    terminators: str = "#"
    beep: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCall(Command):
    """Record the whole call from now on, or no more where `on` is false. Done: nothing, also where it failed."""

    needs_caller: ClassVar[bool] = True

    on: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Voicemail(Command):
    """Put a recording into a mailbox that people read. Done: `id`."""

    box: str
    file: str
    seconds: float
    number: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup(Command):
    """Ask `kernel.registry.lookups[name]`. Done: its values; Failed `timeout` after `timeout` seconds.

    `identified` is the account the caller has been identified for, None before.
    """

    name: str
    inputs: Mapping[str, Any]
    timeout: float
    identified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue(Command):
    """Wait for an agent in a queue and talk to them.

    `announce_every` seconds the place (`position`) and expected wait (`estimate`) are said; from
    `offer_after` seconds on, a key of `keys` leaves the queue (offered with `offer`). `recorded` tells that the
    talk is recorded; without it, and in a queue that is not recorded, it is not. Done: `outcome`
    (`answered`: they talked and the agent hung up first, `timeout`, `full`, `no_agents`, `key`), `key`, `agent`,
    `waited` and `talked` in seconds.
    """

    needs_caller: ClassVar[bool] = True

    name: str
    language: str
    priority: int = 0
    max_wait: float = 600.0
    announce_every: float = 30.0
    position: bool = True
    estimate: bool = True
    keys: str = ""
    offer: tuple[Piece, ...] = ()
    offer_after: float = 60.0
    recorded: tuple[Piece, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback(Command):
    """Note that an agent of this queue shall call back; the place in the queue counts from now. Done: `id`."""

    queue: str
    number: str
    language: str
    at: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Command):
    """Hand the caller over for good (blind). Done: `outcome` `answered`; Failed otherwise. The call is over."""

    needs_caller: ClassVar[bool] = True

    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge(Command):
    """Call a number and join the caller to it; afterwards the flow goes on. `recorded` tells that the talk is
    recorded, without it it is not. Done: `outcome` (`answered`, `busy`, `no_answer`, `failed`), `talked` in
    seconds."""

    needs_caller: ClassVar[bool] = True

    number: str
    language: str = "zh"
    timeout: float = 30.0
    recorded: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FaxSend(Command):
    """Fax a document: rendered from `document` and `inputs`, to `number`, or on this call where it is None.
    Done: `id`, and on this call `outcome` (`sent`, `failed`, `not_fax`) and `pages`; else `outcome` `queued`."""

    document: str
    inputs: Mapping[str, Any]
    language: str
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FaxReceive(Command):
    """Receive a fax on this call. Done: `file`, `pages`."""

    needs_caller: ClassVar[bool] = True

    name: str
    timeout: float = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey(Command):
    """Keep an answer to a survey. Done: nothing."""

    name: str
    answer: str
    label: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartProcess(Command):
    """Start a process of the engine. Done: `instance_id`, `business_key`."""

    process: str
    data: Mapping[str, Any]
    timeout: float
    business_key: str | None = None
    title: str = ""
    title_en: str = ""
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Command):
    """Publish a message to running processes. Done: `instances`, the ids reached (maybe none)."""

    message: str
    correlation: Mapping[str, Any]
    payload: Mapping[str, Any]
    timeout: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sms(Command):
    """Send a text message. Done: `id`."""

    to: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook(Command):
    """Post values to an endpoint that the installation names. Done: what it answered (a JSON object)."""

    name: str
    payload: Mapping[str, Any]
    timeout: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hangup(Command):
    """Hang up. The call is over; nothing answers it."""

    waits: ClassVar[bool] = False
    needs_caller: ClassVar[bool] = True

    cause: str = "NORMAL_CLEARING"


def as_plain(command: Command) -> dict[str, Any]:
    """A command as JSON: `command` is its name in small letters with underscores, then its fields."""
    values = {entry.name: _plain(getattr(command, entry.name)) for entry in fields(command)}
    return {"command": name_of(type(command)), **values}


def name_of(kind: type[Command]) -> str:
    """`FaxSend` → `fax_send`."""
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in kind.__name__).lstrip("_")


def _plain(value: Any) -> Any:
    if isinstance(value, (Prompt, Text, Spoken)):
        return plain(value)
    if isinstance(value, (tuple, list)):
        return [_plain(entry) for entry in value]
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    return value
