"""How long recognition takes: every sample and every observed body against all shipped envelopes, and what they cost to load.

python -m tests.bench.recognise [--rounds 20]
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from statistics import median

from errlint.load.envelopes import shipped_envelopes
from errlint.match.recognition import Recogniser, Seen


def bodies() -> list[Seen]:
    """The samples of the envelopes, and the JSON bodies of ``tests/observed``."""
    found = [Seen(sample, "application/json") for one in shipped_envelopes().values() for sample in one.samples]
    for path in (Path(__file__).parents[1] / "observed").glob("*.json"):
        for answer in json.loads(path.read_text(encoding="utf-8"))["answers"]:
            try:
                found.append(Seen(json.loads(answer["body"]), answer["media_type"].partition(";")[0]))
            except ValueError:
                continue
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    begun = time.process_time()
    envelopes = list(shipped_envelopes().values())
    loaded = time.process_time()
    recogniser, seen = Recogniser(envelopes), bodies()
    begun_first = time.process_time()
    for one in seen:
        recogniser.ranked(one)
    first = time.process_time()
    print(f"{len(envelopes)} envelopes read in {(loaded - begun) * 1000:.1f} ms; {len(seen)} bodies")
    print(f"first time, validators built: {(first - begun_first) * 1000:.1f} ms in all")
    each = []
    for one in seen:
        begun = time.process_time()
        for _ in range(rounds):
            recogniser.ranked(one)
        each.append((time.process_time() - begun) / rounds * 1000)
    each.sort()
    print(f"a body: median {median(each):.3f} ms, 95 % {each[int(len(each) * 0.95)]:.3f} ms, slowest {each[-1]:.3f} ms")


if __name__ == "__main__":
    main()
