"""Counts and times of this process, as Prometheus reads them. Nothing here is about a person."""

import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_lock = threading.Lock()
_requests: dict[tuple[str, str, int], int] = {}
_buckets: dict[str, list[int]] = {}
_seconds: dict[str, float] = {}


def known_method(method: str | None) -> str:
    """Return the method, or "other": a visitor must not be able to make up new series."""
    return method if method in METHODS else "other"


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    with _lock:
        key = (route, method, status)
        _requests[key] = _requests.get(key, 0) + 1
        buckets = _buckets.setdefault(route, [0] * (len(BOUNDS) + 1))
        buckets[bisect_left(BOUNDS, seconds)] += 1
        _seconds[route] = _seconds.get(route, 0.0) + seconds


def render(gauges: Mapping[str, tuple[str, Mapping[str, float]]]) -> str:
    """Return everything as text; each gauge is its help and its values by label text.

    A label text is empty or reads like `state="ready"`.
    """
    with _lock:
        requests, seconds = dict(_requests), dict(_seconds)
        buckets = {route: list(counts) for route, counts in _buckets.items()}
    lines = [*_counter_lines(requests), *_histogram_lines(buckets, seconds)]
    for name, (text, values) in gauges.items():
        lines += [f"# HELP {name} {text}", f"# TYPE {name} gauge"]
        lines += [f"{name}{_braced(labels)} {value:g}" for labels, value in values.items()]
    return "\n".join(lines) + "\n"


def _counter_lines(requests: Mapping[tuple[str, str, int], int]) -> Iterator[str]:
    yield "# HELP tansiq_requests_total Requests answered."
    yield "# TYPE tansiq_requests_total counter"
    for (route, method, status), number in sorted(requests.items()):
        labels = f'route="{route}",method="{method}",status="{status}"'
        yield f"tansiq_requests_total{{{labels}}} {number}"


def _histogram_lines(
    buckets: Mapping[str, list[int]], seconds: Mapping[str, float]
) -> Iterator[str]:
    name = "tansiq_request_seconds"
    yield f"# HELP {name} Time until the answer was ready to be sent."
    yield f"# TYPE {name} histogram"
    for route, counts in sorted(buckets.items()):
        bounds: Iterable[float | str] = (*BOUNDS, "+Inf")
        total = 0
        for bound, number in zip(bounds, counts, strict=True):
            total += number
            yield f'{name}_bucket{{route="{route}",le="{bound}"}} {total}'
        yield f'{name}_sum{{route="{route}"}} {seconds[route]:.6f}'
        yield f'{name}_count{{route="{route}"}} {total}'


def _braced(labels: str) -> str:
    return f"{{{labels}}}" if labels else ""
