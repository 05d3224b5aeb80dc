"""What those who run the service can count: requests, letters, failed jobs. The only importer of prometheus_client.

With PROMETHEUS_MULTIPROC_DIR in the environment every process writes to files there, and any of them tells the sums;
without it a process tells of itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_OURS = CollectorRegistry()
_REQUESTS = Histogram(
    "courseapp_request_seconds",
    "Seconds a request took, by door, method and status. 422 and 429 are refusals with a sentence.",
    ["door", "method", "status"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=_OURS,
)
_LETTERS = Counter("courseapp_letters", "Letters by what the mail server said.", ["result"], registry=_OURS)
_JOBS = Counter("courseapp_job_failures", "Rounds of a worker's job that broke off.", ["job"], registry=_OURS)
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


def request_done(endpoint: str | None, method: str, status: int, seconds: float) -> None:
    """Count a request under the door it came through; names that visitors make up are not counted apart."""
    door = "none" if endpoint is None else endpoint.partition(".")[0]
    _REQUESTS.labels(door, method if method in METHODS else "other", str(status)).observe(seconds)


def letter_done(result: str) -> None:
    """Count a letter: «sent», «later» or «refused»."""
    _LETTERS.labels(result).inc()


def job_failed(name: str) -> None:
    """Count a round of a job that broke off."""
    _JOBS.labels(name).inc()


def page(gauges: Mapping[str, tuple[str, float]]) -> bytes:
    """Everything in Prometheus' text format. `gauges`: what stands in the database now, by name, with its help."""
    registry = CollectorRegistry()
    try:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    except ValueError:  # one process: what it knows is in its own registry
        registry.register(_Known(_OURS.collect()))
    registry.register(_Known(_gauge(name, *told) for name, told in gauges.items()))
    return generate_latest(registry)


def _gauge(name: str, told: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, told, value=value)


class _Known(Collector):
    """Figures that are known already."""

    def __init__(self, figures: Iterable[object]) -> None:
        self._figures = list(figures)

    def collect(self) -> Iterator[object]:  # type: ignore[override]
        """Those."""
        return iter(self._figures)
