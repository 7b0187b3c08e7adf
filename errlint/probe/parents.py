"""Operations that a run never got to, because an id above them is made up: all they answered is that there is no such thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from errlint.match.route import PLACEHOLDER
from errlint.model.spec import Operation
from errlint.probe.tally import Tally

MANY = 3
"""Operations below one id that all answer the same 404. One or two may do so by right, and it may be their own."""


def blocked(known: Sequence[Operation], tally: Tally) -> Mapping[str, str]:
    """The operations, by label, that a made-up id keeps a run from, with the name of that path parameter."""
    passed = [one.path for one in known if any(status.startswith("2") for status in tally.statuses.get(one.label, ()))]
    found: dict[str, tuple[str, str]] = {}
    for operation in known:
        name, below = _parent(operation, tally)
        if name and not any(path.startswith(below) for path in passed):
            found[operation.label] = (name, below)
    counts = Counter(found.values())
    return {label: parent[0] for label, parent in found.items() if counts[parent] >= MANY}


def _parent(operation: Operation, tally: Tally) -> tuple[str, str]:
    """(the first path parameter above the last segment that is made up, the path down to it), if one 404 is all that came."""
    given = tally.seen.given
    words = {word for by_operation in tally.got.values() for word in by_operation.get(operation.label, ())}
    missed = {word for word in words if word.startswith("404")}
    if given is None or len(missed) != 1 or not {word.partition(" ")[0] for word in words - missed} <= {"401", "403"}:
        return "", ""
    above = operation.path.rpartition("/")[0]
    for found in PLACEHOLDER.finditer(above):
        if found.group(1) not in given and not _is_listed(operation, found.group(1)):
            return found.group(1), above[: found.end()] + "/"
    return "", ""


def _is_listed(operation: Operation, name: str) -> bool:
    """Whether a document lists the values of a path parameter, so that it is not made up."""
    schemas = [one.schema.value for one in operation.parameters if (one.where, one.name) == ("path", name) and one.schema]
    return any(isinstance(schema, Mapping) and ("enum" in schema or "const" in schema) for schema in schemas)
