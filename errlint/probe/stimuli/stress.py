"""Stimuli that try the limits of a service. They are sent on request only, last, and each to few operations."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.model.exchange import Observation
from errlint.model.spec import Operation
from errlint.probe.refusal import json_type
from errlint.probe.scene import PLACEHOLDER, Scene, astray, draft
from errlint.probe.stimuli.json_bodies import smallest_body, text, with_body
from errlint.probe.stimuli.registry import stimulus
from errlint.probe.trial import Trial, writes

FEW = 3


@stimulus("oversize-body", scope="stress")
def oversize_body(scene: Scene, amount: int) -> Iterator[Trial]:
    """So many MiB of JSON for one operation: one text that never ends, so that no decoder takes it (413, section 15.5.14)."""
    for operation in scene.operations:
        if json_type(operation) is not None and operation.method.upper() in ("POST", "PUT", "PATCH"):
            yield from with_body(scene, operation, "oversize-body", b'{"errlint": "' + b"a" * (amount << 20))
            return


@stimulus("long-url", scope="stress")
def long_url(scene: Scene, amount: int) -> Iterator[Trial]:
    """A query of so many KiB on one read (414, section 15.5.15). What stands before the service may answer, or it itself."""
    for operation in _reads(scene)[:1]:
        yield astray(draft(scene, operation, "long-url", query={"errlint": "a" * (amount << 10)}))


@stimulus("huge-header", scope="stress")
def huge_header(scene: Scene, amount: int) -> Iterator[Trial]:
    """A header field of so many KiB on one read (431, RFC 6585 section 5)."""
    for operation in _reads(scene)[:1]:
        yield astray(draft(scene, operation, "huge-header", headers=(("X-Errlint-Padding", "a" * (amount << 10)),)))


@stimulus("burst", scope="stress")
def burst(scene: Scene, amount: int) -> Iterator[Trial]:
    """So many equal requests to one read, as fast as the rate allows (429, RFC 6585 section 4)."""
    for operation in _reads(scene)[:1]:
        yield from [draft(scene, operation, "burst")] * amount


@stimulus("repeat-create", scope="stress")
def repeat_create(scene: Scene, amount: int) -> Iterator[Trial]:
    """The same valid create again, where a conflict is declared (409, section 15.5.10); with writes allowed only."""
    if scene.options.writes != "allowed":
        return
    creates = [one for one in scene.operations if one.method.upper() == "POST" and not PLACEHOLDER.search(one.path)]
    for operation in [one for one in creates if "409" in one.statuses][:FEW]:
        valid = smallest_body(scene, operation)
        if valid is not None:
            yield from list(with_body(scene, operation, "repeat-create", text(valid))) * amount


def enough(trial: Trial, last: Observation | None) -> bool:
    """Whether a burst has what it was for: the last answer of the run was that there are too many requests."""
    if trial.request.stimulus != "burst" or last is None or last.request is None:
        return False
    return last.request.stimulus == "burst" and last.status in (429, 503)


def _reads(scene: Scene) -> list[Operation]:
    """The reads without ids, those without credentials last: a health check is seldom limited."""
    found = [one for one in scene.operations if one.method.upper() == "GET" and not PLACEHOLDER.search(one.path)]
    return sorted((one for one in found if not writes("GET", one)), key=lambda one: not one.secured)
