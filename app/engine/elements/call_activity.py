"""The call activity: another deployed process, with its own variables.

`camunda:in` gives them to it, `camunda:out` brings its results back. Without any
`camunda:in` it starts with nothing but its business key, as in Camunda.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from lxml.etree import _Element
from SpiffWorkflow.spiff.specs.defaults import CallActivity as SpiffCallActivity
from SpiffWorkflow.task import Task

from app.engine.definitions.names import BPMN, CAMUNDA, local
from app.engine.elements.host import host_of
from app.engine.elements.subprocess import Subprocess
from app.engine.scripting import ScriptError, compile_expression, template_to_python


@dataclass(frozen=True, slots=True)
class CallMapping:
    """Target name by expression; `all_in` and `all_out` copy every variable first."""

    inputs: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    all_in: bool = False
    all_out: bool = False
    business_key: str | None = None


def read_call_mapping(node: _Element) -> CallMapping:
    """Read `camunda:in` and `camunda:out`; raises `ScriptError` for an entry that says nothing."""
    box = f"{BPMN}extensionElements/{CAMUNDA}"
    entries = node.findall(f"{box}in")
    results = node.findall(f"{box}out")
    keys = [entry.get("businessKey") for entry in entries if entry.get("businessKey")]
    return CallMapping(
        inputs=_pairs([entry for entry in entries if not entry.get("businessKey")]),
        outputs=_pairs(results),
        all_in=any(entry.get("variables") == "all" for entry in entries),
        all_out=any(entry.get("variables") == "all" for entry in results),
        business_key=template_to_python(keys[0] or "") if keys else None,
    )


def _pairs(entries: list[_Element]) -> dict[str, str]:
    pairs = {}
    for entry in entries:
        if entry.get("variables") == "all":
            continue
        target, source, expression = entry.get("target"), entry.get("source"), entry.get("sourceExpression")
        if not target or not (source or expression):
            raise ScriptError(_("%(tag)s needs a source and a target", tag=local(entry)))
        pairs[target] = template_to_python(expression) if expression else source or ""
        compile_expression(pairs[target])
    return pairs


class CallActivity(Subprocess, SpiffCallActivity):  # type: ignore[misc]
    """`latest` is the key of a process whose version is chosen when the step runs; None where it is pinned."""

    shares_variables = False

    def __init__(
        self,
        wf_spec: Any,
        bpmn_id: str,
        subworkflow_spec: str,
        mapping: CallMapping,
        *,
        latest: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(wf_spec, bpmn_id, subworkflow_spec, **kwargs)
        self.mapping = mapping
        self.latest = latest

    def process_of(self, my_task: Task) -> str:
        return host_of(my_task).latest(self.latest) if self.latest is not None else str(self.spec)

    def copy_data(self, my_task: Task, subworkflow: Any) -> None:
        subworkflow.task_tree.data = self.given(my_task)

    def given(self, my_task: Task) -> dict[str, Any]:
        """The variables the called process starts with."""
        data: dict[str, Any] = deepcopy(my_task.data) if self.mapping.all_in else {}
        engine = my_task.workflow.script_engine
        data.update({target: engine.evaluate(my_task, source) for target, source in self.mapping.inputs.items()})
        if self.mapping.business_key is not None:
            data["business_key"] = engine.evaluate(my_task, self.mapping.business_key)
        return data

    def update_data(self, my_task: Task, subworkflow: Any) -> None:
        end = subworkflow.last_task
        if self.mapping.all_out:
            my_task.data.update(deepcopy(end.data))
        engine = my_task.workflow.script_engine
        my_task.data.update({target: engine.evaluate(end, source) for target, source in self.mapping.outputs.items()})
