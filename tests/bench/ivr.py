"""The line: how long a caller waits for what follows a key, and how much memory calls take.

The ivr process is measured, on one core where the machine has two; the stand-in FreeSWITCH runs beside it in
a process of its own. The figure is what the stand-in sees, so it holds the network and both event loops.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import orjson

from app.kernel.clock import SystemClock
from app.kernel.settings import ROOT
from app.telephony.config import KEY, Telephony
from app.telephony.line.process import Process
from tests.bench.house import house
from tests.bench.measure import tell
from tests.telephony.line.house import recordings

FLOWS = Path(__file__).parent / "ivr_flows"
BUDGET_MS, BUDGET_MB = 20.0, 300.0


def measure(calls: int, many: int, seconds: float) -> None:
    """`calls` at once for the delay, `many` at once for the memory."""
    for name, count in (("ivr.digit_to_command", calls), ("ivr.memory", many)):
        found, megabytes = _in_child(count, seconds)
        if name == "ivr.digit_to_command":
            tell(name, found["p99"] * 1000, "ms", against=BUDGET_MS)
            # Of the whole ivr process, records and rhythms included: holds on a loaded machine too.
            tell("ivr.cpu_per_digit", found["ivr_busy"] * seconds / max(1, found["digits"]) * 1000, "ms")
        else:
            tell(name, megabytes, "MB", against=BUDGET_MB)


def _in_child(count: int, seconds: float) -> tuple[dict[str, float], float]:
    """Measured in a process that holds nothing else."""
    command = [sys.executable, "-m", "tests.bench.ivr", str(count), str(seconds)]
    environment = {**os.environ, "LIGHTLINE_LOG_LEVEL": "ERROR"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    answer = orjson.loads(done.stdout.splitlines()[-1])
    return answer["calls"], answer["megabytes"]


async def _run(count: int, seconds: float, folder: Path) -> tuple[dict[str, float], float]:
    cores = sorted(os.sched_getaffinity(0))
    with house() as app:
        app.extensions["lightline.clock"] = SystemClock()
        settings = app.extensions["lightline.settings"]
        app.extensions["lightline.settings"] = dataclasses.replace(settings, ivr_dir=FLOWS)
        app.extensions[KEY] = Telephony(
            listen=("127.0.0.1", 0), watch=None, recordings=folder, server="bench", entry="main"
        )
        process = Process(app, find=recordings(folder))
        await process.start()
        os.sched_setaffinity(0, cores[:1])
        callers = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.ivr_callers", str(process.server.port), str(count), str(seconds),
            stdout=asyncio.subprocess.PIPE, cwd=ROOT,
            preexec_fn=lambda: os.sched_setaffinity(0, cores[-1:]),
        )  # fmt: skip
        assert callers.stdout is not None
        assert (await callers.stdout.readline()).strip() == b"all"
        spent = time.process_time()
        await asyncio.sleep(seconds / 2)
        found_busy = (time.process_time() - spent) / (seconds / 2)
        at_once, megabytes = process.server.calls, _resident()
        found = orjson.loads((await callers.stdout.read()).splitlines()[-1])
        await callers.wait()
        await process.stop(5)
        if at_once < count * 0.99 or found["fallback"]:
            raise RuntimeError(f"{at_once} calls at once instead of {count}, {found['fallback']:g} not taken")
        return {**found, "ivr_busy": found_busy}, megabytes


def _resident() -> float:
    """Megabytes of this process in memory."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        told, size = asyncio.run(_run(int(sys.argv[1]), float(sys.argv[2]), Path(name)))
    print(orjson.dumps({"calls": told, "megabytes": size}).decode())
