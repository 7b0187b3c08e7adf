"""Catalogs of several services held against each other (CAT023, CAT024)."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from errlint.checks import words
from errlint.checks.fleet import Fleet, Member, differ, is_literal
from errlint.checks.registry import Hit, check
from errlint.model.catalog import Category, Code
from errlint.model.finding import Location, Related, Severity

TOLD = 3
"""Meanings that a message names; the others are places beside it."""


@check("CAT023", "code-with-two-meanings", Severity.WARNING, Fleet)
def code_with_two_meanings(fleet: Fleet, contract: object) -> Iterator[Hit]:
    """A code that two services use for different errors."""
    uses: dict[Hashable, list[tuple[Member, Code]]] = {}
    for member, code in fleet.codes():
        uses.setdefault((type(code.code), code.code), []).append((member, code))
    for found in uses.values():
        others = [] if len(found) < 2 else _others(found)
        if others:
            yield _meanings(found[0], others)


def _others(found: Sequence[tuple[Member, Code]]) -> list[tuple[Member, Code]]:
    """The uses by other services that mean something else than the first, one a service."""
    first, code = found[0]
    text = words.label(code)
    own = [one for member, one in found if member.service == first.service]
    others: dict[str, tuple[Member, Code]] = {}
    for member, one in found:
        if member.service == first.service or member.service in others or any(not differ(one, mine) for mine in own):
            continue
        if not any(who.accepts("CAT023", "code-with-two-meanings", text) for who in (first, member)):
            others[member.service] = (member, one)
    return list(others.values())


def _meanings(first: tuple[Member, Code], others: Sequence[tuple[Member, Code]]) -> Hit:
    code = others[0][1]
    label = words.label(code)
    told = [f"{_meaning(one)} in {who.service}" for who, one in (first, *others)]
    more = f" and {len(told) - TOLD} more" if len(told) > TOLD else ""
    related = tuple(Related(one.location, f"{label} of {who.service}") for who, one in (first, *others[1:]))
    message = f"{label} means {'; '.join(told[:TOLD])}{more}"
    at = Location(code.location.uri, (*code.location.pointer, "code"))
    return Hit(message, at, label, str(code.statuses), code.layer, owner=label, related=related)


def _meaning(code: Code) -> str:
    """``404 "Order %s does not exist"``: what an entry says of its error."""
    text = code.name or (code.message.text if code.message is not None else code.description)
    return f"{code.statuses} {words.shown(words.cut(text, 60))}" if text else str(code.statuses)


@check("CAT024", "prefix-of-two-owners", Severity.WARNING, Fleet)
def prefix_of_two_owners(fleet: Fleet, contract: object) -> Iterator[Hit]:
    """A prefix, with its range of numbers if it has one, that services of two owners claim."""
    claims: dict[tuple[str, str], list[tuple[Member, Category]]] = {}
    for member, category in fleet.categories():
        if _claims(category):
            pattern = "" if category.prefix or category.range else category.pattern or ""
            claims.setdefault((category.prefix, pattern), []).append((member, category))
    for found in claims.values():
        yield from _overlaps(found)


def _claims(category: Category) -> bool:
    """Whether a category claims codes for itself; ranges of HTTP statuses are everybody's."""
    if category.range is not None and not category.prefix:
        return not (category.range[0] >= 100 and category.range[1] <= 599)
    return bool(category.prefix) or is_literal(category.pattern)


def _overlaps(found: Sequence[tuple[Member, Category]]) -> Iterator[Hit]:
    """Claims that an earlier one of another owner has already; each is told once."""
    ordered = sorted(found, key=lambda one: one[1].range or (0, 0))
    furthest: dict[str, tuple[int | None, Member, Category]] = {}
    for member, category in ordered:
        low, high = category.range or (0, None)
        owner = member.owner_of(category)
        earlier = [
            (who, one)
            for whose, (end, who, one) in furthest.items()
            if whose != owner and who.service != member.service and (end is None or end >= low)
        ]
        for who, one in earlier[:1]:
            if not any(each.accepts("CAT024", "prefix-of-two-owners", None) for each in (who, member)):
                yield _claimed(who, one, member, category)
        end = furthest[owner][0] if owner in furthest else -1
        if owner not in furthest or high is None or (end is not None and high > end):
            furthest[owner] = (high, member, category)


def _claimed(who: Member, one: Category, member: Member, category: Category) -> Hit:
    whose = f"{_claim(one)} by {_owner(who, one)}"
    own = f"{_claim(category)} by {_owner(member, category)}"
    both = f"{_claim(category)} is claimed by {_owner(who, one)} and by {_owner(member, category)}"
    message = both if _claim(one) == _claim(category) else f"two owners claim the same codes: {whose}, {own}"
    detail = f"{who.service} {one.id} {member.service} {category.id}"
    related = (Related(one.location, f"category {one.id} of {who.service}"),)
    return Hit(message, category.location, detail=detail, owner=f"category {category.id}", related=related)


def _owner(member: Member, category: Category) -> str:
    """``team a (orders)``: who claims it, and for which service."""
    owner = member.owner_of(category)
    return owner if owner == member.service else f"{owner} ({member.service})"


def _claim(category: Category) -> str:
    if category.range is not None:
        return f"{category.prefix}{category.range[0]} to {category.prefix}{category.range[1]}"
    return f"{category.prefix}..." if category.prefix else category.pattern or ""
