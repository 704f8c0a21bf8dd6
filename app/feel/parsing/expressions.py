"""Operators by precedence (or, and, comparisons, + -, * /, **), the sign, and what follows a value."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.feel.limits import MAX_CHAIN
from app.feel.nodes.access import Call, Filter, Path
from app.feel.nodes.node import Node
from app.feel.nodes.operators import And, Arithmetic, Between, Comparison, InstanceOf, Negation, Or
from app.feel.parsing.control import ControlParser
from app.feel.parsing.cursor import BREAKS

OR, AND, COMPARE, SUM, PRODUCT, POWER = range(1, 7)
_SIGNS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "**": POWER}
_SIGNS |= dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), COMPARE)
_WORDS = {"or": OR, "and": AND, "between": COMPARE, "in": COMPARE}
_AFTER_INTERVAL = {")", "]", "}", ",", ":", "=", "!=", "<", "<=", ">", ">=", "*", "/", "**", ".."}


class OperatorParser(ControlParser):
    def expression(self) -> Node:
        return self._binary(OR)

    def endpoint(self) -> Node:
        return self._binary(SUM)

    def membership(self, value: Node) -> Node:
        """What follows `in`; given by the layer above."""
        raise NotImplementedError

    def _binary(self, floor: int) -> Node:
        """Operators that bind at least as tightly as `floor`, from the left.

        Long rows are refused, because each operator of a row nests when it is evaluated.
        """
        left = self._signed_value()
        for _ in range(MAX_CHAIN):
            level = self._level()
            if level < floor:
                return left
            left = self._join(left, level)
        self.fail(_l("more than %(limit)s operators in a row", limit=MAX_CHAIN))

    def _level(self) -> int:
        """How tightly the operator here binds; 0 where none stands."""
        levels = {"sign": _SIGNS, "name": _WORDS}.get(self.token.kind, {})
        return levels.get(self.token.text, 0)

    def _join(self, left: Node, level: int) -> Node:
        operator = self.next().text
        if operator == "in":
            return self.membership(left)
        if operator == "between":
            low = self._binary(SUM)
            self.expect_word("and")
            return Between(left, low, self._binary(SUM))
        right = self._binary(level + 1)
        if level == OR:
            return Or(left, right)
        if level == AND:
            return And(left, right)
        return (Comparison if level == COMPARE else Arithmetic)(operator, left, right)

    def _signed_value(self) -> Node:
        signs = 0
        while self.accept("-"):
            signs += 1
        value = self._typed()
        # two signs cancel for what can be negated and are null for the rest, as one does
        return Negation(Negation(value)) if signs and signs % 2 == 0 else Negation(value) if signs else value

    def _typed(self) -> Node:
        value = self._value()
        if self.at_word("instance") and self.ahead().text == "of":
            self.index += 2
            return InstanceOf(value, self.type())
        return value

    def _value(self) -> Node:
        value = self.primary()
        for _ in range(MAX_CHAIN):
            if self.accept("."):
                value = Path(value, self.name())
            elif self.at("("):
                value = self._call(value)
            elif self.at("[") and self._is_filter():
                value = self._filter(value)
            else:
                return value
        self.fail(_l("more than %(limit)s steps in a path", limit=MAX_CHAIN))

    def _is_filter(self) -> bool:
        """Whether a bracket opens a filter: at the end of `]1..3[` it closes an interval instead."""
        following = self.ahead()
        if following.kind == "sign":
            return following.text not in _AFTER_INTERVAL
        return following.kind != "end" and following.text not in BREAKS

    def _filter(self, value: Node) -> Node:
        self.expect("[")
        self.filters += 1
        with self.nested(), self.scope():
            self.define("item")
            condition = self.expression()
        self.filters -= 1
        self.expect("]")
        return Filter(value, condition)

    def _call(self, target: Node) -> Node:
        self.expect("(")
        positional: list[Node] = []
        named: list[tuple[str, Node]] = []
        with self.nested():
            while not self.at(")"):
                key = self.key()
                if key is None:
                    positional.append(self.expression())
                else:
                    named.append((key, self.expression()))
                if not self.accept(","):
                    break
        self.expect(")")
        if positional and named:
            self.fail(_l("arguments are given by position or by name, not both"))
        return Call(target, tuple(positional), tuple(named))
