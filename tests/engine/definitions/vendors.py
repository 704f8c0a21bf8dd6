"""Files as the tools of others write them: their namespaces, attributes, extensions and habits.

Imitated from the formats' documentation; no vendor's file stands here. Each holds a small
repair process, with what the tool adds: modeller properties, missing drawings, pools and
lanes, other executables, encodings.
"""

# ruff: noqa: E501 - lines of XML as they are

from __future__ import annotations

from tests.engine.diagrams import chain, diagram, end, extensions, line, start, user

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DRAWING = (
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)
FLOW = '<sequenceFlow id="f1" sourceRef="s" targetRef="u"/><sequenceFlow id="f2" sourceRef="u" targetRef="e"/>'
HUGE = "抢修" * 40_000


def camunda_modeler() -> bytes:
    """Camunda's desktop modeller: exporter, version, drawing with colours, asynchronous continuations, listeners."""
    own = extensions('<camunda:executionListener class="org.example.Audit" event="start"/>')
    inner = start() + user("u", own, camunda_asyncBefore="true", camunda_formKey="embedded:app:forms/u.html") + end()
    drawing = (
        f'<bpmndi:BPMNDiagram {DRAWING} id="d"><bpmndi:BPMNPlane id="pl" bpmnElement="p">'
        '<bpmndi:BPMNShape id="u_di" bpmnElement="u" bioc:stroke="#831311" '
        'xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0"><dc:Bounds x="1.5" y="-3" width="100" height="80"/>'
        "</bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )
    content = diagram(inner, chain("s", "u", "e")).decode()
    content = content.replace(
        "<bpmn:definitions", '<bpmn:definitions exporter="Camunda Modeler" exporterVersion="5.9.0"'
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        + content.replace("</bpmn:definitions>", f"{drawing}</bpmn:definitions>")
    ).encode()


def zeebe() -> bytes:
    """Camunda 8: another namespace, FEEL expressions with an equals sign."""
    return _default_namespace(
        'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0" '
        'modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.4.0"',
        '<serviceTask id="u"><extensionElements><zeebe:taskDefinition type="dispatch" retries="= 3"/>'
        '<zeebe:ioMapping><zeebe:input source="= order.id" target="id"/></zeebe:ioMapping></extensionElements>'
        "</serviceTask>",
    )


def signavio() -> bytes:
    """Signavio: ids with `sid-` and capitals, collapsed pools, labels and metadata for each element, no `isExecutable`."""
    meta = '<extensionElements><signavio:signavioMetaData metaKey="bgcolor" metaValue="#ffffff"/></extensionElements>'
    ids = {"s": "sid-6F5E01A1-4C5D", "u": "sid-9B8A-0F", "e": "sid-AA-BB"}
    flow = FLOW
    for short, long in ids.items():
        flow = flow.replace(f'"{short}"', f'"{long}"')
    return _bytes(
        f'<definitions xmlns="{MODEL}" xmlns:signavio="http://www.signavio.com" {DRAWING} '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" exporter="Signavio Process Editor, http://www.signavio.com" '
        'exporterVersion="16.11.1" expressionLanguage="http://www.w3.org/TR/XPath" '
        'targetNamespace="http://www.signavio.com" typeLanguage="http://www.w3.org/2001/XMLSchema" id="sid-1" '
        'xsi:schemaLocation="http://www.omg.org/spec/BPMN/20100524/MODEL http://www.omg.org/spec/BPMN/2.0/20100501/BPMN20.xsd">'
        '<collaboration id="sid-c"><participant id="sid-p1" name="客户"/><participant id="sid-p2" name="供电所" processRef="sid-p"/>'
        '<messageFlow id="sid-m" sourceRef="sid-p1" targetRef="sid-9B8A-0F"/></collaboration>'
        f'<process id="sid-p" name="抢修&#10;流程" processType="None"><laneSet id="sid-l"><lane id="sid-la" name="调度">{meta}'
        "<flowNodeRef>sid-9B8A-0F</flowNodeRef></lane></laneSet>"
        f'<startEvent id="{ids["s"]}" name="">{meta}</startEvent><task completionQuantity="1" id="{ids["u"]}" '
        f'isForCompensation="false" name="派&#10;工" startQuantity="1">{meta}</task><endEvent id="{ids["e"]}" name=""/>'
        f"{flow}</process></definitions>"
    )


def bizagi() -> bytes:
    """Bizagi: a byte order mark, GUIDs as ids (starting with a digit), attributes of its own on every element."""
    guid = "5a4c6d2e-1f5b-4e93-a0f7-{}"
    flow = FLOW
    for short in ("s", "u", "e"):
        flow = flow.replace(f'"{short}"', f'"{guid.format(short)}"')
    return b"\xef\xbb\xbf" + _bytes(
        f'<definitions xmlns="{MODEL}" xmlns:bizagi="http://www.bizagi.com/bpmn20" {DRAWING} id="_2026" '
        'name="Modelo" targetNamespace="http://www.bizagi.com/definitions/_2026">'
        f'<process id="{guid.format("p")}" name="Proceso 1"><documentation></documentation><extensionElements>'
        '<bizagi:BizagiExtensions xmlns:bizagi="http://www.bizagi.com/bpmn20"><bizagi:BizagiProperties>'
        '<bizagi:BizagiProperty name="bgColor" value="White"/></bizagi:BizagiProperties></bizagi:BizagiExtensions>'
        f'</extensionElements><startEvent id="{guid.format("s")}"/><task id="{guid.format("u")}" name="Tarea 1"/>'
        f'<endEvent id="{guid.format("e")}"/>{flow}</process></definitions>'
    )


def jbpm() -> bytes:
    """jBPM (KIE): item definitions, data inputs and associations, Java imports, a script for entry, CDATA."""
    return _bytes(
        f'<bpmn2:definitions xmlns:bpmn2="{MODEL}" xmlns:drools="http://www.jboss.org/drools" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" exporter="jBPM Process Modeler" exporterVersion="2.0" '
        'id="_d" targetNamespace="http://www.omg.org/bpmn20"><bpmn2:itemDefinition id="_orderItem" structureRef="String"/>'
        '<bpmn2:process id="repair.order" drools:packageName="com.example" drools:version="1.0" drools:adHoc="false" '
        'name="repair" isExecutable="true" processType="Public"><bpmn2:property id="order" itemSubjectRef="_orderItem"/>'
        '<bpmn2:startEvent id="_s"><bpmn2:outgoing>_f1</bpmn2:outgoing></bpmn2:startEvent><bpmn2:userTask id="_u">'
        '<bpmn2:extensionElements><drools:metaData name="elementname"><drools:metaValue><![CDATA[派工]]></drools:metaValue>'
        '</drools:metaData><drools:onEntry-script scriptFormat="http://www.java.com/java"><drools:script>'
        "<![CDATA[System.out.println(1);]]></drools:script></drools:onEntry-script></bpmn2:extensionElements>"
        '<bpmn2:ioSpecification><bpmn2:dataInput id="_in" drools:dtype="Object" name="TaskName"/><bpmn2:inputSet>'
        "<bpmn2:dataInputRefs>_in</bpmn2:dataInputRefs></bpmn2:inputSet></bpmn2:ioSpecification><bpmn2:dataInputAssociation>"
        '<bpmn2:targetRef>_in</bpmn2:targetRef><bpmn2:assignment><bpmn2:from xsi:type="bpmn2:tFormalExpression">x</bpmn2:from>'
        '<bpmn2:to xsi:type="bpmn2:tFormalExpression">_in</bpmn2:to></bpmn2:assignment></bpmn2:dataInputAssociation>'
        '<bpmn2:potentialOwner id="_o"><bpmn2:resourceAssignmentExpression><bpmn2:formalExpression>krisv'
        "</bpmn2:formalExpression></bpmn2:resourceAssignmentExpression></bpmn2:potentialOwner></bpmn2:userTask>"
        '<bpmn2:endEvent id="_e"><bpmn2:terminateEventDefinition id="_t"/></bpmn2:endEvent>'
        '<bpmn2:sequenceFlow id="_f1" sourceRef="_s" targetRef="_u"/><bpmn2:sequenceFlow id="_f2" sourceRef="_u" targetRef="_e"/>'
        "</bpmn2:process></bpmn2:definitions>"
    )


def flowable() -> bytes:
    """Flowable and Activiti: their namespaces in place of Camunda's, form properties, listeners, skip expressions."""
    return _default_namespace(
        'xmlns:flowable="http://flowable.org/bpmn" xmlns:activiti="http://activiti.org/bpmn" '
        'xmlns:design="http://flowable.org/design" design:palette="flowable-process-palette"',
        '<userTask id="u" name="派工" flowable:candidateGroups="dispatcher" flowable:formFieldValidation="false" '
        'activiti:skipExpression="${true}"><extensionElements><flowable:formProperty id="a" name="A" type="string"/>'
        '<flowable:taskListener event="create" class="org.example.L"/></extensionElements></userTask>',
    )


def pools() -> bytes:
    """Several pools, each with an executable process, and lanes within lanes."""
    processes = "".join(
        f'<process id="p{index}" isExecutable="true"><laneSet><lane id="l{index}" name="甲"><childLaneSet><lane '
        f'id="ll{index}" name="乙"><flowNodeRef>u{index}</flowNodeRef></lane></childLaneSet></lane></laneSet>'
        f'<startEvent id="s{index}"/><userTask id="u{index}"/><endEvent id="e{index}"/>'
        f'<sequenceFlow id="f{index}" sourceRef="s{index}" targetRef="u{index}"/>'
        f'<sequenceFlow id="g{index}" sourceRef="u{index}" targetRef="e{index}"/></process>'
        for index in range(3)
    )
    return _bytes(f'<definitions xmlns="{MODEL}" targetNamespace="x">{processes}</definitions>')


def pretty() -> bytes:
    """Line ends of Windows, comments, processing instructions, a text annotation, a group, a data object."""
    extra = (
        '<bpmn:textAnnotation id="ta"><bpmn:text>注</bpmn:text></bpmn:textAnnotation><bpmn:association id="as" '
        'sourceRef="u" targetRef="ta"/><bpmn:group id="gr"/><bpmn:dataObject id="do"/>'
        '<bpmn:dataObjectReference id="dor" dataObjectRef="do"/>'
    )
    content = diagram(line(user("u"), ids=("u",)), extra).decode().replace("><", ">\r\n  <!-- 注 -->\r\n  <")
    return ('<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n<?pi x?>\r\n' + content).encode()


def labels() -> bytes:
    """A name longer than any screen, with line breaks, marks and signs of every plane."""
    return diagram(line(user("u", name=f"{HUGE}\n\u202e𠮷☎️<&\"'"), ids=("u",)))


def conversation() -> bytes:
    """Diagrams without a process: a choreography and a conversation."""
    return _bytes(
        f'<definitions xmlns="{MODEL}" targetNamespace="x"><choreography id="c"><choreographyTask id="t" '
        'initiatingParticipantRef="a"/></choreography><collaboration id="k"><conversation id="v"/></collaboration></definitions>'
    )


def encoded(encoding: str) -> bytes:
    """A file in another encoding, as older tools write it."""
    content = diagram(line(user("u", name="派工"), ids=("u",))).decode()
    return f'<?xml version="1.0" encoding="{encoding}"?>{content}'.encode(encoding)


def _default_namespace(attributes: str, task: str) -> bytes:
    return _bytes(
        f'<definitions xmlns="{MODEL}" {attributes} targetNamespace="http://www.example.org/processdef">'
        f'<process id="p" isExecutable="true"><startEvent id="s"/>{task}<endEvent id="e"/>{FLOW}</process></definitions>'
    )


def _bytes(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()
