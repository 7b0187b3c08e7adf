"""Where the rule cards, the shipped catalogs and the schemas lie: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

OWN_PROJECT = r"""(?m)^name\s*=\s*["']errlint["']\s*(#.*)?$"""


def rules() -> Traversable:
    """The folder of the rule cards; ``catalogs`` below it holds the shipped catalogs. Raises: FileNotFoundError."""
    return _folder("rules")


def schemas() -> Traversable:
    """The folder of the JSON Schemas; ``envelopes`` below it holds the shipped envelopes. Raises: FileNotFoundError."""
    return _folder("schemas")


def text(resource: Traversable) -> str:
    """The text of one resource (UTF-8)."""
    return resource.read_text(encoding="utf-8")


@cache
def rule_names() -> dict[str, str]:
    """The file names of the rule cards by rule id."""
    folder = _path("rules")
    names = os.listdir(folder) if folder is not None else [file.name for file in rules().iterdir()]
    return {name.partition("-")[0]: name for name in sorted(names) if name.endswith(".yaml")}


def rule_text(name: str) -> str:
    """The text of one rule card."""
    return _text("rules", name)


SUFFIX = ".schema.json"


@cache
def envelope_names() -> dict[str, str]:
    """The file names of the shipped envelopes by id, in order."""
    folder = _path("schemas")
    listed = os.listdir(os.path.join(folder, "envelopes")) if folder is not None else None
    names = listed if listed is not None else [file.name for file in (schemas() / "envelopes").iterdir()]
    return {name.removesuffix(SUFFIX): name for name in sorted(names) if name.endswith(SUFFIX)}


def envelope_text(name: str) -> str:
    """The text of one shipped envelope's schema file."""
    return _text("schemas", "envelopes", name)


def schema_text(name: str) -> str:
    """The text of one file beside the JSON Schemas."""
    return _text("schemas", name)


def _text(base: str, *names: str) -> str:
    """The text of a file below a folder of the data."""
    folder = _path(base)
    if folder is None:
        return text(_folder(base).joinpath(*names))
    with open(os.path.join(folder, *names), encoding="utf-8") as file:
        return file.read()


def _folder(name: str) -> Traversable:
    from pathlib import Path  # start-up: a run that only needs a card's text does not owe it

    place = _path(name)
    return Path(place) if place is not None else _zipped(name)


@cache
def _path(name: str) -> str | None:
    """The folder as a path of the file system, None inside a zipped wheel."""
    package = os.path.dirname(os.path.abspath(__file__))
    for place in (os.path.join(package, "_data", name), _checkout(os.path.dirname(package), name)):
        if place is not None and os.path.isdir(place):
            return place
    return None


def _checkout(root: str, name: str) -> str | None:
    """The folder in a source tree, None where the project beside the package is another one."""
    try:
        with open(os.path.join(root, "pyproject.toml"), encoding="utf-8") as file:
            written = file.read()
    except OSError:
        return None
    _, found, table = written.partition("[project]")
    own = found and re.search(OWN_PROJECT, re.split(r"^\[", table, maxsplit=1, flags=re.MULTILINE)[0])
    return os.path.join(root, name) if own else None


def _zipped(name: str) -> Traversable:
    """The folder inside a zipped wheel."""
    from importlib.resources import files  # start-up: 20 ms that a run from ordinary files does not owe

    folder = files("errlint") / "_data" / name
    if not folder.is_dir():
        raise FileNotFoundError(f"errlint is installed without its {name}: install it again")
    return folder
