"""The judge: every enabled rule over every unit, then the one order of precedence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from errlint.checks.registry import RULES, Hit, Rule, Unsure
from errlint.model.finding import Location, Severity, Unknown, Witness
from errlint.model.record import field, mutable, record


@record
class Unit:
    """What is judged together: the subjects of one answer, declaration, operation, catalog or run.

    ``owner`` names it in fingerprints (an operation, a component's pointer, a catalog entry), never by a line. ``uses``
    are the operations that share it, each with its place.
    """

    subjects: tuple[Any, ...]
    witness: Witness
    location: Location
    owner: str
    operation: str | None = None
    uses: tuple[tuple[str, Location], ...] = ()
    status: str | None = None
    media_type: str = ""
    reproduce: str | None = None
    request_id: str | None = None

    @property
    def weight(self) -> int:
        return max(len(self.uses), 1)


@record
class Raised:
    """A hit of a rule over a unit, before folding."""

    rule: Rule
    hit: Hit
    unit: Unit
    severity: Severity
    subject: str = ""
    suppressed: str | None = None


@mutable
class Verdicts:
    """What the judge found: hits, what could not be decided, and how many subjects each rule applied to."""

    raised: list[Raised] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    population: Counter[tuple[str, str]] = field(default_factory=Counter)
    judged: int = 0
    undecided: int = 0


Options = Mapping[str, Mapping[str, Any]]
"""What the user set of the rules' own options, by rule id."""

NO_OPTIONS: Mapping[str, Any] = {}


def judge(units: Iterable[Unit], contract: Any, severities: Mapping[str, Severity], options: Options = NO_OPTIONS) -> Verdicts:
    """The verdicts of all enabled rules; ``severities`` says by rule id how bad it is, and which are on."""
    table = _by_subject(severities, options)
    verdicts = Verdicts()
    population = verdicts.population
    for unit in units:
        raised: list[Raised] = []
        unsure = 0
        weight = unit.weight
        for subject in unit.subjects:
            for case in table.get(type(subject), ()):
                if case.applies is not None and not _guarded(case, subject):
                    continue
                population[case.place] += weight
                unsure += _run(case, subject, unit, contract, raised, verdicts)
        kept = precedence(raised)
        if len(kept) < len(raised):
            _discount(raised, kept, verdicts.population)
        verdicts.raised.extend(kept)
        verdicts.judged += 1
        verdicts.undecided += bool(unsure)
    return verdicts


def _discount(raised: list[Raised], kept: list[Raised], population: Counter[tuple[str, str]]) -> None:
    """Takes out of a ratio's whole what another rule explains: "5 of the 10" would be wrong where five were not asked."""
    spoken = {(one.rule.id, one.subject) for one in kept}
    for place in {(one.rule.id, one.subject): one.unit.weight for one in raised if one.rule.folds}.items():
        if place[0] not in spoken:
            population[place[0]] -= place[1]


@record
class _Case:
    """One judgement that is on: the rule, its function and predicate, its level here, and what the user set of its options.

    ``place`` is where its population is counted; ``crash`` the level of a crash.
    """

    rule: Rule
    function: Any
    applies: Any
    level: Severity
    asked: Mapping[str, Any]
    place: tuple[str, str]
    crash: Severity


def _by_subject(severities: Mapping[str, Severity], options: Options) -> dict[type, list[_Case]]:
    """The judgements that are on, by the kind of subject."""
    table: dict[type, list[_Case]] = {}
    crash = severities.get("CFG006", Severity.OFF)
    for rule in RULES.values():
        level = severities.get(rule.id, Severity.OFF)
        for subject, function, applies in rule.judges if level else ():
            asked, place = options.get(rule.id, NO_OPTIONS), (rule.id, subject.__name__)
            table.setdefault(subject, []).append(_Case(rule, function, applies, level, asked, place, crash))
    return table


def _guarded(case: _Case, subject: Any) -> bool:
    try:
        return bool(case.applies(subject, **case.asked))
    except Exception:
        return True


def _run(case: _Case, subject: Any, unit: Unit, contract: Any, raised: list[Raised], verdicts: Verdicts) -> int:
    """Runs one judgement; a rule that crashes is itself a finding and takes no other rule with it."""
    unsure = 0
    rule = case.rule
    try:
        for verdict in case.function(subject, contract, **case.asked):
            if isinstance(verdict, Unsure):
                unsure += 1
                at = verdict.at or unit.location
                verdicts.unknown.append(Unknown(rule.id, verdict.why, unit.operation, verdict.status or unit.status, at))
            else:
                raised.append(Raised(rule, verdict, unit, verdict.severity or case.level, case.place[1]))
    except Exception as error:
        crashed = RULES.get("CFG006")
        if crashed is not None and case.crash:
            message = f"rule {rule.id} ({rule.name}) crashed: {type(error).__name__}: {str(error)[:200]}"
            raised.append(Raised(crashed, Hit(message, detail=rule.id), unit, case.crash))
    return unsure


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
    {"ENV005": frozenset(("ENV003",)), "COD013": frozenset(("COD001", "COD002"))},
    {"PRB001": frozenset(("HTP005",)), "PRB002": frozenset(("ENV004",))},
    {"ENV007": frozenset(("COD002", "COD003", "ENV014", "HTP010"))},
    {"COD001": frozenset(("COV011",)), "HTP008": frozenset(("COV011",)), "HTP009": frozenset(("ENV012",))},
    {"MSG002": frozenset(("MSG001",)), "SEC001": frozenset(("MSG001",)), "SEC004": frozenset(("MSG001",))},
    {rule: frozenset(("ENV010",)) for rule in NAMED},
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
        "DEC008": frozenset(("DEC007", "DEC010", "ENV001", "ENV003", "ENV005", "COD007")),
    },
):
    for _rule, _silenced in _part.items():
        SILENCES[_rule] = SILENCES.get(_rule, frozenset()) | _silenced
"""Which rule is silent where another one speaks of the same answer or, for its claims, of the same claim."""


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
        else:
            rivals += [one for one in raised if one.rule.id == rule and one.hit.shared]
        if any(_same(one.hit.part, loser.hit.part) and _same(one.hit.layer, loser.hit.layer) for one in rivals):
            return True
    return False


def _same(one: object, other: object) -> bool:
    """Whether two hits may be about the same claim or layer: one that names none is about all."""
    return one is None or other is None or one == other
