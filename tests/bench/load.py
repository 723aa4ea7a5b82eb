"""Load over HTTP: a few keep-alive connections, each request timed."""

from __future__ import annotations

import http.client
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

CONNECTIONS = 8


@dataclass(frozen=True)
class Request:
    """One request; it counts only when answered with `expected`."""

    method: str
    path: str
    body: bytes = b""
    cookie: str = ""
    expected: int = 200

    def headers(self) -> dict[str, str]:
        """Its headers, the cookie among them."""
        given = {"Content-Type": "application/x-www-form-urlencoded"} if self.body else {}
        return given | ({"Cookie": self.cookie} if self.cookie else {})


@dataclass(frozen=True)
class Measured:
    """Requests a second, and the time of single requests in milliseconds."""

    rate: float
    milliseconds: Sequence[float]

    @property
    def p50(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.milliseconds, n=100)[98]


def measure(address: str, requests: Sequence[Request], connections: int = CONNECTIONS) -> Measured:
    """Send all requests over this many connections. Raises AssertionError for a wrong answer."""
    shares = [requests[start::connections] for start in range(connections)]
    begun = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        times = list(pool.map(_sender(address), shares))
    elapsed = time.perf_counter() - begun
    return Measured(len(requests) / elapsed, [each for share in times for each in share])


def _sender(address: str) -> Callable[[Sequence[Request]], list[float]]:
    place = urlsplit(address)

    def send(requests: Sequence[Request]) -> list[float]:
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=120)
        times = []
        for request in requests:
            begun = time.perf_counter()
            connection.request(request.method, request.path, request.body, request.headers())
            answer = connection.getresponse()
            answer.read()
            times.append((time.perf_counter() - begun) * 1000)
            assert answer.status == request.expected, f"{request.path}: {answer.status}"
        connection.close()
        return times

    return send
