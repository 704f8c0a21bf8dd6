"""Classes of durations and the quantiles told from them."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.statistics import spans

DURATIONS = st.integers(min_value=0, max_value=400 * 24 * 3600 * 1000)


@given(DURATIONS)
def test_a_duration_lies_in_its_class(duration: int) -> None:
    number = spans.class_of(duration)
    assert duration <= spans.BOUNDS[number]
    assert number == 0 or duration > spans.BOUNDS[number - 1]


@given(st.lists(DURATIONS, min_size=1, max_size=60), st.sampled_from([0.1, 0.5, 0.9, 1.0]))
def test_a_quantile_is_near_the_real_one(durations: list[int], share: float) -> None:
    counts = Counter(spans.class_of(one) for one in durations)
    told = spans.quantile(counts, share, shortest=min(durations), longest=max(durations))
    real = sorted(durations)[max(math.ceil(share * len(durations)), 1) - 1]
    assert told == pytest.approx(real, rel=0.1, abs=0.5)


def test_nothing_has_no_quantile() -> None:
    assert spans.quantile({}, 0.5, shortest=0, longest=0) is None


def test_what_outlasts_every_class_counts_in_the_last() -> None:
    assert spans.class_of(10**15) == len(spans.BOUNDS) - 1
