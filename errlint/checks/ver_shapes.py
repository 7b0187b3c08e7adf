"""What clients read in an answer and where: envelopes, the type of codes, headers, further members (VER008)."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.checks import words
from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.ver_rule import Told, hit
from errlint.match.roles import differences
from errlint.model import pointer as pointers
from errlint.model.change import Change, Comparison, Shapes
from errlint.model.claim import json_type, key
from errlint.model.finding import Location, Related, Severity

READERS = "for clients that read this envelope"


@check("VER008", "role-moved", Severity.ERROR, Shapes)
def role_moved(shapes: Shapes, compared: Comparison) -> Iterator[Verdict]:
    """An envelope whose places, types, media type or required members are others, one that is new, one that is gone."""
    old, new = shapes.old, shapes.new
    where = words.layers(shapes.layers)
    if old is None and new is not None:
        said = f"{where} may answer in the envelope {new.id} too; breaking for clients that know only the others"
        yield _hit(shapes, said, new.location, True, "new")
    elif new is None and old is not None:
        said = f"{where} no longer answers in the envelope {old.id}; compatible: the others were documented before"
        yield _hit(shapes, said, old.location, False, "gone")
    elif old is not None and new is not None:
        found = list(differences(old, new))
        for breaking in (True, False):
            told = [one for one in found if one.breaking is breaking]
            if told:
                more = f"; and {len(told) - MOST} more" if len(told) > MOST else ""
                text = words.cut("; ".join(one.text for one in told[:MOST]), 400) + more
                whom = f"breaking {READERS}" if breaking else "compatible"
                at = Location(new.location.uri, (*new.location.pointer, *((told[0].member,) if len(told) == 1 else ())))
                yield _hit(shapes, f"envelope {new.id}: {text}; {whom}", at, breaking, "changed")


MOST = 4
"""Differences of one envelope that a message tells."""


def _hit(shapes: Shapes, said: str, at: Location, breaking: bool, detail: str) -> Hit:
    layer = shapes.layers[0] if len(shapes.layers) == 1 else None
    envelope = shapes.new if shapes.new is not None else shapes.old
    related = (Related(shapes.old.location, "as it was"),) if shapes.old is not None and shapes.new is not None else ()
    return Hit(
        said,
        at,
        layer=layer,
        detail=f"{detail} {breaking}",
        owner=f"envelope {envelope.id if envelope is not None else ''}",
        severity=None if breaking else Severity.NOTE,
        related=related,
        breaking=breaking,
    )


@check("VER008", "role-moved", Severity.ERROR, Change)
def entry_moved(change: Change, compared: Comparison) -> Iterator[Verdict]:
    """An entry whose code has another JSON type, whose further members differ, or which lost a header."""
    old, new = change.old, change.new
    if old is None or new is None or old.removed or new.removed:
        return
    one, two = json_type(old.code), json_type(new.code)
    if one != two and old.id == new.id:
        now = f"{_of_type(two)} (was {_of_type(one)})"
        whom = "for clients that compare it with its type"
        yield hit(change, Told(f"is {now}", f"are {now}", whom, True, member="code"))
    elif _members(old.match) != _members(new.match) and key(old.code) == key(new.code):
        said = f"is told apart by {_shown(new.match)} (was {_shown(old.match)})"
        whom = f"for clients that look at {' and '.join(map(pointers.text, old.match)) or 'the code alone'}"
        yield hit(change, Told(said, "are told apart by other members", whom, bool(old.match), "match", member="match"))
    lost = [header for header in old.headers if header.lower() not in {one.lower() for one in new.headers}]
    if lost:
        said = f"no longer promises the header {', '.join(words.cut(header) for header in lost)}"
        whom = "for clients that read it"
        yield hit(change, Told(said, said.replace("promises", "promise", 1), whom, True, f"header {lost}", member="headers"))


def _of_type(kind: str) -> str:
    return {"string": "a text", "integer": "a number", "null": "without a code"}.get(kind, kind)


def _members(match: object) -> dict[object, object]:
    return {pointer: key(value) for pointer, value in dict(match).items()} if isinstance(match, dict) else {}


def _shown(match: object) -> str:
    if not isinstance(match, dict) or not match:
        return "nothing"
    return " and ".join(f"{pointers.text(pointer)} {words.shown(value)}" for pointer, value in match.items())
