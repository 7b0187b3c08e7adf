"""An observation, read: its framing, the envelope that it is, and the claims that it makes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.match.envelope import BLANK, NOTHING, PROBLEM_MEMBERS, Found, Signature, elements, names_problem_types, read
from errlint.match.framing import Framed, frame
from errlint.match.inner import inner
from errlint.match.plan import Plan
from errlint.model.catalog import Envelope
from errlint.model.claim import ABSENT_VALUES, Claim, Values, json_type
from errlint.model.exchange import ABSENT, Observation
from errlint.model.finding import Location
from errlint.model.pointer import Pointer
from errlint.model.record import record, replace
from errlint.model.status import ANY, NONE, Statuses, one


@record
class Answer:
    """What an exchange came to: the layers that may answer there, the envelope found, and the claims.

    ``signature`` is None where the body is no allowed envelope; ``foreign`` is then the envelope of another layer (or a
    shipped one) that it is. ``error`` is true where the status says that it is an error. ``inner`` is true where it is none
    and holds errors: in the parts of a batch, or behind the first error of a stream.
    """

    observation: Observation
    framed: Framed
    layers: tuple[str, ...]
    signature: Signature | None
    foreign: Signature | None
    claims: tuple[Claim, ...]
    error: bool
    inner: bool = False

    @property
    def location(self) -> Location:
        return self.observation.location

    @property
    def streamed(self) -> bool:
        """Whether the body is a stream of values, whose status was sent before them."""
        return self.framed.kind in ("sse", "ndjson")

    @property
    def tells_error(self) -> bool:
        """Whether the answer is an error by its status, a stream that ends in one, or a batch that holds some."""
        return self.error or self.inner or (self.streamed and self.signature is not None)

    @property
    def told(self) -> tuple[Any, ...]:
        """The values of the body that are errors: all of them where the status says so, else those that claims are made of."""
        return self.framed.values if self.error else tuple({id(claim.value): claim.value for claim in self.claims}.values())

    @property
    def expects_body(self) -> bool:
        """Whether an answer to this request may carry content at all (RFC 9110 sections 9.3.2 and 15)."""
        return self.observation.method != "HEAD" and self.observation.status not in (204, 205, 304)


def is_error(observation: Observation) -> bool:
    """Whether the status is 4xx or 5xx, or outside the classes; of an example under a range, whether it may be."""
    if observation.status is not None:
        return observation.status >= 400
    return any(status >= 400 for status in observation.may_be.values)


def read_answer(observation: Observation, plan: Plan) -> Answer:
    """The answer that an observation is, read against a contract."""
    layers = plan.covering_answer(observation)
    error = is_error(observation)
    framed = frame(observation) if not observation.dropped else Framed("other", "empty")
    if not layers and error and observation.operation is None:
        layers = _volunteers(observation, framed, plan)
    signature, value = _recognised(observation, framed, plan, layers, error)
    streamed = framed.kind in ("sse", "ndjson")
    claims = tuple(_claims(observation, plan, layers, signature, value, streamed)) if signature is not None else ()
    if not claims or not _documented(claims):
        for layer in plan.covering_near(observation):
            if (documented := _documents(layer, observation, framed, plan)) is not None:
                layers, (signature, value, claims) = (layer,), documented
                break
    within = () if error or not plan else tuple(_within(observation, framed, plan, layers, value, len(claims)))
    foreign = _foreign(observation, framed, plan, layers) if signature is None else None
    return Answer(observation, framed, layers, signature, foreign, (*claims, *within), error, bool(within))


def _within(
    observation: Observation, framed: Framed, plan: Plan, layers: tuple[str, ...], whole: Any, first: int
) -> Iterator[Claim]:
    """The claims of the errors inside an answer that is none itself, numbered from ``first``; ``whole`` is one already."""
    if observation.witness == "example" or (whole is not ABSENT and framed.kind == "json"):
        return
    for found in inner(framed, plan.signatures_of(layers), observation.media_type):
        if found.value is whole:
            continue
        part = replace(observation, headers={}, status=observation.status if found.status is None else found.status)
        for claim in _claims(part, plan, layers, found.signature, found.value, True):
            yield replace(claim, part=first)
            first += 1


def _volunteers(observation: Observation, framed: Framed, plan: Plan) -> tuple[str, ...]:
    """The layer that documents this very answer, where no layer says that stray requests are its business."""
    return next(((layer,) for layer in plan.layers if _documents(layer, observation, framed, plan) is not None), ())


def _documents(
    layer: str, observation: Observation, framed: Framed, plan: Plan
) -> tuple[Signature, Any, tuple[Claim, ...]] | None:
    """The envelope, its value and the claims of an answer to a stray request where a layer documents it, else None."""
    signature, value = _recognised(observation, framed, plan, (layer,), True)
    if signature is None or signature.envelope.generic or not signature.strictly(value):
        return None
    claims = tuple(_claims(observation, plan, (layer,), signature, value))
    return (signature, value, claims) if claims and _documented(claims) else None


def _documented(claims: tuple[Claim, ...]) -> bool:
    """Whether an entry of the catalog stands behind each claim, under this status."""
    return all(claim.candidates and claim.failed in (None, "message") for claim in claims)


def _recognised(
    observation: Observation, framed: Framed, plan: Plan, layers: tuple[str, ...], error: bool
) -> tuple[Signature | None, Any]:
    """The best envelope of the allowed layers over the values of a body, and the value that it is."""
    best: tuple[tuple[int, ...], Signature, Any] | None = None
    signatures = plan.signatures_of(layers)
    if not plan and plan.problem is not None and observation.media_type.endswith("problem+json"):
        signatures = (plan.problem,)  # the one envelope that names itself, by its media type
    for value in framed.values:
        for signature in signatures:
            if not _may_stand(signature.envelope, framed, observation, error) or _is_problem(signature, value, observation):
                continue
            if not error and signature.envelope.statuses is None and not signature.strictly(value):
                continue  # what a success carries is an error only where nothing is missing
            score = signature.recognise(value, observation.media_type)
            if score is not None and (best is None or score > best[0]):
                best = (score, signature, value)
    return (best[1], best[2]) if best else (None, ABSENT)


def _is_problem(signature: Signature, value: Any, observation: Observation) -> bool:
    """Whether a body says that it is a problem, by its media type and members that this envelope does not know."""
    if not observation.media_type.endswith("problem+json") or not isinstance(value, dict):
        return False
    own = any(name.endswith("problem+json") for name in signature.envelope.media_types)
    return not own and len(value.keys() & set(PROBLEM_MEMBERS) - signature.members) > 1


def _may_stand(envelope: Envelope, framed: Framed, observation: Observation, error: bool) -> bool:
    if envelope.framing != framed.kind and not (envelope.framing == "json" and framed.kind in ("sse", "ndjson")):
        return False
    if envelope.statuses is None:
        return True
    return bool(envelope.statuses.values & observation.may_be.values)


def _foreign(observation: Observation, framed: Framed, plan: Plan, layers: tuple[str, ...]) -> Signature | None:
    """The envelope of no allowed layer that a body is: what it looks like, never what convicts it."""
    if len(framed.values) != 1:
        return None
    value = framed.values[0]
    problem = (plan.problem,) if plan.problem is not None and observation.media_type.endswith("problem+json") else ()
    others = problem or plan.signatures_of(layer for layer in plan.layers if layer not in layers)
    scored = [
        (score, signature)
        for signature in others
        if _may_stand(signature.envelope, framed, observation, True)
        and (score := signature.recognise(value, observation.media_type)) is not None
    ]
    return max(scored, key=lambda item: item[0])[1] if scored else None


def _claims(
    observation: Observation,
    plan: Plan,
    layers: tuple[str, ...],
    signature: Signature,
    value: Any,
    streamed: bool = False,
) -> Iterator[Claim]:
    envelope = signature.envelope
    using = tuple(layer for layer in layers if envelope.id in plan.layers[layer].envelopes)
    place = envelope.roles.get("code")
    for part, bound in enumerate(elements(place, value)):
        yield _claim(observation, plan, using, envelope, value, bound, part, streamed)


def _claim(
    observation: Observation,
    plan: Plan,
    using: tuple[str, ...],
    envelope: Envelope,
    value: Any,
    bound: Pointer,
    part: int,
    streamed: bool,
) -> Claim:
    headers = observation.headers
    code = _code(observation, envelope, value, bound)
    message = read(envelope.roles.get("message"), value, headers, bound)
    told = read(envelope.roles.get("status"), value, headers, bound)
    asked = None if code.value is ABSENT else code.value
    statuses = _statuses(observation, envelope, told, streamed)
    if asked == BLANK and names_problem_types(envelope) and not plan.coded(using, statuses) and not plan.entries(using, BLANK):
        asked = None  # it says no more than the status does
    layers = plan.owners(using, asked)
    found = plan.lookup(layers, asked, statuses, message.value, value)
    return Claim(
        layer=layers[0] if len(layers) == 1 else None,
        layers=layers,
        envelope=envelope.id,
        code=_values(code, observation),
        statuses=statuses,
        message=_values(message, observation),
        told=_values(told, observation),
        candidates=found.entries,
        failed=found.failed,
        copies=code.copies if not code.agrees else (),
        witness=observation.witness,
        part=part,
        value=value,
        location=_at(observation, code.pointer if code.pointer is not None else bound),
    )


def _code(observation: Observation, envelope: Envelope, value: Any, bound: Pointer) -> Found:
    if envelope.code_is == "none":
        return NOTHING
    if envelope.code_is == "status":
        return Found(observation.status if observation.status is not None else ABSENT, None)
    return read(envelope.roles.get("code"), value, observation.headers, bound)


def _statuses(observation: Observation, envelope: Envelope, told: Found, streamed: bool) -> Statuses:
    """The status that the claim is about: the HTTP status, or the one told in a body that comes under a success."""
    if observation.status is None or observation.status >= 400:
        return observation.may_be
    if isinstance(told.value, (int, str)) and len(str(told.value)) == 3 and str(told.value)[0] in "12345":
        return one(told.value)
    return ANY if streamed or (envelope.statuses is not None and observation.status in envelope.statuses) else NONE


def _values(found: Found, observation: Observation) -> Values:
    if found.value is ABSENT:
        return ABSENT_VALUES
    at = _at(observation, found.pointer or ())
    return Values("required", frozenset((json_type(found.value),)), ((found.value, at),))


def _at(observation: Observation, pointer: Pointer) -> Location:
    """A place inside an example; a live answer has none of its own and stands at its operation."""
    if observation.witness != "example":
        return observation.location
    return Location(observation.location.uri, (*observation.location.pointer, *pointer))
