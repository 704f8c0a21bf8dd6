"""if, for, some, every: expressions that begin with a word."""

from __future__ import annotations

from app.feel.nodes.control import For, If, Iteration, Quantified
from app.feel.nodes.node import Node
from app.feel.parsing.primary import PrimaryParser


class ControlParser(PrimaryParser):
    def primary(self) -> Node:
        if not self.at_word("if", "for", "some", "every"):
            return super().primary()
        with self.nested():
            word = self.next().text
            if word == "if":
                return self._if()
            return self._for() if word == "for" else self._quantified(every=word == "every")

    def _if(self) -> Node:
        condition = self.expression()
        self.expect_word("then")
        yes = self.expression()
        self.expect_word("else")
        return If(condition, yes, self.expression())

    def _for(self) -> Node:
        with self.scope():
            iterations = self._iterations()
            self.expect_word("return")
            self.define("partial")
            return For(iterations, self.expression())

    def _quantified(self, *, every: bool) -> Node:
        with self.scope():
            iterations = self._iterations()
            self.expect_word("satisfies")
            return Quantified(every, iterations, self.expression())

    def _iterations(self) -> tuple[Iteration, ...]:
        iterations = [self._iteration()]
        while self.accept(","):
            iterations.append(self._iteration())
        return tuple(iterations)

    def _iteration(self) -> Iteration:
        name = self.name()
        self.expect_word("in")
        source = self.expression()
        end = self.expression() if self.accept("..") else None
        self.define(name)
        return Iteration(name, source, end)
