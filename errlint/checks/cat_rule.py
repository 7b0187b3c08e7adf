"""What all rules about a catalog have in common: who may be told, what is accepted, how an entry is named and found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from errlint.checks import words
from errlint.checks.catalog_file import CatalogFile
from errlint.checks.registry import Hit, Judge, Unsure, Verdict, check
from errlint.model.catalog import Code
from errlint.model.finding import Location, Related, Severity

CatalogJudge = Callable[..., Iterator[Verdict]]


def rule(
    rule_id: str, name: str, severity: Severity, *, options: Mapping[str, Any] | None = None
) -> Callable[[CatalogJudge], CatalogJudge]:
    """Registers a judgement of a catalog file, which gets the rule's options as keyword arguments.

    It is silent about what ``accepted`` names, and about files that the user did not name: those that are extended belong
    to somebody else (an inherited file that breaks the format is told all the same).
    """

    def register(judge: CatalogJudge) -> CatalogJudge:
        def judged(file: CatalogFile, contract: object, **asked: Any) -> Iterator[Verdict]:
            for verdict in judge(file, **asked):
                if told(file, verdict, rule_id, name):
                    yield verdict

        registered: Judge = judged
        check(rule_id, name, severity, CatalogFile, options=options)(registered)
        return judge

    return register


def told(file: CatalogFile, verdict: Verdict, rule_id: str, name: str) -> bool:
    """Whether a verdict is the user's business and not accepted."""
    if rule_id != "CAT001" and file.named and verdict.at is not None and verdict.at.uri not in file.named:
        return False
    if isinstance(verdict, Unsure):
        return True
    return not any(
        item.rule in (rule_id, name) and (item.code is None or item.code in (verdict.code, _id(verdict)))
        for item in file.catalog.accepted
    )


def _id(hit: Hit) -> str | None:
    return hit.owner.partition("/")[2] if hit.owner else None


def at(code: Code, *tokens: str) -> Location:
    """A member of an entry."""
    return Location(code.location.uri, (*code.location.pointer, *tokens))


def about(code: Code, message: str, *tokens: str, detail: str = "", other: Code | None = None) -> Hit:
    """A hit about one entry, at one of its members; ``other`` is a second entry that explains it."""
    related = (Related(other.location, words.label(other)),) if other is not None else ()
    owner = f"{code.layer}/{code.id}"
    return Hit(message, at(code, *tokens), words.label(code), str(code.statuses), code.layer, detail, owner, related=related)


def written(code: Code) -> list[str]:
    """An entry's statuses as the catalog writes them: ``404``, ``5XX``, ``any``."""
    return code.statuses.text.split(", ")
