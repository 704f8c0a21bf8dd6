"""The guards RestrictedPython calls at run time: attributes, items, loops and operators, deny by default.

One `Guards` belongs to one evaluation.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app.engine.scripting.budget import charge, weigh
from app.engine.scripting.errors import LimitExceeded, ScriptError
from app.engine.scripting.plain import MAX_NODES, MAX_TEXT

MAX_BITS = 1024

_TEXT = (
    "lower upper strip lstrip rstrip split startswith endswith find count isdigit removeprefix removesuffix splitlines"
)
_READ: dict[type, frozenset[str]] = {
    str: frozenset(_TEXT.split()),
    list: frozenset({"index", "count", "copy"}),
    tuple: frozenset({"index", "count"}),
    dict: frozenset({"get", "items", "keys", "values", "copy"}),
    set: frozenset({"union", "intersection", "difference", "issubset", "issuperset", "copy"}),
    datetime: frozenset(["year", "month", "day", "hour", "minute", "second", "weekday", "isoweekday", "timestamp"]),
    date: frozenset(["year", "month", "day", "weekday", "isoweekday"]),
    timedelta: frozenset({"days", "seconds", "total_seconds"}),
}
_WRITE: dict[type, frozenset[str]] = {
    list: frozenset({"append", "insert", "pop", "remove", "reverse", "clear"}),
    dict: frozenset({"pop", "setdefault", "clear"}),
    set: frozenset({"add", "discard", "remove", "clear"}),
}
_WALKS = frozenset(
    [
        "index",
        "count",
        "copy",
        "remove",
        "reverse",
        "split",
        "find",
        "union",
        "intersection",
        "difference",
        "items",
        "values",
        "keys",
    ]
)


class Writable:
    """A list or map that is being assigned to, one item at a time (a slice could double it).

    `order.total = 5` sets an entry of a map, as `order.total` reads one.
    """

    __slots__ = ("_target",)
    _target: Any

    def __init__(self, target: Any) -> None:
        object.__setattr__(self, "_target", target)

    def __setitem__(self, key: Any, value: Any) -> None:
        if isinstance(key, slice):
            raise ScriptError(_("a slice cannot be assigned"))
        self._target[key] = value

    def __delitem__(self, key: Any) -> None:
        del self._target[key]

    def __setattr__(self, name: str, value: Any) -> None:
        _map(self._target, name)[name] = value

    def __delattr__(self, name: str) -> None:
        _map(self._target, name).pop(name, None)


def _map(target: Any, name: str) -> dict[str, Any]:
    if not isinstance(target, dict):
        raise ScriptError(_("%(kind)s has no .%(name)s to assign", kind=type(target).__name__, name=name))
    return target


class Guards:
    """What one evaluation may do. `mutable` allows methods that change a value (scripts, not expressions)."""

    def __init__(self, *, mutable: bool) -> None:
        self.mutable = mutable

    def names(self) -> dict[str, Any]:
        """The names the compiled code calls."""
        return {
            "_getattr_": self.attribute,
            "_getitem_": item,
            "_getiter_": self.iterate,
            "_write_": write,
            "_inplacevar_": in_place,
            "_iter_unpack_sequence_": self.unpack_each,
            "_unpack_sequence_": self.unpack,
            "_operate_": operate,
            "_compare_": compare,
            "__metaclass__": type,
            "__name__": "script",
        }

    def iterate(self, value: Any) -> Iterator[Any]:
        for entry in value:
            charge(1)
            yield entry

    def attribute(self, value: Any, name: str) -> Any:
        """A method of the short list, or an entry of a map (`order.amount`; null where there is none)."""
        kind = type(value)
        if name in _READ.get(kind, ()) or (self.mutable and name in _WRITE.get(kind, ())):
            if name in _WALKS:
                weigh(value)
            return getattr(value, name)
        if special := _BOUNDED.get((kind, name)):
            return lambda *args: special(value, *args)
        if kind is dict:
            return value.get(name)
        if value is None:
            raise ScriptError(_("cannot read .%(name)s of null", name=name))
        raise ScriptError(_("%(kind)s has no usable .%(name)s", kind=kind.__name__, name=name))

    def unpack(self, value: Any, spec: dict[str, Any], _getiter: Callable[[Any], Any]) -> list[Any]:
        """Unpack `a, (b, c) = value` as RestrictedPython asks for it: `spec` names the nested places."""
        entries = list(self.iterate(value))
        if len(entries) < spec["min_len"]:
            return entries  # Python itself raises the error of too few values
        for index, child in spec["childs"]:
            entries[index] = self.unpack(entries[index], child, _getiter)
        return entries

    def unpack_each(self, value: Any, spec: dict[str, Any], _getiter: Callable[[Any], Any]) -> Iterator[Any]:
        for entry in self.iterate(value):
            yield self.unpack(entry, spec, _getiter)


def item(value: Any, key: Any) -> Any:
    """`value[key]` of plain containers and text."""
    if not isinstance(value, (dict, list, tuple, str)):
        raise ScriptError(_("%(kind)s has no items", kind=type(value).__name__))
    return value[key]


def write(value: Any) -> Writable:
    if not isinstance(value, (dict, list)):
        raise ScriptError(_("%(kind)s cannot be assigned to", kind=type(value).__name__))
    return Writable(value)


def operate(symbol: str, left: Any, right: Any) -> Any:
    """An operator whose result may be far larger than its operands, checked before it is computed."""
    return _OPERATORS[symbol](left, right)


def in_place(symbol: str, left: Any, right: Any) -> Any:
    """`+=` and its like, as a new value: variables of other branches never change with it."""
    return operate(symbol.removesuffix("="), left, right)


def compare(symbol: str, left: Any, right: Any) -> bool:
    weigh(left)
    weigh(right)
    return bool(_COMPARISONS[symbol](left, right))


def _add(left: Any, right: Any) -> Any:
    if hasattr(left, "__len__") and hasattr(right, "__len__"):
        _bound(len(left) + len(right), left)
    return left + right


def _multiply(left: Any, right: Any) -> Any:
    for sequence, times in ((left, right), (right, left)):
        if hasattr(sequence, "__len__"):
            if not isinstance(times, int):
                raise ScriptError(_("only a whole number repeats a text or list"))
            _bound(len(sequence) * max(times, 0), sequence)
    _bits(_width(left) + _width(right))
    return left * right


def _power(left: Any, right: Any) -> Any:
    if not isinstance(left, (int, float)) or not isinstance(right, (int, float)) or abs(right) > MAX_BITS:
        raise LimitExceeded(_("the power is too large"))
    _bits(int(_width(left) * abs(right)))
    return left**right


def _modulo(left: Any, right: Any) -> Any:
    if isinstance(left, str):
        raise ScriptError(_("text is not formatted by a percent sign: write ${...} in a template"))
    return left % right


def _bound(size: int, sample: Any) -> None:
    if size > (MAX_TEXT if isinstance(sample, str) else MAX_NODES):
        raise LimitExceeded(_("the value is too large"))


def _bits(bits: int) -> None:
    if bits > MAX_BITS:
        raise LimitExceeded(_("the number is too large"))


def _width(value: Any) -> int:
    return value.bit_length() if isinstance(value, int) else 0


def _join(separator: str, parts: Any) -> str:
    parts = list(parts)
    _bound(sum(len(part) for part in parts) + len(separator) * len(parts), separator)
    return separator.join(parts)


def _replace(value: str, old: str, new: str) -> str:
    _bound(len(value) + (value.count(old) if old else len(value) + 1) * len(new), value)
    return value.replace(old, new)


def _extend(value: list[Any], more: Any) -> None:
    more = list(more)
    _bound(len(value) + len(more), value)
    value.extend(more)


def _update(value: dict[Any, Any], more: dict[Any, Any]) -> None:
    _bound(len(value) + len(more), value)
    value.update(more)


_BOUNDED: dict[tuple[type, str], Callable[..., Any]] = {
    (str, "join"): _join,
    (str, "replace"): _replace,
    (list, "extend"): _extend,
    (dict, "update"): _update,
    (datetime, "isoformat"): lambda value: value.isoformat(),
    (date, "isoformat"): lambda value: value.isoformat(),
}
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": _add,
    "-": operator.sub,
    "*": _multiply,
    "**": _power,
    "%": _modulo,
    "/": operator.truediv,
    "//": operator.floordiv,
    "|": operator.or_,
    "&": operator.and_,
    "^": operator.xor,
}
_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda left, right: left in right,
    "not in": lambda left, right: left not in right,
    "is": operator.is_,
    "is not": operator.is_not,
}
