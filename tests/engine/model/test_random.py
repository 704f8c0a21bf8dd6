"""Random diagrams with random histories run as the model of tokens says.

`LIGHTLINE_MODEL_EXAMPLES` sets how many diagrams of each kind are tried (60 unless it is given).
"""

from __future__ import annotations

import os
from itertools import count

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.engine.model.drive import Pair
from tests.engine.model.generate import processes
from tests.engine.model.sketch import Scope
from tests.engine.runtime.driving import Driver

EXAMPLES = int(os.environ.get("LIGHTLINE_MODEL_EXAMPLES", "60"))
MAX_STEPS = 14

_keys = count()
_profile = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


def walk(drive: Driver, process: Scope, data: st.DataObject, **options: bool) -> None:
    note(process.text())
    pair = Pair(drive, process, f"p{next(_keys)}", **options)
    try:
        for _ in range(MAX_STEPS):
            if not pair.step(lambda below: data.draw(st.integers(0, below - 1))):
                break
    finally:  # also where hypothesis gives the example up: what stays due stands in the way of later ones
        pair.close()


@_profile
@given(process=processes(), data=st.data())
def test_blocks_run_as_the_standard_says(drive: Driver, process: Scope, data: st.DataObject) -> None:
    walk(drive, process, data)


@_profile
@given(process=processes(unstructured=True), data=st.data())
def test_jumps_and_unmatched_gateways_run_as_the_standard_says(
    drive: Driver,
    process: Scope,
    data: st.DataObject,
) -> None:
    walk(drive, process, data, with_variables=False)
