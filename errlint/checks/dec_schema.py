"""DEC: how a document writes the schemas of its errors: shared or inline, with which references, for which layer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from errlint.checks.dec import ordinary
from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.subjects import Documents, ErrorSchema
from errlint.checks.words import layers, shown
from errlint.load.openapi_faults import section
from errlint.match.declared import Declared
from errlint.match.framing import is_json
from errlint.match.plan import Plan
from errlint.match.satisfiable import Clash
from errlint.model import pointer as pointers
from errlint.model.catalog import Code
from errlint.model.claim import Claim
from errlint.model.finding import Related, Severity
from errlint.model.pointer import Pointer
from errlint.model.spec import IgnoredSiblings, MisplacedRef, Unresolved

OFF, NOTE, WARNING, ERROR = Severity

SHARED = ("components", "definitions", "responses", "$defs")
"""Where shared parts stand at the top of a document."""


def _writes_json(declared: Declared) -> bool:
    """Whether a JSON error of an operation is declared that has errors to share; a health check's report is its own."""
    return ordinary(declared.declaration.operation) and is_json(declared.declaration.bare_type)


@check("DEC007", "inline-error", OFF, Declared, applies=_writes_json)
def inline_error(declared: Declared, plan: Plan) -> Iterator[Verdict]:
    """An error schema that stands at its response instead of in a component that all operations share."""
    schema = declared.schema
    home = declared.declaration.operation.node.uri
    if schema.uri != home or schema.pointer[:1] in {(name,) for name in SHARED} or _borrowed(schema.value, 0):
        return
    yield Hit(
        f"the schema of {declared.declaration.status_key} is written at {declared.declaration.operation.label}, not shared",
        at=schema.location,
        merged="{share} error schemas are written at their operation, not shared",
        shared=True,
    )


def _borrowed(schema: Any, depth: int) -> bool:
    """Whether a schema is made of shared ones: a reference, branches that all are, an allOf with one, a list of such."""
    if not isinstance(schema, dict) or depth > 5:
        return False
    if "$ref" in schema:
        return True
    for keyword, wanted in (("oneOf", all), ("anyOf", all), ("allOf", any)):
        branches = schema.get(keyword)
        if isinstance(branches, list) and branches and wanted(_borrowed(branch, depth + 1) for branch in branches):
            return True
    return "items" in schema and _borrowed(schema["items"], depth + 1)


KINDS = {
    "schemas": "a schema",
    "definitions": "a schema",
    "responses": "a response",
    "parameters": "a parameter",
    "examples": "an example",
    "requestBodies": "a request body",
    "headers": "a header",
    "securitySchemes": "a security scheme",
    "links": "a link",
    "callbacks": "a callback",
    "pathItems": "a path item",
    "mediaTypes": "a media type",
}


def _misplaced(wanted: str, target: Pointer) -> str:
    name = target[0] if len(target) == 2 else target[1]
    return f"{wanted} is wanted here, the reference leads to {KINDS.get(name, name)}: #{pointers.text(target)}"


@check("DEC008", "misplaced-ref", ERROR, MisplacedRef)
def misplaced_ref(reference: MisplacedRef, plan: Plan) -> Iterator[Verdict]:
    """A reference to an error response, or inside an error schema, that leads to a component of another kind."""
    yield Hit(_misplaced(reference.wanted, reference.target), at=reference.location, shared=True)


@check("DEC008", "misplaced-ref", ERROR, ErrorSchema)
def misplaced_schema_ref(schema: ErrorSchema, plan: Plan) -> Iterator[Verdict]:
    """An error schema that is a reference to a component that is no schema."""
    written = schema.declared.declaration.schema
    if written is None or not isinstance(written.value, dict) or "$ref" not in written.value:
        return
    try:
        target = schema.spec.resolve(written)
    except Unresolved:
        return
    if section(target.pointer, schema.spec.dialect) not in ("", "schemas"):
        yield Hit(_misplaced("a schema", target.pointer), at=written.location)


@check("DEC009", "ignored-ref-siblings", NOTE, IgnoredSiblings)
def ignored_ref_siblings(reference: IgnoredSiblings, plan: Plan) -> Iterator[Verdict]:
    """Keywords beside a reference, where every reader must ignore them."""
    names = ", ".join(map(shown, reference.keywords[:6])) + (" ..." if len(reference.keywords) > 6 else "")
    have = "have" if len(reference.keywords) > 1 else "has"
    message = f"{names} beside $ref {have} no effect in OpenAPI {reference.dialect}"
    yield Hit(message, at=reference.location, detail=names, shared=True)


@check("DEC010", "unsatisfiable-schema", ERROR, ErrorSchema)
def unsatisfiable_schema(schema: ErrorSchema, plan: Plan) -> Iterator[Verdict]:
    """An error schema that no body can meet."""
    found = schema.clash
    if found is not None:
        related = () if found.other is None else (Related(found.other, _keyword(*found.keywords[1])),)
        yield Hit(f"no body meets this error schema: {_told(found)}", at=found.at, shared=True, related=related)


def _told(clash: Clash) -> str:
    words = [_keyword(keyword, value) for keyword, value in clash.keywords]
    if len(words) == 1:
        return f"{words[0]} admits nothing"
    return f"{' and '.join(words)} exclude one another" if words else "its keywords exclude one another"


def _keyword(keyword: str, value: Any) -> str:
    """A keyword with its value, as a sentence has it: ``const A``, ``enum A, B``."""
    if keyword == "additionalProperties":
        return "additionalProperties: false"
    if isinstance(value, list) and value:
        return f"{keyword} {', '.join(map(shown, value[:3]))}{' ...' if len(value) > 3 else ''}"
    return "an empty enum" if value == [] else f"{keyword} {shown(value)}"


@check("DEC012", "ambiguous-layer", NOTE, Documents, alone=OFF)
def ambiguous_layer(documents: Documents, plan: Plan) -> Iterator[Verdict]:
    """Declared responses that are of two layers alike, once for each document."""
    found: dict[str, list[tuple[Declared, tuple[str, ...]]]] = {}
    for declared in documents.declared if len(plan.layers) > 1 else ():
        for claim in () if declared.empty else declared.claims:  # what accepts anything is ENV005
            rivals = _rivals(claim, plan)
            if len(rivals) > 1:
                found.setdefault(declared.declaration.operation.node.uri, []).append((declared, rivals))
                break
    for undecided in found.values():
        declared, rivals = undecided[0]
        number = len(undecided)
        more = f" (and {number - 1} more like it)" if number > 1 else ""
        yield Hit(
            f"{declared.declaration.operation.label} {declared.declaration.status_key} may be of {layers(rivals)}{more}",
            at=declared.declaration.location,
            detail=", ".join(rivals),
            shared=True,
            related=(Related(declared.schema.location, "its schema fits them alike"),),
        )


def _rivals(claim: Claim, plan: Plan) -> tuple[str, ...]:
    """The layers that a declared claim may be of where neither its codes nor its statuses decide."""
    using = tuple(layer for layer in claim.layers if plan.layers[layer].in_spec != "forbidden" and _knows(plan, layer, claim))
    if len(using) < 2:
        return ()
    listed = claim.code.presence != "absent"
    values = [value for value, _ in claim.code.scalars() if plan.entries(using, value)] if listed else [None]
    for value in values:
        owners = plan.owners(using, value)
        under = tuple(owner for owner in owners if _has_status(claim, plan.entries((owner,), value)))
        if len(under or owners) > 1:
            return under or owners
    return using if claim.code.finite is None and claim.code.presence != "absent" else ()


def _knows(plan: Plan, layer: str, claim: Claim) -> bool:
    """Whether a layer can answer with the claim's status: one that is closed lists all its errors."""
    return not plan.layers[layer].closed or _has_status(claim, (code for code in plan.codes if code.layer == layer))


def _has_status(claim: Claim, codes: Iterable[Code]) -> bool:
    return any(not code.statuses.values.isdisjoint(claim.statuses.values) for code in codes)


@check("DEC016", "forbidden-layer-declared", WARNING, Claim, alone=OFF)
def forbidden_layer_declared(claim: Claim, plan: Plan) -> Iterator[Verdict]:
    """A declared error of a layer that the catalog keeps out of documents."""
    if claim.observed or not any(plan.layers[layer].in_spec == "forbidden" for layer in claim.layers):
        return
    found: dict[str, list[tuple[str, Any]]] = {}
    for value, at in claim.code.scalars():
        owners = plan.owners(claim.layers, value)
        if all(plan.layers[owner].in_spec == "forbidden" for owner in owners):
            found.setdefault(owners[0], []).append((shown(value), at))
    for layer, codes in found.items():
        names = ", ".join(name for name, _ in codes[:6]) + (f" and {len(codes) - 6} more" if len(codes) > 6 else "")
        be = "are codes" if len(codes) > 1 else "is a code"
        message = f"{names} {be} of layer {layer}, which the catalog keeps out of documents"
        yield Hit(message, at=codes[0][1], layer=layer, detail=names, shared=True, part=claim.part)
    if not claim.code.scalars() and all(plan.layers[layer].in_spec == "forbidden" for layer in claim.layers):
        message = f"the schema is an error of {layers(claim.layers)}, which the catalog keeps out of documents"
        only = claim.layers[0] if len(claim.layers) == 1 else None
        yield Hit(message, at=claim.location, layer=only, shared=True, part=claim.part)
