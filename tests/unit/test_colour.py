"""Colours go to those who see them, in a terminal for real (a pty)."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from errlint.cli.colour import coloured

DOCUMENT = '{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": {"responses": {"200": {}}}}}}'


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("asked", "environment", "on_terminal", "in_pipe"),
    [
        ("auto", {}, True, False),
        ("auto", {"NO_COLOR": "1"}, False, False),
        ("auto", {"NO_COLOR": ""}, True, False),
        ("auto", {"FORCE_COLOR": "0"}, True, True),
        ("auto", {"FORCE_COLOR": ""}, True, False),
        ("auto", {"CLICOLOR_FORCE": "1"}, True, True),
        ("auto", {"CLICOLOR_FORCE": "0"}, True, False),
        ("auto", {"CLICOLOR": "0"}, False, False),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        ("auto", {"TERM": "dumb"}, False, False),
        ("auto", {"TERM": "dumb", "FORCE_COLOR": "1"}, True, True),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, True, True),
        ("never", {"FORCE_COLOR": "1"}, False, False),
    ],
)
def test_a_word_is_heard_before_variables_and_these_before_the_stream(asked, environment, on_terminal, in_pipe):
    assert coloured(Terminal(), asked, environment) is on_terminal
    assert coloured(io.StringIO(), asked, environment) is in_pipe


def test_a_closed_stream_has_no_colours():
    closed = io.StringIO()
    closed.close()
    assert coloured(closed, "auto", {}) is False


def shown(*arguments: str, environment: dict[str, str], cwd: Path | None = None) -> str:
    """What a run writes to a terminal, standard output and error."""
    ours, theirs = pty.openpty()
    plain = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    run = [sys.executable, "-m", "errlint", *arguments]
    process = subprocess.Popen(
        run, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env={**plain, **environment}, cwd=cwd
    )
    os.close(theirs)
    told = b""
    try:
        while piece := os.read(ours, 65536):
            told += piece
    except OSError:  # EIO: nobody writes any more
        pass
    finally:
        os.close(ours)
        process.wait()
    return told.decode()


def test_a_terminal_gets_colours_and_never_with_no_color(tmp_path):
    (tmp_path / "openapi.json").write_text(DOCUMENT, encoding="utf-8")
    line = ("lint", str(tmp_path / "openapi.json"), "--isolated")
    seen = shown(*line, environment={"TERM": "xterm-256color"})
    assert "\x1b[1;33mwarning\x1b[0m DEC001" in seen
    assert "\x1b" not in shown(*line, environment={"TERM": "xterm-256color", "NO_COLOR": "1"})
    assert "\x1b[1;31merrlint:\x1b[0m there is no config" in shown("lint", "--config", "none", environment={"TERM": "xterm"})


def test_a_report_in_a_file_has_colours_only_when_asked_for(tmp_path, monkeypatch, capsys):
    from errlint.cli.main import run

    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "openapi.json").write_text(DOCUMENT, encoding="utf-8")
    assert run(["lint", "openapi.json", "-f", "text", "-f", "text:plain.txt"]) == 0
    assert run(["lint", "openapi.json", "-f", "text:bright.txt", "--color", "always"]) == 0
    seen = [capsys.readouterr().out, *((tmp_path / name).read_text(encoding="utf-8") for name in ("plain.txt", "bright.txt"))]
    assert ["\x1b[" in text for text in seen] == [True, False, True]


def test_tables_and_quoted_lines_fit_the_terminal_and_nothing_is_cut_elsewhere(tmp_path, capsys):
    from errlint.cli.main import run

    (tmp_path / "openapi.json").write_text(DOCUMENT, encoding="utf-8")
    narrow = {"TERM": "xterm", "COLUMNS": "60", "NO_COLOR": "1"}
    listed = shown("catalog", "show", "builtin:maas", environment=narrow).splitlines()
    assert max(len(line) for line in listed) == 60
    told = shown("lint", "openapi.json", environment=narrow, cwd=tmp_path).splitlines()
    assert [len(line) <= 60 for line in told if line.startswith("     1 |")] == [True]
    assert max(len(line) for line in shown("rules", environment={**narrow, "COLUMNS": "80"}).splitlines()) <= 80
    assert run(["lint", str(tmp_path / "openapi.json"), "--isolated"]) == 0
    assert f"     1 | {DOCUMENT}" in capsys.readouterr().out
