"""One signal or message that several events of a case wait for: each has it, also where one takes the others away."""

from __future__ import annotations

import pytest

from app.engine import api
from app.kernel.actor import SYSTEM
from tests.engine.diagrams import (
    boundary,
    catch,
    chain,
    diagram,
    end,
    event_subprocess,
    gateway,
    line,
    message,
    on_message,
    on_signal,
    signal,
    start,
    subprocess,
    throw,
    user,
)
from tests.engine.runtime.driving import NOBODY, Driver

BEFORE = signal("g") + message("m")


def awaited_twice(event: str, *, interrupting: bool, thrown: str = "") -> bytes:
    """A branch that waits at `c` for what the event subprocess waits for too; beside it `u`, then `t` throws it."""
    sub = event_subprocess(event, user("h"), interrupting=interrupting, ids="h")
    return diagram(
        start(), gateway("fork", "parallel"), user("u"), throw("t", thrown), catch("c", event), user("then"),
        user("after"), end(), end("e2"), chain("s", "fork", "u", "t", "then", "e"), chain("fork", "c", "after", "e2"),
        sub, before=BEFORE,
    )  # fmt: skip


def outcomes(case: str) -> dict[str, str]:
    return {row.element_id: row.outcome for row in api.history(case)}


@pytest.mark.parametrize(("interrupting", "left"), [(True, ["h"]), (False, ["after", "h", "then"])])
def test_a_signal_thrown_within_reaches_the_flow_and_the_event_subprocess(
    drive: Driver, interrupting: bool, left: list[str]
) -> None:
    """The one that interrupts came first, and the event in the flow was withdrawn as if nothing had come."""
    drive.deploy(p=awaited_twice(on_signal("g"), interrupting=interrupting, thrown=on_signal("g")))
    case = drive.start().id
    drive.complete(case, "u")
    assert drive.tasks(case) == left
    assert outcomes(case)["c"] == "completed"
    drive.complete(case, "h")
    assert drive.status(case) == ("completed" if interrupting else "active")


@pytest.mark.parametrize(("interrupting", "left"), [(True, ["h"]), (False, ["after", "h", "u"])])
def test_what_comes_from_outside_reaches_both(drive: Driver, interrupting: bool, left: list[str]) -> None:
    for name, event in (("signal", on_signal("g")), ("message", on_message("m"))):
        drive.deploy(p=awaited_twice(event, interrupting=interrupting, thrown=on_signal("g")))
        case = drive.start().id
        if name == "signal":
            drive.do(lambda: api.broadcast("g", actor=SYSTEM, now=drive.now))
        else:
            drive.do(
                lambda case=case: api.publish("m", correlation={"instance_id": case}, actor=SYSTEM, now=drive.now)  # type: ignore[misc]
            )
        assert drive.tasks(case) == left, name
        assert outcomes(case)["c"] == "completed", name
        drive.do(lambda case=case: api.terminate(case, reason="done", actor=NOBODY, now=drive.now))  # type: ignore[misc]


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_signal_thrown_just_before_the_end_is_not_lost(drive: Driver, interrupting: bool) -> None:
    """The process ended before its own event subprocess was given the signal."""
    sub = event_subprocess(on_signal("g"), user("h"), interrupting=interrupting, ids="h")
    drive.deploy(p=diagram(line(user("u"), throw("t", on_signal("g")), ids=("u", "t")), sub, before=BEFORE))
    case = drive.start().id
    drive.complete(case, "u")
    assert drive.tasks(case) == ["h"]
    assert ("e" in outcomes(case)) is not interrupting, "an interrupted flow does not go on to its end"
    drive.complete(case, "h")
    assert drive.status(case) == "completed"


def test_an_end_event_throws_before_its_scope_ends(drive: Driver) -> None:
    """Thrown at the end of a subprocess, caught at its border."""
    inner = subprocess("in", start("is"), user("u"), end("ie", on_signal("g")), chain("is", "u", "ie"))
    drive.deploy(
        p=diagram(
            line(inner, user("next"), ids=("in", "next")), boundary("b", "in", on_signal("g")), user("instead"),
            end("e2"), chain("b", "instead", "e2"), before=BEFORE,
        )
    )  # fmt: skip
    case = drive.start().id
    drive.complete(case, "u")
    assert drive.tasks(case) == ["instead"]


def test_the_outermost_takes_away_what_waits_inside(drive: Driver) -> None:
    """An event in the flow passes all the same; an event subprocess within does not begin any more."""
    within = event_subprocess(on_signal("g"), user("k"), node_id="inner", ids="k")
    inner = subprocess(
        "in", start("is"), gateway("fork", "parallel"), catch("c", on_signal("g")), user("u"), end("ie"), end("ie2"),
        chain("is", "fork", "c", "ie"), chain("fork", "u", "ie2"), within,
    )  # fmt: skip
    outer = event_subprocess(on_signal("g"), user("h"), node_id="outer", ids="h")
    drive.deploy(p=diagram(line(inner, ids=("in",)), outer, before=BEFORE))
    case = drive.start().id
    drive.do(lambda: api.broadcast("g", actor=SYSTEM, now=drive.now))
    assert drive.tasks(case) == ["h"]
    found = outcomes(case)
    assert found["c"] == "completed"
    assert "inner_s" not in found


def test_the_first_of_several_events_passes_too(drive: Driver) -> None:
    """Behind an event gateway it is the event that counts, not only the gateway."""
    sub = event_subprocess(on_signal("g"), user("h"), ids="h")
    drive.deploy(
        p=diagram(
            start(), gateway("race", "eventBased"), catch("c", on_signal("g")), catch("d", on_message("m")),
            end(), end("e2"), chain("s", "race", "c", "e"), chain("race", "d", "e2"), sub, before=BEFORE,
        )
    )  # fmt: skip
    case = drive.start().id
    drive.do(lambda: api.broadcast("g", actor=SYSTEM, now=drive.now))
    assert drive.tasks(case) == ["h"]
    assert outcomes(case)["c"] == outcomes(case)["race"] == "completed"
