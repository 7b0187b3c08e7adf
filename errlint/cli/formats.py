"""What ``-f`` asks for: formats, each with the file that it goes to; and what people write who meant one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from errlint.errors import ConfigError
from errlint.report import FORMATS

Target = tuple[str, str | None]
"""A format and the file that it goes to, None for standard output."""

LINES = frozenset(("text", "github"))
"""Formats of lines for a log, which can stand there one after the other."""

ALSO = {
    "md": "markdown",
    "gfm": "markdown",
    "txt": "text",
    "console": "text",
    "annotations": "github",
    "github-actions": "github",
    "codeclimate": "gitlab",
    "code-climate": "gitlab",
    "codequality": "gitlab",
    "code-quality": "gitlab",
    "xunit": "junit",
    "xml": "junit",
    "reviewdog": "rdjson",
    "htm": "html",
}
"""What other tools call them."""

ENDINGS = {
    ".sarif": "sarif",
    ".xml": "junit",
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
    ".txt": "text",
    ".csv": "csv",
    ".rdjson": "rdjson",
}
"""How files are called that hold reports, and no documents."""


def parsed(texts: Iterable[str]) -> tuple[Target, ...]:
    """``json:out.json`` in its parts; ``-`` is standard output. Raises: ConfigError for what is no format, and for a clash."""
    found: list[Target] = []
    for text in texts:
        name, colon, target = text.partition(":")
        if name not in FORMATS:
            raise ConfigError(f"{text!r} is no format", hint=_meant(text, name))
        if colon and not target:
            raise ConfigError(f"-f {text} names no file", hint=f"is a variable empty? -f {name} is standard output")
        _add(found, name, None if target in ("", "-") else target)
    return tuple(found)


def _add(found: list[Target], name: str, target: str | None) -> None:
    """Adds a report. Raises: ConfigError where another one goes to the same place."""
    where = None if target is None else os.path.realpath(target)
    for other, taken in found:
        same = where is None if taken is None else os.path.realpath(taken) == where
        if same and not (where is None and other != name and LINES.issuperset((other, name))):
            told = "standard output" if target is None else target
            raise ConfigError(f"two reports go to {told}", hint=f"give one a file of its own: -f {name}:FILE")
    found.append((name, target))


def _meant(text: str, name: str) -> str:
    """What to write instead."""
    from errlint.load.meant import closest

    known = {name.lower(): name for name in FORMATS} | {also: name for also, name in ALSO.items() if name in FORMATS}
    close = known.get(name.lower())
    for sign in "=,; ":
        first, _, rest = text.partition(sign)
        if rest and first in FORMATS:
            return f"write -f {first}:{rest}" if sign in "= " else f"write -f {first} -f {rest}"
    ending = ENDINGS.get(os.path.splitext(text)[1].lower())
    if ending in FORMATS and close is None:
        return f"write the format first: -f {ending}:{text}"
    close = close or known.get(closest(name.lower(), known))
    told = f"did you mean {close}{text[len(name) :]}? " if close else ""
    return f"{told}use {', '.join(list(FORMATS)[:-1])} or {list(FORMATS)[-1]}"


def refuse_forgotten(texts: Sequence[str], names: Iterable[str]) -> None:
    """Refuses a report's file among the documents: ``-f sarif out.sarif`` has a blank for a colon. Raises: ConfigError."""
    bare = [text for text in texts if ":" not in text and text != "text"]
    for name in names if bare else ():
        if "://" in name or name.startswith("builtin:") or any(sign in name for sign in "*?["):
            continue
        meant = ENDINGS.get(os.path.splitext(name)[1].lower(), "")
        there = os.path.lexists(name)
        if meant in bare and not os.path.isdir(name):
            told = f"{name} is no document" if there else f"{name}: cannot be read: No such file or directory"
            raise ConfigError(told, hint=f"a report's file follows a colon: -f {meant}:{name}")
        if not there and name != "-":
            raise ConfigError(
                f"{name}: cannot be read: No such file or directory", hint=f"meant for the report? -f {bare[-1]}:{name}"
            )


def automatic(environment: Mapping[str, str]) -> tuple[Target, ...]:
    """The formats where nobody names one: text, in GitHub Actions its annotations too."""
    return (("text", None), ("github", None)) if environment.get("GITHUB_ACTIONS") == "true" else (("text", None),)
