"""The codes that a document's schemas list: enums, consts, discriminator mappings, with the words that stand beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from errlint.draft.documents.sightings import Sighting, Status, of_key
from errlint.draft.merge import MAIN
from errlint.match.declared import Declared
from errlint.match.plan import Plan
from errlint.model.claim import Claim, json_type
from errlint.model.finding import Location
from errlint.model.pointer import Pointer
from errlint.model.record import record

Look = Callable[[Location], Any]
"""What stands at a place of any document that was read. Raises: KeyError."""

DESCRIPTIONS = ("x-enum-descriptions", "x-enumDescriptions", "x-enum-description", "x-enum-comments")
NAMES = ("x-enum-varnames", "x-enumNames", "x-enum-names")
"""Extensions that explain the values of an enum, in order or by value."""


@record
class Listing:
    """What the schemas of a document list, and whether every code that they admit is among it."""

    sightings: tuple[Sighting, ...]
    whole: bool


def of_schemas(declared: Iterable[Declared], plan: Plan, look: Look) -> Listing:
    """The codes at the code's place of every declared error."""
    found: list[Sighting] = []
    whole = True
    for one in declared:
        for claim in one.claims:
            if plan.signatures[claim.envelope].envelope.code_is != "place" or claim.code.presence == "absent":
                continue
            codes = list(_codes(claim))
            whole = whole and claim.code.finite is not None and claim.code.listed
            found += _sightings(one, claim, codes, plan, look)
    return Listing(tuple(found), whole)


def _codes(claim: Claim) -> list[tuple[str | int, Location]]:
    if not claim.code.listed:
        return []
    known = (*(claim.code.finite or ()), *claim.code.known)
    return [(value, at) for value, at in known if is_code(value)]


def is_code(value: Any) -> bool:
    """Whether a catalog can hold a value as a code."""
    if isinstance(value, str):
        return _whole(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _whole(text: str) -> bool:
    """Whether a text can be written: it holds no half of a surrogate pair."""
    return bool(text.strip()) and not any("\ud800" <= char <= "\udfff" for char in text)


def _sightings(
    declared: Declared, claim: Claim, codes: list[tuple[str | int, Location]], plan: Plan, look: Look
) -> Iterator[Sighting]:
    declaration = declared.declaration
    statuses = _told(claim) or of_key(declaration.status_key)
    layer = claim.layer or (claim.layers[0] if claim.layers else MAIN)
    listed = claim.code.known or len(codes) > 1
    message = _only(claim.message.finite) if len(codes) == 1 else None
    for code, at in codes:
        words = dict(beside(at, code, look))
        if isinstance(message, str) and message.strip():
            words["message"] = message
        home = Location(at.uri, at.pointer[:-1]) if at.pointer[-2:-1] == ("enum",) else at
        yield Sighting(code, layer, "list" if listed else "exact", _what(at), at, statuses, words, home)


def _told(claim: Claim) -> tuple[Status, ...]:
    """The statuses that the body itself tells, among those that it is declared for."""
    told = [value for value, _ in claim.told.finite or ()]
    if not told or not all(json_type(value) == "integer" and 100 <= value < 600 for value in told):
        return ()
    return tuple(int(value) for value in told if int(value) in claim.statuses.values)


def _only(finite: tuple[tuple[Any, Location], ...] | None) -> Any:
    return finite[0][0] if finite is not None and len(finite) == 1 else None


def _what(at: Location) -> str:
    if "mapping" in at.pointer[-2:-1]:
        return "discriminator"
    return "const" if at.pointer[-1:] == ("const",) else "enum"


def beside(at: Location, code: str | int, look: Look) -> Iterator[tuple[str, str]]:
    """(field, text) of what a schema says about one of its values: by extensions of the enum, or beside a const."""
    pointer = at.pointer
    owner: Pointer = pointer[:-2] if pointer[-2:-1] == ("enum",) else pointer[:-1]
    try:
        schema = look(Location(at.uri, owner))
    except KeyError:
        return
    if not isinstance(schema, Mapping):
        return
    if pointer[-2:-1] != ("enum",):
        if isinstance(text := schema.get("description"), str) and text.strip():
            yield "description", text.strip()
        return
    index = int(pointer[-1])
    for names, word in ((DESCRIPTIONS, "description"), (NAMES, "name")):
        for name in names:
            text = _of_value(schema.get(name), index, code)
            if text and text != code:
                yield word, text
                break
    yield from _of_autorest(schema.get("x-ms-enum"), code)


def _of_value(told: Any, index: int, code: str | int) -> str:
    """What a list or a map of texts says of a value."""
    found = None
    if isinstance(told, list) and index < len(told):
        found = told[index]
    elif isinstance(told, Mapping):
        found = told.get(str(code))
    return found.strip() if isinstance(found, str) and _whole(found) else ""


def _of_autorest(told: Any, code: str | int) -> Iterator[tuple[str, str]]:
    """``x-ms-enum: {values: [{value, name, description}]}``."""
    values = told.get("values") if isinstance(told, Mapping) else None
    for one in values if isinstance(values, list) else ():
        if isinstance(one, Mapping) and one.get("value") == code:
            text = one.get("description")
            if isinstance(text, str) and _whole(text):
                yield "description", text.strip()
