"""Who sees which calls."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel.db import session
from app.telephony.calls.models import Call
from app.telephony.calls.queries.scope import visible
from tests.conftest import START


@pytest.mark.parametrize(
    ("paths", "seen"),
    [
        ([], []),
        (["/GM/LJ/"], ["placed"]),
        (["/GM/"], ["placed", "unplaced"]),
        (["/"], ["placed", "unplaced"]),
        (["/GM/YS/"], []),
    ],
)
def test_a_call_without_a_unit_is_seen_from_the_top_of_the_tree(app: Flask, paths: list[str], seen: list[str]) -> None:
    for key, path in (("placed", "/GM/LJ/QS/"), ("unplaced", "/")):
        session.add(Call(key=key, unit_path=path, began_at=START))
    session.flush()
    assert sorted(session.scalars(select(Call.key).where(visible(paths)))) == seen
