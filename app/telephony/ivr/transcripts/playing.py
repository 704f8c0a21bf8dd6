"""Playing a transcript: step by step, until one does not hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.telephony.ivr import commands as c
from app.telephony.ivr.events import Done, Failed
from app.telephony.ivr.flow import Flow, FlowSet
from app.telephony.ivr.phone import Phone, default_answer, stubbed
from app.telephony.ivr.pieces import plain
from app.telephony.ivr.transcripts.matching import holds, part_of
from app.telephony.ivr.verbs import hours, notice

MAX_ANSWERS = 2_000
"""Commands that one transcript answers."""

ANSWERED_BY: dict[type[c.Command], str] = {
    c.Record: "record",
    c.Queue: "queue",
    c.Bridge: "transfer",
    c.Transfer: "transfer",
    c.FaxSend: "fax",
    c.FaxReceive: "fax",
}

USUAL: dict[str, Mapping[str, Any]] = {
    hours.LOOKUP: {"state": "open"},
    notice.LOOKUP: {"notices": [], "shut": False},
}
"""What the flow's own look-ups answer where a transcript says nothing."""


class Broken(Exception):
    """A step that does not hold; the text says why."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A transcript played. `reached` are nodes (`flow/node`), `left` exits (`flow/node:exit`)."""

    flow: str
    name: str
    message: str = ""
    step: int = 0
    line: int = 1
    heard: tuple[dict[str, Any], ...] = ()
    reached: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()

    @property
    def passed(self) -> bool:
        """Whether every step held."""
        return not self.message

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "flow": self.flow,
            "transcript": self.name,
            "ok": self.passed,
            **({"step": self.step, "line": self.line, "message": self.message} if self.message else {}),
        }


def play(flows: FlowSet, flow: Flow, transcript: Mapping[str, Any], line: int = 1) -> Outcome:
    """Play one transcript of a flow. Never raises for what it holds."""
    player = _Player(flows, flow, transcript)
    message = ""
    try:
        player.run()
    except Broken as broken:
        message = str(broken)
    log = player.phone.log if player.phone else []
    return Outcome(
        flow=flow.name,
        name=transcript["name"],
        message=message,
        step=player.at + 1,
        line=line,
        heard=tuple(_heard(log)),
        reached=frozenset(f"{entry.flow}/{entry.node}" for entry in log if isinstance(entry, c.Enter)),
        left=frozenset(player.phone.left if player.phone else ()),
    )


@dataclass(slots=True)
class _Player:
    flows: FlowSet
    flow: Flow
    transcript: Mapping[str, Any]
    phone: Phone | None = None
    at: int = -1
    seen: int = 0
    used: dict[str, int] = field(default_factory=dict)
    hung_up: bool = False

    def run(self) -> None:
        given = self.transcript
        now = datetime.fromisoformat(given["now"])
        call = {"id": "trial", "number": "", "called": "95598", **given["call"], "inputs": given["inputs"]}
        failing = {name if "/" in name else f"{self.flow.name}/{name}": error for name, error in given["fails"].items()}
        self.phone = phone = Phone.call(self.flows, self.flow.name, call, now, failing)
        self._settle(phone)
        while self.at + 1 < len(given["steps"]):
            self.at += 1
            step = given["steps"][self.at]
            ((kind, value),) = step.items()
            self._step(phone, kind, value)
            self._settle(phone)
        unmet = sorted(failing.keys() - phone.failed)
        if unmet:
            raise Broken(_("nothing waited to fail at %(node)s", node=", ".join(unmet)))
        if "end" in given:
            self._end(phone, given["end"])

    def _step(self, phone: Phone, kind: str, value: Any) -> None:
        match kind:
            case "expect":
                self._expect(phone, value)
            case "hang_up":
                self.hung_up = True
                phone.hang_up()
            case "press":
                for key in value:
                    if not phone.press(key):
                        raise Broken(_("%(key)s was pressed while nothing waited for keys", key=key))
                    self._settle(phone)
            case "wait":
                if not phone.wait():
                    raise Broken(_("nothing waits for keys"))
            case "fail":
                self._answer(phone, None, Failed(error=value))
            case _:
                self._answer(phone, None if kind == "result" else kind, stubbed(value))

    def _answer(self, phone: Phone, kind: str | None, event: Done | Failed | Any) -> None:
        waiting = phone.waiting
        if waiting is None or isinstance(waiting, c.Gather):
            raise Broken(_("nothing waits for this answer; the call stands at %(node)s", node=_place(phone)))
        if kind is not None and ANSWERED_BY.get(type(waiting)) != kind:
            raise Broken(_("%(command)s waits, not %(kind)s", command=c.name_of(type(waiting)), kind=kind))
        if isinstance(waiting, c.Record) and isinstance(event, Done):
            event = Done(result={"file": f"{waiting.name}.wav", "seconds": 5, **event.result})
        phone.answer(event)

    def _settle(self, phone: Phone) -> None:
        """Answer what answers by itself, until a person is needed or the next step is the answer."""
        for _count in range(MAX_ANSWERS):
            waiting = phone.waiting
            if waiting is None or isinstance(waiting, c.Gather) or self._next_kind() in ("fail", "result"):
                return
            if isinstance(waiting, c.Lookup):
                phone.answer(self._looked_up(waiting))
                continue
            event = default_answer(waiting)
            if event is None:
                return
            phone.answer(event)
        raise Broken(_("the flow does not come to rest"))

    def _next_kind(self) -> str:
        steps = self.transcript["steps"]
        return next(iter(steps[self.at + 1])) if self.at + 1 < len(steps) else ""

    def _looked_up(self, asked: c.Lookup) -> Any:
        answers = self.transcript["lookups"].get(asked.name)
        if not answers:
            if asked.name in USUAL:
                return stubbed(USUAL[asked.name])
            raise Broken(_("no result is stated for look-up %(name)s", name=asked.name))
        count = self.used.get(asked.name, 0)
        self.used[asked.name] = count + 1
        return stubbed(answers[min(count, len(answers) - 1)])

    def _expect(self, phone: Phone, wanted: Mapping[str, Any]) -> None:
        recent = phone.log[self.seen :]
        self.seen = len(phone.log)
        why = holds(wanted, phone, recent)
        if why:
            raise Broken(why)

    def _end(self, phone: Phone, wanted: Mapping[str, Any]) -> None:
        if not phone.over:
            raise Broken(_("the call goes on, at %(node)s", node=_place(phone)))
        by = "caller" if self.hung_up else "transfer" if phone.transferred else "flow"
        if wanted.get("by", by) != by:
            raise Broken(_("the call was ended by: %(by)s", by=by))
        if "at" in wanted and wanted["at"] not in (_place(phone), phone.state.node):
            raise Broken(_("the call ended at %(node)s", node=_place(phone)))
        if not part_of(wanted.get("variables", {}), phone.state.variables):
            raise Broken(_("the variables at the end are %(values)s", values=phone.state.shown()))


def _place(phone: Phone) -> str:
    return f"{phone.state.flow}/{phone.state.node}"


def _heard(log: list[c.Command]) -> Iterator[dict[str, Any]]:
    """What the caller heard, with the node."""
    for entry in log:
        if isinstance(entry, (c.Play, c.Gather)):
            yield {"node": f"{entry.flow}/{entry.node}", "pieces": [plain(piece) for piece in entry.pieces]}
