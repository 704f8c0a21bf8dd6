"""The line killed again and again: `python -m tests.load.line --kills 100 --on postgresql`. Exit status 1 where
anything was lost beyond a second or done twice; the last line is the account, as JSON."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

import orjson

from app import create_app
from app.kernel.clock import FrozenClock
from app.kernel.db import db
from tests.conftest import POSTGRES, START, settings_for
from tests.faults.line import WithIvr, moments, problems, ride
from tests.load.databases import database
from tests.telephony.hotline.test_calls import known_customer
from tests.workorders.house import build


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--calls", type=int, default=12, help="calls at once")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--on", choices=["sqlite", "postgresql"], default="postgresql" if POSTGRES else "sqlite")
    options = parser.parse_args()
    wrong: list[str] = []
    asked, calls, began = 0, 0, time.monotonic()
    with tempfile.TemporaryDirectory() as temporary, database(options.on, Path(temporary)) as url:
        app = create_app(settings_for(url, Path(temporary) / "driver"), clock=FrozenClock(START))
        with app.app_context():
            db.create_all()
            clock = FrozenClock(START)
            known_customer(build(clock), clock)
            db.session.remove()
            system = WithIvr(url, Path(temporary))
            port, link = system._port("ivr"), system._port("link")
            system.environment |= {
                "LIGHTLINE_IVR_LISTEN": f"127.0.0.1:{port}",
                "LIGHTLINE_IVR_WATCH": "off",
                "LIGHTLINE_FREESWITCH": f"127.0.0.1:{link}",
                "LIGHTLINE_FREESWITCH_PASSWORD": "ClueCon",
            }
            try:
                for after in moments(options.kills, options.seed):
                    found = asyncio.run(ride(system, port, link, calls=options.calls, after=after))
                    wrong += problems(found)
                    asked += sum(len(times) for times in found.asked.values())
                    calls += len(found.ended)
            finally:
                system.stop()
                db.session.remove()
                db.engine.dispose()
    for line in wrong:
        print(line)
    account = {"name": "line", "database": options.on, "kills": options.kills, "calls": calls, "asked": asked}
    print(orjson.dumps({**account, "seconds": round(time.monotonic() - began), "problems": len(wrong)}).decode())
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
