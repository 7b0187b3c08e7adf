"""Progress: a line that changes on a terminal, a line now and then in a log."""

from __future__ import annotations

import io

import pytest

from errlint.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(out: io.StringIO, ticks: list[float]) -> str:
    moments = iter(ticks)
    progress = Progress(out, clock=lambda: next(moments))
    for number in range(len(ticks) - (not out.isatty())):
        progress(f"GET /things/{number}", number, 40, number // 2)
    progress.done()
    return out.getvalue()


def test_a_terminal_has_one_line_that_is_removed_at_the_end() -> None:
    assert run(Terminal(), [10.0, 10.01, 20.0]) == (
        "\r\x1b[K[..........] 0 of at most 40 requests, 0 faults so far: GET /things/0"
        "\r\x1b[K[..........] 2 of at most 40 requests, 1 fault so far: GET /things/2"
        "\r\x1b[K"
    )


def test_a_log_gets_a_line_every_ten_seconds_and_no_escapes() -> None:
    assert run(io.StringIO(), [0.0, 1.0, 9.9, 10.0, 12.0, 20.1]) == (
        "errlint: 2 of at most 40 requests, 1 fault so far: GET /things/2\n"
        "errlint: 4 of at most 40 requests, 2 faults so far: GET /things/4\n"
    )


def test_the_line_never_goes_on_below(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = Terminal()
    Progress(out, clock=lambda: 5.0)("GET /" + "long/" * 40, 3, 4, 0)
    line = out.getvalue().removeprefix("\r\x1b[K")
    assert (len(line), line[:60]) == (79, "[#######...] 3 of at most 4 requests, 0 faults so far: GET /")
    out = Terminal()
    Progress(out, clock=lambda: 5.0)("GET /" + "\u754c" * 40, 3, 4, 0)
    assert len(out.getvalue().removeprefix("\r\x1b[K")) == 60 + (79 - 60) // 2


def test_what_a_document_names_cannot_steer_a_terminal() -> None:
    out = Terminal()
    Progress(out, clock=lambda: 5.0)("GET /\x1b[2J\u202e", 1, 2, 0)
    assert "\x1b[2J" not in out.getvalue()
    assert "\u202e" not in out.getvalue()
