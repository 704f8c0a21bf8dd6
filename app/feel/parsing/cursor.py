"""A place in the tokens, with the names known there: what every layer of the parser stands on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from flask_babel import lazy_gettext as _l

from app.feel.builtins import BUILTINS
from app.feel.errors import FeelError
from app.feel.limits import MAX_NESTING
from app.feel.parsing.lexer import Token, tokenize
from app.feel.parsing.names import Names

_BUILTIN_NAMES = Names([*BUILTINS, "days and time duration"])

BREAKS = {"and", "or", "between", "in", "instance", "then", "else", "return", "satisfies"}
"""Words that end a name, unless a known name holds them."""
RESERVED = BREAKS | {"if", "for", "some", "every", "true", "false", "null", "function", "external"}
"""Words that start no name."""


class Cursor:
    """Reads tokens one after another; `known` are names of several words that the surroundings define."""

    def __init__(self, text: str, known: Iterable[str] = ()) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.index = 0
        self.names = Names(known, parent=_BUILTIN_NAMES)
        self.local: list[set[str]] = []
        self.references: set[str] = set()
        self.nesting = 0
        self.filters = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def ahead(self, count: int = 1) -> Token:
        return self.tokens[min(self.index + count, len(self.tokens) - 1)]

    def fail(self, message: Any, token: Token | None = None) -> NoReturn:
        raise FeelError(message, text=self.text, position=(token or self.token).start)

    def unexpected(self) -> NoReturn:
        if self.token.kind == "end":
            self.fail(_l("the expression ends too early"))
        self.fail(_l("unexpected %(text)s", text=self.token.text))

    def next(self) -> Token:
        token = self.token
        if token.kind != "end":
            self.index += 1
        return token

    def at(self, *signs: str) -> bool:
        return self.token.kind == "sign" and self.token.text in signs

    def at_word(self, *words: str) -> bool:
        return self.token.kind == "name" and self.token.text in words

    def accept(self, sign: str) -> bool:
        if self.at(sign):
            self.index += 1
            return True
        return False

    def expect(self, sign: str) -> None:
        if not self.accept(sign):
            self.fail(_l("%(sign)s is missing", sign=sign))

    def expect_word(self, word: str) -> None:
        if not self.at_word(word):
            self.fail(_l("%(sign)s is missing", sign=word))
        self.index += 1

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Count a level of nesting, so that no text can exhaust the stack."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            self.fail(_l("the expression nests too deeply"))
        yield
        self.nesting -= 1

    @contextmanager
    def scope(self) -> Iterator[set[str]]:
        """Names defined inside the expression (loop variables, parameters, entries before) are known within it."""
        outer = self.names
        self.names = Names(parent=outer)
        self.local.append(set())
        yield self.local[-1]
        self.local.pop()
        self.names = outer

    def define(self, name: str) -> None:
        self.names.add(name)
        self.local[-1].add(name)

    def refer(self, name: str) -> None:
        """Note a name that the surroundings must define; within a filter it may be an element's entry."""
        if not self.filters and name not in BUILTINS and not any(name in names for names in self.local):
            self.references.add(name)

    def name(self) -> str:
        """A name: the longest known one, or the words up to the next sign or keyword."""
        if self.token.kind != "name":
            self.unexpected()
        known = self.names.match(self.tokens, self.index)
        if known is None and self.token.text in RESERVED:
            self.unexpected()
        length = self._joined_words()
        if known is not None and known[1] >= length:
            self.index += known[1]
            return known[0]
        words = self.tokens[self.index : self.index + length]
        self.index += length
        return " ".join(token.text for token in words)

    def _joined_words(self) -> int:
        length = 1
        while (token := self.ahead(length)).kind in {"name", "digits"} or (
            token.kind == "number" and token.text.isdigit()
        ):
            if token.text in BREAKS:
                break
            length += 1
        return length

    def key(self) -> str | None:
        """The name before a colon, which may hold signs or be a text; None where no key stands here."""
        end = self.index
        if self.token.kind == "string":
            end += 1
        else:
            while self.tokens[end].kind in {"name", "number", "digits"} or (
                end > self.index and self.tokens[end].text in {"-", "+", "*", "**", "/", "'", "."}
            ):
                end += 1
        if end == self.index or self.tokens[end].text != ":" or self.tokens[end].kind != "sign":
            return None
        first, last = self.token, self.tokens[end - 1]
        self.index = end + 1
        return first.text if first.kind == "string" else " ".join(self.text[first.start : last.end].split())
