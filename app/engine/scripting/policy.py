"""What an expression or script may be made of: a short list of Python's syntax, the rest refused by name.

On top of RestrictedPython's own rules (no private names, guarded attributes and items),
operators and comparisons become guarded calls, so that no small text makes a huge value.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType

from flask_babel import gettext as _
from RestrictedPython.compile import compile_restricted_eval, compile_restricted_exec
from RestrictedPython.transformer import RestrictingNodeTransformer

from app.engine.scripting.errors import ScriptError
from app.engine.scripting.functions import FUNCTIONS

MAX_SOURCE = 20_000
MAX_NESTING = 60
FILENAME = "<script>"

_EXPRESSIONS = (
    "Expression BoolOp And Or BinOp UnaryOp Not USub UAdd Add Sub Mult Div FloorDiv Mod Pow BitOr BitAnd BitXor "
    "IfExp Dict Set List Tuple ListComp SetComp DictComp GeneratorExp comprehension Compare Eq NotEq Lt LtE Gt GtE "
    "Is IsNot In NotIn Call keyword JoinedStr FormattedValue Constant Attribute Subscript Slice Name Load"
)
_STATEMENTS = "Module Assign AugAssign AnnAssign For If Expr Pass Break Continue Delete Store Del"
_ALLOWED = {"eval": frozenset(_EXPRESSIONS.split()) | {"Store"}}
_ALLOWED["exec"] = _ALLOWED["eval"] | frozenset(_STATEMENTS.split())

_SYMBOLS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Mult: "*", ast.Pow: "**", ast.Mod: "%",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.In: "in", ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not",
}  # fmt: skip

RESERVED = frozenset(FUNCTIONS) | {"now", "print", "True", "False", "None"}
"""Names a script may not assign: they would hide a function from every later step."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """Code that may run, and the names it reads or writes."""

    code: CodeType
    names: frozenset[str]


class Policy(RestrictingNodeTransformer):
    """RestrictedPython's transformer, with operators and comparisons guarded."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:  # noqa: N802 - the name ast asks for
        self.node_contents_visit(node)
        symbol = _SYMBOLS.get(type(node.op))
        if symbol is None:
            return node
        return self._guarded("_operate_", symbol, node, node.left, node.right)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:  # noqa: N802
        self.node_contents_visit(node)
        if len(node.ops) > 1:  # a chain (`0 < x < 5`): its operands may not be evaluated twice
            return node
        return self._guarded("_compare_", _SYMBOLS[type(node.ops[0])], node, node.left, node.comparators[0])

    def _guarded(self, name: str, symbol: str, node: ast.expr, left: ast.expr, right: ast.expr) -> ast.AST:
        call = ast.Call(
            func=ast.Name(id=name, ctx=ast.Load()), args=[ast.Constant(value=symbol), left, right], keywords=[]
        )
        return ast.fix_missing_locations(ast.copy_location(call, node))


@lru_cache(maxsize=4096)
def compile_expression(source: str) -> Compiled:
    """Compile one Python expression; raises `ScriptError`."""
    return _compile(source.strip(), "eval")


@lru_cache(maxsize=1024)
def compile_script(source: str) -> Compiled:
    """Compile a script of simple statements; raises `ScriptError`."""
    return _compile(source, "exec")


def _compile(source: str, mode: str) -> Compiled:
    if not source.strip():
        raise ScriptError(_("it is empty"))
    if len(source) > MAX_SOURCE:
        raise ScriptError(_("it is too long"))
    tree = _parse(source, mode)
    _check_nodes(tree, source, mode)
    compiler = compile_restricted_exec if mode == "exec" else compile_restricted_eval
    result = compiler(source, filename=FILENAME, policy=Policy)
    if result.errors or result.code is None:
        raise ScriptError("; ".join(str(error) for error in result.errors) or _("it does not compile"))
    names = frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    return Compiled(result.code, names)


def _parse(source: str, mode: str) -> ast.AST:
    try:
        return ast.parse(source, FILENAME, mode)
    except SyntaxError as exc:
        raise ScriptError(
            exc.msg or _("it does not compile"), line=exc.lineno or 0, source=exc.text or source
        ) from None
    except (ValueError, RecursionError, MemoryError, OverflowError) as exc:
        raise ScriptError(_("it cannot be read: %(detail)s", detail=exc)) from None


def _check_nodes(tree: ast.AST, source: str, mode: str) -> None:
    lines = source.splitlines()
    allowed = _ALLOWED[mode]
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        line = getattr(node, "lineno", 0)
        text = lines[line - 1] if 0 < line <= len(lines) else ""
        if type(node).__name__ not in allowed:
            raise ScriptError(_("%(kind)s is not allowed", kind=type(node).__name__), line=line, source=text)
        if depth > MAX_NESTING:
            raise ScriptError(_("it is nested too deeply"), line=line, source=text)
        if problem := _objection(node):
            raise ScriptError(problem, line=line, source=text)
        waiting.extend((child, depth + 1) for child in ast.iter_child_nodes(node))


def _objection(node: ast.AST) -> str:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del) and node.id in RESERVED:
        return str(_("%(name)s is the name of a function and cannot be assigned", name=node.id))
    if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
        return str(_("a format after the colon is not allowed"))
    if isinstance(node, ast.For) and node.orelse:
        return str(_("else after for is not allowed"))
    if isinstance(node, ast.Constant) and isinstance(node.value, bytes | complex | type(...)):
        return str(_("%(kind)s is not allowed", kind=repr(node.value)))
    if isinstance(node, ast.Constant) and isinstance(node.value, int) and node.value.bit_length() > 63:
        return str(_("the number is too large"))
    return ""
