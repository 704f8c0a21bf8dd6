"""Print every figure, one JSON object a line."""

from __future__ import annotations

from tests.bench import engine

if __name__ == "__main__":
    engine.measure()
