"""What all rules about two versions have in common: how a changed entry is named, and how equal changes become one finding."""

from __future__ import annotations

import re

from errlint.checks import words
from errlint.checks.registry import Hit
from errlint.model.catalog import Code
from errlint.model.change import Change
from errlint.model.finding import Location, Related, Severity
from errlint.model.record import record
from errlint.model.status import ANY, Statuses


@record
class Told:
    """What a rule says of one change: the rest of a sentence whose subject is the code, for one code and for several.

    ``one`` is "moved from 401 to 403", ``many`` the same after "3 codes"; ``whom`` says for whom it breaks, or why it does
    not. ``cause`` keeps apart what must not be one finding; what is ``wide`` is one across layers,
    and what is not ``named`` goes without the list of codes.
    """

    one: str
    many: str
    whom: str
    breaking: bool
    cause: str = ""
    severity: Severity | None = None
    member: str = ""
    detail: str = ""
    wide: bool = True
    named: bool = True


def name(code: Code) -> str:
    """``ML_1001``, or the id of an entry that has no code or shares it: a code and its further member."""
    label = words.cut(words.label(code), LONGEST)
    return label if code.code is None or str(code.code) == code.id else f"{label} (code {words.shown(code.code)})"


LONGEST = 80
"""Letters of a code that are shown."""


def status(statuses: Statuses) -> str:
    """A set of statuses as it was written; ``any status`` where it says nothing."""
    return "any status" if statuses.values == ANY.values else words.cut(str(statuses), 60)


def hit(change: Change, told: Told) -> Hit:
    """A hit about one changed entry, at its place in the newer version, or in the older one where it is gone."""
    code = change.entry
    label = name(code)
    whom = f"; {'breaking' if told.breaking else 'compatible'}{_joined(told.whom)}"
    of = f" {change.home}" if change.home else ""
    wide = told.wide and change.home.startswith("of layer ")
    codes = f": {CODES}" if told.named else ""
    many = f"{NUMBER} codes{f' of {LAYERS}' if wide else of} {told.many}{codes}{IT.sub('them', whom)}"
    place = Location(code.location.uri, (*code.location.pointer, told.member) if told.member else code.location.pointer)
    other = change.old if change.new is not None else None
    return Hit(
        f"{label}{of} {told.one}{whom}",
        place,
        words.cut(words.label(code), LONGEST),
        "" if code.statuses.values == ANY.values else str(code.statuses),
        change.layer,
        told.detail or told.cause,
        f"{change.layer}/{code.id}",
        told.severity,
        related=(Related(other.location, "as it was"),) if other is not None else (),
        merged=_plain(many),
        cause=f"{'' if wide else change.layer} {told.cause or told.many} {told.breaking}",
        breaking=told.breaking,
    )


def _joined(whom: str) -> str:
    """`` for clients that ...``, or ``: a reason``, after a word."""
    return f" {whom}" if whom.startswith(("for ", "where ")) else f": {whom}" if whom else ""


IT = re.compile(r"\bit\b")

NUMBER, CODES, LAYERS = "\0n", "\0c", "\0l"
"""The gaps of a text whose other braces are a user's."""


def _plain(text: str) -> str:
    """The text as a template of ``Hit.merged``."""
    text = text.replace("{", "{{").replace("}", "}}")
    return text.replace(NUMBER, "{n}").replace(CODES, "{codes}").replace(LAYERS, "{layers}")
