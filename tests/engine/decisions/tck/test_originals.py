"""The kit's own files, where `LIGHTLINE_TCK` names a checkout of it or a folder of some of its cases.

`LIGHTLINE_TCK=/path/to/tck pytest tests/engine/decisions/tck -k originals`
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.engine.decisions.errors import DecisionError
from app.engine.decisions.evaluation import evaluate
from app.engine.decisions.model import Model
from app.engine.decisions.reading import read
from tests.engine.decisions.tck.comparing import agrees
from tests.engine.decisions.tck.vectors import Expected, Original, read_vectors

CHECKOUT = os.environ.get("LIGHTLINE_TCK", "")
FILES = sorted(Path(CHECKOUT).glob("**/compliance-level-2/*/*-test-*.xml")) if CHECKOUT else []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_originals(path: Path) -> None:
    name, tests = read_vectors(path.read_bytes())
    model = read((path.parent / name).read_bytes())
    failed = [(one.id, wanted.name) for one in tests for wanted in one.expected if not _passes(model, one, wanted)]
    assert failed == []


def _passes(model: Model, case: Original, wanted: Expected) -> bool:
    try:
        return agrees(evaluate(model, wanted.name, case.given).result, wanted.value)
    except DecisionError:
        return wanted.error
