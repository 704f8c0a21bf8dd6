"""Who reads what was typed into a case may not know everything in it: domains register what is taken out.

A censor is asked for each case whose values are shown, on the page of a task, by the API and
on the page of the running case; it returns a function applied to every text, or None where the
reader may see all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from app.kernel.actor import Actor

Clean = Callable[[str], str]


class Censor(Protocol):
    def __call__(self, process_key: str, business_key: str | None, *, actor: Actor, now: datetime) -> Clean | None: ...


_censors: list[Censor] = []


def censor(found: Censor) -> Censor:
    """`@censor` above a function registers it."""
    if found not in _censors:
        _censors.append(found)
    return found


def shown(
    process_key: str, business_key: str | None, values: Mapping[str, Any], *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """The values of a case (or of one of its tasks) as this actor may read them."""
    clean = [each for asked in _censors if (each := asked(process_key, business_key, actor=actor, now=now))]
    result: Any = dict(values)
    for each in clean:
        result = _deep(result, each)
    return dict(result)


def _deep(value: Any, clean: Clean) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {key: _deep(each, clean) for key, each in value.items()}
    return [_deep(each, clean) for each in value] if isinstance(value, list | tuple) else value
