"""Lanes: what belongs together goes one after the other, in the order that one thread would have."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errlint.probe.lanes import Key, serve


def numbered(sizes: list[int]) -> list[Iterator[str]]:
    return [iter([f"{lane}.{turn}" for turn in range(size)]) for lane, size in enumerate(sizes)]


@given(st.lists(st.integers(0, 6), max_size=6), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_every_item_is_served_once_and_each_lane_in_its_order(sizes: list[int], workers: int) -> None:
    served: list[str] = []
    busy: set[int] = set()
    lock = threading.Lock()

    def work(key: Key, item: str) -> None:
        with lock:
            assert key[1] not in busy
            busy.add(key[1])
            served.append(item)
        with lock:
            busy.discard(key[1])

    serve(numbered(sizes), work, workers, lambda lane, turn: turn)
    assert sorted(served) == sorted(f"{lane}.{turn}" for lane, size in enumerate(sizes) for turn in range(size))
    for lane in range(len(sizes)):
        mine = [item for item in served if item.startswith(f"{lane}.")]
        assert mine == sorted(mine)


def test_one_thread_serves_by_rank() -> None:
    served: list[str] = []
    serve(numbered([2, 2]), lambda key, item: served.append(item), 1, lambda lane, turn: turn)
    assert served == ["0.0", "1.0", "0.1", "1.1"]
    served.clear()
    serve(numbered([2, 2]), lambda key, item: served.append(item), 1, lambda lane, turn: lane)
    assert served == ["0.0", "0.1", "1.0", "1.1"]


@pytest.mark.parametrize("workers", [1, 3])
def test_the_first_error_ends_all_and_reaches_the_caller(workers: int) -> None:
    served: list[str] = []

    def work(key: Key, item: str) -> None:
        if item == "0.1":
            raise KeyError(item)
        served.append(item)

    with pytest.raises(KeyError, match=r"0\.1"):
        serve(numbered([1000]), work, workers, lambda lane, turn: turn)
    assert served == ["0.0"]


def test_as_many_lanes_as_threads_are_served_at_once() -> None:
    together = threading.Barrier(3, timeout=30)
    serve(numbered([1, 1, 1]), lambda key, item: together.wait(), 3, lambda lane, turn: turn)
    assert not together.broken
