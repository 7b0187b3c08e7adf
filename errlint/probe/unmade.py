"""Why some operations got no generated requests, each reason once, with the place in the document where it names one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from errlint.model import pointer as pointers
from errlint.model.pointer import Pointer
from errlint.probe.bundle import HOLDER

PLACE = re.compile(r"\s*Location:\s*(?P<place>\S+(?: -> \S+)*)")
"""How Schemathesis tells a place: ``Location: x-bundled -> schema5 -> oneOf -> 1 -> type``."""

INNER = re.compile(r"x-bundled|x-errlint-bundled|schema\d+|part\d+")
"""The names of copies that no document has."""

TYPES = frozenset(("null", "boolean", "object", "array", "number", "string", "integer"))

MOST_NODES = 100_000
FEW = 3


def notes(broken: Mapping[str, str], root: Any) -> Iterator[str]:
    """A line for each reason; ``broken`` has one for each operation by label, ``root`` is the document."""
    reasons: dict[str, list[str]] = {}
    for label, why in broken.items():
        reasons.setdefault(placed(why, root), []).append(label)
    for why, labels in reasons.items():
        if len(labels) == 1:
            yield f"{labels[0]}: no generated requests, because {why}"
        else:
            more = f" and {len(labels) - FEW} more" if len(labels) > FEW else ""
            yield f"{len(labels)} operations got no generated requests, because {why}: {', '.join(labels[:FEW])}{more}"


def placed(why: str, root: Any) -> str:
    """A reason with its place as a JSON pointer into the document, or as much of it as the document knows."""
    found = PLACE.search(why)
    if found is None:
        return why
    told = found["place"].split(" -> ")
    steps = tuple(step for step in told if INNER.fullmatch(step) is None)
    fact = (why[: found.start()] + why[found.end() :]).strip()
    places = [steps] if _is_there(steps, root) else _ending(steps, root)
    if len(places) == 1:
        value = pointers.get(root, places[0])
        is_type = isinstance(value, str) and steps[-1:] == ("type",)
        return f"{pointers.text(places[0])}: {f'`{value}` is no type' if is_type else fact}"
    return f"{fact}: ...{pointers.text(steps)}" if steps else fact


def _is_there(steps: Pointer, root: Any) -> bool:
    try:
        pointers.get(root, steps)
    except KeyError:
        return False
    return bool(steps)


def _ending(steps: Pointer, root: Any) -> list[Pointer]:
    """The places of a document that end so; of types only those that are none."""
    found: list[Pointer] = []
    waiting: list[tuple[Pointer, Any]] = [((), root)]
    seen = 0
    while waiting and seen < MOST_NODES and steps:
        at, value = waiting.pop()
        seen += 1
        if at[-len(steps) :] == steps and HOLDER not in at and not (steps[-1] == "type" and _is_type(value)):
            found.append(at)
        if isinstance(value, Mapping):
            waiting += [((*at, str(key)), item) for key, item in value.items()]
        elif isinstance(value, list):
            waiting += [((*at, str(index)), item) for index, item in enumerate(value)]
    return found


def _is_type(value: Any) -> bool:
    return all(isinstance(name, str) and name in TYPES for name in (value if isinstance(value, list) else [value]))
