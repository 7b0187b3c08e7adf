"""``errlint docs``: the pages of all rules, of the shipped catalogs and of the user's own."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from errlint.errors import ConfigError
from errlint.load.origin import shipped
from errlint.pages import TITLE

FORMATS = ("html", "markdown")


def pages(catalogs: Sequence[str] = (), to: Literal["html", "markdown"] = "html") -> Iterator[tuple[str, str]]:
    """(path below the folder, with ``/``; text) of each page, the index first. Raises: LoadError, ConfigError."""
    from importlib import import_module

    from errlint.api.inputs import contract
    from errlint.pages.facts import rule_pages
    from errlint.pages.site import catalog_pages

    writer = import_module(f"errlint.pages.{to}")
    end = {"html": "html", "markdown": "md"}[to]
    read = {name: contract([name]) for name in dict.fromkeys((*shipped(), *catalogs))}
    held = catalog_pages({name: file.catalog for name, file in read.items() if file is not None})
    rules = rule_pages()
    ids = [page.id for page in rules]
    yield writer.INDEX, writer.index_text(rules, held)
    for rule in rules:
        yield f"rules/{rule.id}.{end}", writer.rule_text(rule, ids)
    for one in held:
        yield f"catalogs/{one.name}.{end}", writer.catalog_page(one.catalog)


def write_pages(folder: str, catalogs: Sequence[str] = (), to: Literal["html", "markdown"] = "html") -> tuple[str, ...]:
    """Writes the pages below a folder, which is made where it is missing; what else lies there stays.

    Returns their paths, the index first. Nothing is written where a catalog cannot be read. Raises: LoadError, ConfigError.
    """
    from errlint.api.writing import save

    made = tuple(pages(catalogs, to))
    targets = [os.path.join(folder, *path.split("/")) for path, _ in made]
    _refuse_strange(targets[0], targets[1:])
    written = []
    for target, (_, text) in zip(targets, made, strict=True):
        try:
            os.makedirs(os.path.dirname(target), exist_ok=True)
        except (OSError, ValueError) as error:
            raise ConfigError(f"cannot write {target}: {getattr(error, 'strerror', None) or error}") from None
        save(target, text.encode())
        written.append(target)
    return tuple(written)


def _refuse_strange(index: str, pages: Iterable[str]) -> None:
    """Refuses to replace what is none of ours: without our index nothing is. Raises: ConfigError."""
    try:
        with open(index, "rb") as file:
            strange = "" if TITLE.encode() in file.read(20_000) else index
    except (OSError, ValueError):  # not there; what cannot be written is told when it is written
        strange = next((page for page in pages if "\0" not in page and os.path.lexists(page)), "")
    if strange:
        raise ConfigError(f"{strange} is there already, and errlint did not write it", hint="name a folder of its own")
