"""Codes that came, went and were announced to go (VER001, VER002, VER011)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from errlint.checks import words
from errlint.checks.registry import Hit, Unsure, Verdict, check
from errlint.checks.ver_rule import Told, hit, status
from errlint.match.align import wire
from errlint.match.meaning import same, text_of
from errlint.model.catalog import Code
from errlint.model.change import Change, Comparison, Opened, Renamed
from errlint.model.finding import Location, Severity
from errlint.model.status import ANY

FALL_BACK = "where clients treat a code that they do not know by its status"
NOBODY = "an answer never carried it since"


@check("VER001", "code-removed", Severity.ERROR, Change)
def code_removed(change: Change, compared: Comparison) -> Iterator[Verdict]:
    """A code that clients may handle and that is promised no more: gone, marked as removed, or another code now."""
    old, new = change.old, change.new
    if old is None or old.removed:
        if old is not None and new is None:
            yield hit(change, _forgotten(old))
        return
    if new is None and compared.new.open.get(change.layer):
        yield Unsure(f"a code that is gone or not, where {compared.new.name} allows any")
    elif new is None and change.kin is not None:
        if text_of(old) and text_of(old) != text_of(change.kin) and change.kin.match == old.match:
            said = "is gone; other entries keep its code"
            yield hit(change, Told(said, "are gone; other entries keep them", "", False, severity=Severity.NOTE))
    elif new is None or new.removed:
        yield hit(change, _gone(change, old, compared))
    elif wire(old)[1] != wire(new)[1] and old.code is not None and _type(old) == _type(new):
        yield _another(change, old, new)


def _type(code: Code) -> type:
    return type(code.code)


def _forgotten(old: Code) -> Told:
    said = f"no longer stands there as removed ({words.cut(old.removed)})"
    whom = f"{NOBODY}; but nothing keeps its code from being used again"
    return Told(said, "no longer stand there as removed", whom, False, severity=Severity.NOTE)


def _gone(change: Change, old: Code, compared: Comparison) -> Told:
    """What is said of a code that no answer carries any more."""
    marked = f"is removed ({words.cut(change.new.removed)})" if change.new is not None else "is gone"
    many = f"are removed ({words.cut(change.new.removed)})" if change.new is not None else "are gone"
    layer = compared.new.catalog.layers.get(change.layer)
    told = "" if old.statuses.values == ANY.values or change.new is not None else f" (was {status(old.statuses)})"
    if layer is not None and not layer.closed and change.new is None:
        return Told(f"is no longer listed{told}", "are no longer listed", _open(change), False, severity=Severity.NOTE)
    wide, cause = compared.shrinking > MANY, ""
    if change.layer in compared.went:
        wide, cause = True, "layer gone"
        many = f"are gone with their {_layers(compared.went)}"
    if old.deprecated:
        successor = (change.new.replaced_by if change.new is not None else "") or old.replaced_by
        after = f", as announced; {words.cut(successor)} takes its place" if successor else ", as announced (deprecated)"
        whom = "for clients that still handle it"
        return Told(marked + after, f"{many}, as announced", whom, True, "announced", Severity.WARNING)
    return Told(marked + told, many, "for clients that handle it", True, cause, wide=wide, named=not cause)


MANY = 8
"""Layers that have a line each for what came or went; of more it is one line."""


def _layers(layers: Collection[str]) -> str:
    """``layer``, where the sentence names it already, or ``layers: engine, gateway``."""
    if len(layers) == 1:
        return "layer"
    names = sorted(layers)
    return "layers: " + ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")


def _open(change: Change) -> str:
    return f"the layer {change.layer} is open, so that unlisted codes may come"


def _another(change: Change, old: Code, new: Code) -> Hit:
    if old.id == new.id:
        why = f"entry {words.cut(new.id)}"
    else:
        why = "same name" if old.name and old.name == new.name else "same text"
    said = f"was {words.shown(old.code)} before ({why})"
    return hit(change, Told(said, "were other codes before", "for clients that look for the old code", True, member="code"))


@check("VER002", "code-added", Severity.NOTE, Change)
def code_added(change: Change, compared: Comparison) -> Iterator[Verdict]:
    """A code that no client can know yet, one that came back, or one that more operations may answer."""
    old, new = change.old, change.new
    if new is None or new.removed:
        return
    grave = change.grave if old is None else old if old.removed else None
    if grave is not None and same(grave, new):
        said = f"is back (it was removed in {words.cut(grave.removed)})"
        yield hit(change, Told(said, "are back after their removal", FALL_BACK, False, "back"))
    elif old is not None and not old.removed:
        yield from _more_operations(change, old, new, compared)
    elif old is None and compared.old.open.get(change.layer):
        yield Unsure(f"a code that is new or not, where {compared.old.name} allowed any")
    elif grave is None:
        yield from _new(change, new, compared)


def _new(change: Change, new: Code, compared: Comparison) -> Iterator[Hit]:
    if change.kin is None:
        told = (
            "" if new.statuses.values == ANY.values else f" ({' '.join(filter(None, (status(new.statuses), new.name[:60])))})"
        )
        if change.layer in compared.came:
            many = f"are new with their {_layers(compared.came)}"
            yield hit(change, Told(f"is new{told}", many, FALL_BACK, False, "layer", named=False))
        else:
            yield hit(change, Told(f"is new{told}", "are new", FALL_BACK, False, wide=compared.growing > MANY))
    elif text_of(new) and text_of(new) != text_of(change.kin):
        yield hit(change, Told("is a new entry of a known code", "are new entries of known codes", "", False, "entry"))


def _more_operations(change: Change, old: Code, new: Code, compared: Comparison) -> Iterator[Hit]:
    """Operations that may answer a code now and could not before."""
    if not old.operations or set(new.operations) <= set(old.operations):
        if not (old.operations and not new.operations):
            return
        said = "may come from any operation now"
        yield hit(change, Told(said, said, FALL_BACK, False, "any operation", member="operations"))
        return
    known, before = compared.old.operations, {*old.operations, *compared.old.open.get(change.layer, ())}
    more = [one for one in new.operations if one not in before and (not known or one in known)]
    if more and change.after.values <= change.before.values:  # else VER003 tells of the answer that is new
        told = ", ".join(words.cut(one) for one in more[:3]) + (f" and {len(more) - 3} more" if len(more) > 3 else "")
        said = f"may come from {told} too"
        yield hit(change, Told(said, said, FALL_BACK, False, f"operations {' '.join(more)}"))


@check("VER002", "code-added", Severity.NOTE, Opened)
def layer_opened(opened: Opened, compared: Comparison) -> Iterator[Verdict]:
    """A layer that may answer codes which nobody lists any more."""
    said = f"layer {opened.layer} is open now: codes that it does not list may come; compatible {FALL_BACK}"
    at = Location(opened.location.uri, (*opened.location.pointer, "codes"))
    yield Hit(said, at, layer=opened.layer, owner=f"layer {opened.layer}", breaking=False)


@check("VER011", "code-deprecated", Severity.NOTE, Change)
def code_deprecated(change: Change, compared: Comparison) -> Iterator[Verdict]:
    """A code that is announced to go."""
    old, new = change.old, change.new
    if old is None or new is None or old.removed or new.removed or old.deprecated or not new.deprecated:
        return
    successor = f"; {words.cut(new.replaced_by)} takes its place" if new.replaced_by else ""
    yield hit(
        change,
        Told(f"is deprecated{successor}", "are deprecated", "answers still carry it", False, "deprecated", member="deprecated"),
    )


@check("VER004", "layer-moved", Severity.ERROR, Renamed)
def layer_renamed(renamed: Renamed, compared: Comparison) -> Iterator[Verdict]:
    """A layer that has another name: no answer shows it."""
    entries = f"{renamed.entries} {'entry' if renamed.entries == 1 else 'entries'}"
    said = f"layer {renamed.old} is called {renamed.new} now, with {entries}; compatible: no answer names a layer"
    yield Hit(said, renamed.location, layer=renamed.new, owner=f"layer {renamed.new}", severity=Severity.NOTE, breaking=False)
