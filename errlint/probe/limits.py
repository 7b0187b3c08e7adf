"""How much a run may still send: budgets, time, operations that are better left alone. Safe for several threads."""

from __future__ import annotations

import threading
from collections.abc import Callable

from errlint.probe.observed import StoppedBy
from errlint.probe.options import Options

MOST_WAITS = 10
"""Waits in one run: a service that always asks for patience would eat the run's time."""

MOST_TIMEOUTS = 2
"""Requests of one operation that may go unanswered before its others are left out."""


class StopError(Exception):
    """The run ends here, and why."""

    def __init__(self, by: StoppedBy, why: str) -> None:
        super().__init__(why)
        self.by = by


class Limits:
    """The budgets of one run, and what was spent of them. ``requests`` counts by operation, ``sent`` all."""

    def __init__(self, options: Options, clock: Callable[[], float]) -> None:
        self.options = options
        self.requests: dict[str, int] = {}
        self.sent = 0
        self._clock = clock
        self._started = clock()
        self._timeouts: dict[str, int] = {}
        self._left_alone: set[str] = set()
        self._waits = 0
        self._lock = threading.Lock()

    def takes(self, label: str | None) -> bool:
        """Whether an operation (None: a stray request) may get one more request at all, its own limits considered."""
        if label is None:
            return True
        with self._lock:
            if label in self._left_alone or self._timeouts.get(label, 0) >= MOST_TIMEOUTS:
                return False
            return self.requests.get(label, 0) < self.options.max_requests_per_operation

    def left_alone(self, label: str | None) -> bool:
        """Whether an operation is better sent no more: it asked for patience, or does not answer in time."""
        with self._lock:
            return (label or "") in self._left_alone or self._timeouts.get(label or "", 0) >= MOST_TIMEOUTS

    def left(self) -> int:
        """How many requests the run may still send."""
        late = self._clock() - self._started > self.options.max_time
        with self._lock:
            return 0 if late else max(self.options.max_requests - self.sent, 0)

    def seconds_left(self) -> float:
        """How long the run may still last."""
        return self.options.max_time - (self._clock() - self._started)

    def late(self, grace: float = 0.0) -> bool:
        """Whether the time of the run, and so many seconds, are over."""
        return self._clock() - self._started > self.options.max_time + grace

    def spend(self, label: str | None, *, beyond: bool = False) -> None:
        """Counts one request that is about to be sent; ``beyond`` the limits goes what must clean up.

        Raises: StopError where the run's limits are reached.
        """
        with self._lock:
            if not beyond and self.sent >= self.options.max_requests:
                raise StopError("limit", f"the limit of {self.options.max_requests} requests was reached")
            if not beyond and self._clock() - self._started > self.options.max_time:
                raise StopError("limit", f"the limit of {self.options.max_time:g} seconds was reached")
            self.sent += 1
            if label is not None:
                self.requests[label] = self.requests.get(label, 0) + 1

    def unspend(self, label: str | None) -> None:
        """Takes back a request that could not be put on the wire: it still counts for the run, not for the operation."""
        if label is not None:
            with self._lock:
                self.requests[label] -= 1

    def room(self, label: str) -> int:
        """How many requests an operation may still get."""
        with self._lock:
            return max(self.options.max_requests_per_operation - self.requests.get(label, 0), 0)

    def timed_out(self, name: str) -> None:
        """Takes note of a request that got no answer in time."""
        with self._lock:
            self._timeouts[name] = self._timeouts.get(name, 0) + 1

    def leave_alone(self, label: str | None) -> None:
        """Sends an operation no more."""
        with self._lock:
            self._left_alone.add(label or "")

    @property
    def alone(self) -> list[str]:
        """The operations that are sent no more."""
        with self._lock:
            return sorted(self._left_alone - {""})

    def may_wait(self) -> bool:
        """Whether the run has patience for one more Retry-After."""
        with self._lock:
            self._waits += 1
            return self._waits <= MOST_WAITS
