"""A loaded catalog together with the text it was written in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from errlint.model.catalog import Catalog
from errlint.model.finding import Location
from errlint.model.record import field, record

if TYPE_CHECKING:
    from errlint.load.source import Document


@record
class CatalogFile:
    """A loaded catalog and its sources by uri, those of ``extends`` included.

    ``invalid`` lists what breaks the format (message, place) where the file was read leniently for ``catalog check``.
    ``named`` are the uris that the user named; the others came by ``extends`` and belong to somebody else. ``files`` are the
    paths of all files that were read, or that were looked for.
    """

    catalog: Catalog
    sources: Mapping[str, Document]
    invalid: tuple[tuple[str, Location], ...] = field(default=())
    named: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()

    @property
    def location(self) -> Location:
        return self.catalog.location
