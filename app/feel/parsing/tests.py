"""Unary tests: `-`, `not(...)`, and tests separated by commas; also what follows `in`."""

from __future__ import annotations

from app.feel.nodes.node import Constant, Node
from app.feel.nodes.tests import AnyTest, CompareTest, In, InValue, NotTest, ValueTest
from app.feel.parsing.expressions import OperatorParser
from app.feel.parsing.primary import COMPARISONS
from app.feel.scope import INPUT


class TestParser(OperatorParser):
    """The whole parser: each layer below adds its part of the grammar."""

    __test__ = False  # the name is the field's; pytest shall not collect it

    def whole_expression(self) -> Node:
        node = self.expression()
        self._end()
        return node

    def whole_test(self) -> Node:
        """A cell of a decision table."""
        if self.at("-") and self.ahead().kind == "end":
            return Constant(True)
        negated = self._negated()
        if negated is not None:
            return negated
        tests = self._tests()
        self._end()
        return tests

    def _end(self) -> None:
        if self.token.kind != "end":
            self.unexpected()

    def _negated(self) -> Node | None:
        """`not(...)` around the whole cell; a call of `not` inside an expression is something else."""
        if not (self.at_word("not") and self.ahead().text == "("):
            return None
        start, references = self.index, set(self.references)
        self.index += 2
        with self.nested():
            tests = self._tests()
        self.expect(")")
        if self.token.kind == "end":
            return NotTest(tests)
        self.index, self.references = start, references
        return None

    def _tests(self) -> AnyTest:
        tests = [self._test()]
        while self.accept(","):
            tests.append(self._test())
        return AnyTest(tuple(tests))

    def _test(self) -> Node:
        if self.at(*COMPARISONS):
            return CompareTest(self.next().text, self.endpoint())
        before = INPUT in self.references
        self.references.discard(INPUT)
        node = self.expression()
        uses_input = INPUT in self.references
        if before:
            self.references.add(INPUT)
        return ValueTest(node, uses_input)

    def membership(self, value: Node) -> Node:
        if self.at("(") and not self._is_interval():
            self.next()
            with self.nested():
                tests = self._tests()
            self.expect(")")
            return In(value, tests)
        if self.at(*COMPARISONS):
            return In(value, AnyTest((CompareTest(self.next().text, self.endpoint()),)))
        return InValue(value, self.endpoint())

    def _is_interval(self) -> bool:
        """Whether the parenthesis here opens an interval: `(1..3]`."""
        depth = 0
        for token in self.tokens[self.index + 1 :]:
            if token.kind == "sign" and token.text in {"(", "[", "{"}:
                depth += 1
            elif token.kind == "sign" and token.text in {")", "]", "}"}:
                if depth == 0:
                    return False
                depth -= 1
            elif depth == 0 and token.text in {"..", ","} and token.kind == "sign":
                return token.text == ".."
        return False
