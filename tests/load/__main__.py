"""Kill web and clock at random while orders are driven through the API, then account for everything."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from app import create_app
from app.kernel.clock import FrozenClock
from app.kernel.db import db
from tests.conftest import START, settings_for
from tests.faults.account import problems
from tests.faults.storm import ride_out
from tests.faults.system import System
from tests.workorders.house import build


def main() -> int:
    """Exit status 1 where anything was lost or done twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--orders", type=int, default=100, help="at least so many orders")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="", help="an empty database; SQLite in a temporary folder by default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.database or f"sqlite:///{folder}/load.db"
        clock = FrozenClock(START)
        app = create_app(settings_for(url, Path(folder)), clock=clock)
        with app.app_context():
            db.create_all()
            house = build(clock)
            db.session.remove()
            system = System(url, Path(folder))
            numbers, kills = ride_out(system, house, orders=options.orders, kills=options.kills, seed=options.seed)
            found = problems(numbers)
            db.session.remove()
            db.engine.dispose()
    print(f"{len(numbers)} orders archived through {kills} kills: {len(found)} problems")
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
