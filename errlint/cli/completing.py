"""What may stand where somebody types: rules, codes, formats, catalogs, environments; quick, and without running anything."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from itertools import islice

Items = Iterator[tuple[str, str]]
"""(a word, what it means), as they are shown."""

HARMLESS = re.compile(r"[\w.,:=/+@%-]+", re.ASCII)
"""Words that a shell takes as they are: a catalog or file that somebody else named must not become a command."""

MOST = 500
MOST_FILES = 2000
LARGEST = 2 * 1024 * 1024
"""Bytes of a catalog that is read for its codes."""


def words(kind: str, typed: str) -> list[tuple[str, str]]:
    """The words of a kind that begin as what was typed; nothing where a config or catalog cannot be read."""
    from errlint.errors import ErrlintError

    found: dict[str, str] = {}
    try:
        for word, told in KINDS[kind](typed):
            if word.startswith(typed) and HARMLESS.fullmatch(word) and len(found) < MOST:
                found.setdefault(word, " ".join(told.split()))
    except (ErrlintError, OSError, ValueError):
        pass
    return list(found.items())


def _rules(typed: str) -> Items:
    """Ids, names where one was begun, groups; several with commas between them."""
    from errlint.resources import rule_names

    head, comma, last = typed.rpartition(",")
    files = {id_: name.removesuffix(".yaml").partition("-")[2] for id_, name in rule_names().items()}
    if not last or last.isupper():
        yield from ((f"{head}{comma}{group}", "all of them") for group in sorted({id_[:3] for id_ in files}))
    yield from ((f"{head}{comma}{id_}", name) for id_, name in files.items())
    yield from ((f"{head}{comma}{name}", id_) for id_, name in files.items() if last)


def _severities(typed: str) -> Items:
    rule, equals, _ = typed.partition("=")
    if equals:
        yield from ((f"{rule}={level}", "") for level in ("error", "warning", "note", "off"))
    else:
        yield from ((f"{word}=", told) for word, told in _rules(typed) if "," not in word)


def _formats(typed: str) -> Items:
    from errlint.report import FORMATS

    yield from ((name, "") for name in FORMATS)


def _catalogs(typed: str) -> Items:
    """The shipped ones, and the files and folders that go on as was typed."""
    from errlint.load.origin import shipped

    yield from ((name, "shipped with errlint") for name in shipped())
    folder = os.path.dirname(typed)
    with os.scandir(folder or ".") as entries:
        for entry in sorted(islice(entries, MOST_FILES), key=lambda entry: entry.name):
            if entry.name.startswith(".") and not os.path.basename(typed).startswith("."):
                continue
            path = os.path.join(folder, entry.name)
            if entry.is_dir():
                yield f"{path}/", ""
            elif entry.name.endswith((".yaml", ".yml", ".json")):
                yield path, ""


def _environments(typed: str) -> Items:
    from errlint.config.file import Configs

    configs = Configs()
    nearest = configs.nearest(".")
    for file in configs.chain(nearest) if nearest is not None else ():
        yield from ((name, str(env.get("url", ""))) for name, env in file.data.get("env", {}).items())


def _stress(typed: str) -> Items:
    from errlint.probe.amounts import AMOUNTS

    yield from ((name, f"{one.usual} {one.unit}") for name, one in AMOUNTS.items())


def _explained(typed: str) -> Items:
    """Rules and codes: those of the nearest config's catalogs, then of the shipped ones. No package is imported."""
    yield from _rules(typed)
    if typed.islower():  # the name of a rule: codes are read as they are written, and that takes its time
        return
    from errlint import api
    from errlint.config import Asked
    from errlint.load.catalog import read_catalog
    from errlint.load.library import Library
    from errlint.load.origin import shipped

    for reference in (*api.Planner(Asked(), Library()).catalogs(), *shipped()):
        if reference.startswith("pkg:") or (not reference.startswith("builtin:") and os.path.getsize(reference) > LARGEST):
            continue
        for code in read_catalog(reference).catalog.codes:
            yield str(code.code if code.code is not None else code.id), code.name


KINDS: dict[str, Callable[[str], Items]] = {
    "rules": _rules,
    "severities": _severities,
    "formats": _formats,
    "catalogs": _catalogs,
    "environments": _environments,
    "stress": _stress,
    "explained": _explained,
}
"""The words by the kind that an option or argument takes."""
