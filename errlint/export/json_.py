"""``--to json``: the catalog as one resolved document of format 1, which errlint reads back as the same catalog.

The shape is schemas/catalog.schema.json: ``errors`` is the flat list of entries, each with ``code``, ``status`` and ``layer``
(see ``document``). Keys stand in a fixed order; equal catalogs give equal bytes.
"""

from __future__ import annotations

import json

from errlint.export.document import document
from errlint.model.catalog import Catalog


def json_text(catalog: Catalog) -> str:
    """JSON, indented by two, non-ASCII characters as they are but for those that steer a reader's screen."""
    from errlint.export.literals import escaped

    return escaped(json.dumps(document(catalog), indent=2, ensure_ascii=False)) + "\n"
