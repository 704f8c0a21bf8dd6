"""The smallest expressions: literals, names, brackets of every kind, function definitions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.feel.nodes.node import Constant, Name, Node
from app.feel.nodes.structures import ContextOf, FunctionOf, HalfLine, Interval, ListOf
from app.feel.parsing.types import TypeParser
from app.feel.scope import INPUT
from app.feel.values import numbers, temporal
from app.feel.values.types import ANY, Type

COMPARISONS = ("<", "<=", ">", ">=", "=", "!=")
_WORDS = {"true": True, "false": False, "null": None}


class PrimaryParser(TypeParser):
    def expression(self) -> Node:
        """A whole expression; given by the layer above."""
        raise NotImplementedError

    def endpoint(self) -> Node:
        """An expression that an interval or comparison may end with; given by the layer above."""
        raise NotImplementedError

    def primary(self) -> Node:
        token = self.token
        if token.kind == "string":
            return Constant(self.next().text)
        if token.kind == "number":
            return self._number()
        if token.kind == "name":
            return self._word()
        if token.kind == "sign":
            return self._signed()
        self.unexpected()

    def _number(self) -> Node:
        token = self.next()
        value = numbers.parse(token.text)
        if value is None:
            self.fail(_l("%(number)s is beyond the numbers that can be counted with", number=token.text), token)
        return Constant(value)

    def _word(self) -> Node:
        if self.token.text == "function" and self.ahead().text == "(":
            return self._function()
        if self.token.text in _WORDS:
            return Constant(_WORDS[self.next().text])
        name = self.name()
        self.refer(name)
        return Name(name)

    def _signed(self) -> Node:
        sign = self.token.text
        if sign == "?":
            self.next()
            self.references.add(INPUT)
            return Name(INPUT)
        if sign == "@":
            return self._at_literal()
        with self.nested():
            if sign == "(":
                return self._parenthesis()
            if sign == "[":
                return self._bracket()
            if sign == "]":
                self.next()
                return self._interval(self.endpoint(), start_included=False)
            if sign == "{":
                return self._context()
        self.unexpected()

    def _at_literal(self) -> Node:
        self.next()
        token = self.next()
        if token.kind != "string":
            self.fail(_l("a text follows @, as in @%(text)s", text='"2026-03-02"'), token)
        return Constant(temporal.parse_any(token.text))

    def _parenthesis(self) -> Node:
        self.expect("(")
        if self.at(*COMPARISONS):
            operator = self.next().text
            if operator == "!=":
                self.fail(_l("!= makes no interval"))
            half = HalfLine(operator, self.endpoint())
            self.expect(")")
            return half
        inner = self.expression()
        if self.at(".."):
            return self._interval(inner, start_included=False)
        self.expect(")")
        return inner

    def _bracket(self) -> Node:
        self.expect("[")
        if self.accept("]"):
            return ListOf(())
        items = [self._item()]
        if self.at(".."):
            return self._interval(items[0], start_included=True)
        while self.accept(","):
            items.append(self._item())
        self.expect("]")
        return ListOf(tuple(items))

    def _item(self) -> Node:
        """An element of a list; `[< 5, > 9]` is a list of intervals."""
        if self.at("<", "<=", ">", ">="):
            return HalfLine(self.next().text, self.endpoint())
        return self.expression()

    def _interval(self, start: Node, *, start_included: bool) -> Node:
        self.expect("..")
        end = self.endpoint()
        if not self.at("]", ")", "["):
            self.fail(_l("an interval ends with ], ) or ["))
        return Interval(start, end, start_included, self.next().text == "]")

    def _context(self) -> Node:
        self.expect("{")
        entries: list[tuple[str, Node]] = []
        with self.scope():
            while not self.at("}"):
                key_token = self.token
                key = self.key()
                if key is None:
                    self.fail(_l("a name and a colon are missing here"), key_token)
                if any(key == name for name, _ in entries):
                    self.fail(_l("the entry %(name)s is there twice", name=key), key_token)
                entries.append((key, self.expression()))
                self.define(key)
                if not self.accept(","):
                    break
            self.expect("}")
        return ContextOf(tuple(entries))

    def _function(self) -> Node:
        self.next()
        self.expect("(")
        parameters: list[tuple[str, Type]] = []
        with self.scope(), self.nested():
            while not self.at(")"):
                parameters.append(self._parameter())
                self.define(parameters[-1][0])
                if not self.accept(","):
                    break
            self.expect(")")
            if self.at_word("external"):
                self.fail(_l("external functions (Java, PMML) are not supported"))
            return FunctionOf(tuple(parameters), self.expression())

    def _parameter(self) -> tuple[str, Type]:
        key = self.key()
        return (self.name(), Type(ANY)) if key is None else (key, self.type())
