"""Exceptions of an application in one line: what, and where in the user's own code."""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from collections.abc import Iterator
from functools import cache
from threading import Lock
from traceback import walk_tb
from typing import NamedTuple

from errlint.checks import leaks

LONGEST = 200
"""Characters of an exception's own words."""

MOST = 10
"""Exceptions that a run tells of; more are counted."""

_INSTALLED = re.compile(r"[/\\](?:site|dist)-packages[/\\]")
_USERINFO = re.compile(r"(?<=://)[^/@\s'\"]+(?=@)")
_CREDENTIAL = re.compile(
    r"((?:password|passwd|pwd|secret|token|api[-_]?key|access[-_]?key|credential)s?['\"]?\s{0,3}[=:]\s{0,3}['\"]?|\b(?:bearer|basic)\s+)"
    r"(?!\*\*\*)[^\s'\",;&]{6,}",
    re.IGNORECASE,
)


class Place(NamedTuple):
    """A line of a source file; the file as reports show it."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def told(error: BaseException) -> str:
    """``KeyError: 'id' (shop/api.py:41)``: the first line of its words, no password of a url in it."""
    place = place_of(error)
    return words(error) + (f" ({place})" if place is not None else "")


def words(error: BaseException) -> str:
    """What an exception says, in one line."""
    if isinstance(error, SystemExit):
        return f"it called sys.exit({'' if error.code is None else _short(repr(error.code))})"
    try:
        text = error.msg if isinstance(error, SyntaxError) else str(error)
    except Exception:  # the user's __str__
        text = ""
    said = _short(text)
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _short(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return _without_secrets(lines[0][: 8 * LONGEST])[:LONGEST] if lines else ""


def _without_secrets(text: str) -> str:
    """A text without the credentials that stand in it, as far as they can be told."""
    return _CREDENTIAL.sub(r"\g<1>***", leaks.masked(_USERINFO.sub("***", text)))


def place_of(error: BaseException) -> Place | None:
    """Where the user's own code was when it was raised; None where none of it took part."""
    if isinstance(error, SyntaxError) and error.filename and is_own(error.filename):
        return Place(shown(error.filename), error.lineno or 1)
    own = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__) if is_own(frame.f_code.co_filename)]
    return Place(shown(own[-1][0]), own[-1][1]) if own else None


@cache
def is_own(file: str) -> bool:
    """Whether a source file is the user's: no installed package, none of Python's own, none of errlint's."""
    if not file or file.startswith("<"):
        return False
    real = os.path.realpath(file)
    return os.path.isfile(real) and not any(real.startswith(folder) for folder in _foreign()) and not _INSTALLED.search(real)


@cache
def _foreign() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    found = {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib") if paths.get(name)}
    own = {os.path.dirname(os.path.dirname(__file__))}
    return tuple(os.path.join(os.path.realpath(path), "") for path in found | own | {os.path.join(sys.prefix, "bin")})


def shown(file: str) -> str:
    """A source file as reports show it: relative to where errlint runs, if it lies there or near."""
    try:
        relative = os.path.relpath(file)
    except ValueError:  # another drive
        return file
    return (file if relative.count("..") > 3 else relative).replace(os.sep, "/")


class Exceptions:
    """The exceptions that left an application in one run, each kind at each place once; several threads tell of them."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, Place | None], tuple[int, tuple[int, str, str]]] = {}
        self._lock = Lock()

    def __call__(self, asked: str, error: BaseException) -> None:
        place, said = place_of(error), words(error)
        with self._lock:
            times, shortest = self._seen.get((type(error).__name__, place), (0, (sys.maxsize, "", "")))
            shortest = min(shortest, (len(asked), asked, said))  # whichever thread came first
            self._seen[type(error).__name__, place] = times + 1, shortest

    def lines(self) -> Iterator[str]:
        """``GET /orders/7 raised KeyError: 'id' (shop/api.py:41), 3 times``, in the order of their places."""
        known = sorted(self._seen.items(), key=lambda item: (item[0][1] or Place("", 0), item[0][0]))
        for (_, place), (times, (_, asked, said)) in known[:MOST]:
            what = said.removeprefix("it ") if said.startswith("it called") else f"raised {said}"
            where = f" ({place})" if place is not None else ""
            yield f"{asked[:LONGEST]} {what}{where}" + (f", {times} times" if times > 1 else "")
        if len(known) > MOST:
            yield f"{len(known) - MOST} more kinds of exceptions left the application"
