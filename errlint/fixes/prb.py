"""Fixes of problem details (RFC 9457), and of media types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.fixes.cod import below
from errlint.fixes.registry import Case, Offer, Skip, bare, fix
from errlint.fixes.statuses import single
from errlint.model.finding import Location
from errlint.model.fix import AddMember, Edit, Fix, Remove, RenameKey, SetValue
from errlint.model.spec import Declaration, Unresolved

PROBLEM = "application/problem+json"


@fix("PRB001", kind="unsafe")
def say_that_it_is_a_problem(case: Case) -> Iterator[Offer]:
    """The media type of a problem for a problem that is declared as plain JSON."""
    uses = [use for declared, hit in case.hits() if "declared as" in hit.message for use in declared.uses]
    uses += [example.declaration for _, example in case.shown() if case.finding.witness == "example"]
    if any((use.media_type or "").endswith("problem+json") for use in uses):
        yield Skip("whether the body or its media type is wrong, nobody can know")
        return
    yield from renamed(case, uses, PROBLEM)


@fix("HTP005", kind="unsafe")
def write_the_media_type(case: Case) -> Iterator[Offer]:
    """The media type that the envelope has."""
    for declared, _ in case.hits():
        envelopes = [case.plan.signatures[claim.envelope].envelope for claim in declared.claims]
        wanted = list(dict.fromkeys(name for envelope in envelopes for name in envelope.media_types))
        if len(wanted) != 1:
            yield Skip(f"it may be {' or '.join(wanted)}")
        else:
            yield from renamed(case, declared.uses, wanted[0])


def renamed(case: Case, uses: Any, media_type: str) -> Iterator[Offer]:
    """The fixes that give the contents of some declarations another media type, each response once."""
    seen: set[Location] = set()
    for use in uses:
        content = use.response.get("content")
        if bare(use.response.location) in seen:
            continue
        seen.add(bare(use.response.location))
        if case.spec.dialect == "2.0" or content is None:
            yield Skip("its media type is said for all responses at once (produces)")
            continue
        written = next((name for name in content.value if name.strip() == use.media_type), None)
        if written is None or media_type in content.value:
            yield Skip(f"there is a {media_type} already")
        else:
            yield Fix(f"write {media_type} for {written}", (RenameKey(below(content.location, written), media_type),))


@fix("PRB002")
def write_a_number(case: Case) -> Iterator[Offer]:
    """The status of a problem as a number, in examples and in schemas."""
    if case.finding.witness == "example":
        for at in case.anchors:
            value = case.value(at)
            if at.pointer[-1] == "status" and isinstance(value, str) and _is_status(value):
                yield Fix(f"write {int(value)} as a number", (SetValue(at, int(value)),))
        return
    for declared, hit in case.hits():
        if hit.detail != "status":
            continue
        edits = _as_number(case, declared.declaration)
        if edits:
            yield Fix("declare status as an integer", tuple(edits))


def _is_status(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 3 and value.isascii() and value.isdigit()


KNOWN = frozenset(("type", "title", "description", "example", "default", "format", "readOnly", "nullable"))


def _as_number(case: Case, declaration: Declaration) -> list[Edit]:
    """The edits that declare a problem's status as an integer; none where the schema says more than its type."""
    from errlint.fixes.env import member

    schema = member(case, declaration.schema, "status") if declaration.schema is not None else None
    if schema is None:
        return []
    try:
        schema = case.spec.resolve(schema)
    except Unresolved:
        return []
    if schema.value.get("type") != "string" or not KNOWN.issuperset(schema.value):
        return []
    edits: list[Edit] = [SetValue(below(schema.location, "type"), "integer")]
    for name in ("example", "default"):
        if name in schema.value:
            value = schema.value[name]
            edits.append(
                SetValue(below(schema.location, name), int(value))
                if _is_status(value)
                else Remove(below(schema.location, name))
            )
    if "format" in schema.value:
        edits.append(Remove(below(schema.location, "format")))
    return edits


@fix("PRB004", kind="unsafe")
def write_the_phrase(case: Case) -> Iterator[Offer]:
    """The status phrase as the title of a problem that is about:blank."""
    for _, example in case.shown():
        body = example.node.value
        status = body.get("status") if isinstance(body, dict) else None
        if not isinstance(status, int) or isinstance(status, bool):
            status = single(case.finding.status)
        title = phrase(status)
        if not title:
            yield Skip("its status is not known")
            continue
        place = below(example.node.location, "title")
        edit: Edit = SetValue(place, title) if "title" in body else AddMember(example.node.location, "title", title)
        yield Fix(f"write the title {title}", (edit,))


def phrase(status: int | None) -> str:
    """The phrase of a status (RFC 9110 section 15); empty for one that has none."""
    from http import HTTPStatus

    renamed = {413: "Content Too Large", 414: "URI Too Long", 416: "Range Not Satisfiable", 422: "Unprocessable Content"}
    try:
        return renamed.get(status or 0) or HTTPStatus(status or 0).phrase
    except ValueError:
        return ""
