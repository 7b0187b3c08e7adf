"""What a user asks for beyond the usual requests: which limits of a service to try, and how far."""

from __future__ import annotations

from collections.abc import Iterable

from errlint.errors import ConfigError
from errlint.load.meant import closest
from errlint.model.record import record


@record
class Amount:
    """How much of something is sent: by default, at most, and in which unit."""

    usual: int
    most: int
    unit: str


AMOUNTS = {
    "oversize-body": Amount(10, 100, "MiB"),
    "long-url": Amount(64, 1024, "KiB"),
    "huge-header": Amount(64, 1024, "KiB"),
    "burst": Amount(50, 50, "requests"),
    "repeat-create": Amount(2, 2, "requests"),
}
"""Requests that a service may feel, and that are only sent on request."""


def amounts(asked: Iterable[str]) -> dict[str, int]:
    """Name -> amount, of texts such as ``burst`` or ``oversize-body=20`` (in the unit of its name). Raises: ConfigError."""
    found: dict[str, int] = {}
    for text in asked:
        name, equals, number = text.partition("=")
        amount = AMOUNTS.get(name)
        if amount is None:
            close = closest(name, AMOUNTS)
            told = f"did you mean {close}?" if close else f"there are {', '.join(AMOUNTS)}"
            raise ConfigError(f"there is no stress called {name[:40]!r}", hint=told)
        if equals and not (number.isascii() and number.isdigit() and len(number) < 9 and 1 <= int(number) <= amount.most):
            raise ConfigError(f"{name} is a number of {amount.unit} from 1 to {amount.most}")
        found[name] = int(number) if equals else amount.usual
    return found
