"""A catalog in the making: entries as they were read from somewhere, with the evidence and the doubts of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from errlint.model.record import field, record


@record
class Evidence:
    """Where an entry comes from: ``what`` says how it was seen ("enum", "example", "table row", "seen 3 times"), ``where``
    the place as a user would write it (``openapi.yaml:12``, ``GET /models/{id} 404``, ``tests/test_shop.py::test_gone``).
    """

    what: str
    where: str = ""


@record
class Entry:
    """One entry of a draft.

    ``fields`` is the entry as format 1 of the catalog writes it (``code``, ``status``, ``layer``, ``message`` ...), JSON
    values only. ``status`` may be absent: nothing said it; the writer asks for it. ``doubts`` are questions to the user.
    """

    fields: Mapping[str, Any]
    evidence: tuple[Evidence, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def code(self) -> str | int | None:
        """What the answer carries; None where the entry has no code."""
        code: str | int | None = self.fields.get("code")
        return code

    @property
    def statuses(self) -> tuple[int | str, ...]:
        """The statuses as the catalog writes them (404, ``5XX``, ``any``), in order; empty where none is known."""
        status = self.fields.get("status", ())
        return tuple(status) if isinstance(status, list | tuple) else (status,)


@record
class Shared:
    """A list of codes that several statuses share: which of them no other place tells the status of.

    ``where`` is the list's place, ``statuses`` are those of the list.
    """

    where: str
    codes: tuple[str | int, ...]
    statuses: tuple[int | str, ...]


@record
class Draft:
    """What was read, as parts of a catalog of format 1: ``service``, and envelopes, layers and categories by id.

    ``doubts`` are questions about the whole; ``read`` tells what was read, one line each ("openapi.yaml: 12 operations").
    ``others`` are further members of the catalog: ``accepted``, ``defaults``. ``shared`` is asked about as far as no other
    source answers it.
    """

    entries: tuple[Entry, ...] = ()
    service: Mapping[str, Any] = field(default_factory=dict)
    envelopes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    layers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    categories: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    others: Mapping[str, Any] = field(default_factory=dict)
    shared: tuple[Shared, ...] = ()
