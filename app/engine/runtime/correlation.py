"""Whom a message is for, in a form that an index can find.

A waiting event asks for some values (`{"order_id": 5}`); it is met by a message that has
all of them. The normal form of a set of values is text that is equal exactly when the
values are: `5` and `"5"` are the same value, as forms and telephones make text of numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from itertools import combinations
from typing import Any

import orjson
from flask_babel import lazy_gettext as _l

from app.kernel.errors import Invalid

MAX_VALUES = 6
"""A message is looked up by every subset of its values: 2 ** 6 at most."""

MAX_LENGTH = 250


class InvalidCorrelation(Invalid):
    code = "invalid_correlation"


def normal(values: Mapping[str, Any]) -> str:
    """The normal form of one set of values; "" for none."""
    if not values:
        return ""
    text = orjson.dumps({name: _word(value) for name, value in sorted(values.items())}).decode()
    return text if len(text) <= MAX_LENGTH else hashlib.sha256(text.encode()).hexdigest()


def subsets(values: Mapping[str, Any]) -> list[str]:
    """The normal forms of every non-empty subset: what a waiting event may have asked for."""
    if len(values) > MAX_VALUES:
        raise InvalidCorrelation(
            _l("A message can be addressed by at most %(n)s values.", n=MAX_VALUES), given=sorted(values)
        )
    names = sorted(values)
    return [
        normal({name: values[name] for name in chosen})
        for size in range(1, len(names) + 1)
        for chosen in combinations(names, size)
    ]


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (str, int, float)):
        return str(value)
    raise InvalidCorrelation(_l("A message is addressed by texts and numbers only."), value=repr(value)[:100])
