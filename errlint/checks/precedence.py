"""The one order of precedence: which rule is silent where another one explains what it would say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from errlint.checks.raised import Raised
from errlint.model.finding import Location

MEDIA = ("HTP007", "HTP006", "HTP005")
WITHOUT_ERRORS = ("COV003", "COV004", "COV005", "COV006", "COV007", "COV008")
NAMED = ("ENV001", "ENV004", "COD001", "COD002", "COD003", "COD004", "COD005", "COD012", "MSG002", "PRB002")


def _chain(*rules: str) -> dict[str, frozenset[str]]:
    """Each rule silences all that come after it."""
    return {rule: frozenset(rules[index + 1 :]) for index, rule in enumerate(rules)}


SILENCES: dict[str, frozenset[str]] = {}
for _part in (
    _chain(*MEDIA),
    {rule: frozenset(("ENV001", "ENV011", "ENV012", "COD012")) for rule in MEDIA},
    {"ENV011": frozenset(("ENV001", "COD012", "ENV003", "ENV014", "SEC006"))},
    {"ENV001": frozenset(("COD012", "ENV003", "ENV005", "ENV014", "SEC006", "COD007"))},
    _chain("COD005", "COD004", "COD001", "COD002", "MSG001"),
    {"ENV005": frozenset(("ENV003", "COD007")), "COD013": frozenset(("COD001", "COD002", "ENV010"))},
    {"PRB001": frozenset(("HTP005",)), "PRB002": frozenset(("ENV004",))},
    {"ENV007": frozenset(("COD002", "COD003", "ENV014", "HTP010"))},
    {rule: frozenset(("COV011",)) for rule in ("COD001", "COD002", "COD014")},
    {"HTP008": frozenset(("COV011",)), "HTP009": frozenset(("ENV012",))},
    {"MSG002": frozenset(("MSG001",)), "SEC001": frozenset(("MSG001",)), "SEC004": frozenset(("MSG001",))},
    {rule: frozenset(("ENV010", "ENV014")) for rule in NAMED},
    {rule: frozenset(("ENV014",)) for rule in (*MEDIA, "COD013", "PRB003")},
    _chain("SEC001", "SEC002", "SEC007", "MSG001"),
    {
        "SEC001": frozenset(("SEC003", "SEC005")),
        "SEC005": frozenset(("SEC007",)),
        "SEC003": frozenset(("MSG001",)),
        "ENV001": frozenset(("SEC007",)),
    },
    {rule: frozenset(("SEC007",)) for rule in MEDIA},
    {rule: frozenset(("MSG003",)) for rule in ("COD001", "COD005", "ENV004", "PRB003")},
    {"MSG003": frozenset(("MSG001",)), "COD005": frozenset(("PRB003",)), "COD004": frozenset(("PRB003",))},
    {"PRB003": frozenset(("ENV010", "MSG001")), "COD002": frozenset(("COD006",)), "COD010": frozenset(("COV001",))},
    {rule: frozenset(("SEC006",)) for rule in (*MEDIA, "ENV015")},
    {
        "DEC001": frozenset(WITHOUT_ERRORS),
        "DEC008": frozenset(("DEC007", "DEC010", "ENV001", "ENV003", "ENV004", "ENV005", "COD007")),
        "DEC010": frozenset(("ENV003", "ENV004", "ENV005", "COD007")),
        "COV001": frozenset(("COV002",)),
    },
):
    for _rule, _silenced in _part.items():
        SILENCES[_rule] = SILENCES.get(_rule, frozenset()) | _silenced
"""Which rule is silent where another one speaks of the same answer or, for its claims, of the same claim."""


WHOLE = frozenset(("DEC008", "DEC010", "ENV001", "ENV005"))
"""Rules that speak of a whole schema, wherever in it their hit stands."""

SILENCED_BY: dict[str, list[str]] = {}
for _rule, _losers in SILENCES.items():
    for _loser in _losers:
        SILENCED_BY.setdefault(_loser, []).append(_rule)


def precedence(raised: list[Raised]) -> list[Raised]:
    """The hits of one unit without those that another one explains."""
    if len({one.rule.id for one in raised}) < 2:
        return raised
    winners: dict[tuple[str, Location | None], list[Raised]] = defaultdict(list)
    for one in raised:
        winners[one.rule.id, one.hit.at if one.hit.shared else None].append(one)
    return [loser for loser in raised if not _explained(loser, raised, winners)]


def _explained(loser: Raised, raised: list[Raised], winners: Mapping[tuple[str, Location | None], list[Raised]]) -> bool:
    """Whether another hit says what this one says. Of a list of codes each is judged by itself: by its place."""
    for rule in SILENCED_BY.get(loser.rule.id, ()):
        rivals = [*winners.get((rule, None), ())]
        if loser.hit.shared:
            rivals += winners.get((rule, loser.hit.at), ())
            rivals += [one for one in raised if one.rule.id == rule] if rule in WHOLE else []
        else:
            rivals += [one for one in raised if one.rule.id == rule and one.hit.shared]
        rivals = [one for one in rivals if _same(one.hit.part, loser.hit.part) and _same(one.hit.layer, loser.hit.layer)]
        if rivals and (rule, loser.rule.id) in TOGETHER:
            rivals = rivals if _entries(loser) and _entries(loser) <= frozenset().union(*map(_entries, rivals)) else []
        if rivals:
            return True
    return False


TOGETHER = frozenset((("COV001", "COV002"),))
"""Pairs of rules of which the first explains the second where its hits name all the entries that that one names."""


def _entries(raised: Raised) -> frozenset[Location]:
    """The catalog's entries that a hit is about."""
    return frozenset(related.location for related in raised.hit.related)


def _same(one: object, other: object) -> bool:
    """Whether two hits may be about the same claim or layer: one that names none is about all."""
    return one is None or other is None or one == other
