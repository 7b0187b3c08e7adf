"""bash and zsh complete errlint's words in a terminal for real, fish by its own engine. Needs Debian's bash, zsh and fish."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

START = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "PS1='ready> '; source <(errlint completions bash)\n"),
    "zsh": (["zsh", "-f", "-i"], "PS1='ready> '; autoload -U compinit; compinit -u -D; source <(errlint completions zsh)\n"),
}
ESCAPES = re.compile(r"\x1b(?:\[[0-9;?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-Z]|[=>78])|\r")


class Shell:
    """An interactive shell in a terminal of its own."""

    def __init__(self, name: str, home: Path) -> None:
        arguments, setup = START[name]
        assert shutil.which(arguments[0]), f"{arguments[0]} is not there: .ci/consumers brings it"
        self.ours, theirs = pty.openpty()
        path = os.pathsep.join((str(home / "bin"), os.environ["PATH"]))
        environment = {"PATH": path, "HOME": str(home), "TERM": "xterm", "LANG": "C.UTF-8", "COLUMNS": "160", "LINES": "60"}
        self.process = subprocess.Popen(
            arguments, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=home, start_new_session=True
        )
        os.close(theirs)
        self.told = ""
        self.type(setup, "ready> ")

    def type(self, text: str, until: str, within: float = 60) -> str:
        """Types a text, and returns what is shown until something of ours is there."""
        self.told = ""
        os.write(self.ours, text.encode())
        end = time.monotonic() + within
        while until not in self.told.replace("'ready> '", ""):
            assert time.monotonic() < end, f"{until!r} is not in {self.told!r}"
            if select.select([self.ours], [], [], 1)[0]:
                piece = os.read(self.ours, 65536).decode(errors="replace")
                self.told += ESCAPES.sub("", piece)
        return self.told

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.ours)


CASES = [
    ("explai", "explain"),
    ("lint --extend-s", "lint --extend-select"),
    ("lint --select bad-st", "lint --select bad-status-key"),
    ("lint --select COD001,missing-c", "lint --select COD001,missing-code"),
    ("lint --severity COD001=wa", "lint --severity COD001=warning"),
    ("lint --profile str", "lint --profile strict"),
    ("lint --catalog builtin:ev", "lint --catalog builtin:eventml"),
    ("explain ML_1001", "explain ML_1001"),
    ("probe --env st", "probe --env staging"),
    ("lint opena", "lint openapi.yaml"),
    ("catalog sho", "catalog show"),
    ("lint --severity=COD001=wa", "lint --severity=COD001=warning"),
]


@pytest.fixture
def home(tmp_path):
    """A folder where errlint completes for real, and tells its arguments instead of running with them."""
    (tmp_path / "errlint.toml").write_text('[env.staging]\nurl = "http://localhost:1"\n', encoding="utf-8")
    (tmp_path / "openapi.yaml").write_text("openapi: 3.1.0\n", encoding="utf-8")
    command = tmp_path / "bin" / "errlint"
    command.parent.mkdir()
    real = f"exec {sys.executable} -m errlint"
    command.write_text(f'#!/bin/sh\n[ "$1" = completions ] && {real} "$@"\necho "<$*>"\n', encoding="utf-8")
    command.chmod(0o755)
    return tmp_path


@pytest.fixture(params=sorted(START))
def shell(request, home):
    made = Shell(request.param, home)
    yield made
    made.close()


@pytest.mark.parametrize(("typed", "whole"), CASES)
def test_a_word_is_completed(shell, typed, whole):
    assert f"<{whole}>" in shell.type(f"errlint {typed}\t\n", ">\n")


@pytest.mark.parametrize(("typed", "whole"), CASES)
def test_fish_knows_the_word(home, typed, whole):
    assert shutil.which("fish"), "fish is not there: .ci/consumers brings it"
    path = os.pathsep.join((str(home / "bin"), os.environ["PATH"]))
    script = f"errlint completions fish | source; complete -C 'errlint {typed}'"
    run = ["fish", "--no-config", "-c", script]
    done = subprocess.run(run, capture_output=True, text=True, cwd=home, env={"PATH": path, "HOME": str(home)}, check=True)
    assert [line.partition("\t")[0] for line in done.stdout.splitlines()] == [whole.rpartition(" ")[2]]
