"""The board at any past instant, by its properties and by a hand-made storm."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.outages.replaying import History, changes_of, state_at
from tests.conftest import START

MINUTE = timedelta(minutes=1)


def at(minutes: int) -> datetime:
    return START + minutes * MINUTE


STORY = History(
    outage_id=1,
    detected_at=at(5),
    closed_at=at(120),
    customers_total=100,
    status="closed",
    events=[
        (at(10), "confirmed", {}),
        (at(12), "crew_chosen", {"crew": "一班"}),
        (at(12), "crew", {"state": "assigned"}),
        (at(20), "crew", {"state": "en_route"}),
        (at(40), "crew", {"state": "on_site"}),
    ],
    steps=[(at(0), "out", 100), (at(60), "restored", 70), (at(90), "restored", 30)],
    etrs=[(at(15), at(90), "rule"), (at(45), at(100), "crew")],
    calls=[at(1), at(6), at(7)],
)


def test_a_story_is_told_as_it_happened() -> None:
    changes = changes_of([STORY])
    assert state_at(changes, at(4)) == {}
    assert state_at(changes, at(5))[1] | {} == {
        "status": "predicted",
        "out": 100,
        "calls": 1,
        "etr": None,
        "etr_source": "",
        "crew": "",
    }
    assert state_at(changes, at(13))[1]["status"] == "assigned"
    assert state_at(changes, at(13))[1]["crew"] == "一班"
    assert state_at(changes, at(50))[1]["etr"] == at(100)
    assert (state_at(changes, at(61))[1]["out"], state_at(changes, at(61))[1]["status"]) == (30, "partially_restored")
    assert (state_at(changes, at(95))[1]["out"], state_at(changes, at(95))[1]["status"]) == (0, "restored")
    assert state_at(changes, at(120)) == {}


instants = st.integers(0, 500).map(at)
histories = st.builds(
    History,
    outage_id=st.integers(1, 5),
    detected_at=instants,
    closed_at=st.none() | instants,
    customers_total=st.integers(0, 500),
    status=st.just("closed"),
    events=st.lists(
        st.tuples(instants, st.just("crew"), st.fixed_dictionaries({"state": st.sampled_from(["assigned", "on_site"])}))
        | st.tuples(instants, st.just("confirmed"), st.just({})),
        max_size=4,
    ),
    steps=st.lists(st.tuples(instants, st.sampled_from(["out", "restored"]), st.integers(0, 100)), max_size=4),
    etrs=st.lists(st.tuples(instants, instants, st.just("rule")), max_size=3),
    calls=st.lists(instants, max_size=4),
)


@given(found=st.lists(histories, max_size=4, unique_by=lambda one: one.outage_id), instant=instants)
def test_an_outage_is_there_from_its_detection_until_it_is_over_and_never_counts_below_nothing(
    found: list[History], instant: datetime
) -> None:
    changes = changes_of(found)
    assert [change.at for change in changes] == sorted(change.at for change in changes)

    def known(one: History) -> bool:
        return one.detected_at <= instant and (one.closed_at is None or instant < one.closed_at)

    there = {one.outage_id for one in found if known(one)}
    state = state_at(changes, instant)
    assert set(state) == there
    for one in state.values():
        assert one["out"] >= 0
        assert set(one) >= {"status", "out", "calls", "etr", "crew"}


@given(history=histories, instant=instants)
def test_calls_known_by_then_are_counted(history: History, instant: datetime) -> None:
    state = state_at(changes_of([history]), instant).get(history.outage_id)
    if state is not None:
        assert state["calls"] == sum(1 for call in history.calls if max(call, history.detected_at) <= instant)
