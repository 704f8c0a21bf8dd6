"""What the engine has no use for: the drawing, and processes that are not executable (pools of partners).

The drawing also would decide the order of conditions (by height); without it they are
asked in the order of the file, as in Camunda.
"""

from __future__ import annotations

from lxml.etree import _Element

from app.engine.definitions.names import BPMN

DIAGRAM = "{http://www.omg.org/spec/BPMN/20100524/DI}BPMNDiagram"


def rewrite(root: _Element) -> None:
    for drawing in root.findall(DIAGRAM):
        root.remove(drawing)
    for process in root.findall(f"{BPMN}process"):
        if process.get("isExecutable") != "true":
            root.remove(process)
    for collaboration in root.findall(f"{BPMN}collaboration"):
        root.remove(collaboration)
