"""How a built-in function declares its parameters, and how arguments find them.

`@builtin("substring", "string: string, start position: number, length?: number")`: types are
checked and converted once, here. `?` after a name lets it be left out. Null fits `Any` only:
a function that needs a value and is given null answers null. `list...` takes a list, or
all arguments as one; `*lists` always takes all arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.feel.values.kinds import Function, Value
from app.feel.values.types import Type, conform

BUILTINS: dict[str, Function] = {}

Handler = Callable[..., Value]


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    type: Type
    optional: bool = False
    spread: bool = False
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Overload:
    parameters: tuple[Parameter, ...]
    handler: Handler

    def arguments(self, positional: Sequence[Value]) -> list[Value] | None:
        """The arguments as the handler takes them; None where they do not fit."""
        first = self.parameters[0] if self.parameters else None
        if first is not None and (first.spread or first.rest):
            return _gathered(first, positional)
        required = sum(not parameter.optional for parameter in self.parameters)
        if not required <= len(positional) <= len(self.parameters):
            return None
        return self._convert(list(zip(self.parameters, positional, strict=False)))

    def named(self, named: Mapping[str, Value]) -> list[Value] | None:
        """The same for arguments by name; a gathering parameter takes a list."""
        names = [parameter.name for parameter in self.parameters]
        if not set(named) <= set(names):
            return None
        if any(parameter.name not in named and not parameter.optional for parameter in self.parameters):
            return None
        return self._convert([(parameter, named.get(parameter.name)) for parameter in self.parameters])

    def _convert(self, given: list[tuple[Parameter, Value]]) -> list[Value] | None:
        arguments = []
        for parameter, value in given:
            converted = conform(value, Type("list") if parameter.spread else parameter.type)
            if converted is None and not (parameter.type.name == "Any" or (value is None and parameter.optional)):
                return None
            arguments.append(converted)
        return arguments


def _gathered(parameter: Parameter, positional: Sequence[Value]) -> list[Value] | None:
    if not positional:
        return None
    alone = parameter.spread and len(positional) == 1 and isinstance(positional[0], list)
    return [positional[0] if alone else list(positional)]


def _parameters(signature: str) -> tuple[Parameter, ...]:
    parameters = []
    for part in signature.split(",") if signature else []:
        name, _, kind = (piece.strip() for piece in part.partition(":"))
        marks = {"optional": name.endswith("?"), "spread": name.endswith("..."), "rest": name.startswith("*")}
        parameters.append(Parameter(name.strip("?.*"), Type(kind or "Any"), **marks))
    return tuple(parameters)


def _function(name: str, overloads: list[Overload]) -> Function:
    def invoke(positional: Sequence[Value]) -> Value:
        for overload in overloads:
            if (arguments := overload.arguments(positional)) is not None:
                return overload.handler(*arguments)
        return None

    def invoke_named(named: Mapping[str, Value]) -> Value:
        for overload in overloads:
            if (arguments := overload.named(named)) is not None:
                return overload.handler(*arguments)
        return None

    return Function(name, (), invoke, invoke_named)


_overloads: dict[str, list[Overload]] = {}


def builtin(name: str, *signatures: str) -> Callable[[Handler], Handler]:
    """Register the decorated function under a FEEL name; several signatures are tried in order."""

    def register(handler: Handler) -> Handler:
        overloads = _overloads.setdefault(name, [])
        overloads.extend(Overload(_parameters(signature), handler) for signature in signatures)
        BUILTINS.setdefault(name, _function(name, overloads))
        return handler

    return register


def call(function: Any, *arguments: Value) -> Value:
    """Call a function that was given as an argument."""
    return function.invoke(list(arguments))
