"""Fixes: what a finding's repair changes, as edits of plain data at RFC 6901 pointers; never as text."""

from __future__ import annotations

from typing import Any

from errlint.model.finding import Location
from errlint.model.record import record


@record
class SetValue:
    """Another value for the member or item at ``at``."""

    at: Location
    value: Any


@record
class RenameKey:
    """Another key for the member at ``at``; its value and its place among its siblings stay."""

    at: Location
    key: str


@record
class Remove:
    """The member or item at ``at``, away with its comments of the same line."""

    at: Location


@record
class AddMember:
    """A new last member of the object at ``at``; the object stands or is made by an earlier edit of the same fix."""

    at: Location
    key: str
    value: Any


@record
class AddItem:
    """A new last item of the array at ``at``."""

    at: Location
    value: Any


Edit = SetValue | RenameKey | Remove | AddMember | AddItem


@record
class Fix:
    """One repair: all of its edits or none. ``text`` says what it does ("write ML_1001").

    ``safe`` fixes keep what the author meant; the others (``--unsafe-fixes``) may change the contract.
    """

    text: str
    edits: tuple[Edit, ...]
    safe: bool = True
