"""Stimuli about credentials: none at all, ones that nobody has, and those of a second user who may do less."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from errlint.model.spec import Operation
from errlint.probe.refusal import json_type
from errlint.probe.scene import Scene, draft
from errlint.probe.security import Scheme, expired, garbage, malformed, wrong_scheme
from errlint.probe.stimuli.registry import stimulus
from errlint.probe.trial import UNSAFE, Trial

BROKEN = (b"{}", b"[]", b'{"errlint": ')
"""Bodies to try, the least broken first: a service may look at the body before it looks at the credentials."""

WRONG: dict[str, Callable[..., str | None]] = {
    "bad-auth": garbage,
    "bad-auth (expired)": expired,
    "bad-auth (wrong scheme)": wrong_scheme,
    "bad-auth (malformed)": malformed,
}
"""The ways in which credentials are wrong, each a function of the scheme and of dice; None where a scheme has no such way."""


@stimulus("no-auth")
def no_auth(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """No credentials where the document demands some."""
    if operation.secured:
        body, media_type = refused_body(scene, operation)
        yield draft(scene, operation, "no-auth", body=body, media_type=media_type, identity="none", rejected=True)


@stimulus("bad-auth", scope="scheme")
def bad_auth(scene: Scene, operation: Operation, scheme: Scheme) -> Iterator[Trial]:
    """Credentials that nobody has, in the place that a scheme gives them. None of them names a user that may exist."""
    body, media_type = refused_body(scene, operation)
    dice = scene.dice("bad-auth", operation.label, scheme.id)
    for name, made in WRONG.items():
        value = made(scheme, dice)
        if value is not None:
            yield draft(
                scene,
                operation,
                name,
                body=body,
                media_type=media_type,
                identity="garbage",
                credentials=(scheme, value),
                rejected=operation.secured,
            )


@stimulus("low-auth")
def low_auth(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """The second user, who may do less. Which operations are closed to that user no document says: nothing is expected.

    Writes carry a body that nobody may send or a made-up id, so that they fail even where the user has the right.
    """
    if operation.secured and scene.options.low_auth:
        body, media_type = refused_body(scene, operation)
        yield draft(scene, operation, "low-auth", body=body, media_type=media_type, identity="low")


def refused_body(scene: Scene, operation: Operation) -> tuple[bytes | None, str]:
    """(a body that the operation must refuse whoever sends it, its media type); (None, "") where there is none.

    So a service that forgets to ask for credentials still writes nothing.
    """
    media_type = json_type(operation) or next(iter(operation.bodies), "")
    if operation.method.upper() not in UNSAFE or not media_type:
        return None, ""
    for body in BROKEN if json_type(operation) else (b"errlint",):
        if scene.contract.refuses(operation, media_type, body) is not None:
            return body, media_type
    return None, ""
