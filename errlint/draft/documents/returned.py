"""A catalog that ``errlint catalog export --to components`` wrote into a document, as the draft that it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from errlint.load import catalog_parts
from errlint.load.catalog_format import problems
from errlint.load.json_ import plain
from errlint.load.nodes import elements, members
from errlint.model.draft import Draft, Entry, Evidence
from errlint.model.finding import Location
from errlint.model.spec import Node, Spec

FRAME, CODES = "x-error-catalog", "x-error-codes"
PARTS = ("service", "envelopes", "layers", "categories")


def returned(spec: Spec, where: Callable[[Iterable[Location]], Mapping[Location, str]]) -> Draft | None:
    """The draft of a document whose components hold a catalog; None where they hold none that the format allows.

    The responses name each entry several times: first by itself, in the catalog's order, then below its statuses.
    """
    components = spec.root.get("components") or spec.root
    frame = components.get(FRAME)
    if frame is None or not isinstance(frame.value, Mapping):
        return None
    found: dict[tuple[str, str], Node] = {}
    for node in _entries(components):
        identity = (str(node.value.get("layer", "")), str(node.value.get("id", node.value.get("code"))))
        found.setdefault(identity, node)
    data = {"errlint": 1, **frame.value, "errors": [node.value for node in found.values()]}
    if not _sound(plain(data)):
        return None
    told = where(node.location for node in found.values())
    parts = {name: part if isinstance(part := frame.value.get(name), Mapping) else {} for name in PARTS}
    return Draft(
        entries=tuple(Entry(node.value, (Evidence(CODES, told.get(node.location, "")),)) for node in found.values()),
        others={name: value for name, value in frame.value.items() if name not in (*PARTS, "errlint", "errors")},
        service=parts["service"],
        envelopes=parts["envelopes"],
        layers=parts["layers"],
        categories=parts["categories"],
    )


def _sound(data: Mapping[str, Any]) -> bool:
    """Whether a catalog can be used as it is."""
    if problems(data):
        return False
    build = catalog_parts.Build(FRAME, data, None, lambda name, place: None)
    catalog_parts.catalog(build)
    return not build.problems and not build.refusals


def _entries(components: Node) -> Iterator[Node]:
    for _, response in members(components.get("responses")):
        for node in elements(response.get(CODES)):
            value: Any = node.value
            if isinstance(value, Mapping) and "status" in value and ("code" in value or "id" in value):
                yield node
