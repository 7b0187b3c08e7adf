"""``errlint catalog``: its commands, one module each (``catalog_NAME.py``)."""

from __future__ import annotations

from errlint.cli.groups import Group

COMMANDS = {
    "check": "Judge catalogs themselves.",
    "show": "Print a catalog's codes as a table.",
    "diff": "Tell what changed between two versions, and what breaks clients.",
    "export": "Write a catalog in the words of other tools.",
    "import": "Write a catalog from a page, a table, data or source code.",
}

HELP = "Check, show, import, compare and export catalogs of error codes."

command = Group("catalog", lines=COMMANDS, module="errlint.cli.catalog_{}", help=HELP)
