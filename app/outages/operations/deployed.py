"""Whether a diagram or table that this package works with is deployed here: without it its part is left out."""

from __future__ import annotations

from typing import Literal

from app.engine import api as engine
from app.kernel.errors import NotFound


def is_deployed(key: str, kind: Literal["bpmn", "dmn"]) -> bool:
    """Whether a version of it is in force."""
    try:
        engine.get_definition(key, kind=kind)
    except NotFound:
        return False
    return True
