"""The subjects of the CAT rules: a catalog with its source text, alone or beside the documents it is held against."""

from __future__ import annotations

from errlint.load.catalog_file import CatalogFile as CatalogFile
from errlint.model.finding import Location
from errlint.model.record import record


@record
class CatalogAndDocuments:
    """A catalog and the operations (``GET /models/{id}``) of all documents that are held against it."""

    file: CatalogFile
    operations: frozenset[str]

    @property
    def location(self) -> Location:
        return self.file.location
