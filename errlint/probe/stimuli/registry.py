"""The directed stimuli that exist: one small pure function each, registered with its name and its scope."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from errlint.model.record import record
from errlint.probe.trial import Trial

Scope = Literal["service", "operation", "scheme", "stress"]
Make = Callable[..., Iterator[Trial]]


@record
class Stimulus:
    """One kind of provocation. ``make`` gets the scene; for scope operation also one; for scope scheme also that scheme.

    Scope stress is sent on request only, and gets the asked amount (``amounts``).
    """

    name: str
    scope: Scope
    make: Make


STIMULI: dict[str, Stimulus] = {}


def stimulus(name: str, scope: Scope = "operation") -> Callable[[Make], Make]:
    """Registers a stimulus under the name that catalogs use in ``provoke:``."""

    def register(make: Make) -> Make:
        STIMULI[name] = Stimulus(name, scope, make)
        return make

    return register
