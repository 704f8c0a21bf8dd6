"""A small builder of test decision models.

model(decision("d", table(["area"], ["amount"], [['"a"', "1"]])), inputs={"area": "string"})
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

V13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"
NAMESPACES = [
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    V13,
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
]


def model(*parts: str, inputs: dict[str, str] | None = None, types: str = "", namespace: str = V13) -> bytes:
    """A file; `inputs` are input data by name with their types (ids `i_<name>`)."""
    data = "".join(
        f"<inputData id={quoteattr('i_' + name)} name={quoteattr(name)}><variable name={quoteattr(name)}"
        f"{_type(kind)}/></inputData>"
        for name, kind in (inputs or {}).items()
    )
    head = f'<definitions xmlns="{namespace}" id="defs" name="test" namespace="http://example.org">'
    return f"{head}{types}{data}{''.join(parts)}</definitions>".encode()


def _type(kind: str) -> str:
    return f" typeRef={quoteattr(kind)}" if kind else ""


def decision(
    name: str, logic: str, *, uses: Sequence[str] = (), knows: Sequence[str] = (), kind: str = "", label: str = ""
) -> str:
    """`uses` are ids of input data (`i_...`) and decisions, `knows` those of knowledge models."""
    required = "".join(
        f"<informationRequirement><required{'Input' if one.startswith('i_') else 'Decision'} "
        f'href="#{one}"/></informationRequirement>'
        for one in uses
    )
    required += "".join(
        f'<knowledgeRequirement><requiredKnowledge href="#{one}"/></knowledgeRequirement>' for one in knows
    )
    title = label or name
    variable = f"<variable name={quoteattr(title)}{_type(kind)}/>"
    return f'<decision id="{name}" name={quoteattr(title)}>{variable}{required}{logic}</decision>'


def literal(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def table(
    inputs: Sequence[str | tuple[str, str, str]],
    outputs: Sequence[str | tuple[str, str, str] | tuple[str, str, str, str]],
    rules: Sequence[Sequence[str]],
    *,
    policy: str = "",
    aggregation: str = "",
    prefix: str = "t",
) -> str:
    """Inputs are `(expression, type, allowed)`, outputs `(name, type, allowed[, default])`; rules t_r1, t_r2, ..."""
    hit = (f' hitPolicy="{policy}"' if policy else "") + (f' aggregation="{aggregation}"' if aggregation else "")
    columns = "".join(_input(one, number) for number, one in enumerate(inputs, 1))
    columns += "".join(_output(one, number) for number, one in enumerate(outputs, 1))
    rows = "".join(_rule(cells, number, len(inputs)) for number, cells in enumerate(rules, 1))
    inner = f'<decisionTable id="t"{hit}>{columns}{rows}</decisionTable>'
    return inner.replace('id="t', f'id="{prefix}')


def _input(column: str | tuple[str, str, str], number: int) -> str:
    text, kind, allowed = (column, "", "") if isinstance(column, str) else column
    values = f"<inputValues><text>{escape(allowed)}</text></inputValues>" if allowed else ""
    expression = f"<inputExpression{_type(kind)}><text>{escape(text)}</text></inputExpression>"
    return f'<input id="t_i{number}">{expression}{values}</input>'


def _output(column: str | tuple[str, ...], number: int) -> str:
    name, kind, allowed, default = (*((column,) if isinstance(column, str) else column), "", "", "")[:4]
    values = f"<outputValues><text>{escape(allowed)}</text></outputValues>" if allowed else ""
    otherwise = f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
    return f'<output id="t_o{number}" name={quoteattr(name)}{_type(kind)}>{values}{otherwise}</output>'


def _rule(cells: Sequence[str], number: int, inputs: int) -> str:
    tests = "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in cells[:inputs])
    results = "".join(f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in cells[inputs:])
    return f'<rule id="t_r{number}">{tests}{results}</rule>'


def knowledge(name: str, parameters: Sequence[str], logic: str) -> str:
    formal = "".join(f'<formalParameter name="{one}"/>' for one in parameters)
    function = f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic>"
    inner = f'<variable name="{name}"/>{function}'
    return f'<businessKnowledgeModel id="{name}" name="{name}">{inner}</businessKnowledgeModel>'
