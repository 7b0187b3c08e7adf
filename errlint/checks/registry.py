"""The rules that exist: one small function a rule, registered with its machine facts.

The words of a rule (why, fix, examples) stand on its card, ``rules/<ID>-<name>.yaml``; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from errlint.model.finding import Location, Related, Severity
from errlint.model.record import field, mutable, record


@record
class Hit:
    """A violation: the concrete fact first, then what it is about.

    Everything but the message has a default in the unit that is judged. ``detail`` tells two faults of one rule at one
    place apart in the fingerprint (a member's name, a shape); ``part`` is the number of the claim that it speaks of,
    None for the whole answer; ``merged`` is the message of several equal hits, where it differs: ``{n}`` of ``{total}`` are
    concerned, which is the ``{share}``, and these are their ``{codes}``, ``{statuses}`` and ``{layers}``. Hits with one
    ``cause`` are one finding, whatever their status or detail.
    ``shared`` says that the fault is in the text at ``at``, whatever operation and status use it. ``breaking`` says of a change
    whether it breaks clients. ``aside`` is a part of the message that goes where hits with one fingerprint differ in it.
    """

    message: str
    at: Location | None = None
    code: str | None = None
    status: str | None = None
    layer: str | None = None
    detail: str = ""
    owner: str | None = None
    severity: Severity | None = None
    related: tuple[Related, ...] = ()
    part: int | None = None
    merged: str = ""
    shared: bool = False
    cause: str = ""
    breaking: bool | None = None
    aside: str = ""


@record
class Unsure:
    """A question that cannot be decided, and why, in the user's words ("any string is allowed as code")."""

    why: str
    at: Location | None = None
    status: str | None = None


Verdict = Hit | Unsure
Judge = Callable[..., Iterable[Verdict]]
J = TypeVar("J", bound=Judge)


@mutable
class Rule:
    """One rule's machine facts. ``severity`` holds with a catalog, ``alone`` without one.

    ``folds``: any number of sites is one finding, whatever their status or detail. A ``preview`` rule is a note until the
    next major version, unless previews are asked for. ``options`` are the JSON Schemas of its options, by name: a judge
    takes each as a keyword argument whose default is the rule's own.
    """

    id: str
    name: str
    severity: Severity
    alone: Severity
    folds: bool = False
    preview: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    judges: list[tuple[type, Judge, Callable[..., bool] | None]] = field(default_factory=list)


RULES: dict[str, Rule] = {}


def check(
    rule_id: str,
    name: str,
    severity: Severity,
    subject: type,
    *,
    alone: Severity | None = None,
    folds: bool = False,
    applies: Callable[..., bool] | None = None,
    preview: bool = False,
    options: Mapping[str, Any] | None = None,
) -> Callable[[J], J]:
    """Registers a judgement of one rule over one kind of subject; a rule may judge several kinds.

    The function gets (subject, contract) and yields a Hit for a violation, an Unsure for what it cannot decide, nothing
    for what is fine. ``applies`` is the rule's own predicate of relevance: subjects that pass it are its population, "7 of
    the 10". Both get the options that the user set as keyword arguments.
    """

    def register(judge: J) -> J:
        rule = RULES.setdefault(rule_id, Rule(rule_id, name, severity, severity if alone is None else alone, folds, preview))
        rule.folds = rule.folds or folds
        rule.options = {**rule.options, **(options or {})}
        rule.judges.append((subject, judge, applies))
        return judge

    return register


def find(word: str) -> Iterator[Rule]:
    """The rules that an id, a prefix of ids (``COD``), or a name means, one of earlier too; ``ALL`` is every rule."""
    found = False
    for rule in RULES.values():
        if word in (rule.id, rule.name, "ALL") or (word.isupper() and rule.id.startswith(word)):
            found = True
            yield rule
    if not found and "-" in word:
        from errlint.checks.life import past  # words that mean nothing today are rare

        before = past().names.get(word)
        if before is not None and before.rule in RULES:
            yield RULES[before.rule]
