"""What changed of one entry: its status, layer, message and retry advice (VER003, VER004, VER007, VER010)."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.checks import words
from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.ver_rule import Told, hit, status
from errlint.match.meaning import repurposed
from errlint.match.roles import same_places
from errlint.match.template import matcher, skeleton
from errlint.model.catalog import Catalog, Code, Message
from errlint.model.change import Change, Comparison
from errlint.model.finding import Severity
from errlint.model.record import replace
from errlint.model.status import ANY


@check("VER003", "status-moved", Severity.ERROR, Change)
def status_moved(change: Change, compared: Comparison) -> Iterator[Verdict]:
    """A code that comes with another status. Fewer statuses break nobody; more do where their class is new."""
    before, after = change.before, change.after
    if not before or not after or before.values == after.values or _means_another(change):
        return
    lost, gained = before.values - after.values, after.values - before.values
    whom = "no answer is known to have changed"
    if "default" in after.text and not lost:  # a document's default is any status that has no response of its own
        said = f"comes with {status(after)} now (was {status(before)})"
        yield hit(change, Told(said, said, whom, False, severity=Severity.WARNING, member="status"))
    elif after.values == ANY.values:
        said = f"says no status now (was {status(before)})"
        yield hit(change, Told(said, said.replace("says", "say", 1), whom, False, severity=Severity.WARNING, member="status"))
    elif not gained:
        said, whom = f"comes with {status(after)} only (was {status(before)})", "every answer was documented before"
        yield hit(change, Told(said, said, whom, False, severity=Severity.NOTE, member="status"))
    elif lost:
        said = f"moved from {status(before)} to {status(after)}"
        yield hit(change, Told(said, said, f"for clients that act on {status(before)}", True, member="status"))
    elif classes(gained) <= classes(before.values):
        said = f"comes with {status(after)} now (was {status(before)})"
        whom = "where clients treat a status that they do not know by its class"
        yield hit(change, Told(said, said, whom, False, severity=Severity.NOTE, member="status"))
    else:
        said = f"comes with {status(after)} now (was {status(before)}), which is another class"
        yield hit(change, Told(said, said, "for clients that retry or give up by the class of a status", True, member="status"))


def classes(statuses: frozenset[int]) -> set[int]:
    return {one // 100 for one in statuses}


def _means_another(change: Change) -> bool:
    return change.old is not None and change.new is not None and bool(repurposed(change.old, change.new))


@check("VER004", "layer-moved", Severity.ERROR, Change)
def layer_moved(change: Change, compared: Comparison) -> Iterator[Verdict]:
    """A code that another layer answers: in another envelope, or in the same."""
    old, new = change.old, change.new
    if old is None or new is None or old.removed or new.removed or old.layer == new.layer:
        return
    if not compared.new.layered:
        said, whom = f"moved from {old.layer} to {new.layer}", "for clients that read it there"
        yield hit(replace(change, home=""), Told(said, said, whom, True))
        return
    same = _same_body(compared.old.catalog, _written(old, compared), compared.new.catalog, new.layer)
    said = f"moved from layer {old.layer} to layer {new.layer}"
    whom = "the body looks the same" if same else f"for clients that read it where layer {old.layer} has it"
    severity = Severity.NOTE if same else None
    yield hit(replace(change, home=""), Told(said, said, whom, not same, severity=severity))


def _written(old: Code, compared: Comparison) -> str:
    """The layer of an entry under the name that the older version had for it."""
    return next((one.old for one in compared.renamed if one.new == old.layer), old.layer)


def _same_body(old: Catalog, left: str, new: Catalog, right: str) -> bool:
    """Whether clients find the code where they found it: every envelope that may come now was one that came before."""
    one, two = old.layers.get(left), new.layers.get(right)
    before = [old.envelopes[id_] for id_ in one.envelopes if id_ in old.envelopes] if one is not None else []
    after = [new.envelopes[id_] for id_ in two.envelopes if id_ in new.envelopes] if two is not None else []
    return bool(after) and all(any(same_places(known, found) for known in before) for found in after)


@check("VER007", "template-changed", Severity.NOTE, Change)
def template_changed(change: Change, compared: Comparison) -> Iterator[Verdict]:
    """A message that reads differently. It breaks clients only where the catalog promised it to the letter."""
    old, new = change.old, change.new
    if old is None or new is None or old.removed or new.removed or _means_another(change):
        return
    one, two = _messages(old), _messages(new)
    promised = any(message.check == "strict" for message in old.messages(None))
    if one == two:
        if promised and new.messages(None) and not any(message.check == "strict" for message in new.messages(None)):
            told = (
                "has a message that is no longer promised to the letter",
                "have messages that are no longer promised to the letter",
            )
            yield hit(change, Told(*told, "for clients that parse it", True, severity=Severity.WARNING, member="message"))
        return
    if not one or not two or all(message.check == "ignore" for message in (*old.messages(None), *new.messages(None))):
        return
    if promised and not _covered(old, new):
        yield _reworded(change, old, new, "for clients that parse the message: it was promised to the letter", True)
    else:
        whom = "every message of it was possible before" if promised else "messages are for people"
        yield _reworded(change, old, new, whom, False)


def _messages(code: Code) -> set[tuple[str, str]]:
    """The templates of an entry; how a gap is called shows in no message."""
    return {skeleton(message) for message in code.messages(None)}


def _covered(old: Code, new: Code) -> bool:
    """Whether every new message is a text that an old template stands for."""
    return all(
        message.kind == "literal" and any(matcher(known).fits(message.text) for known in old.messages(None))
        for message in new.messages(None)
    )


def _reworded(change: Change, old: Code, new: Code, whom: str, breaking: bool) -> Hit:
    left, right = _first(old), _first(new)
    said = f"says {words.shown(right.text)} (was {words.shown(left.text)})" if left.text != right.text else "has other messages"
    severity = Severity.ERROR if breaking else None
    return hit(change, Told(said, "have other messages", whom, breaking, "message", severity, "message"))


def _first(code: Code) -> Message:
    return code.messages(None)[0]


@check("VER010", "retry-changed", Severity.WARNING, Change)
def retry_changed(change: Change, compared: Comparison) -> Iterator[Verdict]:
    """Another advice on sending the request again. What is allowed now and was not is only news."""
    old, new = change.old, change.new
    if old is None or new is None or old.removed or new.removed or old.retry == new.retry or _means_another(change):
        return
    if "unknown" in (old.retry or "unknown", new.retry or "unknown"):
        return
    said = f"is to be retried as {words.shown(new.retry)} (was {words.shown(old.retry)})"
    many = said.replace("is to be", "are to be")
    if old.retry == "never":
        yield hit(change, Told(said, many, "clients may send it again now", False, severity=Severity.NOTE, member="retry"))
    else:
        whom = "what they read is the same, but who retries as before may do it in vain"
        yield hit(change, Told(said, many, whom, False, member="retry"))
