"""Two versions of one envelope: what clients find where they found it, and what they do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from errlint.model import pointer as pointers
from errlint.model.catalog import ROLES, Envelope, Place
from errlint.model.pointer import Pointer
from errlint.model.record import record

WORDS = {"request_id": "request id", "status": "status in the body"}
CARRIED = {"none": "no code", "status": "the HTTP status as code", "place": "a code of its own"}


@record
class Difference:
    """One thing that differs between two envelopes: the fact, whether it breaks clients, and the member that says so."""

    text: str
    breaking: bool
    member: str = ""


def same_places(old: Envelope, new: Envelope) -> bool:
    """Whether who reads the older envelope can read the newer one."""
    return not any(one.breaking for one in differences(old, new))


def differences(old: Envelope, new: Envelope) -> Iterator[Difference]:
    """What differs between two envelopes, for those who read the older one."""
    if old.framing != new.framing:
        yield Difference(f"the framing is {new.framing} (was {old.framing})", True, "framing")
    if old.code_is != new.code_is:
        yield Difference(f"it carries {CARRIED[new.code_is]} (was {CARRIED[old.code_is]})", True, "code")
    for role in ROLES:
        one, two = old.roles.get(role), new.roles.get(role)
        what = WORDS.get(role, role)
        if one is not None and two is not None:
            yield from _of_role(role, f"the {what}", one, two)
        elif one is not None and (role != "code" or old.code_is == new.code_is):
            yield Difference(f"the {what} is gone (was at {where(one)})", True, role)
        elif two is not None and role != "code":
            yield Difference(f"there is a {what} at {where(two)}", False, role)
    yield from _of_media(old.media_types, new.media_types)
    yield from _of_members(old, new)


def where(place: Place) -> str:
    """``/error/code``, ``/code or /error/code``, ``the header x-ms-error-code``."""
    parts = [pointers.text(pointer) or "the whole body" for pointer in place.pointers]
    return " or ".join([*parts, *((f"the header {place.header}",) if place.header else ())]) or "no place"


def _of_role(role: str, what: str, old: Place, new: Place) -> Iterator[Difference]:
    lost = set(old.pointers) - set(new.pointers)
    header = (old.header or "").lower() != (new.header or "").lower()
    if lost or (header and old.header):
        yield Difference(f"{what} moved from {where(old)} to {where(new)}", True, role)
    elif set(new.pointers) - set(old.pointers) or header:
        yield Difference(f"{what} stands at {where(new)} too", False, role)
    if old.types and new.types and set(old.types) != set(new.types):
        wider = not set(new.types) <= set(old.types)
        yield Difference(f"{what} is {_types(new)} (was {_types(old)})", wider, role)
    if old.required and not new.required:
        yield Difference(f"{what} may be absent", True, role)
    if old.extract != new.extract:
        yield Difference(f"{what} is packed in another way (extract)", True, role)


def _types(place: Place) -> str:
    return " or ".join(place.types)


def _of_media(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Difference]:
    if old and new and set(old) != set(new):
        said = f"the media type is {' or '.join(new)} (was {' or '.join(old)})"
        yield Difference(said, bool(set(new) - set(old)) and bool(set(old) - set(new)), "media_types")


def _of_members(old: Envelope, new: Envelope) -> Iterator[Difference]:
    """Members that the schema required and that may be absent now, or of another type; what roles say of them counts more."""
    told = {pointer for envelope in (old, new) for place in envelope.roles.values() for pointer in place.pointers}
    told = {pointer[:length] for pointer in told for length in range(1, len(pointer) + 1)}
    kept = {pointer for place in _kept(old, new) for pointer in place}
    before, after = dict(_members(old.schema, (), 0)), dict(_members(new.schema, (), 0))
    for pointer, (needed, kind) in before.items():
        known = after.get(pointer)
        if not after or (pointer in told and pointer not in kept):
            continue
        if needed and pointer not in told and (known is None or not known[0]):
            yield Difference(f"the member {pointers.text(pointer)} may be absent", True, "schema")
        elif known is not None and kind and known[1] and not known[1] <= kind:
            said = f"the member {pointers.text(pointer)} is {' or '.join(sorted(known[1]))} (was {' or '.join(sorted(kind))})"
            yield Difference(said, True, "schema")


def _kept(old: Envelope, new: Envelope) -> Iterator[set[Pointer]]:
    """The places, and all above them, of the roles that did not move and of whose types only the schemas speak."""
    for role, one in old.roles.items():
        two = new.roles.get(role)
        if two is not None and one.pointers == two.pointers and not one.types and not two.types:
            yield {at[:length] for at in one.pointers for length in range(1, len(at) + 1)}


DEEPEST = 8


def _members(schema: Any, at: Pointer, depth: int) -> Iterator[tuple[Pointer, tuple[bool, frozenset[str]]]]:
    """The members that a schema plainly has, with whether it requires them and their JSON types."""
    if not isinstance(schema, Mapping) or depth > DEEPEST:
        return
    properties, required = schema.get("properties"), schema.get("required")
    needed = set(map(str, required)) if isinstance(required, list) else set()
    for name in dict.fromkeys((*(properties if isinstance(properties, Mapping) else ()), *sorted(needed))):
        inner = properties.get(name) if isinstance(properties, Mapping) else None
        kinds = inner.get("type") if isinstance(inner, Mapping) else None
        types = frozenset(map(str, kinds)) if isinstance(kinds, list) else frozenset((kinds,)) if isinstance(kinds, str) else ()
        yield (*at, name), (name in needed, frozenset(types))
        yield from _members(inner, (*at, name), depth + 1)
