"""The codes that authors list in extensions of a document: ``x-error-codes``, ``x-response-codes``, ``x-exceptions`` ..."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from errlint.draft.documents.listed import is_code
from errlint.draft.documents.sightings import Sighting, Status, of_key
from errlint.draft.merge import MAIN
from errlint.draft.names import WORD, plain
from errlint.draft.retries import RETRIES
from errlint.load.nodes import elements, members
from errlint.model.claim import json_type
from errlint.model.record import field, record
from errlint.model.spec import Node, Spec

LISTS = ("x-error-codes", "x-response-codes", "x-exceptions", "x-errors", "x-ms-error-code")
AWS = "x-aws-exception"

CODE = ("code", "errorcode", "errorid", "id", "type", "name", "key", "value")
STATUS = ("status", "httpstatus", "httpcode", "statuscode", "httpstatuscode", "http")
WORDS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "symbol"),
    "message": ("message", "template", "messagetemplate"),
    "description": ("description", "summary", "title", "detail", "meaning", "cause"),
    "resolution": ("resolution", "solution", "action", "fix", "remedy", "howtofix"),
}
LONGEST = 4_000
"""Characters of a text that are taken over."""


@record
class Item:
    """One code of an extension, where it stands, and what is said of it."""

    code: str | int
    node: Node
    statuses: tuple[Status, ...] = ()
    words: Mapping[str, Any] = field(default_factory=dict)


def of_extensions(spec: Spec, layers: Sequence[str], integers: bool) -> Iterator[Sighting]:
    """The codes of the extensions of a document; ``integers`` where the code's place holds only integers."""
    layer = layers[0] if layers else MAIN
    seen = set()
    for node, statuses in _owners(spec):
        for name, written in members(node):
            at = (written.uri, written.pointer, statuses)
            if at in seen or name not in (*LISTS, AWS):
                continue
            seen.add(at)
            for item in _aws(node, written) if name == AWS else items(written):
                code = _typed(item.code, integers)
                own = item.statuses or statuses
                yield Sighting(code, layer, "told", name, item.node.location, own, item.words)


def _owners(spec: Spec) -> Iterator[tuple[Node, tuple[Status, ...]]]:
    """The objects that may have such an extension, and the statuses that they are about: none where that is open."""
    yield spec.root, ()
    for part in ("info", "components"):
        if (node := spec.root.get(part)) is not None:
            yield node, ()
    yield from ((tag, ()) for tag in elements(spec.root.get("tags")))
    yield from ((item, ()) for _, item in members(spec.root.get("paths")))
    yield from ((operation.node, ()) for operation in spec.operations)
    for declaration in spec.declarations:
        if declaration.error and declaration.statuses is not None:
            statuses = of_key(declaration.status_key)
            yield declaration.response, statuses
            if declaration.schema is not None:
                yield declaration.schema, statuses


def _typed(code: str | int, integers: bool) -> str | int:
    return int(code) if integers and isinstance(code, str) and code.isascii() and code.isdigit() and len(code) < 16 else code


def items(written: Node, statuses: tuple[Status, ...] = (), depth: int = 0) -> Iterator[Item]:
    """The codes of a list (of codes or objects), of a map (by code, or by status), or of one alone."""
    value = written.value
    if depth > 3:
        return
    if isinstance(value, list):
        for element in elements(written):
            if isinstance(element.value, Mapping):
                yield from _item(element, None, statuses)
            elif is_code(element.value):
                yield Item(element.value, element, statuses)
    elif isinstance(value, Mapping):
        yield from _of_map(written, statuses, depth)
    elif isinstance(value, str) and WORD.fullmatch(value):
        yield Item(value, written, statuses)


def _of_map(written: Node, statuses: tuple[Status, ...], depth: int) -> Iterator[Item]:
    inner = next((node for name in ("errors", "codes", "items") if (node := written.get(name)) is not None), None)
    if inner is not None and isinstance(inner.value, dict | list):
        yield from items(inner, statuses, depth + 1)
        return
    for name, below in members(written):
        under = _status(name)
        if name.startswith("x-"):
            continue
        if under and isinstance(below.value, dict | list) and not _describes(below.value):
            yield from items(below, under, depth + 1)
        elif isinstance(below.value, Mapping):
            yield from _item(below, name, statuses)
        elif isinstance(below.value, str):
            text = {"description": below.value.strip()[:LONGEST]} if below.value.strip() else {}
            yield from (Item(name, below, statuses, text),) if is_code(name) else ()
        elif (own := _status(below.value)) and is_code(name):
            yield Item(name, below, own)


def _describes(value: Any) -> bool:
    """Whether an object says what one code means, and is no map of codes."""
    known = {name for names in (STATUS, CODE, *WORDS.values()) for name in names}
    return isinstance(value, Mapping) and any(plain(name) in known and not isinstance(value[name], dict) for name in value)


def _item(node: Node, name: str | None, statuses: tuple[Status, ...]) -> Iterator[Item]:
    """The code that an object describes: its key in a map, else the member that is named like one."""
    known = {plain(key): value for key, value in node.value.items()}
    code: Any = next((known[key] for key in CODE if is_code(known.get(key))), None) if name is None else name
    if not is_code(code):
        return
    words: dict[str, Any] = {}
    for word, names in WORDS.items():
        text = next((known[key] for key in names if isinstance(known.get(key), str) and known[key].strip()), None)
        if text is not None and text != code:
            words[word] = text.strip()[:LONGEST]
    retry = known.get("retry")
    if isinstance(retry, str) and retry in RETRIES:
        words["retry"] = retry
    if known.get("deprecated") is True:
        words["deprecated"] = True
    own = next((found for key in STATUS if (found := _status(known.get(key)))), ())
    yield Item(code, node, own or statuses, words)


def _status(value: Any) -> tuple[Status, ...]:
    """The statuses that a value means: 404, "404", "4XX", a list of them; none where it means no error."""
    if isinstance(value, list):
        return tuple(status for one in value for status in _status(one))
    if json_type(value) == "integer" and 400 <= value < 600:
        return (int(value),)
    if isinstance(value, str) and len(value) == 3 and value[0] in "45" and value.isascii():
        return (int(value),) if value.isdigit() else (value.upper(),) if value[1:].upper() == "XX" else ()
    return ()


def _aws(response: Node, written: Node) -> Iterator[Item]:
    """The exception that a response is: what its description names, in documents made from AWS's service models."""
    text = response.value.get("description") if isinstance(response.value, Mapping) else None
    if written.value is True and isinstance(text, str) and WORD.fullmatch(text.strip()):
        yield Item(text.strip(), response)
