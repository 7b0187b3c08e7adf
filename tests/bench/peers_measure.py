"""Times whole processes from outside, in turn: a round runs each tool once, so that a busy machine disturbs all alike."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.bench.peers_tools import Answer, Tool, environment

LAUNCH = Path(__file__).with_name("peers_launch.py")


@dataclass
class Series:
    """The runs of one tool over the same documents: wall and CPU milliseconds a run, the highest peak in MiB, the answer."""

    tool: Tool
    answer: Answer
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: float = 0.0

    @property
    def failed(self) -> bool:
        return bool(self.answer.failure) or not self.wall

    def milliseconds(self) -> float:
        return median(self.wall)

    def ratio(self, peer: Series) -> float:
        """The median of the rounds' ratios: each compares two runs that followed each other."""
        return median(own / other for own, other in zip(self.wall, peer.wall, strict=False))


@dataclass(frozen=True)
class Limits:
    """How many timed runs, how long one may last, and after how many seconds of a tool no further round asks it."""

    runs: int
    timeout: float
    patience: float


def measure(tools: list[Tool], documents: list[Path], limits: Limits, folder: Path) -> list[Series]:
    """One series a tool. The first round is not timed: it fills the caches and says what the right answer is."""
    series = []
    for tool in tools:
        tell(f"{tool.name} {documents[0].name}: first run")
        series.append(Series(tool, run(tool, documents, limits, folder)[0]))
    for number in range(limits.runs):
        turn = number % len(series)
        for one in series[turn:] + series[:turn]:
            if one.answer.failure or sum(one.wall) > limits.patience * 1000:
                continue
            tell(f"{one.tool.name} {documents[0].name}: {number + 1} of {limits.runs}")
            answer, figures = run(one.tool, documents, limits, folder)
            if answer != one.answer:
                one.answer = Answer(answer.exit, None, answer.failure or "not the same answer in each run")
                continue
            one.wall.append(figures[0])
            one.cpu.append(figures[1])
            one.peak = max(one.peak, figures[2])
    tell("")
    return series


def run(tool: Tool, documents: list[Path], limits: Limits, folder: Path) -> tuple[Answer, tuple[float, float, float]]:
    """What one run answered, and its wall ms, CPU ms and peak MiB. The output goes to files, as in a pipeline."""
    out, err = folder / "stdout", folder / "stderr"
    launch = [sys.executable, "-I", "-S", str(LAUNCH), str(out), str(err), *tool.command(documents)]
    process = subprocess.Popen(
        launch, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=environment(), start_new_session=True
    )
    try:
        told = process.communicate(timeout=limits.timeout)[0].split()
    except (subprocess.TimeoutExpired, KeyboardInterrupt) as stopped:
        os.killpg(process.pid, signal.SIGKILL)  # the tool too: it is of the launcher's group
        process.wait()
        if isinstance(stopped, KeyboardInterrupt):
            raise
        return Answer(124, None, f"stopped after {limits.timeout:g} s"), (0, 0, 0)
    if len(told) != 4:
        return Answer(127, None, f"cannot be run: {tool.words[0]}"), (0, 0, 0)
    wall, peak, cpu, code = map(int, told)
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in (out, err))
    return tool.judge(code, *texts, len(documents)), (wall / 1e6, cpu / 1e3, peak / 1024)


def tell(text: str) -> None:
    """Shows on a terminal's stderr what is being run, each time over the last."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
