"""errlint's directed requests as Schemathesis' cases, and its answers as observations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from errlint.model.exchange import Observation, Request
from errlint.model.finding import Location
from errlint.model.record import replace
from errlint.model.spec import Declaration, Node, Operation, Spec
from errlint.probe.gate import Gate
from errlint.probe.observed import declared_types
from errlint.probe.options import SHORTEST, Options
from errlint.probe.plan import plan
from errlint.probe.security import schemes
from errlint.probe.trial import Trial, writes
from errlint.st.names import NOT_SET, authorized

NOWHERE = "http://errlint.invalid"
"""Stands for the service's base url, which Schemathesis puts in front of every path."""

SECRET = re.compile(
    r"authorization|cookie|token|secret|passw|credential|session|signature|api-?_?key|auth\b|csrf|xsrf", re.IGNORECASE
)
"""Names of headers and parameters whose values are secrets, beside those that the document's security schemes name."""


TRANSPORT = frozenset(
    ("accept", "accept-encoding", "connection", "content-length", "content-type", "host", "transfer-encoding", "user-agent")
) | {"x-schemathesis-testcaseid"}
"""Headers that say nothing of who asks."""


def directed(spec: Spec) -> dict[str, list[Trial]]:
    """The directed requests of each operation, by its label; writes only where the document proves that they are refused.

    Those to undeclared paths are left out: Schemathesis would hold the operation's statuses against their answers.
    """
    planned = plan(spec, Options(NOWHERE))
    gate = Gate(planned.scene.options, planned.scene.contract)
    found: dict[str, list[Trial]] = {}
    for trial in planned.trials:
        if trial.label is None:
            continue
        # A configured header may turn an anonymous write into a real one.
        if trial.request.writes and gate.proof(replace(trial, identity="user")) is None:
            continue
        found.setdefault(trial.label, []).append(trial)
    return found


def cases(operation: Any, trials: Sequence[Trial]) -> Iterator[tuple[Any, Trial]]:
    """Each request of an operation as a case of Schemathesis'.

    Those about credentials need a transport that lets us take the configured ones away, which only the one over HTTP does.
    """
    for trial in trials:
        if trial.identity == "user" or operation.app is None:
            yield _case(operation, trial), trial


class Exactly:
    """Takes from a request, just before it is sent, every header that could be a credential and is not planned.

    Schemathesis puts configured headers over a case's own: a request without credentials would go out with the good ones.
    It stands where requests expects an authentication.
    """

    def __init__(self, trial: Trial) -> None:
        self._headers = {name.lower(): (name, value) for name, value in trial.request.headers}

    def __call__(self, request: Any) -> Any:
        for name in [name for name in request.headers if name.lower() not in TRANSPORT]:
            del request.headers[name]
        request.headers.update(dict(self._headers.values()))
        return request


def _case(operation: Any, trial: Trial) -> Any:
    """A case that goes out as the request is: its path and body are final, its id in the path is quoted already."""
    request = trial.request
    parts = urlsplit(request.url)
    query = {name: values if len(values) > 1 else values[0] for name, values in parse_qs(parts.query, True).items()}
    case = operation.Case(
        method=request.method,
        headers=dict(request.headers),
        query=query,
        body=NOT_SET if request.body is None else request.body,
        # Bytes go out verbatim under a type that has a serialiser; the header says what they are.
        media_type=None if request.body is None else "application/json",
    )
    case.path = parts.path
    if trial.identity == "user":
        authorized(case, operation)
    return case


class Reader:
    """Makes observations of Schemathesis' answers."""

    def __init__(self, spec: Spec | None, uri: str) -> None:
        self._uri = uri
        self._operations = {one.label: one for one in spec.operations} if spec is not None else {}
        self._declared: dict[str, list[Declaration]] = {}
        for declaration in spec.declarations if spec is not None else ():
            self._declared.setdefault(declaration.operation.label, []).append(declaration)
        found = schemes(spec).values() if spec is not None else ()
        self._secret = {scheme.name.lower() for scheme in found}

    def observation(self, response: Any, case: Any, trial: Trial | None) -> Observation:
        """The answer to a case. It had to be refused only where it went out as a request that the document forbids."""
        operation = self._operation(case)
        request = _request(response.request, operation, trial)
        at = operation.location if operation is not None else Location(self._uri, ("paths",))
        label = operation.label if operation is not None else ""
        return Observation(
            witness="live",
            location=at,
            status=response.status_code,
            headers={name.lower(): ", ".join(values) for name, values in response.headers.items()},
            body=response.content or b"",
            operation=operation,
            media_types=declared_types(self._declared.get(label, ()), response.status_code),
            request=request,
        )

    def secrets(self, request: Request) -> tuple[str, ...]:
        """The credentials that a request carried, longest first, by the names of their headers and parameters."""
        pairs = [*request.headers, *((n, v) for n, values in parse_qs(urlsplit(request.url).query).items() for v in values)]
        values = {value for name, value in pairs if name.lower() in self._secret or SECRET.search(name)}
        found = values | {value.partition(" ")[2] for value in values}
        return tuple(sorted((one for one in found if len(one) >= SHORTEST), key=lambda one: (-len(one), one)))

    def _operation(self, case: Any) -> Operation | None:
        """The declared operation that a case asks, None for an undeclared method of its path."""
        method, asked = str(case.method).upper(), case.operation
        label = f"{method} {asked.path}"
        known = self._operations.get(label)
        if known is None and method == str(asked.method).upper():
            return Operation(label, method, asked.path, Node(self._uri, ("paths", asked.path, asked.method), {}))
        return known


def _request(sent: Any, operation: Operation | None, trial: Trial | None) -> Request:
    """What went out."""
    headers = tuple((str(name), _text(value)) for name, value in (sent.headers or {}).items())
    body = sent.body.encode() if isinstance(sent.body, str) else sent.body if isinstance(sent.body, bytes) else None
    method = str(sent.method).upper()
    planned = trial is not None and _as_planned(method, str(sent.url), dict(headers), body, trial)
    return Request(
        method,
        str(sent.url),
        headers,
        body,
        trial.request.stimulus if trial is not None else "schemathesis",
        rejected=planned and trial is not None and trial.request.rejected,
        writes=writes(method, operation),
    )


def _as_planned(method: str, url: str, headers: dict[str, str], body: bytes | None, trial: Trial) -> bool:
    """Whether a request went out as it was made: a hook or a config may change any part of it."""
    wanted, parts, sent = trial.request, urlsplit(trial.request.url), urlsplit(url)
    names = {name.lower(): value for name, value in headers.items()}
    given = {name.lower(): value for name, value in wanted.headers}
    if trial.identity != "user" and any(names[name] != given.get(name) for name in names.keys() - TRANSPORT):
        return False
    return (
        method == wanted.method
        and sent.path.endswith(parts.path)
        and parse_qs(sent.query, True) == parse_qs(parts.query, True)
        and (body or b"") == (wanted.body or b"")
        and names.get("content-type") == given.get("content-type", names.get("content-type"))
    )


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
