"""The diagram that is measured: a review, a gateway, a script, two parallel tasks, one of them with a timer."""

from __future__ import annotations

from tests.engine.diagrams import (
    boundary,
    chain,
    diagram,
    end,
    flow,
    gateway,
    script,
    start,
    timer,
    user,
)


def order(*, quoted: bool = False) -> bytes:
    """The diagram in our dialect, or with the quoted timer that the stock parser expects."""
    limit = '"PT4H"' if quoted else "PT4H"
    return diagram(
        start("start"),
        user("review"),
        gateway("decide", default="f_decide_rejected"),
        script("total", "total = amount * 1.2"),
        end("rejected"),
        gateway("split", "parallel"),
        user("pack"),
        boundary("late", "pack", timer(limit), interrupting=False),
        script("escalate", "escalated = True"),
        end("late_end"),
        user("invoice"),
        gateway("join", "parallel"),
        end("end"),
        chain("start", "review", "decide"),
        flow("decide", "total", "approved == True"),
        flow("decide", "rejected"),
        chain("total", "split", "pack", "join", "end"),
        chain("split", "invoice", "join"),
        chain("late", "escalate", "late_end"),
        key="order",
    )


DATA = {"approved": True, "amount": 100}


def parallel_blocks(count: int) -> bytes:
    """`count` two-way parallel blocks one after another."""
    parts, flows, before = [start(), end()], [], "s"
    for n in range(count):
        parts += [gateway(f"split{n}", "parallel"), gateway(f"join{n}", "parallel"), user(f"a{n}"), user(f"b{n}")]
        flows += [chain(before, f"split{n}", f"a{n}", f"join{n}"), chain(f"split{n}", f"b{n}", f"join{n}")]
        before = f"join{n}"
    return diagram(*parts, *flows, chain(before, "e"), key="blocks")
