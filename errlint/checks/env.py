"""ENV: the shape of error bodies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.checks.registry import Hit, Unsure, Verdict, check
from errlint.checks.subjects import Documents, ShownExample
from errlint.checks.words import TRIED, promise, shown
from errlint.match import defaults
from errlint.match.answer import Answer
from errlint.match.declared import Declared
from errlint.match.envelope import Signature
from errlint.match.fit import having, kind, kinds, lacking
from errlint.match.framing import is_json
from errlint.match.plan import Plan
from errlint.model.claim import json_type
from errlint.model.finding import Severity

OFF, NOTE, WARNING, ERROR = Severity


def _promised(plan: Plan, names: tuple[str, ...]) -> str:
    """The envelopes that these layers promise: ``eventml``, or ``openai or vllm-flat``."""
    ids = [signature.envelope.id for signature in plan.signatures_of(names)]
    return " or ".join(dict.fromkeys(ids))


@check("ENV001", "not-an-envelope", ERROR, Answer, alone=OFF)
def answer_is_no_envelope(answer: Answer, plan: Plan) -> Iterator[Verdict]:
    """An error body that fits no envelope of the layers that may answer there."""
    framed = answer.framed
    if not answer.error or not answer.layers or answer.signature is not None or framed.kind != "json":
        return
    promised = [signature for signature in plan.signatures_of(answer.layers) if not signature.envelope.generic]
    if not promised or not framed.values:
        return
    value = framed.values[0]
    if answer.foreign is not None:
        what = f"a body of envelope {answer.foreign.envelope.id}"
        yield Hit(
            f"{what}{defaults.named(framed)}, where {promise(answer.layers)} {_promised(plan, answer.layers)}",
            layer=_one(answer.layers),
            detail=answer.foreign.envelope.id,
        )
        return
    closest, differs = _closest(promised, value)
    message = f"the body is not the envelope {closest.envelope.id}: {differs}{defaults.named(framed)}"
    yield Hit(message, layer=_one(answer.layers), detail=f"{closest.envelope.id} {differs}")


def _one(names: tuple[str, ...]) -> str | None:
    return names[0] if len(names) == 1 else None


def _closest(signatures: list[Signature], value: Any) -> tuple[Signature, str]:
    """The envelope that shares most members with a body, and the first member that differs."""
    scored = [(_shared(signature, value), -index, signature) for index, signature in enumerate(signatures)]
    signature = max(scored, key=lambda item: item[:2])[2]
    return signature, _difference(signature, value)


def _shared(signature: Signature, value: Any) -> int:
    return sum(1 for part in signature.parts if _at(value, part.pointer)[0])


def _at(value: Any, pointer: tuple[str, ...]) -> tuple[bool, Any]:
    from errlint.model import pointer as pointers

    for _, item in pointers.walk(value, pointer):
        return True, item
    return False, None


def _difference(signature: Signature, value: Any) -> str:
    if not isinstance(value, dict):
        return f"it is {kind(json_type(value))}, not an object"
    for part in signature.parts:
        there, item = _at(value, part.pointer)
        name = ".".join(part.pointer)
        if not there and part.required:
            return lacking(part.pointer)
        if there and part.role is None and part.types is not None and json_type(item) not in part.types:
            return f"{name} is {kind(json_type(item))}, not {kinds(part.types)}"
        if there and part.role is None and part.constants is not None and item not in part.constants:
            return f"{name} is {shown(item)}, not {' or '.join(map(shown, part.constants))}"
    for pointer in signature.forbidden:
        if _at(value, pointer)[0]:
            return having(pointer)
    return "its members do not fit"


@check("ENV001", "not-an-envelope", ERROR, Declared, alone=OFF)
def schema_is_no_envelope(declared: Declared, plan: Plan) -> Iterator[Verdict]:
    """A declared error schema that can produce no envelope of the layers that may answer there."""
    named = declared.declaration.layer
    if plan and named is not None and named not in plan.layers:
        yield Unsure(f"what layer {named} answers: the catalog has no such layer")
        return
    if not declared.branches or any(branch.fit != "mismatch" for branch in declared.branches):
        if declared.branches and all(branch.fit == "unknown" for branch in declared.branches) and declared.layers:
            yield Unsure("whether this response has the promised shape: its schema is too involved")
        return
    branch = declared.branches[0]
    if branch.closest is None or branch.closest.envelope.generic or not is_json_type(declared):
        return
    what = f"the {declared.framework} schema" if declared.framework else "the schema"
    yield Hit(
        f"{what} is not the envelope {branch.closest.envelope.id}: {branch.differs}",
        at=declared.schema.location,
        layer=_one(declared.layers),
        detail=f"{branch.closest.envelope.id} {branch.differs}",
        shared=True,
    )


def is_json_type(declared: Declared) -> bool:
    """Whether a response is declared as JSON; text and binary errors are HTP006's business."""
    media_type = declared.declaration.bare_type
    return is_json(media_type) or media_type in ("*/*", "application/*", "")


@check("ENV002", "branch-not-an-envelope", ERROR, Declared, alone=OFF)
def branch_is_no_envelope(declared: Declared, plan: Plan) -> Iterator[Verdict]:
    """A oneOf or anyOf of which some branches, not all, can produce an allowed envelope."""
    if not declared.fits or not is_json_type(declared):
        return
    for branch in declared.branches:
        if branch.fit == "mismatch" and branch.closest is not None and not branch.closest.envelope.generic:
            name = "/".join(branch.at.pointer[-2:]) if branch.at else "one branch"
            yield Hit(
                f"{name} is not the envelope {branch.closest.envelope.id}: {branch.differs}",
                at=branch.at,
                layer=_one(declared.layers),
                detail=f"{name} {branch.differs}",
                shared=True,
            )


@check("ENV005", "accepts-anything", WARNING, Declared, applies=lambda d: not d.framework)
def accepts_anything(declared: Declared, plan: Plan) -> Iterator[Verdict]:
    """An error schema that the empty object satisfies."""
    if declared.empty and is_json_type(declared):
        message = "the error schema accepts {}: it requires no member"
        yield Hit(message, at=declared.schema.location, shared=True)


@check("ENV006", "mixed-envelopes", WARNING, Documents)
def mixed_envelopes(documents: Documents, plan: Plan) -> Iterator[Verdict]:
    """Errors of several shapes that clients of one document must parse, which no layer explains."""
    shapes = documents.shapes
    if len(shapes) < 2:
        return
    told = "; ".join(f"{{{', '.join(shape.members)}}} in {shape.count}" for shape in shapes[:4])
    more = f"; {len(shapes) - 4} more" if len(shapes) > 4 else ""
    message = f"{len(shapes)} shapes of error body, by responses: {told}{more}"
    yield Hit(message, at=shapes[1].location, related=shapes[0].related(), detail="shapes")


@check("ENV007", "error-under-success", WARNING, Answer)
def error_under_success(answer: Answer, plan: Plan) -> Iterator[Verdict]:
    """A 2xx answer whose whole body is an error envelope that documents no such status."""
    status = answer.observation.status
    if status is None or not 200 <= status < 300 or answer.observation.witness == "example":
        return
    if answer.signature is None or answer.signature.envelope.generic or not answer.claims or answer.streamed:
        return  # a stream's status was sent before its error was known
    covered = answer.signature.envelope.statuses
    if covered is not None and status in covered:
        return
    claim = answer.claims[0]
    if claim.code.finite is None or not answer.signature.strictly(claim.value):
        return
    code = claim.code.finite[0][0]
    message = f"an error ({shown(code)}) came with {status}"
    yield Hit(message, code=str(code), layer=claim.layer)


@check("ENV010", "invalid-example", ERROR, ShownExample, alone=WARNING)
def invalid_example(example: ShownExample, plan: Plan) -> Iterator[Verdict]:
    """An example of an error that breaks the schema it stands beside."""
    problem = example.problem
    if problem is None:
        return
    pointer, message = problem
    at = example.at(pointer)
    what = "the example" if example.name == "example" else f"example {shown(example.name)}"
    yield Hit(f"{what} breaks its schema: {message}", at=at, detail=f"{example.name} {pointer}")


@check("ENV011", "unparseable-body", ERROR, Answer)
def unparseable_body(answer: Answer, plan: Plan) -> Iterator[Verdict]:
    """An answer that says it is JSON, whose body is not."""
    framed = answer.framed
    if answer.error and framed.said == "json" and framed.problem and answer.expects_body:
        message = f"the body is no JSON, the Content-Type says {answer.observation.media_type}: {framed.problem}"
        yield Hit(message, detail="unparseable")


@check("ENV012", "empty-body", WARNING, Answer)
def empty_body(answer: Answer, plan: Plan) -> Iterator[Verdict]:
    """An error without a body, of a layer that promises an envelope."""
    if not answer.error or answer.observation.dropped or answer.framed.kind != "empty" or not answer.expects_body:
        return
    if answer.layers:
        promised = _promised(plan, answer.layers)
        yield Hit(f"the error has no body, where {promise(answer.layers)} {promised}", layer=_one(answer.layers))


@check("ENV015", "unclaimed-response", WARNING, Answer, alone=OFF)
def unclaimed_response(answer: Answer, plan: Plan) -> Iterator[Verdict]:
    """An error that no layer of the catalog covers: a stray path, an undeclared method."""
    observation = answer.observation
    if not plan or answer.layers or observation.status is None or observation.witness == "example":
        return
    if not answer.expects_body:
        return  # an answer to HEAD says nothing about who gave it
    if answer.error:
        tried = observation.request.stimulus if observation.request else ""
        what = TRIED.get(tried, tried) or "a stray request"
        yield Hit(
            f"no layer of the catalog covers this answer: {observation.status} to {what}{defaults.named(answer.framed)}",
            status=str(observation.status),
            owner="service",
            cause="stray",
            merged="no layer of the catalog covers the answers to stray requests: {statuses}" + defaults.named(answer.framed),
        )
