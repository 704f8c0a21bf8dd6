"""What is measured.

Requests are counted in the process (Prometheus' own counters). With several web processes
set `PROMETHEUS_MULTIPROC_DIR` to an empty folder: the client library then keeps counters
in files there and every process answers for all. States that the database knows (jobs,
tasks, lags) are asked from it when a scrape comes, so that any process gives the same
answer without sharing anything.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import structlog
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from app.kernel.db import session

log = structlog.get_logger(__name__)

REQUESTS = Counter("lightline_requests_total", "Requests answered", ["endpoint", "method", "status"])
LATENCY = Histogram(
    "lightline_request_seconds",
    "Time to answer",
    ["endpoint"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

Values = Callable[[], float | Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number asked for at each scrape, or one for each value of `label`."""

    name: str
    help: str
    values: Values
    label: str | None = None


_gauges: dict[str, Gauge] = {}


def gauge(name: str, help_text: str, *, label: str | None = None) -> Callable[[Values], Values]:
    """Register the decorated query as a gauge; with `label` it returns a mapping by the label's values.

    It runs in a reading transaction; one that fails is left out and logged.
    """

    def register(values: Values) -> Values:
        _gauges[name] = Gauge(name, help_text, values, label)
        return values

    return register


class _Gauges(Collector):
    """All registered gauges, as Prometheus asks for them."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for entry in list(_gauges.values()):
            try:
                yield _family(entry)
            except Exception as exc:
                session.rollback()
                log.error("a gauge fails", gauge=entry.name, error=repr(exc), exc_info=True)


def _family(entry: Gauge) -> GaugeMetricFamily:
    values = entry.values()
    family = GaugeMetricFamily(entry.name, entry.help, labels=[entry.label] if entry.label else [])
    if isinstance(values, Mapping):
        for label_value, value in values.items():
            family.add_metric([label_value], value)
    else:
        family.add_metric([], values)
    return family


def exposition() -> bytes:
    """All metrics in Prometheus' text format."""
    gauges = CollectorRegistry(auto_describe=False)
    gauges.register(_Gauges())
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        counters = CollectorRegistry()
        multiprocess.MultiProcessCollector(counters)  # type: ignore[no-untyped-call]
    else:
        counters = REGISTRY
    return generate_latest(counters) + generate_latest(gauges)
