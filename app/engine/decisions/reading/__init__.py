"""From DMN XML to a model; everything that is wrong on the way is noted with its place, not only the first.

`read(content)` gives the model or raises `InvalidModel`; `inspect(content)` gives the faults
and never raises.
"""

from __future__ import annotations

from app.engine.decisions.reading.definitions import inspect, read

__all__ = ["inspect", "read"]
