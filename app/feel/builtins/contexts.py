"""Functions of contexts."""

from __future__ import annotations

from typing import Any

from app.feel.builtins.signature import builtin
from app.feel.values.kinds import Value


@builtin("get value", "m: context, key: string")
def get_value(context: dict[str, Any], key: str) -> Value:
    return context.get(key)


@builtin("get value", "m: context, key: list")
def get_nested_value(context: dict[str, Any], keys: list[Any]) -> Value:
    value: Value = context
    for key in keys:
        value = value.get(key) if isinstance(value, dict) and isinstance(key, str) else None
    return value if keys else None


@builtin("get entries", "m: context")
def get_entries(context: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries: list")
def from_entries(entries: list[Any]) -> dict[str, Any] | None:
    """Of contexts with `key` and `value`; null where one lacks them or a key is there twice."""
    result: dict[str, Any] = {}
    for entry in entries:
        if not isinstance(entry, dict) or "value" not in entry or not isinstance(entry.get("key"), str):
            return None
        if entry["key"] in result:
            return None
        result[entry["key"]] = entry["value"]
    return result


@builtin("context put", "context: context, key: string, value: Any")
def context_put(context: dict[str, Any], key: str, value: Value) -> dict[str, Any]:
    return {**context, key: value}


@builtin("context put", "context: context, keys: list, value: Any")
def context_put_nested(context: dict[str, Any], keys: list[Any], value: Value) -> dict[str, Any] | None:
    if not keys or not all(isinstance(key, str) for key in keys):
        return None
    key, rest = keys[0], keys[1:]
    if not rest:
        return {**context, key: value}
    inner = context.get(key)
    changed = context_put_nested(inner, rest, value) if isinstance(inner, dict) else None
    return None if changed is None else {**context, key: changed}


@builtin("context merge", "contexts: list")
def context_merge(contexts: list[Any]) -> dict[str, Any] | None:
    """Later entries win."""
    result: dict[str, Any] = {}
    for context in contexts:
        if not isinstance(context, dict):
            return None
        result.update(context)
    return result
