"""Source code -> a draft: one file, or a whole tree, each file by the reader of its language."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from errlint.draft.merge import MAIN
from errlint.draft.source import source_codes
from errlint.draft.source.source_bodies import Body, body
from errlint.draft.source.source_facts import Source
from errlint.draft.source.tokens import TooDeep
from errlint.errors import LoadError
from errlint.model.draft import Draft, Entry
from errlint.model.finding import Location
from errlint.model.record import replace

SUFFIXES = {
    **dict.fromkeys((".py",), "python"),
    **dict.fromkeys((".java",), "java"),
    **dict.fromkeys((".go",), "go"),
    **dict.fromkeys((".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx"), "typescript"),
}
SKIPPED = frozenset(
    (
        *("node_modules", "vendor", "third_party", "site-packages", "dist", "build", "target", "out", "coverage", "generated"),
        *("__pycache__", "venv", "env", "test", "tests", "testing", "testdata", "__tests__", "__mocks__", "spec", "e2e"),
        *("fixtures", "examples", "example", "docs", "migrations", "bower_components"),
    )
)
TESTS = re.compile(
    r"(?:^|[_.-])(?:tests?|spec|conftest|mocks?)(?:[_.-]|$)|Tests?\.java$|\.min\.js$|\.d\.ts$|_pb2|\.pb\.go$", re.I
)

NAMED = 10
"""Files that are not read and told by name."""

MOST_FILES = 20_000
LARGEST = 2 * 1024 * 1024
MOST_BYTES = 64 * 1024 * 1024


def of_text(text: str, uri: str, format_: str) -> Draft:
    """The draft of one source file. Raises: LoadError for one that cannot be parsed."""
    if len(text) > LARGEST:
        raise LoadError(f"is larger than {LARGEST // 1024 // 1024} MiB, which no source file is", Location(uri, ()))
    source, why, line = _source(text, uri, format_)
    if source is None:
        raise LoadError(why, Location(uri, (), line, 1))
    found = source_codes.entries([source])
    return Draft(found, service={"source": {"file": uri.rpartition("/")[2]}}, read=tuple(_told(uri, found)))


def of_tree(*paths: str) -> Draft:
    """The draft of the source files of folders: tests, vendored and generated code, and hidden folders are left out.

    Files over 2 MiB, what no reader can parse, and all beyond 20,000 files or 64 MiB are left out, and told.
    """
    sources: list[Source] = []
    left_out: list[str] = []
    size = 0
    path = ", ".join(paths)
    for number, file in enumerate(file for one in paths for file in _files(one)):
        if number >= MOST_FILES or size > MOST_BYTES:
            left_out.append(f"{path}: more than {number} source files: the rest is not read")
            break
        text = _text(file)
        if text is None:
            left_out.append(f"{file}: not read: no text of at most {LARGEST // 1024 // 1024} MiB")
            continue
        size += len(text)
        source, why, line = _source(text, file, SUFFIXES[os.path.splitext(file)[1]])
        if source is None:
            left_out.append(f"{file}{f':{line}' if line else ''}: not read: {why}")
        else:
            sources.append(source)
    found = source_codes.entries(sources)
    written = body(sources) if found else None
    read = [f"{path}: {len(sources)} source {'file' if len(sources) == 1 else 'files'}, {_codes(found)}"]
    more = (f"and {len(left_out) - NAMED} more files that are not read",) if len(left_out) > NAMED else ()
    return replace(_shown(written), entries=found, read=(*read, *_without(found), *left_out[:NAMED], *more))


def _shown(written: Body | None) -> Draft:
    """The envelope that the source writes, with the question whether it is so."""
    if written is None:
        return Draft()
    doubt = f"envelope {MAIN} is as {written.where} writes it, no answer has shown it: is it so? --tests or --probe tells"
    return Draft(envelopes={MAIN: written.envelope}, layers={MAIN: {"envelope": MAIN, "codes": "closed"}}, doubts=(doubt,))


def _source(text: str, uri: str, format_: str) -> tuple[Source | None, str, int]:
    """What a file says; where it cannot be parsed, why, and the line (0: unknown)."""
    if format_ == "python":
        from errlint.draft.source import source_python

        try:
            return source_python.source(text, uri), "", 0
        except source_python.Unreadable as error:
            return None, str(error), error.line
    from errlint.draft.source import source_go, source_java, source_typescript

    reader = {"java": source_java.source, "go": source_go.source}.get(format_, source_typescript.source)
    try:
        return reader(text, uri), "", 0
    except TooDeep:
        return None, "brackets in brackets, more than 200 deep", 0


def _files(path: str) -> Iterator[str]:
    if os.path.isfile(path) and os.path.splitext(path)[1] in SUFFIXES:
        yield path
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(
            name
            for name in folders
            if name.lower() not in SKIPPED
            and not name.startswith(".")
            and not os.path.exists(os.path.join(folder, name, "pyvenv.cfg"))
        )
        for name in sorted(files):
            if os.path.splitext(name)[1] in SUFFIXES and not TESTS.search(name):
                yield os.path.normpath(os.path.join(folder, name))


def _text(file: str) -> str | None:
    try:
        if not os.path.isfile(file) or os.path.getsize(file) > LARGEST:
            return None
        with open(file, "rb") as opened:
            return opened.read(LARGEST + 1).decode()
    except (OSError, ValueError):
        return None


def _told(uri: str, found: tuple[Entry, ...]) -> Iterator[str]:
    yield f"{uri}: {_codes(found)}"
    yield from _without(found)


def _codes(found: tuple[Entry, ...]) -> str:
    return f"{len(found)} {'code' if len(found) == 1 else 'codes'}"


def _without(found: tuple[Entry, ...]) -> Iterator[str]:
    missing = sum(1 for entry in found if not entry.statuses)
    if missing:
        yield f"{missing} of {len(found)} codes without a status"
