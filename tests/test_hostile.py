"""Input that cannot be read is exit 2 with one line and a place: never a traceback, never a hang."""

from __future__ import annotations

import subprocess
import sys

import pytest


def bomb() -> str:
    """Nine levels of aliases, each nine of the one below: 387 million values."""
    lines = ['a: &a ["lol", "lol", "lol", "lol", "lol", "lol", "lol", "lol", "lol"]']
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    return "openapi: 3.1.0\n" + "\n".join(lines) + "\npaths: *i\n"


CASES: dict[str, bytes] = {
    "empty.yaml": b"",
    "comment.yaml": b"# nothing\n",
    "binary.yaml": bytes(range(256)) * 40,
    "latin1.yaml": "openapi: 3.1.0\ninfo: {title: Stra\xdfe}\n".encode("latin-1"),
    "array.json": b"[1]",
    "text.yaml": b"hello",
    "number.json": b"1",
    "dashes.yaml": b"- " * 50_000,
    "dashes-joined.yaml": b"-" * 50_000,
    "questions.yaml": b"? " * 50_000,
    "brackets.yaml": b"[" * 50_000,
    "braces.json": b'{"a":' * 50_000,
    "deep.yaml": b"".join(b" " * depth + b"a:\n" for depth in range(3_000)),
    "bomb.yaml": bomb().encode(),
    "cycle.yaml": b"openapi: 3.1.0\npaths: &a {x: *a}\n",
    "tab.yaml": b"openapi: 3.1.0\npaths:\n\t/x: 1\n",
    "unclosed.json": b'{"openapi": "3.1.0", "paths": {',
    "digits.json": b'{"openapi": "3.1.0", "paths": {}, "x": ' + b"9" * 10_000 + b"}",
    "two.yaml": b"openapi: 3.1.0\n---\nopenapi: 3.1.0\n",
    "asyncapi.yaml": b"asyncapi: 2.0.0\n",
    "catalog.yaml": b"errlint: 1\nservice: {name: x}\nerrors: []\n",
    "version.yaml": b"openapi: 4.0.0\npaths: {}\n",
    "paths.yaml": b"openapi: 3.0.0\npaths: []\n",
}


def errlint(*arguments: str, cwd) -> subprocess.CompletedProcess[str]:
    """A real process; the limit ends a hang, it measures nothing."""
    return subprocess.run(
        [sys.executable, "-m", "errlint", *arguments], capture_output=True, text=True, cwd=cwd, timeout=60, check=False
    )


@pytest.mark.parametrize("name", CASES)
def test_an_unreadable_document_is_one_line_with_its_place(name, tmp_path):
    (tmp_path / name).write_bytes(CASES[name])
    done = errlint("lint", name, cwd=tmp_path)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.stderr
    assert done.stderr.startswith(f"errlint: {name}:")


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_file_that_is_none_is_one_line(name, tmp_path):
    done = errlint("lint", name, cwd=tmp_path)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.stderr


@pytest.mark.parametrize("name", sorted(CASES.keys() - {"catalog.yaml"}))
def test_an_unreadable_catalog_is_one_line(name, tmp_path):
    (tmp_path / name).write_bytes(CASES[name])
    done = errlint("catalog", "show", name, cwd=tmp_path)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.stderr


HOSTILE = "::error::x\x1b[31mred\x07 \u202eevil \u2028 ##[group] <script> \r\n::set-output name=a::b"


def test_hostile_text_in_a_document_cannot_steer_a_terminal_or_a_workflow(tmp_path):
    import json

    document = {
        "openapi": "3.1.0",
        "info": {"title": HOSTILE, "version": "1"},
        "paths": {
            f"/{HOSTILE}": {"get": {"responses": {HOSTILE: {"description": HOSTILE}, "404": {"$ref": f"#/{HOSTILE}"}}}},
            "/x": {"get": {"responses": {"200": {"description": "ok"}}}},
        },
    }
    (tmp_path / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    done = errlint("lint", "openapi.json", "--show", "notes", "-v", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    shown = done.stdout.replace("\n", "")
    assert [c for c in shown if ord(c) < 32 or c in "\u202e\u2028\x7f"] == []
    assert [line for line in done.stdout.splitlines() if line.startswith(("::", "##["))] == []
