"""What a user accepts, and why: findings that it covers are suppressed, not hidden."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from errlint.checks.prints import prints
from errlint.checks.raised import Raised, Verdicts
from errlint.model.finding import Location
from errlint.model.ignore import Ignore, Selected, Selection
from errlint.model.record import record, replace

ALWAYS_TOLD = frozenset(("CFG004", "CFG005", "CFG006"))
"""Rules that nothing suppresses: what is wrong with errlint's own work must not make a run green."""

ABOUT_IGNORES = frozenset(("CFG001", "CFG002", "CFG003"))
"""What is said of ignores, which no ignore may silence: an ignore would excuse itself."""


@record
class ConfigIgnore:
    """An ignore of the configuration: of these rules (ids, prefixes, names; empty is all), where all that it names is met.

    ``path`` is a glob over the operation's path, with or without a method before it (``GET /models/*``); ``operation`` its
    label or operationId; ``document`` a glob over the document's uri. ``until`` is an ISO date, empty for ever. ``where`` is
    the place of the ignore itself, ``errlint.toml:12:3``. ``documents`` are those that it is there for, None for whatever
    is judged.
    """

    rules: tuple[str, ...] = ()
    path: str = ""
    operation: str = ""
    code: str = ""
    document: str = ""
    reason: str = ""
    until: str = ""
    where: str = ""
    documents: Selection | None = None

    def read(self) -> Ignore:
        """The ignore in the form that those of documents have."""
        scope = Selected(self.path, self.operation, self.code, self.document)
        return Ignore(self.rules, self.reason, self.until, _place(self.where), scope)


def _place(text: str) -> Location:
    """The location that ``file:line:column`` names; line and column may be missing."""
    parts = text.rsplit(":", 2)
    numbers = [part for part in parts[1:] if part.isascii() and part.isdigit() and len(part) < 10]
    name = text[: len(text) - sum(len(part) + 1 for part in numbers)] if len(numbers) == len(parts) - 1 else text
    line, column = ([*map(int, numbers), 1, 1][:2]) if numbers and name != text else (1, 1)
    return Location(name or "config", (), line, column)


def split(raised: Raised, reasons: Sequence[str | None]) -> Iterator[Raised]:
    """A hit as one for each reason that its uses are suppressed for; ``reasons`` has one for each use."""
    if len(set(reasons)) < 2 or not raised.unit.uses:
        yield raised if reasons[0] is None else replace(raised, suppressed=reasons[0])
        return
    parts: dict[str | None, list[tuple[str, Location]]] = {}
    for use, reason in zip(raised.unit.uses, reasons, strict=True):
        parts.setdefault(reason, []).append(use)
    for reason, uses in parts.items():
        yield replace(raised, unit=replace(raised.unit, uses=tuple(uses)), suppressed=reason)


def suppress_known(verdicts: Verdicts, known: Mapping[str, str], locked: Iterable[str] = ()) -> None:
    """Marks the hits whose sites are known, by fingerprint; ``known`` says why. ``locked`` are ids that nothing suppresses."""
    if not known:
        return
    found: list[Raised] = []
    told = ALWAYS_TOLD.union(locked)
    for raised in verdicts.raised:
        if raised.rule.id in told or raised.suppressed is not None:
            found.append(raised)
        else:
            found.extend(split(raised, [known.get(fingerprint) for fingerprint in prints(raised)]))
    verdicts.raised[:] = found
