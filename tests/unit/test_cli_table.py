"""The options of ``lint`` as data and as click knows them give the same parameters."""

from __future__ import annotations

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from errlint.cli import lint, table
from errlint.cli.commands import called

WORDS = [name for option in lint.OPTIONS for name in option.names]
VALUES = [
    "a.yaml",
    "-",
    "--",
    "",
    "COD,ENV",
    "strict",
    "warning",
    "never",
    "json:x",
    "--root=x",
    "--fix=1",
    "--unknown",
    "-vq",
    "-fjson",
    "-h",
]


def by_click(line: list[str]) -> dict | None:
    """The parameters that click reads; None where it refuses or asks for help."""
    seen = {}
    command = table.command("lint", lambda **values: seen.update(values) or 0, lint.OPTIONS, "documents", lint.DOCUMENTS)
    try:
        command.main(line, standalone_mode=False)
    except click.ClickException:
        return None
    return seen or None


@given(st.lists(st.sampled_from(WORDS) | st.sampled_from(VALUES), max_size=6))
def test_what_is_read_from_the_table_is_what_click_reads(line):
    read = table.read(lint.OPTIONS, "documents", line)
    if read is not None:
        assert read == by_click(line)


@pytest.mark.parametrize(
    "line",
    [
        ["a.yaml"],
        ["a.yaml", "-"],
        ["a.yaml", "--catalog", "c.yaml", "--catalog=d.yaml", "-f", "json", "--format", "text:x", "-v"],
        ["--fail-on", "warning", "--select=COD", "--fix", "--color", "never", "b.json"],
    ],
)
def test_a_plain_call_needs_no_click(line):
    read = table.read(lint.OPTIONS, "documents", line)
    assert read is not None
    assert read == by_click(line)


@pytest.mark.parametrize(
    "line",
    [
        ["--help"],
        ["--fail-on", "loud"],
        ["--catalog"],
        ["--catalog", "--fix"],
        ["--fix=yes"],
        ["-vq"],
        ["--", "-x"],
        ["--no-such"],
    ],
)
def test_click_has_the_words_for_everything_else(line):
    assert table.read(lint.OPTIONS, "documents", line) is None


def test_help_and_mistakes_are_told(capsys):
    assert (called(["lint", "--help"]), called(["lint", "--fail-on", "loud"])) == (0, 2)
    out, err = capsys.readouterr()
    assert out.startswith("Usage: errlint lint [OPTIONS] [SPEC|GLOB|DIR|URL|-]...")
    assert "'loud' is not one of" in err


@pytest.mark.parametrize("line", [["lint"], ["probe"], ["catalog", "check"], ["catalog", "diff"]])
def test_every_option_stands_under_a_heading(line, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    assert called([*line, "--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [one.split()[:2] for one in lines[lines.index("Options:") + 1 :]] == [["-h,", "--help"]]
    assert max(map(len, lines)) <= 100
    helps = [one.index("  ", 4) for one in lines if one.startswith("  --") and "  " in one[4:]]
    assert len(helps) > 10
