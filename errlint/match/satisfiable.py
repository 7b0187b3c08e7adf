"""What is proven of a schema, and never guessed: that it admits nothing, or that two of its branches admit the same body."""

from __future__ import annotations

from errlint.match.clash import Clash, clash, unsatisfiable
from errlint.match.overlap import Overlap, overlap
from errlint.model.finding import Location
from errlint.model.spec import Node, Resolve

__all__ = ["Clash", "Overlap", "clash", "overlap", "overlapping", "unsatisfiable"]


def overlapping(node: Node, step: Resolve, dialect: str) -> tuple[Location, Location] | None:
    """The places of two branches of a oneOf that surely admit the same body, None where that is not proven.

    ``overlap`` has the body as well.
    """
    found = overlap(node, step, dialect)
    return None if found is None else (found.one, found.other)
