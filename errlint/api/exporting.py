"""``errlint catalog export``: a contract in the words of other tools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from errlint.api.inputs import compiled, contract
from errlint.errors import ConfigError
from errlint.model.record import record

if TYPE_CHECKING:
    from errlint.export.patterns import Messages

TARGETS = ("openapi",)


@record
class Exported:
    """The text that an export made, as UTF-8, and what a user should know of it."""

    text: bytes
    notes: tuple[str, ...] = ()


def export_openapi(
    catalogs: Sequence[str], into: str, *, every: bool = False, messages: Messages = "all", root: str | None = None
) -> Exported:
    """A document with strict error responses. Raises: LoadError, ConfigError."""
    from errlint.export.openapi import strict
    from errlint.export.written import written
    from errlint.load.openapi import read_spec
    from errlint.load.source import read

    file = contract(catalogs)
    if file is None:
        raise ConfigError("there is no catalog to export")
    document = read(into)
    made = strict(read_spec(document, root=root).spec, document, compiled(file), every=every, messages=messages)
    text, why = written(document, made.edits)
    anew = (f"written anew, without comments: {why}",) if why else ()
    return Exported(text, (*anew, *made.notes))
