"""Text to tokens. Words only: which words together make one name is for the parser to say."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from app.feel.errors import FeelError
from app.feel.limits import MAX_TEXT

_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u167f\u1681-\u180d\u180f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_SPACE = "\t-\r \u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"

_TOKENS = re.compile(
    rf"""
    (?P<space>[{_SPACE}]+|//[^\n]*|/\*.*?\*/)
  | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![{_START}0-9]))
  | (?P<digits>[0-9]+)
  | (?P<string>"(?:[^"\\]|\\.)*")
  | (?P<name>[{_START}][{_PART}]*)
  | (?P<sign>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{{}},:.?@'|])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|([nrt"\'\\]))')
_LETTERS = {"n": "\n", "r": "\r", "t": "\t"}
_FULL_WIDTH = dict(zip("，（）：＜＞＝［］｛｝＋－＊／“”‘’＂", ',():<>=[]{}+-*/""\'\'"', strict=True))


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is number, digits, string, name, sign or end; `text` as written, for strings unescaped."""

    kind: str
    text: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """All tokens of a text, closed by one of kind `end`; FeelError names a character that has no place."""
    if len(text) > MAX_TEXT:
        message = _l(
            "an expression may have %(limit)s characters, this one has %(count)s", limit=MAX_TEXT, count=len(text)
        )
        raise FeelError(message)
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        _refuse_full_width(text, position, position + 1)
        match = _TOKENS.match(text, position)
        if match is None:
            raise _unreadable(text, position)
        kind = str(match.lastgroup)
        if kind == "name":
            _refuse_full_width(text, position, match.end())
        if kind != "space":
            word = unescape(match[0][1:-1]) if kind == "string" else match[0]
            tokens.append(Token(kind, word, match.start(), match.end()))
        position = match.end()
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def _refuse_full_width(text: str, start: int, end: int) -> None:
    """The signs of a Chinese keyboard are letters to FEEL; nobody means them so."""
    for position in range(start, end):
        if (sign := _FULL_WIDTH.get(text[position])) is not None:
            message = _l("full-width %(wide)s: write %(sign)s", wide=text[position], sign=sign)
            raise FeelError(message, text=text, position=position)


def _unreadable(text: str, position: int) -> FeelError:
    if text[position] == '"':
        return FeelError(_l("a text that is not closed"), text=text, position=position)
    return FeelError(_l("unexpected %(text)s", text=text[position]), text=text, position=position)


def unescape(text: str) -> str:
    """A string literal's text: `\\n`, `\\"`, `\\u4e2d`, `\\U01F40E`; another backslash stands for itself."""

    def replace(match: re.Match[str]) -> str:
        if match[3]:
            return _LETTERS.get(match[3], match[3])
        code = int(match[1] or match[2], 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"

    plain = _ESCAPES.sub(replace, text)
    # two escapes may be the halves of one character; a half alone cannot be stored anywhere
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
