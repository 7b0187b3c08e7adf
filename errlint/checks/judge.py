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
    table = _by_subject(severities)
    verdicts = Verdicts()
    for unit in units:
        raised: list[Raised] = []
        unsure = 0
        for subject in unit.subjects:
            for rule, function, applies in table.get(type(subject), ()):
                asked = options.get(rule.id, NO_OPTIONS)
                if applies is not None and not _guarded(applies, subject, asked):
                    continue
                verdicts.population[rule.id, type(subject).__name__] += unit.weight
                unsure += _run(rule, function, subject, unit, contract, asked, severities, raised, verdicts)
        verdicts.raised.extend(precedence(raised))
        verdicts.judged += 1
        verdicts.undecided += bool(unsure)
    return verdicts


def _by_subject(severities: Mapping[str, Severity]) -> dict[type, list[tuple[Rule, Any, Any]]]:
    table: dict[type, list[tuple[Rule, Any, Any]]] = defaultdict(list)
    for rule in RULES.values():
        if severities.get(rule.id, Severity.OFF) is not Severity.OFF:
            for subject, function, applies in rule.judges:
                table[subject].append((rule, function, applies))
    return table


def _guarded(applies: Any, subject: Any, asked: Mapping[str, Any]) -> bool:
    try:
        return bool(applies(subject, **asked))
    except Exception:
        return True


def _run(
    rule: Rule,
    function: Any,
    subject: Any,
    unit: Unit,
    contract: Any,
    asked: Mapping[str, Any],
    severities: Mapping[str, Severity],
    raised: list[Raised],
    verdicts: Verdicts,
) -> int:
    """Runs one judgement; a rule that crashes is itself a finding and takes no other rule with it."""
    unsure = 0
    try:
        for verdict in function(subject, contract, **asked):
            if isinstance(verdict, Unsure):
                unsure += 1
                at = verdict.at or unit.location
                verdicts.unknown.append(Unknown(rule.id, verdict.why, unit.operation, verdict.status or unit.status, at))
            else:
                level = verdict.severity or severities[rule.id]
                raised.append(Raised(rule, verdict, unit, level, type(subject).__name__))
    except Exception as error:
        crashed = RULES.get("CFG006")
        if crashed is not None and severities.get("CFG006", Severity.OFF):
            message = f"rule {rule.id} ({rule.name}) crashed: {type(error).__name__}: {str(error)[:200]}"
            raised.append(Raised(crashed, Hit(message, detail=rule.id), unit, severities["CFG006"]))
    return unsure


MEDIA = ("HTP007", "HTP006", "HTP005")
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
    {rule: frozenset(("SEC006",)) for rule in (*MEDIA, "ENV015")},
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
        if any(None in (one.hit.part, loser.hit.part) or one.hit.part == loser.hit.part for one in rivals):
            return True
    return False
