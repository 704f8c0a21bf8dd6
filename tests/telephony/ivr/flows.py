"""Flows for tests, from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.kernel.clock import LOCAL
from app.telephony.ivr import machine
from app.telephony.ivr.commands import Command, Enter
from app.telephony.ivr.events import Event
from app.telephony.ivr.flow import FlowSet
from app.telephony.ivr.loading import load_set
from app.telephony.ivr.state import State

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=LOCAL)

DEFAULTS = """
no_input: {tries: 3, prompt: no_input, goto: hangup}
wrong_input: {tries: 3, prompt: wrong_input, goto: hangup}
on_error: hangup
"""


def flow_set(*nodes: str, defaults: str = DEFAULTS, **more: str) -> FlowSet:
    """Flow `main` with these nodes (YAML under `nodes:`), and more flows by name: their whole text but the head."""
    files = {"defaults.yaml": defaults, "main.yaml": head("main", "entry: true\nnodes:\n" + "\n".join(nodes))}
    files |= {f"{name}.yaml": head(name, text) for name, text in more.items()}
    return load_set(files)


def flow_set_of(text: str, defaults: str = DEFAULTS) -> FlowSet:
    """Flow `main` with this text but for the head."""
    return load_set({"defaults.yaml": defaults, "main.yaml": head("main", text)})


def head(name: str, rest: str) -> str:
    """A flow's text with what every flow must say."""
    start = "" if "\nstart:" in f"\n{rest}" else "start: first\n"
    return f"flow: {name}\ntitle: 流程\ntitle_en: Flow\n{start}{rest}"


class Call:
    """A call step by step; `commands` are those of the last step, without the entries of nodes."""

    def __init__(self, flows: FlowSet, name: str = "main", **call: Any) -> None:
        self.flows = flows
        self.path: list[str] = []
        self.commands: list[Command] = []
        self.state: State
        self._took(machine.begin(flows, name, {"number": "13800000000", **call}, NOW))

    def __call__(self, event: Event) -> Call:
        self._took(machine.step(self.flows, self.state, event, NOW))
        return self

    def _took(self, result: tuple[State, tuple[Command, ...]]) -> None:
        self.state, commands = result
        assert State.from_json(self.state.to_json()) == self.state
        self.path += [command.node for command in commands if isinstance(command, Enter)]
        self.commands = [command for command in commands if not isinstance(command, Enter)]

    @property
    def last(self) -> Any:
        return self.commands[-1]

    @property
    def variables(self) -> Mapping[str, Any]:
        return self.state.variables
