"""Ctrl-C in the middle of a run: what was seen is told, and nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.services.interrupts import heeding_interrupts
from tests.services.lax import Reply, Seen, lax, problem, things

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
@pytest.mark.parametrize(
    ("held", "asked", "code"),
    [(False, signal.SIGINT, 130), (True, signal.SIGTERM, 143)],
    ids=["Ctrl-C between answers", "a job that is cancelled while one is awaited"],
)
def test_an_interrupt_gives_the_report_so_far(tmp_path: Path, held: bool, asked: signal.Signals, code: int) -> None:
    enough, over = threading.Event(), threading.Event()
    counts = {"left": 30}

    def reply(seen: Seen) -> Reply:
        counts["left"] -= 1
        if counts["left"] <= 0:
            enough.set()
            over.wait(20 if held else 0.2)
        if seen.headers.get("authorization") != "Bearer good-token":
            return problem(401)
        return (200, {"Content-Type": "application/json"}, b"[]") if seen.path == "/v1/things" else problem(404)

    (tmp_path / "openapi.json").write_text(json.dumps(things()))
    with lax(reply) as (url, _):
        words = [
            "probe",
            "openapi.json",
            "--url",
            f"{url}/v1",
            "--auth",
            "bearer:good-token",
            "-f",
            "json",
            "--record",
            "r.har",
        ]
        process = subprocess.Popen(
            [sys.executable, "-m", "errlint", *words, "--record", "r.har"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            preexec_fn=heeding_interrupts,
        )
        assert enough.wait(60)
        process.send_signal(asked)
        out, err = process.communicate(timeout=60)
        over.set()
    assert process.returncode == code, err
    report = json.loads(out)
    assert report["summary"]["outcome"] == "interrupted"
    assert report["summary"]["judged"] >= 20
    assert b"Traceback" not in err
    assert len(json.loads((tmp_path / "r.har").read_text())["log"]["entries"]) == report["summary"]["judged"]
