"""The dialect of Camunda's diagrams: `${...}` expressions of JUEL, turned into Python where that is safe.

`&& || ! eq ne lt gt le ge div mod empty true false null` and `a ? b : c` are translated;
what has no safe counterpart is refused. Text around `${...}` makes a template.
"""

from __future__ import annotations

import re
from functools import lru_cache

from flask_babel import gettext as _

from app.engine.scripting.errors import ScriptError

_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"""
    r"""|(?P<name>[^\W\d]\w*)|(?P<symbol>&&|\|\||[=!<>]=|//|\*\*|.)""",
    re.DOTALL,
)
_WORDS = {
    "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=", "div": "/", "mod": "%",
    "true": "True", "false": "False", "null": "None",
}  # fmt: skip
_SYMBOLS = {"&&": "and", "||": "or"}
_COMPARES = {"==", "!=", "<", ">", "<=", ">=", "eq", "ne", "lt", "gt", "le", "ge", "in", "is"}
_OPEN, _CLOSE = "([{", ")]}"


@lru_cache(maxsize=4096)
def to_python(expression: str) -> str:
    """One JUEL (or Python) expression without its `${}` as a Python expression."""
    tokens = [_Token(match.lastgroup or "", match.group()) for match in _TOKEN.finditer(expression.strip())]
    tokens = [token for token in tokens if token.kind != "space"]
    if not tokens:
        raise ScriptError(_("the expression is empty"))
    return " ".join(_ternary(tokens))


@lru_cache(maxsize=4096)
def template_to_python(template: str) -> str:
    """A template as a Python expression.

    `${x}` alone keeps the type of `x`; text without `${}` is that text; a mixture is text.
    """
    parts = split_template(template)
    if not parts:
        return "''"
    if len(parts) == 1:
        is_expression, content = parts[0]
        return to_python(content) if is_expression else repr(content)
    return f"concat({', '.join(to_python(content) if live else repr(content) for live, content in parts)})"


def split_template(template: str) -> list[tuple[bool, str]]:
    """The pieces of a template in order: (is an expression, its text)."""
    parts: list[tuple[bool, str]] = []
    position = 0
    while (start := _next_opening(template, position)) >= 0:
        end = _closing(template, start + 2)
        if start > position:
            parts.append((False, template[position:start]))
        parts.append((True, template[start + 2 : end]))
        position = end + 1
    if position < len(template):
        parts.append((False, template[position:]))
    return parts


def is_template(text: str | None) -> bool:
    """Whether a text holds an expression."""
    return text is not None and _next_opening(text, 0) >= 0


class _Token:
    __slots__ = ("kind", "text")

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        self.text = text


def _next_opening(template: str, position: int) -> int:
    found = [index for index in (template.find("${", position), template.find("#{", position)) if index >= 0]
    return min(found, default=-1)


def _closing(template: str, position: int) -> int:
    depth = 0
    quote = ""
    index = position
    while index < len(template):
        char = template[index]
        if quote:
            if char == "\\":
                index += 1
            elif char == quote:
                quote = ""
        elif char in "\"'":
            quote = char
        elif char == "{":
            depth += 1
        elif char == "}":
            if depth == 0:
                return index
            depth -= 1
        index += 1
    raise ScriptError(_("%(text)s has a ${ without its }", text=repr(template)))


def _ternary(tokens: list[_Token]) -> list[str]:
    """Translate `a ? b : c` at the outermost level, then the rest."""
    question = _outer(tokens, "?")
    if question < 0:
        return _translate(tokens)
    colon = _outer(tokens[question + 1 :], ":", nested="?")
    if colon < 0 or question == 0:
        raise ScriptError(_("a ? needs its :"))
    colon += question + 1
    condition, then, otherwise = tokens[:question], tokens[question + 1 : colon], tokens[colon + 1 :]
    return ["((", *_ternary(then), ") if (", *_translate(condition), ") else (", *_ternary(otherwise), "))"]


def _outer(tokens: list[_Token], symbol: str, nested: str = "") -> int:
    depth = inner = 0
    for index, token in enumerate(tokens):
        if token.kind != "symbol":
            continue
        if token.text in _OPEN:
            depth += 1
        elif token.text in _CLOSE:
            depth -= 1
        elif depth == 0 and token.text == nested:
            inner += 1
        elif depth == 0 and token.text == symbol:
            if not inner:
                return index
            inner -= 1
    return -1


def _translate(tokens: list[_Token]) -> list[str]:
    result: list[str] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        is_member = index > 0 and tokens[index - 1].text == "."
        if token.text in {"!", "not", "empty"} and not is_member and token.kind != "string":
            index = _prefix(tokens, index, result)
            continue
        result.append(token.text if is_member or token.kind == "string" else _word(token))
        index += 1
    return result


def _word(token: _Token) -> str:
    if token.text in {"?", ";"}:
        raise ScriptError(_("%(text)s is not understood here: put it in parentheses of its own step", text=token.text))
    if token.text in {"instanceof", "execution"} and token.kind == "name":
        raise ScriptError(_("%(text)s is not available", text=token.text))
    return _SYMBOLS.get(token.text) or (_WORDS.get(token.text) if token.kind == "name" else None) or token.text


def _prefix(tokens: list[_Token], index: int, result: list[str]) -> int:
    """`!x`, `not x` and `empty x` bind to the operand right behind them, as in JUEL."""
    word = tokens[index].text
    following = tokens[index + 1 :]
    if word == "not" and result and following and following[0].text == "in":
        result.append("not")
        return index + 1
    if word == "empty" and not following:
        result.append(word)  # a variable of that name
        return index + 1
    if word in {"!", "not"} and following and following[0].text in {"!", "not", "empty"}:
        inner: list[str] = []
        end = _prefix(tokens, index + 1, inner)
        result.extend(["(not", *inner, ")"])
        return end
    end = _operand(tokens, index + 1)
    if word == "not" and end < len(tokens) and tokens[end].text in _COMPARES:
        raise ScriptError(_("not before a comparison is ambiguous: put the comparison in parentheses"))
    operand = _translate(tokens[index + 1 : end])
    result.extend(["empty(", *operand, ")"] if word == "empty" else ["(not", *operand, ")"])
    return end


def _operand(tokens: list[_Token], start: int) -> int:
    """The end of the operand at `start`: a name, literal or group with its `.x`, `[…]` and `(…)`."""
    if start >= len(tokens):
        raise ScriptError(_("an operator lacks its operand"))
    end = start
    if tokens[end].text not in _OPEN:
        end += 1
    while end < len(tokens):
        if tokens[end].text in _OPEN:
            end = _group(tokens, end)
        elif tokens[end].text == "." and end + 1 < len(tokens):
            end += 2
        else:
            break
    return end


def _group(tokens: list[_Token], start: int) -> int:
    depth = 0
    for index in range(start, len(tokens)):
        if tokens[index].text in _OPEN:
            depth += 1
        elif tokens[index].text in _CLOSE:
            depth -= 1
            if depth == 0:
                return index + 1
    raise ScriptError(_("a parenthesis is not closed"))
