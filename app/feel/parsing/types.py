"""Types in expressions: `number`, `list<string>`, `context<a: number>`, `function<number> -> string`."""

from __future__ import annotations

from app.feel.parsing.cursor import Cursor
from app.feel.values.types import ALIASES, Type


class TypeParser(Cursor):
    def type(self) -> Type:
        name = self.name()
        if name in {"list", "range"} and self.at("<"):
            with self.nested():
                return Type(name, self._arguments())
        if name == "context" and self.at("<"):
            with self.nested():
                return Type(name, fields=self._fields())
        if name == "function" and self.at("<"):
            return self._function_type()
        return Type(ALIASES.get(name, name))

    def name(self) -> str:
        if self.at_word("function") and self.ahead().text == "<":
            return self.next().text
        return super().name()

    def _arguments(self) -> tuple[Type, ...]:
        self.expect("<")
        arguments = [] if self.at(">") else [self.type()]
        while self.accept(","):
            arguments.append(self.type())
        self.expect(">")
        return tuple(arguments)

    def _fields(self) -> tuple[tuple[str, Type], ...]:
        self.expect("<")
        fields = [self._field()]
        while self.accept(","):
            fields.append(self._field())
        self.expect(">")
        return tuple(fields)

    def _field(self) -> tuple[str, Type]:
        key = self.key()
        if key is None:
            self.unexpected()
        return key, self.type()

    def _function_type(self) -> Type:
        with self.nested():
            parameters = self._arguments()
            self.expect("->")
            return Type("function", (*parameters, self.type()))
