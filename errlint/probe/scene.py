"""Requests made along an operation: its path with made-up ids, its required parameters, and chosen credentials."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from random import Random
from urllib.parse import urlencode

from errlint.match import route
from errlint.model.exchange import Request
from errlint.model.record import record, replace
from errlint.model.spec import Operation, Parameter, Spec
from errlint.probe.options import HARMLESS, Options
from errlint.probe.refusal import Contract
from errlint.probe.security import Scheme
from errlint.probe.trial import UNSAFE, Identity, Trial, writes
from errlint.probe.values import Made, flat, plausible, segment, unknown

ACCEPT = "application/json, */*;q=0.5"
"""What an honest client of a JSON API asks for; frameworks choose the shape of their errors by it."""

PLACEHOLDER = route.PLACEHOLDER

FRAMING = frozenset(
    ("connection", "content-length", "expect", "host", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding")
) | {"upgrade"}
"""Headers that say how a message is carried (RFC 9112): a document's word on them would only break the connection."""

_NOT_PARAMETERS = FRAMING | {"accept", "content-type", "authorization"}
"""Header parameters of these names are ignored (OpenAPI 3.1.1 section 4.8.12.1)."""


@record
class Scene:
    """What a stimulus works with: the document and what it proves, the user's options, the operations to probe."""

    spec: Spec
    options: Options
    contract: Contract
    schemes: dict[str, Scheme]
    operations: tuple[Operation, ...]

    def dice(self, *about: str) -> Random:
        """A random source that depends on the seed and on what it is for, not on what ran before."""
        return Random(" ".join((str(self.options.seed), *about)))  # noqa: S311 reproducible on purpose


def draft(
    scene: Scene,
    operation: Operation,
    stimulus: str,
    *,
    method: str = "",
    last: str | None = None,
    body: bytes | None = None,
    media_type: str = "",
    accept: str = ACCEPT,
    identity: Identity = "user",
    credentials: tuple[Scheme, str] | None = None,
    rejected: bool = False,
    query: Mapping[str, str | None] | None = None,
    headers: Sequence[tuple[str, str]] = (),
) -> Trial:
    """A request to an operation; ``last`` is the quoted segment that stands for the last path parameter.

    ``query`` sets query parameters beside the required ones, None leaves one out. ``headers`` come last and replace others.
    """
    method = method or operation.method.upper()
    rng = scene.dice(stimulus, operation.label)
    real = known_last(operation, method, stimulus, identity, body)
    path, fresh = fill(scene, operation, rng, last, real=real)
    asked, needed = _parameters(scene, operation, rng, examples=method not in UNSAFE)
    pairs = [(name, value) for name, value in {**dict(asked), **(query or {})}.items() if value is not None]
    sent = [("Accept", ACCEPT), *identity_headers(scene, operation, identity), *needed]
    sent += [("Accept", accept)] if accept != ACCEPT else []
    sent += [("Content-Type", media_type)] if media_type else []
    if credentials is not None:
        scheme, value = credentials
        if scheme.where == "query":
            pairs = [(name, old) for name, old in pairs if name != scheme.name] + [(scheme.name, value)]
        else:
            sent.append((scheme.name, value) if scheme.where == "header" else ("Cookie", f"{scheme.name}={value}"))
    url = scene.options.base_url + path + ("?" + urlencode(pairs) if pairs else "")
    request = Request(method, url, merged([*sent, *headers]), body, stimulus, rejected, writes(method, operation))
    declared = operation if method == operation.method.upper() else None
    return Trial(request, declared, fresh, identity)


def stray(
    scene: Scene,
    method: str,
    url: str,
    stimulus: str,
    *,
    rejected: bool,
    credentials: bool = True,
    near: Operation | None = None,
) -> Trial:
    """A request that meets no declared operation; ``near`` is one that a server may route it to all the same."""
    headers = merged([("Accept", ACCEPT), *(scene.options.headers if credentials else ())])
    request = Request(method, url, headers, None, stimulus, rejected, near=near)
    return Trial(request, identity="user" if credentials else "none")


def astray(trial: Trial) -> Trial:
    """A request of which nobody knows whether a server routes it to its operation."""
    return replace(trial, operation=None, request=replace(trial.request, near=trial.operation))


def merged(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The headers with each name once (names ignore case): the last one given holds."""
    found: dict[str, tuple[str, str]] = {}
    for name, value in headers:
        found.pop(name.lower(), None)
        found[name.lower()] = (name, value)
    return tuple(found.values())


def known_last(operation: Operation, method: str, stimulus: str, identity: Identity, body: bytes | None) -> bool:
    """Whether the last id of a request may be one that exists, where the user gave it.

    A read may use it. A write needs one that is made up, for it must not hit what exists; but for a POST with a body to a
    collection below it, which the body decides about.
    """
    if method in ("GET", "HEAD") and not writes(method, operation):
        return stimulus != "unknown-id"
    below = not PLACEHOLDER.search(operation.path.rpartition("/")[2])
    return method == "POST" and below and body is not None and identity == "user"


def fill(scene: Scene, operation: Operation, rng: Random, last: str | None = None, *, real: bool = False) -> tuple[str, bool]:
    """(the operation's path with made-up ids, whether the last of them can name nothing that exists).

    Ids that the user gave stand for those above the last one; for the last one too if it may be ``real``.
    """
    names = PLACEHOLDER.findall(operation.path)
    given = (
        {name: Made(value, False) for name, value in scene.options.path_params if real or name != names[-1:][0]}
        if names
        else {}
    )
    made = {name: given.get(name) or made_up(scene, operation, name, rng) for name in names}
    fresh = bool(names) and last is None and made[names[-1]].fresh

    def put(match: re.Match[str]) -> str:
        name = match.group(1)
        if last is not None and name == names[-1]:
            return last
        return segment(made[name].text)

    return PLACEHOLDER.sub(put, operation.path), fresh


def made_up(scene: Scene, operation: Operation, name: str, rng: Random) -> Made:
    """A well-formed value for a path parameter that names nothing; never an example of the document."""
    parameter = path_parameter(operation, name)
    schema = flat(parameter.schema, scene.spec.resolve) if parameter is not None else {}
    return unknown(schema, scene.spec.resolve, rng)


def path_parameter(operation: Operation, name: str) -> Parameter | None:
    """The declared path parameter of that name, None where the document forgot it."""
    return next((found for found in operation.parameters if found.where == "path" and found.name == name), None)


def last_parameter(operation: Operation) -> str | None:
    """The name of the last placeholder of the path, None where there is none."""
    names = PLACEHOLDER.findall(operation.path)
    return names[-1] if names else None


def identity_headers(scene: Scene, operation: Operation, identity: Identity) -> list[tuple[str, str]]:
    """The user's headers that go with an identity.

    Without credentials only those remain that the operation declares as parameters, or that are harmless: which of the
    others carry the credentials cannot be known, and a forgotten one would turn a refused write into a real one.
    """
    if identity == "user":
        return list(scene.options.headers)
    secret = {scheme.name.lower() for scheme in scene.schemes.values()} | {"authorization", "cookie", "proxy-authorization"}
    declared = {parameter.name.lower() for parameter in operation.parameters if parameter.where == "header"} - secret
    return [(name, value) for name, value in scene.options.headers if name.lower() in declared | HARMLESS]


def _parameters(
    scene: Scene, operation: Operation, rng: Random, examples: bool
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(required query parameters, required headers), with plausible values; cookies are one header."""
    credentials = {(scheme.where, scheme.name.lower()) for scheme in scene.schemes.values()}
    given = {name.lower() for name, _ in scene.options.headers}
    query: list[tuple[str, str]] = []
    headers: list[tuple[str, str]] = []
    cookies: list[str] = []
    for parameter in operation.parameters:
        name = parameter.name.lower()
        if not parameter.required or (parameter.where, name) in credentials:
            continue
        value = plausible(flat(parameter.schema, scene.spec.resolve), scene.spec.resolve, rng, examples)
        if parameter.where == "query":
            query.append((parameter.name, value))
        elif parameter.where == "header" and name not in _NOT_PARAMETERS and name not in given:
            headers.append((parameter.name, value))
        elif parameter.where == "cookie" and "cookie" not in given:
            cookies.append(f"{parameter.name}={value}")
    return query, headers + ([("Cookie", "; ".join(cookies))] if cookies else [])


def meets(path: str, operations: Sequence[Operation]) -> bool:
    """Whether a path below the base is one that some declared template matches; a greedy placeholder matches slashes."""
    return any(re.fullmatch(route.expression(operation.path), path) for operation in operations)
