"""Stimuli about credentials: none at all, and ones that nobody can know."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.model.spec import Operation
from errlint.probe.refusal import json_type
from errlint.probe.scene import Scene, draft
from errlint.probe.security import Scheme, garbage
from errlint.probe.stimuli.registry import stimulus
from errlint.probe.trial import UNSAFE, Trial

BROKEN = (b"{}", b"[]", b'{"errlint": ')
"""Bodies to try, the least broken first: a service may look at the body before it looks at the credentials."""


@stimulus("no-auth")
def no_auth(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """No credentials where the document demands some."""
    if operation.secured:
        body, media_type = refused_body(scene, operation)
        yield draft(scene, operation, "no-auth", body=body, media_type=media_type, identity="none", rejected=True)


@stimulus("bad-auth", scope="scheme")
def bad_auth(scene: Scene, operation: Operation, scheme: Scheme) -> Iterator[Trial]:
    """Well-formed credentials that nobody has, in the place that a scheme gives them."""
    body, media_type = refused_body(scene, operation)
    token = garbage(scheme, scene.dice("bad-auth", operation.label, scheme.id))
    yield draft(
        scene,
        operation,
        "bad-auth",
        body=body,
        media_type=media_type,
        identity="garbage",
        credentials=(scheme, token),
        rejected=operation.secured,
    )


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
