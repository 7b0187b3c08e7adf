"""Selectors of the user's that name no operation, and what they were probably meant to name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from errlint.errors import ConfigError
from errlint.load.meant import did_you_mean
from errlint.match.route import selects
from errlint.model.spec import Operation


def unmatched(selectors: Iterable[str], operations: Iterable[Operation]) -> Iterator[tuple[str, str]]:
    """(the selector, ``; did you mean GET /orders?``) of each that names none of the operations."""
    known = tuple(operations)
    for selector in selectors:
        if not any(selects(selector, one, one.method, one.path) for one in known):
            kind = next((one for one in ("tag:", "operationId:") if selector.startswith(one)), "")
            meant = did_you_mean(selector.removeprefix(kind), sorted(_names(kind, selector, known)))
            yield selector, meant.replace("did you mean ", f"did you mean {kind}", 1)


def refuse_unmatched(selectors: Iterable[str], operations: Iterable[Operation]) -> None:
    """Raises: ConfigError for the first of ``--include`` that names nothing: what it was meant to try would not be tried."""
    for selector, meant in unmatched(selectors, operations):
        hint = "write 'GET /path*', tag:NAME or operationId:NAME" if not meant else ""
        raise ConfigError(f"--include {selector!r} names no operation of the document{meant}", hint=hint)


def _names(kind: str, selector: str, operations: Iterable[Operation]) -> set[str]:
    """All that a selector of the same kind could name."""
    if kind == "tag:":
        return {tag for one in operations for tag in one.tags}
    if kind:
        return {one.operation_id for one in operations if one.operation_id}
    return {f"{one.method.upper()} {one.path}" if " " in selector else one.path for one in operations}
