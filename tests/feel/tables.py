"""Cases of FEEL as tables: `text => result` a line, the result as JSON."""

from __future__ import annotations

import json
from typing import Any

from app import feel


def cases(table: str) -> list[tuple[str, Any]]:
    """The lines of a table; empty ones and comments (#) are left out."""
    lines = [line.strip() for line in table.strip().splitlines()]
    pairs = [line.rsplit(" => ", 1) for line in lines if line and not line.startswith("#")]
    return [(text.strip(), json.loads(result)) for text, result in pairs]


def value(text: str, **context: Any) -> Any:
    """What a text evaluates to, as JSON."""
    return feel.to_json(feel.expression(text, context).evaluate(context))
