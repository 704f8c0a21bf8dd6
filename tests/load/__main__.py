"""Kill, cut and account: orders and cases through blows at random, then every order, task, timer, job and effect."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import orjson

from app import create_app
from app.kernel.clock import FrozenClock
from app.kernel.db import db
from tests.conftest import POSTGRES, START, settings_for
from tests.faults.account import problems
from tests.load.account import repeated_calls, round_problems
from tests.load.databases import database
from tests.load.ride import Ridden, ride_out
from tests.load.stage import Stage, stage
from tests.workorders.house import build


def main() -> int:
    """Exit status 1 where anything was lost or done twice; the last line is the account, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--cuts", type=int, help="a tenth of the kills by default")
    parser.add_argument("--orders", type=int, default=20, help="at least so many orders")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--on", choices=["sqlite", "postgresql"], default="postgresql" if POSTGRES else "sqlite")
    parser.add_argument("--keep", type=Path, help="a folder for the logs of the processes, kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        with database(options.on, folder) as url:
            return _run(url, folder, options)


def _run(url: str, folder: Path, options: argparse.Namespace) -> int:
    clock = FrozenClock(START)
    app = create_app(settings_for(url, folder / "driver"), clock=clock)
    cuts = options.kills // 10 if options.cuts is None else options.cuts
    with app.app_context(), stage(url, folder) as found:
        db.create_all()
        house = build(clock)
        began = time.monotonic()
        ridden = ride_out(found, house, orders=options.orders, kills=options.kills, cuts=cuts, seed=options.seed)
        seconds = time.monotonic() - began
        wrong = [*problems(ridden.numbers), *round_problems(ridden.cases, found.receiver)]
        db.session.remove()
        db.engine.dispose()
    for line in wrong:
        print(line)
    print(orjson.dumps(_account(options, ridden, found, seconds, wrong)).decode())
    return 1 if wrong else 0


def _account(
    options: argparse.Namespace, ridden: Ridden, found: Stage, seconds: float, wrong: list[str]
) -> dict[str, object]:
    """The run in one object."""
    return {
        "name": "load",
        "database": options.on,
        "processes": found.names,
        "orders": len(ridden.numbers),
        "cases": ridden.cases,
        "effects": len(found.receiver.calls),
        "calls_repeated": repeated_calls(found.receiver),
        "blows": dict(sorted(Counter(ridden.blows).items())),
        "seconds": round(seconds),
        "problems": len(wrong),
    }


if __name__ == "__main__":
    sys.exit(main())
