"""The judge: every enabled rule over every unit, then the one order of precedence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from errlint.checks.doubles import once
from errlint.checks.precedence import precedence
from errlint.checks.raised import Raised, Unit, Verdicts
from errlint.checks.registry import RULES, Hit, Rule, Unsure
from errlint.model.finding import Severity, Unknown
from errlint.model.record import record

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
        weight = unit.weight * unit.repeats
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
        verdicts.judged += unit.repeats
        verdicts.undecided += unit.repeats if unsure else 0
    verdicts.raised = once(verdicts.raised)
    return verdicts


def _discount(raised: list[Raised], kept: list[Raised], population: Counter[tuple[str, str]]) -> None:
    """Takes out of a ratio's whole what another rule explains: "5 of the 10" would be wrong where five were not asked."""
    spoken = {(one.rule.id, one.subject) for one in kept}
    for place in {(one.rule.id, one.subject): one.unit.weight * one.unit.repeats for one in raised if one.rule.folds}.items():
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
                unknown = Unknown(rule.id, verdict.why, unit.operation, verdict.status or unit.status, at)
                verdicts.unknown.extend([unknown] * unit.repeats)
            else:
                raised.append(Raised(rule, verdict, unit, verdict.severity or case.level, case.place[1]))
    except Exception as error:
        crashed = RULES.get("CFG006")
        if crashed is not None and case.crash:
            message = f"rule {rule.id} ({rule.name}) crashed: {type(error).__name__}: {str(error)[:200]}"
            raised.append(Raised(crashed, Hit(message, detail=rule.id), unit, case.crash))
    return unsure
