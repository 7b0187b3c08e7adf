"""``--to csv``: one row an entry (RFC 4180, UTF-8, CRLF), made so that no cell runs in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from typing import Any

from errlint.model import pointer as pointers
from errlint.model.catalog import Catalog, Code

COLUMNS = (
    *("layer", "category", "code", "id", "name", "status", "message", "message_kind", "message_example", "description"),
    *("resolution", "retry", "headers", "operations", "match", "reachable", "deprecated", "removed", "replaced_by", "owner"),
)

_FORMULA = re.compile(r"[\s\x00-\x1f]*[=+\-@＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def csv_text(catalog: Catalog) -> str:
    """The entries in the catalog's order. Every cell is quoted, and one that a spreadsheet would take for a formula (it begins
    with ``=``, ``+``, ``-`` or ``@``) begins with an apostrophe instead; plain numbers stay numbers."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for code in catalog.codes:
        cells = _cells(code)
        writer.writerow([harmless(cells[name]) for name in COLUMNS])
    return out.getvalue()


def harmless(text: str) -> str:
    """A cell that no spreadsheet runs (OWASP, CSV injection)."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _cells(code: Code) -> Mapping[str, str]:
    message = code.message
    words: dict[str, Any] = {
        **{name: getattr(code, name) for name in COLUMNS if hasattr(code, name)},
        "code": "" if code.code is None else code.code,
        "status": code.statuses,
        "message": message.text if message is not None else "",
        "message_kind": message.kind if message is not None else "",
        "message_example": (message.example or "") if message is not None else "",
        "headers": ", ".join(code.headers),
        "operations": ", ".join(code.operations),
        "match": json.dumps({pointers.text(at): value for at, value in code.match.items()}) if code.match else "",
        "deprecated": "yes" if code.deprecated else "",
    }
    return {name: str(value) for name, value in words.items()}
