"""Kills and cuts in a random order that a seed repeats."""

from __future__ import annotations

import random
import threading
import time

from tests.load.stage import Stage

PATIENT = 0.8
"""How often a killed web is let come up again before the next blow; else it may be hit starting."""

LONGEST = 4.0
"""Seconds for which a cut takes something away, at most."""


class Blows:
    """A thread that strikes until all is done or `over` is set; `done` lists what it did."""

    def __init__(self, stage: Stage, *, kills: int, cuts: int, seed: int) -> None:
        self.done: list[str] = []
        self.over = threading.Event()
        self._stage = stage
        self._chance = random.Random(seed)
        self._plan = [("kill", self._chance.choice(stage.names)) for _ in range(kills)]
        kinds = list(stage.cuts)
        self._plan += [("cut", kinds[n % len(kinds)]) for n in range(cuts)]
        self._chance.shuffle(self._plan)
        self._cutting: threading.Thread | None = None
        self._thread = threading.Thread(target=self._strike, name="blows", daemon=True)

    @property
    def left(self) -> int:
        """How many are still to come."""
        return len(self._plan) - len(self.done)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """No more of them; the last cut is mended before this returns."""
        self.over.set()
        self._thread.join()
        if self._cutting is not None:
            self._cutting.join()

    def _strike(self) -> None:
        for kind, what in self._plan:
            if self.over.wait(self._chance.uniform(0.3, 2.5)):
                return
            if kind == "kill":
                self._kill(what)
            else:
                self._cut(what)
            self.done.append(f"{kind} {what}")

    def _kill(self, name: str) -> None:
        system = self._stage.system
        system.kill(name)
        time.sleep(self._chance.uniform(0, 0.5))
        system.start(name)
        if name == "web" and self._chance.random() < PATIENT:
            system.wait_ready()

    def _cut(self, what: str) -> None:
        """In a thread beside, so that processes also die while something is away; one cut at a time."""
        if self._cutting is not None:
            self._cutting.join()
        seconds = self._chance.uniform(0.5, LONGEST)
        self._cutting = threading.Thread(target=self._stage.cuts[what], args=(seconds,), daemon=True)
        self._cutting.start()
