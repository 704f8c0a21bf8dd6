"""From a normalized diagram to specifications: which class stands for which BPMN element.

Reads Camunda's attributes where an element needs them; what cannot be read is refused by
the normalizer before, so that nothing here is the first to complain.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml.etree import _Element
from SpiffWorkflow.bpmn.parser.event_parsers import (
    ERROR_EVENT_XPATH,
    ESCALATION_EVENT_XPATH,
    MESSAGE_EVENT_XPATH,
    SIGNAL_EVENT_XPATH,
    TIMER_EVENT_XPATH,
    BoundaryEventParser,
    EndEventParser,
    EventBasedGatewayParser,
    EventDefinitionParser,
    IntermediateCatchEventParser,
    IntermediateThrowEventParser,
    ReceiveTaskParser,
    StartEventParser,
)
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser, SubprocessParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import EndEvent, IntermediateCatchEvent, IntermediateThrowEvent, StartEvent
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.parser.task_spec import CallActivityParser, SpiffTaskParser, SubWorkflowParser
from SpiffWorkflow.spiff.specs.defaults import NoneTask, ReceiveTask

from app.engine.definitions.bindings import LATEST
from app.engine.definitions.camunda import correlation_of, decision_of, output_of, result_of, service_name
from app.engine.definitions.names import BPMN, CAMUNDA
from app.engine.elements.boundary import ActivityEnd, BoundaryEvent
from app.engine.elements.call_activity import CallActivity, read_call_mapping
from app.engine.elements.catches import CaughtEvent
from app.engine.elements.decisions import DecisionRef, DecisionTask
from app.engine.elements.errors import ErrorEvent, EscalationEvent
from app.engine.elements.event_gateway import EventGateway, FirstOf
from app.engine.elements.inclusive_gateway import InclusiveGateway
from app.engine.elements.inputs import read_mappings
from app.engine.elements.multi_instance import Collection, ParallelRuns, SequentialRuns
from app.engine.elements.parallel_gateway import ParallelGateway
from app.engine.elements.process import ProcessSpecParser
from app.engine.elements.services import ServiceRef, ServiceTask
from app.engine.elements.starts import StartTimer
from app.engine.elements.subprocess import EmbeddedSubprocess, EventSubprocess, Transaction
from app.engine.elements.throws import ThrownEvent
from app.engine.elements.timers import CycleTimer, Timer


class Activity(SpiffTaskParser):  # type: ignore[misc]
    """What every activity shares: our multi-instance classes, and its boundary events."""

    PARALLEL_MI_CLASS = ParallelRuns
    SEQUENTIAL_MI_CLASS = SequentialRuns
    EVENT_SUBPROCESS_CLASS = EventSubprocess

    def _add_multiinstance_task(self, loop_characteristics: _Element) -> None:
        super()._add_multiinstance_task(loop_characteristics)
        if self.task.data_input is not None:
            self.task.data_input = Collection(self.task.data_input.bpmn_id)
        self.task.output = output_of(self.node)

    def _add_boundary_event(self, children: list[_Element]) -> Any:
        split = BoundaryEventSplit(self.spec, f"{self.bpmn_id}.BoundaryEventSplit")
        after = ActivityEnd(self.spec, f"{self.bpmn_id}.BoundaryEventJoin")
        for part in (self.task, *map(self.process_parser.parse_node, children)):
            split.connect(part)
            part.connect(after)
        return split


class PassThrough(Activity):
    """Undefined and manual tasks: they pass by themselves, as in Camunda."""

    def create_task(self) -> Any:
        task = super().create_task()
        task.manual = False
        return task


class UserTaskParser(Activity):
    def create_task(self) -> Any:
        return self.spec_class(self.spec, self.bpmn_id, **self.bpmn_attributes)


class ScriptParser(Activity):
    def create_task(self) -> Any:
        script = self.node.findtext(f"{BPMN}script") or ""
        return self.spec_class(self.spec, self.bpmn_id, script, **self.bpmn_attributes)


class ServiceParser(Activity):
    def create_task(self) -> Any:
        name, external = service_name(self.node)
        service = ServiceRef(name, external, result_of(self.node), read_mappings(self.node))
        return ServiceTask(self.spec, self.bpmn_id, service, **self.bpmn_attributes)


class DecisionParser(ServiceParser):
    def create_task(self) -> Any:
        decision_id = decision_of(self.node)
        if decision_id is None:
            return super().create_task()
        bound = self.process_parser.parser.bindings.get(f"dmn:{decision_id}", "")
        decision = DecisionRef(
            decision_id,
            "" if bound == LATEST else bound,
            result_of(self.node),
            self.node.get(f"{CAMUNDA}mapDecisionResult", ""),
            read_mappings(self.node),
        )
        return DecisionTask(self.spec, self.bpmn_id, decision, **self.bpmn_attributes)

    @staticmethod
    def get_decision_ref(node: Any) -> str | None:
        """Asked by SpiffWorkflow while it collects what a diagram depends on."""
        return decision_of(node)


class SubprocessNodeParser(Activity, SubWorkflowParser):  # type: ignore[misc]
    def create_task(self) -> Any:
        inner = SubprocessParser.get_subprocess_spec(self)
        is_event = self.node.get("triggeredByEvent") == "true"
        spec_class = self.EVENT_SUBPROCESS_CLASS if is_event else self.spec_class
        return spec_class(self.spec, self.bpmn_id, subworkflow_spec=inner, **self.bpmn_attributes)


class CallParser(Activity, CallActivityParser):  # type: ignore[misc]
    def create_task(self) -> Any:
        called = self.node.get("calledElement", "")
        mapping = read_call_mapping(self.node)
        target = self.process_parser.parser.bindings.get(f"bpmn:{called}", called)
        latest = called if target == LATEST else None
        name = f"{called}@{LATEST}" if latest else target
        return CallActivity(self.spec, self.bpmn_id, name, mapping, latest=latest, **self.bpmn_attributes)


class Events(Activity, EventDefinitionParser):  # type: ignore[misc]
    """Event definitions of ours in place of SpiffWorkflow's."""

    throws = False

    def parse_message_event(self, event: _Element) -> Any:
        return self._named("message", self.process_parser.parser.messages.get(event.get("messageRef")) or "", event)

    def parse_signal_event(self, event: _Element) -> Any:
        return self._named("signal", self.process_parser.parser.signals.get(event.get("signalRef")) or "", event)

    def _named(self, kind: str, name: str, event: _Element) -> Any:
        correlation = correlation_of(self.node)
        if not self.throws:
            return CaughtEvent(kind, name, correlation)
        payload = read_mappings(self.node).inputs or read_mappings(event).inputs
        return ThrownEvent(kind, name, payload, correlation)

    def parse_timer_event(self, event: _Element) -> Timer:
        cycle = event.findtext(f"{BPMN}timeCycle")
        if cycle is not None:
            return CycleTimer(self.bpmn_id, cycle)
        return Timer(self.bpmn_id, event.findtext(f"{BPMN}timeDate") or event.findtext(f"{BPMN}timeDuration") or "")

    def parse_error_event(self, event: _Element) -> ErrorEvent:
        error = self.process_parser.parser.errors.get(event.get("errorRef"), {})
        code, text = event.get(f"{CAMUNDA}errorCodeVariable"), event.get(f"{CAMUNDA}errorMessageVariable")
        return ErrorEvent(error.get("name") or self.bpmn_id, error.get("error_code"), code, text)

    def parse_escalation_event(self, event: _Element) -> EscalationEvent:
        found = self.process_parser.parser.escalations.get(event.get("escalationRef"), {})
        variable = event.get(f"{CAMUNDA}escalationCodeVariable")
        return EscalationEvent(found.get("name") or self.bpmn_id, found.get("escalation_code"), variable)


class StartParser(Events, StartEventParser):  # type: ignore[misc]
    def create_task(self) -> Any:
        kinds = (MESSAGE_EVENT_XPATH, SIGNAL_EVENT_XPATH, TIMER_EVENT_XPATH, ERROR_EVENT_XPATH, ESCALATION_EVENT_XPATH)
        task = self._create_task(self.get_event_definition(list(kinds)))
        task.interrupting = self.node.get("isInterrupting", "true") == "true"
        self.spec.start.connect(task)
        return task

    def parse_timer_event(self, event: _Element) -> Any:
        parent = self.node.getparent()
        begins_process = parent is not None and parent.tag == f"{BPMN}process"
        return StartTimer() if begins_process else super().parse_timer_event(event)


class EndParser(Events, EndEventParser):  # type: ignore[misc]
    throws = True

    def create_task(self) -> Any:
        return EndEventParser.create_task(self)


class CatchParser(Events, IntermediateCatchEventParser):  # type: ignore[misc]
    def create_task(self) -> Any:
        return IntermediateCatchEventParser.create_task(self)


class ThrowParser(Events, IntermediateThrowEventParser):  # type: ignore[misc]
    throws = True

    def create_task(self) -> Any:
        return IntermediateThrowEventParser.create_task(self)


class BoundaryParser(Events, BoundaryEventParser):  # type: ignore[misc]
    def create_task(self) -> Any:
        return BoundaryEventParser.create_task(self)


class ReceiveParser(Events, ReceiveTaskParser):  # type: ignore[misc]
    def create_task(self) -> Any:
        return self._create_task(self.parse_message_event(self.node))


class SendParser(ServiceParser, Events):
    """A send task emits its message, or runs the service it names."""

    throws = True

    def create_task(self) -> Any:
        if service_name(self.node)[0]:
            return ServiceParser.create_task(self)
        definition = self.parse_message_event(self.node) if self.node.get("messageRef") else NoneEventDefinition()
        return IntermediateThrowEvent(self.spec, self.bpmn_id, event_definition=definition, **self.bpmn_attributes)


class GatewayByEvent(Events, EventBasedGatewayParser):  # type: ignore[misc]
    def create_task(self) -> Any:
        return self._create_task(FirstOf())


class DiagramParser(SpiffBpmnParser):  # type: ignore[misc]
    """Parses one normalized diagram.

    `bindings` maps `bpmn:<called process>` and `dmn:<decision>` to the pinned definition ids.
    """

    PROCESS_PARSER_CLASS = ProcessSpecParser

    def __init__(self, bindings: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.bindings = dict(bindings or {})

    def get_subprocess_specs(
        self, name: str, specs: dict[str, Any] | None = None, require_call_activity_specs: bool = True
    ) -> dict[str, Any]:
        """SpiffWorkflow demands the processes that are called from within a subprocess, whatever it was told."""
        used = {} if specs is None else specs
        for task_spec in self.get_spec(name).task_specs.values():
            if isinstance(task_spec, SubWorkflowTask) and task_spec.spec not in used:
                used[task_spec.spec] = self.get_spec(task_spec.spec, required=require_call_activity_specs)
                if used[task_spec.spec] is not None:
                    self.get_subprocess_specs(task_spec.spec, used, require_call_activity_specs)
        return used

    OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012 - SpiffWorkflow's extension point
        **SpiffBpmnParser.OVERRIDE_PARSER_CLASSES,
        full_tag("task"): (PassThrough, NoneTask),
        full_tag("manualTask"): (PassThrough, NoneTask),
        full_tag("userTask"): (UserTaskParser, SpiffBpmnParser.OVERRIDE_PARSER_CLASSES[full_tag("userTask")][1]),
        full_tag("scriptTask"): (ScriptParser, SpiffBpmnParser.OVERRIDE_PARSER_CLASSES[full_tag("scriptTask")][1]),
        full_tag("serviceTask"): (ServiceParser, ServiceTask),
        full_tag("sendTask"): (SendParser, ServiceTask),
        full_tag("receiveTask"): (ReceiveParser, ReceiveTask),
        full_tag("businessRuleTask"): (DecisionParser, DecisionTask),
        full_tag("subProcess"): (SubprocessNodeParser, EmbeddedSubprocess),
        full_tag("transaction"): (SubprocessNodeParser, Transaction),
        full_tag("callActivity"): (CallParser, CallActivity),
        full_tag("parallelGateway"): (GatewayParser, ParallelGateway),
        full_tag("inclusiveGateway"): (ConditionalGatewayParser, InclusiveGateway),
        full_tag("eventBasedGateway"): (GatewayByEvent, EventGateway),
        full_tag("startEvent"): (StartParser, StartEvent),
        full_tag("endEvent"): (EndParser, EndEvent),
        full_tag("intermediateCatchEvent"): (CatchParser, IntermediateCatchEvent),
        full_tag("intermediateThrowEvent"): (ThrowParser, IntermediateThrowEvent),
        full_tag("boundaryEvent"): (BoundaryParser, BoundaryEvent),
    }
