"""Holds the code domain to its two promises on many random schemas, and says how much was really tried.

    python -m tests.bench.domain --cases 20000 [--seed N] [--show N]

Not part of the suite, which runs some hundreds of the same cases: every seed is another walk. Ends with 1 where a promise is
broken; each fault is printed with its schema.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.unit.domain_oracle import THIRD, Count, missed, unproven
from tests.unit.schema_errors import document
from tests.unit.schema_oracle import NAMES, documents

CHUNK = 500
"""Cases of one seed: a walk of Hypothesis repeats itself when it is long."""
FLAT = ("code", "http", THIRD)
DIALECTS = st.sampled_from(("3.0", "3.1"))


def walk(check: Callable[..., Count], counts: list[Count], start: int, cases: int, *strategies: Any) -> None:
    """Run one check on so many random schemas."""

    @seed(start)
    @settings(
        max_examples=cases, deadline=None, database=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)
    )
    @given(st.tuples(*strategies))
    def run(arguments: tuple[Any, ...]) -> None:
        counts.append(check(*arguments))

    run()


def report(name: str, counts: list[Count]) -> str:
    """What was tried, in one line."""
    variants = sum(count.variants for count in counts)
    exact = sum(count.exact for count in counts)
    parts = [
        f"{len(counts)} schemas",
        f"{variants / (len(counts) or 1):.2f} variants each",
        f"{exact} exact variants in {sum(bool(count.exact) for count in counts)} schemas",
    ]
    for what, numbers in (
        ("instances admitted", [count.admitted for count in counts]),
        ("exact combinations", [count.combinations for count in counts]),
    ):
        if any(numbers):
            parts.append(f"{sum(numbers)} {what} in {sum(map(bool, numbers))} schemas")
    return f"{name}: {', '.join(parts)}; {sum(bool(count.faults) for count in counts)} schemas with faults"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="random schemas against the code domain")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=5, help="faults to print of each promise")
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    admission: list[Count] = []
    exactness: list[Count] = []
    quarter = options.cases // 4
    first = options.seed * 10_000_000
    for index, begin in enumerate(range(0, quarter, CHUNK)):
        number, cases = first + index, min(CHUNK, quarter - begin)
        walk(missed, admission, number, cases, documents(), st.integers(0, 2**32), DIALECTS)
        walk(unproven, exactness, number, cases, documents(2, names=FLAT, flat=True), DIALECTS, st.booleans())
    for number in range(first, first + quarter):
        dialect = ("3.0", "3.1")[number % 2]
        admission.append(missed(document(number, NAMES), number, dialect))
        exactness.append(unproven(document(number, FLAT), dialect, number % 3 == 0))
    print(report("no instance is missed", admission))
    print(report("no exact claim is made up", exactness))
    print(f"{time.perf_counter() - started:.0f} s")
    for counts in (admission, exactness):
        faults = sorted((fault for count in counts for fault in count.faults), key=len)
        for fault in faults[: options.show]:
            print(fault)
    return int(any(count.faults for count in (*admission, *exactness)))


if __name__ == "__main__":
    sys.exit(main())
