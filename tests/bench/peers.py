"""Measures `errlint lint` against other tools, whole processes from outside; README.md beside this file says how to read it.

python -m tests.bench.peers [FILE|FOLDER ...] [--install FOLDER] [--peer NAME=COMMAND] [--many N | --growth | --imports]
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.bench import peers_documents as documents
from tests.bench import peers_tools as tools
from tests.bench.peers_measure import Limits, Series, measure
from tests.bench.peers_tools import Tool

SIZES = (30_000, 300_000, 3_000_000, 30_000_000, 60_000_000)
Rows = list[tuple[str, list[Series]]]


def command(text: str) -> tuple[str, list[str]]:
    """NAME=COMMAND, or COMMAND alone under its executable's name."""
    name, equals, words = text.partition("=")
    if not equals or "/" in name:
        name, words = "", text
    split = shlex.split(words)
    if not split or not Path(split[0]).is_file() or not os.access(split[0], os.X_OK):
        raise argparse.ArgumentTypeError(f"{text}: NAME=PATH of an executable is wanted")
    split[0] = str(Path(split[0]).absolute())  # not resolved: a venv's python is a link
    return name or Path(split[0]).name, split


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.peers", description="errlint lint against its peers")
    parser.add_argument("places", nargs="*", type=Path, metavar="FILE|FOLDER", help="OpenAPI documents")
    parser.add_argument("--errlint", action="append", type=command, metavar="NAME=PATH", help="errlint; repeat")
    parser.add_argument("--peer", action="append", type=command, default=[], metavar="NAME=PATH", help="a peer; repeat")
    parser.add_argument("--install", type=Path, metavar="FOLDER", help="the three known peers, installed there if they are not")
    parser.add_argument("--runs", type=int, default=9, help="timed runs of each tool (default 9)")
    parser.add_argument("--timeout", type=float, default=180, metavar="S", help="longest run (default 180)")
    parser.add_argument("--patience", type=float, default=60, metavar="S", help="no further run of a tool then (default 60)")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--many", type=int, metavar="N", help="N documents in one call of each tool")
    mode.add_argument("--growth", action="store_true", help="synthetic documents of 30 KB to 60 MB")
    mode.add_argument("--imports", action="store_true", help="errlint's 15 dearest imports")
    asked = parser.parse_args()
    if not asked.places and not asked.growth:
        parser.error("name a document or a folder of them")
    if absent := [str(place) for place in asked.places if not place.exists()]:
        parser.error(f"no such file or folder: {', '.join(absent)}")
    if asked.runs < 1 or (asked.many is not None and asked.many < 1):
        parser.error("--runs and --many want 1 or more")
    return asked


def chosen(asked: argparse.Namespace, folder: Path) -> tuple[list[Tool], list[Tool]]:
    """The errlints and the peers of this run."""
    beside = Path(sys.executable).with_name("errlint")
    if not asked.errlint and not beside.is_file():
        raise SystemExit(f"no errlint beside {sys.executable}: say where with --errlint NAME=PATH")
    own = asked.errlint or [("errlint", [str(beside)])]
    peers = list(asked.peer)
    if asked.install:
        peers += [(name, [str(path.absolute())]) for name, path in tools.install(asked.install).items()]
    names = [name for name, _ in own + peers]
    if len(set(names)) < len(names):
        raise SystemExit(f"two tools have one name: {', '.join(names)}")
    return [tools.errlint(*one) for one in own], [tools.peer(*one, folder) for one in peers]


def size(number: float) -> str:
    return f"{number / 1e6:.1f} MB" if number >= 1e6 else f"{number / 1e3:.0f} KB"


def row(cells: list[str]) -> None:
    print("| " + " | ".join(cells) + " |", flush=True)


def heading(cells: list[str]) -> None:
    row(cells)
    row(["---"] + ["---:"] * (len(cells) - 1))


def failure(one: Series) -> str:
    return f"failed: exit {one.answer.exit}"


def ratio(own: Series, peer: Series) -> str:
    return "-" if own.failed or peer.failed else f"{own.ratio(peer):.2f}"


def compare(own: list[Tool], peers: list[Tool], groups: list[tuple[str, list[Path]]], limits: Limits, folder: Path) -> Rows:
    """Prints the table of times, ratios, peaks and exit codes, a row as soon as it is measured."""
    everyone = own + peers
    ratios = [f"{one.name} / {peer.name}" for one in own for peer in peers]
    names = [tool.name for tool in everyone]
    heading(["document", "size", *(f"{name} ms" for name in names), *ratios, *(f"{name} MiB" for name in names), "exit codes"])
    rows: Rows = []
    for label, files in groups:
        series = measure(everyone, files, limits, folder)
        cells = [failure(one) if one.failed else f"{one.milliseconds() / len(files):,.1f}" for one in series]
        cells += [ratio(one, peer) for one in series[: len(own)] for peer in series[len(own) :]]
        cells += ["-" if one.failed else f"{one.peak:,.0f}" for one in series]
        codes = " ".join(str(one.answer.exit) for one in series)
        row([label, size(sum(path.stat().st_size for path in files)), *cells, codes])
        rows.append((label, series))
    return rows


def answers(rows: Rows) -> None:
    """Prints what stands behind the figures: how often each tool ran, its spread, its CPU time, and what it found."""
    print("\nWhat each tool answered (ms of the whole call; CPU is user and system, all threads):\n")
    heading(["document", "tool", "runs", "exit", "findings", "median", "fastest", "slowest", "CPU", "why it failed"])
    for label, series in rows:
        for one in series:
            said = [str(one.answer.exit), "-" if one.answer.findings is None else str(one.answer.findings)]
            times = ["-"] * 4
            if not one.failed:
                figures = (one.milliseconds(), min(one.wall), max(one.wall), median(one.cpu))
                times = [f"{figure:,.1f}" for figure in figures]
            row([label, one.tool.name, str(len(one.wall)), *said, *times, one.answer.failure.replace("|", "\\|")])


def growth(everyone: list[Tool], limits: Limits, folder: Path) -> Rows:
    """Prints ms a MB for documents that grow 2,000 times; linear is a last column that stays level."""
    rows: Rows = []
    heading(["document", "size", "tool", "ms", "ms per MB", "ms per further MB", "peak MiB", "exit"])
    for suffix in ("json", "yaml"):
        before: dict[str, tuple[float, float]] = {}
        for wanted in SIZES:
            path = documents.synthetic(folder / f"synthetic.{suffix}", wanted)
            megabytes = path.stat().st_size / 1e6
            series = measure(everyone, [path], limits, folder)
            for one in series:
                label, name = f"{suffix.upper()} {size(wanted)}", one.tool.name
                if one.failed:
                    row([label, size(megabytes * 1e6), name, failure(one), "-", "-", "-", str(one.answer.exit)])
                    continue
                taken = one.milliseconds()
                further = "-"
                if name in before:
                    further = f"{(taken - before[name][0]) / (megabytes - before[name][1]):,.1f}"
                before[name] = (taken, megabytes)
                cells = [f"{taken:,.1f}", f"{taken / megabytes:,.1f}", further, f"{one.peak:,.0f}", str(one.answer.exit)]
                row([label, size(megabytes * 1e6), name, *cells])
            rows.append((f"{suffix.upper()} {size(wanted)}", series))
            path.unlink()
    return rows


def imports(own: list[Tool], files: list[Path], runs: int) -> None:
    """Prints the 15 imports that cost most in themselves, the least of all runs; the interpreter's own ones too."""
    for tool in own:
        python = Path(tool.words[0]).with_name("python")
        self_time: dict[str, int] = {}
        whole: dict[str, int] = {}
        for number in range(runs + 1):
            words = [str(python), "-X", "importtime", "-m", "errlint", *tool.words[1:], str(files[0])]
            told = subprocess.run(words, capture_output=True, text=True, env=tools.environment(), check=False)
            if told.returncode not in (0, 1):
                raise SystemExit(f"{shlex.join(words)}: exit {told.returncode}: {tools.last_line(told.stderr)}")
            for own_us, all_us, name in re.findall(r"^import time:\s+(\d+) \|\s+(\d+) \|\s+(\S+)$", told.stderr, re.MULTILINE):
                if number:  # the first run may have compiled
                    self_time[name] = min(int(own_us), self_time.get(name, int(own_us)))
                    whole[name] = min(int(all_us), whole.get(name, int(all_us)))
        print(f"\n{tool.name}, {files[0].name}: {len(self_time)} imports, {sum(self_time.values()) / 1000:.1f} ms in all\n")
        heading(["module", "self ms", "with what it imports ms"])
        for name in sorted(self_time, key=self_time.__getitem__, reverse=True)[:15]:
            row([f"`{name}`", f"{self_time[name] / 1000:.2f}", f"{whole[name] / 1000:.2f}"])


def main() -> int:
    asked = arguments()
    limits = Limits(asked.runs, asked.timeout, asked.patience)
    with tempfile.TemporaryDirectory(prefix="errlint-bench-") as name:
        folder = Path(name)
        own, peers = chosen(asked, folder)
        everyone = own + peers
        print(", ".join(f"{tool.name} {tool.version()}" for tool in everyone))
        load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
        print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load before {load}; {asked.runs} runs each\n")
        files = documents.found(asked.places)
        if not files and not asked.growth:
            raise SystemExit("no JSON or YAML file there")
        if asked.imports:
            imports(own, files, asked.runs)
            return 0
        if asked.growth:
            rows = growth(everyone, limits, folder)
        elif asked.many:
            groups = [(f"{asked.many} documents, ms per document", documents.many(files, asked.many, folder))]
            rows = compare(own, peers, groups, limits, folder)
        else:
            rows = compare(own, peers, [(path.name, [path]) for path in files], limits, folder)
        answers(rows)
        print(f"\nLoad after: {', '.join(f'{value:.1f}' for value in os.getloadavg())}")
    return int(any(one.failed for _, series in rows for one in series[: len(own)]))


if __name__ == "__main__":
    sys.exit(main())
