"""Declarations, reduced: which envelope a declared error schema can produce, and the claims that it makes.

A response that many operations share is read once for each status key and set of layers; ``uses`` are its operations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from errlint.match.cube import Finite, distinct
from errlint.match.domain import variants
from errlint.match.envelope import PROBLEM_MEMBERS, extracted
from errlint.match.fit import Branch, fit
from errlint.match.plan import Plan
from errlint.match.standalone import CannotValidate, first_error, standalone
from errlint.model.catalog import Envelope, Place
from errlint.model.claim import ABSENT_VALUES, Claim, Values, Variant
from errlint.model.exchange import ABSENT
from errlint.model.finding import Location
from errlint.model.pointer import Pointer
from errlint.model.record import record, replace
from errlint.model.spec import Declaration, Node, Spec, Unresolved
from errlint.model.status import ANY, Statuses


@record
class Declared:
    """One distinct declared error response: its uses, the ways to meet its schema, and its claims.

    ``spread`` says under which statuses each written code, and each status told in a body, stands in the whole document: a
    list that several responses share is wrong about a code only where none of them fits it. It is complete once all
    responses are reduced.
    """

    declaration: Declaration
    uses: tuple[Declaration, ...]
    layers: tuple[str, ...]
    branches: tuple[Branch, ...]
    claims: tuple[Claim, ...]
    empty: bool
    framework: str
    schema: Node
    spread: Mapping[Location, Statuses]

    @property
    def location(self) -> Location:
        return self.declaration.location

    @property
    def fits(self) -> bool:
        return any(branch.fit == "match" for branch in self.branches)


def reduce(spec: Spec, plan: Plan) -> tuple[Declared, ...]:
    """The distinct error responses of a document that have a schema, in document order."""
    groups: dict[tuple[Any, ...], list[Declaration]] = {}
    read_as: dict[tuple[Any, ...], tuple[Node, tuple[str, ...]]] = {}
    for declaration in spec.declarations:
        if not declaration.error or declaration.schema is None or declaration.statuses is None:
            continue
        operation = declaration.operation
        layers = plan.covering(operation, operation.method, operation.path, declaration.layer)
        schema = _followed(spec, declaration.schema)
        identity = (schema.uri, schema.pointer, declaration.statuses, declaration.media_type, layers)
        groups.setdefault(identity, []).append(declaration)
        read_as[identity] = (schema, layers)
    memo: dict[tuple[Any, ...], tuple[tuple[Branch, ...], bool, str]] = {}
    spread: dict[Location, Statuses] = {}
    return tuple(_declared(spec, plan, uses, *read_as[identity], memo, spread) for identity, uses in groups.items())


def _followed(spec: Spec, schema: Node) -> Node:
    """The schema where it is written: behind references that have no siblings of their own."""
    while isinstance(schema.value, dict) and [key for key in schema.value if not key.startswith("x-")] == ["$ref"]:
        try:
            target = spec.step(schema)
        except Unresolved:
            return schema
        if target.pointer == schema.pointer and target.uri == schema.uri:
            return schema
        schema = target
    return schema


def _declared(
    spec: Spec,
    plan: Plan,
    uses: list[Declaration],
    schema: Node,
    layers: tuple[str, ...],
    memo: dict[tuple[Any, ...], tuple[tuple[Branch, ...], bool, str]],
    spread: dict[Location, Statuses],
) -> Declared:
    first = uses[0]
    problem = first.bare_type.endswith("problem+json")
    identity = (schema.uri, schema.pointer, layers, problem)
    if identity not in memo:
        memo[identity] = _read(spec, plan, schema, layers, PROBLEM if problem else ())
    branches, empty, framework = memo[identity]
    claims = tuple(_claims(plan, first, layers, branches))
    for claim in claims:
        for at in dict.fromkeys(at for _, at in (*claim.code.scalars(), *claim.told.scalars())):
            known = spread.get(at)
            spread[at] = claim.statuses if known is None else _both(known, claim.statuses)
    return Declared(first, tuple(uses), layers, branches, claims, empty, framework, schema, spread)


def _both(one: Statuses, other: Statuses) -> Statuses:
    if other.values <= one.values:
        return one
    return Statuses(one.values | other.values, f"{one.text}, {other.text}")


PROBLEM: tuple[Pointer, ...] = tuple((name,) for name in PROBLEM_MEMBERS)
"""The members of a problem, read wherever a response is declared as one."""


def _read(
    spec: Spec, plan: Plan, schema: Node, layers: tuple[str, ...], besides: tuple[Pointer, ...]
) -> tuple[tuple[Branch, ...], bool, str]:
    signatures = plan.signatures_of(layers)
    # A catalog may place a role where the envelope's schema says nothing: a problem's extension member, /code.
    roles = (pointer for one in signatures for place in one.envelope.roles.values() for pointer in place.pointers)
    asked = sorted({*besides, *(part.pointer for signature in signatures for part in signature.parts), *roles})
    found = [_of_elements(variant) for variant in variants(schema, asked, spec.step, spec.dialect)]
    framework = framework_of(schema, spec)
    # A problem+json schema has no required member by RFC 9457, so "accepts {}" is no fault of it.
    loose = any(variant.exact and not variant.demands and "object" in variant.types for variant in found)
    empty = loose and not {"type", "title"} <= _members(found) and _accepts_nothing(schema, spec)
    branches = []
    for variant in found:
        branches.append(fit(dict(variant.values), variant, signatures))
    return tuple(branches), empty, framework


def _of_elements(variant: Variant) -> Variant:
    """The variant as its elements are: what each must have is required, although a list of errors may be empty."""
    values = {
        pointer: replace(found, presence="required") if found.each and found.presence == "optional" else found
        for pointer, found in variant.values.items()
    }
    return replace(variant, values=values)


def _accepts_nothing(schema: Node, spec: Spec) -> bool:
    """Whether the empty object is valid; the ways to meet a schema know nothing of its minProperties."""
    if _surely(schema, spec):
        return True
    whole = standalone(schema, spec.step, spec.dialect)
    try:
        return whole is not None and first_error(whole, {}) is None
    except CannotValidate:
        return False


HARMLESS = frozenset(
    ("properties", "additionalProperties", "description", "title", "example", "examples", "xml", "externalDocs", "nullable")
)
"""Keywords that the empty object meets whatever they say."""


def _surely(schema: Node, spec: Spec, deepest: int = 8) -> bool:
    """Whether a schema plainly admits the empty object, so that no validator has to be built to know it."""
    value = schema.value
    if not isinstance(value, dict) or not deepest:
        return False
    if "$ref" in value:
        try:
            return spec.dialect != "3.1" and _surely(spec.step(schema), spec, deepest - 1)
        except Unresolved:
            return False
    for keyword, said in value.items():
        if keyword in HARMLESS or keyword.startswith("x-") or (keyword, said) in (("type", "object"), ("required", [])):
            continue
        if keyword != "allOf" or not isinstance(said, list):
            return False
        parts = (Node(schema.uri, (*schema.pointer, keyword, str(index)), part) for index, part in enumerate(said))
        if not all(_surely(part, spec, deepest - 1) for part in parts):
            return False
    return True


def _members(found: Iterable[Any]) -> set[str]:
    return {name for variant in found for name in variant.members}


FRAMEWORKS = {
    "FastAPI": {"HTTPValidationError", "ValidationError"},
    "ASP.NET": {"ProblemDetails", "ValidationProblemDetails", "HttpValidationProblemDetails", "SerializableError"},
    "Spring": {"DefaultErrorAttributes", "ErrorAttributes"},
    "Django REST framework": {"DRFError", "DRFValidationError"},
}


SHAPES = {
    "Litestar": frozenset(("status_code", "detail", "extra")),
    "flask-smorest": frozenset(("code", "status", "message", "errors")),
    "APIFlask": frozenset(("detail", "message")),
}
"""The members of schemas that Litestar 2.25, flask-smorest 0.47 and APIFlask 3.1 generate under a common name or none."""
NAMED = {"APIFlask": {"HTTPError", "ValidationError"}, "flask-smorest": {"Error"}}
"""How their components are called, where they are components."""


def framework_of(schema: Node, spec: Spec) -> str:
    """The framework whose generated schema this is, by the component's name or its members; empty where it is nobody's.

    The names are those that FastAPI, Swashbuckle, springdoc and drf-standardized-errors generate.
    """
    names = [schema.pointer[-1] if schema.pointer else ""]
    reference = schema.value.get("$ref") if isinstance(schema.value, dict) else None
    if isinstance(reference, str):
        names.append(reference.rsplit("/", 1)[-1])
    properties = schema.value.get("properties") if isinstance(schema.value, dict) else None
    members = frozenset(properties) if isinstance(properties, dict) else frozenset[str]()
    for framework, known in SHAPES.items():
        if members == known and (framework not in NAMED or NAMED[framework].intersection(names)):
            return framework
    return next((framework for framework, known in FRAMEWORKS.items() if known.intersection(names)), "")


def _claims(plan: Plan, declaration: Declaration, layers: tuple[str, ...], branches: tuple[Branch, ...]) -> Iterator[Claim]:
    for part, branch in enumerate(branches):
        if branch.signature is None:
            continue
        envelope = branch.signature.envelope
        using = tuple(layer for layer in layers if envelope.id in plan.layers[layer].envelopes)
        code = _code(branch, envelope, declaration)
        owners = {owner for value, _ in code.finite or () for owner in plan.owners(using, value)}
        owning = tuple(layer for layer in using if layer in owners) if owners else using
        yield Claim(
            layer=owning[0] if len(owning) == 1 else None,
            layers=owning,
            envelope=envelope.id,
            code=code,
            statuses=declaration.statuses or ANY,
            message=_values(branch, envelope.roles.get("message")),
            told=_values(branch, envelope.roles.get("status")),
            exact=code.exact,
            witness="schema",
            part=part,
            location=branch.at or (declaration.schema or declaration.use).location,
        )


def _code(branch: Branch, envelope: Envelope, declaration: Declaration) -> Values:
    """What the code may be: at its place; the declared status itself; or none."""
    if envelope.code_is == "place":
        return _values(branch, envelope.roles.get("code"))
    if envelope.code_is == "none":
        return ABSENT_VALUES
    at = declaration.use.location
    integer = frozenset(("integer",))
    written = declaration.status_key.isdigit() and declaration.statuses is not None
    if not written:  # a range or default: any of its statuses, who knows which
        return Values(types=integer, exact=False, location=at)
    return Values(types=integer, finite=tuple((status, at) for status in sorted((declaration.statuses or ANY).values)))


def _values(branch: Branch, place: Place | None) -> Values:
    """What a branch can put at a role: at the first of its pointers that may hold anything."""
    for pointer in place.pointers if place is not None else ():
        found = branch.values.get(pointer, ABSENT_VALUES)
        if found.presence != "absent":
            return _extracted(found, place)
    return ABSENT_VALUES


def _extracted(found: Values, place: Place | None) -> Values:
    """The values that a place's expression takes out of those that stand there: where it takes none, there is none."""
    if place is None or place.extract is None:
        return found
    types = (found.types & {"string", "null"}) or found.types
    known = _taken(place, found.known)
    if found.finite is None:
        return replace(found, types=types, pattern=None, exact=False, known=known)
    return replace(found, types=types, pattern=None, finite=_taken(place, found.finite))


def _taken(place: Place, values: Finite) -> Finite:
    taken = ((extracted(place, value), at) for value, at in values)
    return distinct(tuple((value, at) for value, at in taken if value is not ABSENT))
