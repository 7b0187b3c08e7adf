"""Where the rule cards, the shipped catalogs and the schemas lie: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

OWN_PROJECT = re.compile(r"""^name\s*=\s*["']errlint["']\s*(#.*)?$""", re.MULTILINE)


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
def _folder(name: str) -> Traversable:
    package = Path(__file__).parent
    for place in (package / "_data" / name, _checkout(package.parent, name)):
        if place is not None and place.is_dir():
            return place
    return _zipped(name)


def _checkout(root: Path, name: str) -> Path | None:
    """The folder in a source tree, None where the project beside the package is another one."""
    try:
        written = (root / "pyproject.toml").read_text(encoding="utf-8")
    except OSError:
        return None
    _, found, table = written.partition("[project]")
    own = found and OWN_PROJECT.search(re.split(r"^\[", table, maxsplit=1, flags=re.MULTILINE)[0])
    return root / name if own else None


def _zipped(name: str) -> Traversable:
    """The folder inside a zipped wheel."""
    from importlib.resources import files  # start-up: 20 ms that a run from ordinary files does not owe

    folder = files("errlint") / "_data" / name
    if not folder.is_dir():
        raise FileNotFoundError(f"errlint is installed without its {name}: install it again")
    return folder
