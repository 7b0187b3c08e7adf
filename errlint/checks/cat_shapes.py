"""The envelopes of a catalog: each by itself, and pairs of them (CAT016, CAT017)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from errlint.checks.cat_codes import claims
from errlint.checks.cat_rule import rule
from errlint.checks.catalog_file import CatalogFile
from errlint.checks.registry import Hit
from errlint.load.envelopes import compiled, fault
from errlint.match import budget
from errlint.match.bodies import constants, leaves_room, minimal, placed
from errlint.model import pointer as pointers
from errlint.model.catalog import Catalog, Code, Envelope, Layer
from errlint.model.finding import Location, Related, Severity
from errlint.model.pointer import Pointer
from errlint.model.status import ERRORS

FRAMINGS = ("json", "sse", "ndjson")
"""What match/framing.py can take apart."""


@rule("CAT016", "invalid-envelope", Severity.ERROR)
def invalid_envelope(file: CatalogFile) -> Iterator[Hit]:
    """An envelope that cannot work."""
    for envelope in file.catalog.envelopes.values():
        if envelope.framing not in FRAMINGS:
            known = ", ".join(FRAMINGS)
            yield _hit(
                envelope,
                f"has the framing {envelope.framing}, which is not judged yet (judged are {known})",
                "framing",
                "framing",
            )
        wrong = fault(envelope.schema)
        if wrong is not None:
            member = ("schema_file",) if _in_a_file(file, envelope) else ("schema", *wrong.at)
            yield _hit(envelope, wrong.text, "/".join(("schema", *wrong.at)), *member)
            continue
        validator = compiled(envelope.schema)
        for role, place in envelope.roles.items():
            types = place.types if place.extract is None else ()
            if place.pointers and not any(_room(envelope.schema, pointer, types) for pointer in place.pointers):
                where = " or ".join(pointers.text(pointer) or "the whole body" for pointer in place.pointers)
                yield _hit(envelope, f"has a schema that leaves no room for its {role} at {where}", role, role)
        for sample in envelope.samples:
            error = next(_errors(validator, sample), None)
            if error is not None:
                at = "".join(f"/{token}" for token in error.instance_path)
                said = f"rejects its own example{' at ' + at if at else ''}: {error.message}"
                yield _hit(envelope, said, "example", "example")


def _hit(envelope: Envelope, message: str, detail: str, *member: str) -> Hit:
    place = Location(envelope.location.uri, (*envelope.location.pointer, *member))
    return Hit(f"envelope {envelope.id} {message}", place, detail=detail, owner=f"envelope {envelope.id}")


def _in_a_file(file: CatalogFile, envelope: Envelope) -> bool:
    document = file.sources.get(envelope.location.uri)
    try:
        written = pointers.get(document.data, envelope.location.pointer) if document is not None else {}
    except KeyError:
        return False
    return isinstance(written, dict) and "schema_file" in written


def _room(schema: Any, pointer: Pointer, types: tuple[str, ...]) -> bool:
    """Whether a schema leaves room for a role; what cannot be told (a pattern of another dialect) counts as room."""
    try:
        return leaves_room(schema, pointer, types)
    except (re.error, ValueError, TypeError, RecursionError):
        return True


def _errors(validator: Any, value: Any) -> Iterator[Any]:
    """What a validator finds in a value; nothing where it cannot take the value (a number of a thousand digits)."""
    try:
        yield from validator.iter_errors(value)
    except (ValueError, TypeError, OverflowError, RecursionError):
        return


@rule("CAT017", "indistinguishable-envelopes", Severity.WARNING)
def indistinguishable_envelopes(file: CatalogFile) -> Iterator[Hit]:
    """Two envelopes that one body satisfies, where nothing else tells them apart."""
    catalog = file.catalog
    sound = [envelope for envelope in catalog.envelopes.values() if not envelope.generic and fault(envelope.schema) is None]
    for one, two in combinations(sound, 2):
        if _separated(one, two, catalog):
            continue
        body = _shared(one, two, catalog)
        if body is not None:
            shown = json.dumps(body, ensure_ascii=False)
            message = f"a body can be both {one.id} and {two.id}: {shown if len(shown) <= 100 else shown[:99] + '…'}"
            related = (Related(one.location, f"envelope {one.id}"),)
            yield Hit(message, two.location, detail=one.id, owner=f"envelope {two.id}", related=related)


def _separated(one: Envelope, two: Envelope, catalog: Catalog) -> bool:
    """Whether framing, media type, status, a constant or the codes tell two envelopes apart."""
    mine, yours = one.statuses.values if one.statuses else ERRORS, two.statuses.values if two.statuses else ERRORS
    types = set(one.media_types), set(two.media_types)
    return (
        one.framing != two.framing
        or not mine & yours
        or (types[0] != types[1] and not types[0] & types[1])
        or constants(one) != constants(two)
        or _coded_apart(one, two, catalog)
        or _coded_apart(two, one, catalog)
    )


def _coded_apart(one: Envelope, two: Envelope, catalog: Catalog) -> bool:
    """Whether no code of the second envelope's layers can be one of the first's: by its pattern or by their categories."""
    mine, yours = _codes(one, catalog), _codes(two, catalog)
    others = [str(code.code) for code in yours if code.code is not None]
    if not others or len(others) < len(yours) or {code.layer for code in mine} & {code.layer for code in yours}:
        return False
    place = one.roles.get("code")
    if place is not None and place.pattern is not None and not any(budget.search(place.pattern, text) for text in others):
        return True
    blocks = [catalog.categories.get(code.category) for code in mine]
    kept = [block for block in blocks if block is not None and (block.prefix or block.pattern)]
    return bool(kept) and len(kept) == len(blocks) and not any(claims(block, text) for block in kept for text in others)


def _layers(envelope: Envelope, catalog: Catalog) -> list[Layer]:
    return [layer for layer in catalog.layers.values() if envelope.id in layer.envelopes]


def _codes(envelope: Envelope, catalog: Catalog) -> list[Code]:
    """The entries of the layers that answer in an envelope."""
    layers = {layer.id for layer in _layers(envelope, catalog)}
    return [code for code in catalog.codes if code.layer in layers]


def _shared(one: Envelope, two: Envelope, catalog: Catalog) -> Any:
    """A body that satisfies both envelopes, None where none was found among their examples and smallest bodies."""
    validators = compiled(one.schema), compiled(two.schema)
    for envelope in (one, two):
        for body in _bodies(envelope, catalog):
            if all(next(_errors(validator, body), None) is None for validator in validators):
                return body
    return None


def _bodies(envelope: Envelope, catalog: Catalog) -> Iterator[Any]:
    yield from envelope.samples
    place = envelope.roles.get("code")
    codes: list[Any] = [code.code for code in _codes(envelope, catalog) if code.code is not None] or ["E1", 1]
    spots: tuple[Pointer, ...] = place.pointers if place is not None and place.extract is None else ()
    try:
        smallest = minimal(envelope.schema)
    except (ValueError, TypeError, OverflowError, MemoryError):  # a list of at least 10^30 elements
        return
    for pointer in envelope.roles["message"].pointers if "message" in envelope.roles else ():
        smallest = placed(smallest, pointer, "x")
    for code in dict.fromkeys((codes[0], codes[-1])):
        body = smallest
        for pointer in spots:
            body = placed(body, pointer, code)
        yield body
