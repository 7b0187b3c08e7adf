"""Exchanges as observations: each with the operation that it is an answer of, and without the credentials that were sent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from errlint.errors import ConfigError
from errlint.model.exchange import Observation, Request
from errlint.model.finding import Location
from errlint.model.record import replace
from errlint.model.spec import Declaration, Node, Operation, Spec
from errlint.probe.observed import declared_types
from errlint.probe.options import SHORTEST, masked
from errlint.probe.redaction import is_secret_header
from errlint.testing.adapters import Exchange
from errlint.testing.templates import guessed

_LABEL = re.compile(r"([A-Za-z]+)\s+(/\S*)")
_WORDS = re.compile(r"(?:[A-Za-z]+ )?[a-z]+(?:[-_ ][a-z]+)*")
"""``Bearer invalid``, ``Bearer some-token``: what tests send for a credential stands in error messages, and is none."""


class Binder:
    """Binds the answers of a suite to the operations of its document; without one, to those that its routes show."""

    def __init__(self, spec: Spec | None = None) -> None:
        self._spec = spec
        self._declared: dict[str, list[Declaration]] = {}
        for declaration in spec.declarations if spec is not None else ():
            self._declared.setdefault(declaration.operation.label, []).append(declaration)
        if spec is not None:
            from errlint.bind.route import Router

            self._routers = (Router(spec), Router(spec, ""))

    def observations(self, exchange: Exchange, named: str | None, test: str) -> tuple[Observation, ...]:
        """The answer for each operation that it may be of, the likelier one first: None is a stray request's.

        Raises: ConfigError for an operation that does not exist.
        """
        return tuple(self._observation(exchange, one, test) for one in self._operations(exchange, named))

    def _operations(self, exchange: Exchange, named: str | None) -> Iterator[Operation | None]:
        request = exchange.request
        if named is not None:
            yield self.named(named)
        elif request is None:
            yield from (None,)
        elif self._spec is not None:
            yield next((found for one in self._routers if (found := one.operation(request.method, request.url))), None)
        elif exchange.template is not None:
            yield _made(request.method, exchange.template) if exchange.template else None
        else:
            yield _made(request.method, guessed(request.url))
            yield None

    def named(self, name: str) -> Operation:
        """The operation of a label, ``GET /models/{id}``, or an operationId. Raises: ConfigError."""
        label = _LABEL.fullmatch(name.strip())
        wanted = f"{label[1].upper()} {label[2]}" if label else name
        if self._spec is None:
            if label is None:
                raise ConfigError(f"no document says what {name!r} is", hint="name it as METHOD /path, or give --errlint-spec")
            return _made(label[1].upper(), label[2])
        for operation in self._spec.operations:
            if wanted in (operation.label, operation.operation_id):
                return operation
        from errlint.load.meant import did_you_mean

        known = [text for one in self._spec.operations for text in (one.label, one.operation_id) if text]
        raise ConfigError(f"the document has no operation {name!r}{did_you_mean(wanted, known)}")

    def _observation(self, exchange: Exchange, operation: Operation | None, test: str) -> Observation:
        request = exchange.request
        if request is not None:
            headers = tuple((name, value) for name, value in request.headers if not _harmless(name, value))
            request = replace(request, headers=headers)
        at = operation.location if operation is not None and self._spec is not None else Location(test.partition("::")[0], ())
        seen = Observation(
            witness="test",
            location=at,
            status=exchange.status,
            headers=exchange.headers,
            body=exchange.body,
            operation=operation,
            media_types=declared_types(self._declared.get(operation.label, ()), exchange.status) if operation else None,
            request=request,
            name=test,
        )
        return masked(seen, secrets(request)) if request is not None else seen


def secrets(request: Request) -> tuple[str, ...]:
    """The credentials in a request's headers, longest first."""
    values = {value for name, value in request.headers if is_secret_header(name)}
    found = values | {value.partition(" ")[2] for value in values}
    return tuple(sorted((one for one in found if len(one) >= SHORTEST), key=lambda one: (-len(one), one)))


def _harmless(name: str, value: str) -> bool:
    return is_secret_header(name) and is_word(value)


def is_word(value: str) -> bool:
    """Whether a test sent a word in the place of a credential."""
    return _WORDS.fullmatch(value.strip()) is not None


def _made(method: str, path: str) -> Operation:
    """An operation of which nothing is known but its method and path."""
    return Operation(f"{method} {path}", method, path, Node("", ("paths", path, method.lower()), {}))
