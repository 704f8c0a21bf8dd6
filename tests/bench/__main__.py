"""Print every figure, one JSON object a line: `python -m tests.bench [--full] [NAME…]`."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from tests.bench import (
    answers,
    billing,
    board,
    customers,
    engine,
    figures,
    imports,
    inbox,
    ivr,
    lasting,
    network,
    notices,
    orders,
    outages,
    supervision,
    timers,
    web,
)

PARTS = (
    "engine",
    "lasting",
    "timers",
    "inbox",
    "customers",
    "pages",
    "web",
    "billing",
    "answers",
    "imports",
    "figures",
    "supervision",
    "orders",
    "ivr",
    "network",
    "outages",
    "notices",
    "board",
)


def main() -> None:
    """Measure the parts named, or all; `--full` takes the sizes of the budgets, which need some ten minutes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="the sizes of the budgets")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=PARTS)
    given = parser.parse_args()
    work: dict[str, Callable[[], None]] = {
        "engine": engine.measure,
        "lasting": lasting.measure,
        "timers": lambda: timers.measure(100_000 if given.full else 1_000),
        "inbox": lambda: inbox.measure(1_000_000 if given.full else 100_000),
        "billing": lambda: billing.measure(100_000 if given.full else 5_000),
        "pages": lambda: customers.measure_page(500, customers.FULL if given.full else 20_000),
        "customers": lambda: customers.measure(customers.FULL if given.full else 50_000),
        "web": lambda: web.measure(5_000 if given.full else 1_000),
        "answers": lambda: answers.measure(20_000),
        "imports": lambda: imports.measure(1_000_000 if given.full else 100_000, 100_000 if given.full else 20_000),
        "supervision": lambda: supervision.measure(5_000_000 if given.full else 200_000),
        "orders": lambda: orders.measure(5_000_000 if given.full else 100_000),
        "network": lambda: network.measure(1_000_000 if given.full else 100_000),
        "outages": lambda: outages.measure(1_000_000 if given.full else 100_000, 5_000 if given.full else 1_000),
        "notices": lambda: notices.measure(10_000 if given.full else 2_000),
        "board": lambda: board.measure(500),
        "ivr": lambda: ivr.measure(500, 1_000, 20.0) if given.full else ivr.measure(100, 200, 5.0),
        "figures": lambda: figures.measure(5_000 if given.full else 500),
    }
    for part in given.parts:
        work[part]()


if __name__ == "__main__":
    main()
