"""What the process is doing now, for its own pages and Prometheus."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Live:
    """Counters since the start. `delays` are the last seconds from an event to the next command."""

    taken: int = 0
    lost: int = 0
    rescued: int = 0
    failed: int = 0
    recordings: int = 0
    recordings_failed: int = 0
    commands: Counter[str] = field(default_factory=Counter)
    lookups: Counter[str] = field(default_factory=Counter)
    lookup_seconds: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)

    def as_metrics(self) -> dict[str, float]:
        """Name of a gauge to its value; of each look-up how often it was asked, and for how many seconds in all."""
        asked = {f'lightline_ivr_lookups{{lookup="{name}"}}': n for name, n in sorted(self.lookups.items())}
        took = {
            f'lightline_ivr_lookup_seconds{{lookup="{name}"}}': round(n, 4)
            for name, n in sorted(self.lookup_seconds.items())
        }
        return {
            **asked,
            **took,
            "lightline_ivr_calls_taken": self.taken,
            "lightline_ivr_calls_lost": self.lost,
            "lightline_ivr_calls_rescued": self.rescued,
            "lightline_ivr_sessions_failed": self.failed,
            "lightline_ivr_recordings": self.recordings,
            "lightline_ivr_recordings_failed": self.recordings_failed,
            "lightline_ivr_commands": sum(self.commands.values()),
            "lightline_ivr_command_failures": sum(self.failures.values()),
        }
