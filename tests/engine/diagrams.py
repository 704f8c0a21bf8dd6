"""A small builder of test diagrams: pieces of BPMN as text, joined by `chain`, wrapped by `diagram`.

diagram(start(), user("take"), end(), chain("s", "take", "e"), key="repair")
"""

from __future__ import annotations

from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="definitions" targetNamespace="http://example.org">'
)


def diagram(*parts: str, key: str = "p", name: str = "流程", name_en: str = "Process", before: str = "") -> bytes:
    """A file with one executable process; `before` holds messages, signals, errors."""
    own = extensions(properties={"name_en": name_en})
    process = node("process", key, own, *parts, isExecutable="true", name=name)
    return f"{_HEAD}{before}{process}</bpmn:definitions>".encode()


def node(tag: str, node_id: str, *inner: str, **attributes: str) -> str:
    """Any BPMN element. Attributes of Camunda are written `camunda_assignee="..."`."""
    given = "".join(
        f" {name.replace('camunda_', 'camunda:', 1)}={quoteattr(value)}" for name, value in attributes.items()
    )
    return f"<bpmn:{tag} id={quoteattr(node_id)}{given}>{''.join(inner)}</bpmn:{tag}>"


def extensions(
    *inner: str,
    properties: dict[str, str] | None = None,
    inputs: dict[str, str] | None = None,
    outputs: dict[str, str] | None = None,
) -> str:
    """`bpmn:extensionElements` with properties and input and output parameters."""
    entries = "".join(
        f"<camunda:property name={quoteattr(name)} value={quoteattr(value)}/>"
        for name, value in (properties or {}).items()
    )
    mapped = "".join(
        f"<camunda:{kind}Parameter name={quoteattr(name)}>{escape(value)}</camunda:{kind}Parameter>"
        for kind, values in (("input", inputs), ("output", outputs))
        for name, value in (values or {}).items()
    )
    mapping = f"<camunda:inputOutput>{mapped}</camunda:inputOutput>" if mapped else ""
    listed = f"<camunda:properties>{entries}</camunda:properties>" if entries else ""
    return f"<bpmn:extensionElements>{listed}{mapping}{''.join(inner)}</bpmn:extensionElements>"


def start(node_id: str = "s", *inner: str, **attributes: str) -> str:
    return node("startEvent", node_id, *inner, **attributes)


def end(node_id: str = "e", *inner: str, **attributes: str) -> str:
    return node("endEvent", node_id, *inner, **attributes)


def user(node_id: str, *inner: str, **attributes: str) -> str:
    return node("userTask", node_id, *inner, **attributes)


def script(node_id: str, text: str) -> str:
    return node("scriptTask", node_id, f"<bpmn:script>{escape(text)}</bpmn:script>", scriptFormat="python")


def service(node_id: str, name: str, *inner: str, external: bool = False, **attributes: str) -> str:
    """A service task: inline by default, a job with `external=True`."""
    if external:
        return node("serviceTask", node_id, *inner, camunda_type="external", camunda_topic=name, **attributes)
    return node("serviceTask", node_id, *inner, camunda_delegateExpression=f"${{{name}}}", **attributes)


def decision(node_id: str, ref: str, **attributes: str) -> str:
    return node("businessRuleTask", node_id, camunda_decisionRef=ref, **attributes)


def call(node_id: str, key: str, *mappings: str, **attributes: str) -> str:
    return node("callActivity", node_id, extensions(*mappings), calledElement=key, **attributes)


def give(source: str, target: str) -> str:
    """`camunda:in` of a call activity."""
    return f"<camunda:in source={quoteattr(source)} target={quoteattr(target)}/>"


def take(source: str, target: str) -> str:
    """`camunda:out` of a call activity."""
    return f"<camunda:out source={quoteattr(source)} target={quoteattr(target)}/>"


def subprocess(node_id: str, *inner: str, tag: str = "subProcess", **attributes: str) -> str:
    return node(tag, node_id, *inner, **attributes)


def catch(node_id: str, *inner: str, **attributes: str) -> str:
    return node("intermediateCatchEvent", node_id, *inner, **attributes)


def throw(node_id: str, *inner: str, **attributes: str) -> str:
    return node("intermediateThrowEvent", node_id, *inner, **attributes)


def boundary(node_id: str, host: str, *inner: str, interrupting: bool = True) -> str:
    cancel = "true" if interrupting else "false"
    return node("boundaryEvent", node_id, *inner, attachedToRef=host, cancelActivity=cancel)


def gateway(node_id: str, kind: str = "exclusive", **attributes: str) -> str:
    """`kind`: exclusive, parallel, inclusive or eventBased."""
    return node(f"{kind}Gateway", node_id, **attributes)


def timer(text: str, kind: str = "timeDuration") -> str:
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{escape(text)}</bpmn:{kind}></bpmn:timerEventDefinition>"


def on_message(ref: str) -> str:
    return f"<bpmn:messageEventDefinition messageRef={quoteattr(ref)}/>"


def on_signal(ref: str) -> str:
    return f"<bpmn:signalEventDefinition signalRef={quoteattr(ref)}/>"


def on_error(ref: str = "") -> str:
    return f"<bpmn:errorEventDefinition{f' errorRef={quoteattr(ref)}' if ref else ''}/>"


def on_escalation(ref: str = "") -> str:
    return f"<bpmn:escalationEventDefinition{f' escalationRef={quoteattr(ref)}' if ref else ''}/>"


def message(ref: str, name: str | None = None) -> str:
    """A message for `before=`; its name is its id unless given."""
    return node("message", ref, name=name or ref)


def signal(ref: str, name: str | None = None) -> str:
    return node("signal", ref, name=name or ref)


def error(ref: str, code: str | None = None) -> str:
    return node("error", ref, name=ref, errorCode=code or ref)


def escalation(ref: str, code: str | None = None) -> str:
    return node("escalation", ref, name=ref, escalationCode=code or ref)


def multi_instance(collection: str, item: str, *, sequential: bool = False, condition: str = "") -> str:
    """Loop characteristics of an activity, put inside it."""
    done = f"<bpmn:completionCondition>{escape(condition)}</bpmn:completionCondition>" if condition else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}" '
        f"camunda:collection={quoteattr(collection)} camunda:elementVariable={quoteattr(item)}>{done}"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def flow(source: str, target: str, condition: str = "", flow_id: str = "") -> str:
    inner = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{escape(condition)}</bpmn:conditionExpression>'
        if condition
        else ""
    )
    return node("sequenceFlow", flow_id or f"f_{source}_{target}", inner, sourceRef=source, targetRef=target)


def chain(*ids: str) -> str:
    """Sequence flows from each to the next."""
    return "".join(flow(source, target) for source, target in pairwise(ids))


def event_subprocess(event: str, *parts: str, interrupting: bool = True, node_id: str = "sub", ids: str = "") -> str:
    """A subprocess started by this event: its start `<id>_s`, these parts in one line (their ids), its end `<id>_e`."""
    begin, stop = f"{node_id}_s", f"{node_id}_e"
    inner = start(begin, event, isInterrupting=str(interrupting).lower()), *parts, end(stop)
    return subprocess(node_id, *inner, chain(begin, *ids.split(), stop), triggeredByEvent="true")


def one(part: str, before: str = "") -> bytes:
    """A process of one step `x`."""
    return diagram(line(part, ids=("x",)), before=before)


def beside_event_subprocess(event: str, *, interrupting: bool = True) -> bytes:
    """A person's step `u`, and an event subprocess `sub` beside it."""
    before = message("m") + error("E") + escalation("X") + signal("g")
    return diagram(line(user("u"), ids=("u",)), event_subprocess(event, interrupting=interrupting), before=before)


def line(*parts: str, ids: tuple[str, ...]) -> str:
    """Start, these parts and end in one line: `line(user("a"), user("b"), ids=("a", "b"))`."""
    return start() + "".join(parts) + end() + chain("s", *ids, "e")
