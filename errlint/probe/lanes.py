"""Several requests under way at once, of which no two may disturb each other.

A lane is what has to happen one after the other: the requests to one operation, whose write gate looks at each answer before
it lets the next one out. Lanes side by side are served by a few threads. What is sent does not depend on their timing.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

Rank = Callable[[int, int], int]
"""The place of an item in the order of a single thread, from (lane, turn)."""

Key = tuple[int, int, int]
"""An item that is served next: (rank, lane, turn)."""

POLL = 0.2
"""Seconds after which the waiting thread looks whether it was interrupted (a bare join hides Ctrl-C on Windows)."""


class Lanes(Generic[T]):
    """Hands out the next item of the free lane that comes first by rank."""

    def __init__(self, lanes: Sequence[Iterator[T]], rank: Rank) -> None:
        self._lanes = lanes
        self._rank = rank
        self._free: list[Key] = [(rank(lane, 0), lane, 0) for lane in range(len(lanes))]
        heapq.heapify(self._free)
        self._busy = 0
        self._changed = threading.Condition()
        self.error: BaseException | None = None

    def take(self) -> Key | None:
        """The key of a lane that is served next, which then belongs to the caller; None where all is done."""
        with self._changed:
            while not self._free and self._busy and self.error is None:
                self._changed.wait()
            if not self._free or self.error is not None:
                return None
            self._busy += 1
            return heapq.heappop(self._free)

    def item(self, key: Key) -> T | None:
        """The next item of a lane that was taken; None where it has no more."""
        return next(self._lanes[key[1]], None)

    def give_back(self, key: Key, more: bool) -> None:
        """Frees a lane, for its next turn if it has ``more``."""
        _, lane, turn = key
        with self._changed:
            self._busy -= 1
            if more:
                heapq.heappush(self._free, (self._rank(lane, turn + 1), lane, turn + 1))
            self._changed.notify_all()

    def fail(self, error: BaseException) -> None:
        """Ends all: the first error is what the run ends with."""
        with self._changed:
            self.error = self.error or error
            self._busy -= 1
            self._changed.notify_all()

    def stop(self) -> None:
        """Hands out nothing any more."""
        with self._changed:
            self._free.clear()
            self.error = self.error or InterruptedError()
            self._changed.notify_all()


def serve(
    lanes: Sequence[Iterator[T]], work: Callable[[Key, T], None], workers: int, rank: Rank, *, patience: float = 0.0
) -> None:
    """Does the work of all lanes with so many threads; ends when it is done, or with the first error of any.

    An interrupt of the calling thread waits ``patience`` seconds for what is under way.
    """
    queue = Lanes(lanes, rank)
    if workers <= 1:
        _work(queue, work)
    else:
        threads = [threading.Thread(target=_work, args=(queue, work), daemon=True) for _ in range(min(workers, len(lanes)))]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                while thread.is_alive():
                    thread.join(POLL)
        except KeyboardInterrupt:
            queue.stop()
            for thread in threads:
                thread.join(patience)
            raise
    if queue.error is not None:
        raise queue.error


def _work(queue: Lanes[T], work: Callable[[Key, T], None]) -> None:
    while (key := queue.take()) is not None:
        try:
            item = queue.item(key)
            if item is not None:
                work(key, item)
        except BaseException as error:  # it belongs to the thread that waits
            queue.fail(error)
            return
        queue.give_back(key, more=item is not None)
