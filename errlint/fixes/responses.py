"""Error responses that the catalog promises and an operation does not declare (DEC001, DEC004, COV003 to COV008)."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.fixes.cod import below
from errlint.fixes.contract import NO_CATALOG, limited_to, promised, response_of, schema_place
from errlint.fixes.registry import Case, Offer, Skip, fix
from errlint.model.fix import AddMember, Edit, Fix
from errlint.model.spec import Declaration, Node, Operation, Unresolved

MISSING = {"COV003": "401", "COV004": "403", "COV005": "404", "COV006": "400", "COV007": "429", "COV008": "500"}


@fix("DEC001", kind="generated")
def declare_errors(case: Case) -> Iterator[Offer]:
    """The statuses that the catalog names for the operation, else ``default`` with all codes of its layer."""
    for operation in case.operations():
        named = [code for code in case.plan.codes if code.operations and limited_to(code, operation)]
        keys = sorted({code.statuses.text for code in named if len(code.statuses.values) == 1})
        for key in keys or ["default"]:
            yield declared(case, operation, key)


@fix(*MISSING, kind="generated")
def declare_the_status(case: Case) -> Iterator[Offer]:
    """The status that the operation must be expected to answer."""
    for operation in case.operations():
        yield declared(case, operation, MISSING[case.finding.rule])


def declared(case: Case, operation: Operation, key: str) -> Offer:
    """The fix that declares what the catalog promises under a status key."""
    promise = promised(case, operation, key)
    if isinstance(promise, Skip):
        return promise
    if operation.node.uri != case.spec.uri:
        return Skip("the operation stands in another file")
    responses = operation.node.get("responses")
    edits: list[Edit] = []
    if responses is None:
        edits.append(AddMember(operation.node.location, "responses", {}))
        responses = Node(operation.node.uri, (*operation.node.pointer, "responses"), {})
    try:
        responses = case.spec.resolve(responses)
    except Unresolved:
        return Skip("its responses cannot be read")
    if key in operation.statuses or responses.uri != case.spec.uri:
        return Skip(f"{key} is declared already")
    place = response_of(case, promise)
    if isinstance(place, Skip):
        return place
    edits += [*place.edits, AddMember(responses.location, key, {"$ref": place.ref})]
    return Fix(f"declare {key} for {operation.label} ({place.name})", tuple(edits))


@fix("DEC004", kind="generated")
def give_the_schema(case: Case) -> Iterator[Offer]:
    """The schema that the catalog promises, at the response; at a shared one only where it has one status."""
    if not case.plan:
        yield NO_CATALOG
        return
    for declaration in case.declarations_at(case.anchors):
        yield _schema(case, declaration)


def _schema(case: Case, declaration: Declaration) -> Offer:
    response, key = declaration.response, declaration.status_key
    if response.uri != case.spec.uri:
        return Skip("the response stands in another file")
    sharing = case.sharing(response)
    if {other.status_key for other in sharing} != {key}:
        return Skip("several statuses share the response")
    promise = promised(case, declaration.operation, key, declaration.statuses)
    if isinstance(promise, Skip):
        return promise
    for other in sharing:
        theirs = promised(case, other.operation, key, other.statuses)
        if isinstance(theirs, Skip) or theirs.entries != promise.entries:
            return Skip("the operations that share the response answer different codes")
    place = schema_place(case, promise)
    if isinstance(place, Skip):
        return place
    text, edits, reference = f"give {key} a schema", place.edits, {"$ref": place.ref}
    if case.spec.dialect == "2.0":
        return Fix(text, (*edits, AddMember(response.location, "schema", reference)))
    written, media_type = response.get("content"), promise.media_type
    if written is None:
        return Fix(text, (*edits, AddMember(response.location, "content", {media_type: {"schema": reference}})))
    if written.value == {}:
        return Fix(text, (*edits, AddMember(written.location, media_type, {"schema": reference})))
    media = written.value.get(media_type)
    if not isinstance(media, dict) or "$ref" in media:
        return Skip(f"it is declared as another media type than {media_type}")
    return Fix(text, (*edits, AddMember(below(written.location, media_type), "schema", reference)))
