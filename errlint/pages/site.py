"""What the pages are made of: the rules, the catalogs, and where each page lies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from errlint.export.names import slug
from errlint.export.reference import title
from errlint.load.origin import BUILTIN
from errlint.model.catalog import Catalog
from errlint.model.record import record
from errlint.pages.facts import RulePage, group

DEVICE = re.compile(r"(?i:con|prn|aux|nul|(?:com|lpt)[0-9])")
"""What Windows takes for a device, whatever follows the first dot."""


@record
class CatalogPage:
    """A catalog and the name of its page: ``catalogs/NAME``; ``shipped``: errlint brings it along."""

    name: str
    title: str
    catalog: Catalog
    shipped: bool


def catalog_pages(catalogs: Mapping[str, Catalog]) -> tuple[CatalogPage, ...]:
    """The catalogs by the word that names them (a file, ``builtin:NAME``), each with a page of its own."""
    taken: set[str] = set()
    found = []
    for reference, catalog in catalogs.items():
        stem = reference.removeprefix(BUILTIN).replace("\\", "/").rpartition("/")[2].rpartition(":")[2]
        first = slug(stem.rpartition(".")[0] or stem)[:80].strip(".") or "catalog"
        if DEVICE.fullmatch(first.partition(".")[0]):
            first = f"catalog-{first}"
        number, name = 1, first
        while name.casefold() in taken:
            number += 1
            name = f"{first}-{number}"
        taken.add(name.casefold())
        found.append(CatalogPage(name, title(catalog), catalog, reference.startswith(BUILTIN)))
    return tuple(found)


def grouped(rules: Sequence[RulePage]) -> Iterator[tuple[str, tuple[RulePage, ...]]]:
    """The rules by the title of their group."""
    for name, pages in groupby(rules, key=lambda page: group(page.id)):
        yield name, tuple(pages)
