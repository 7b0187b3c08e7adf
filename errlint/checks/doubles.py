"""One fault in a schema and in its examples is one finding: that of the schema."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.checks.raised import Raised, Unit
from errlint.model.finding import Location, Related
from errlint.model.record import replace

SHOWN_TOO = frozenset(("ENV001", "ENV004", "COD001", "COD002", "COD003", "COD005", "PRB002"))
"""Rules that say of an example what they say of its schema."""

MOST_SHOWN = 5

Fault = tuple[str, str | None, str]
"""What is said: rule, code and detail."""


def once(raised: list[Raised]) -> list[Raised]:
    """The hits without those of examples that only show what is wrong with their schema; the schema's names the examples."""
    if not any(one.unit.witness == "example" for one in raised):
        return raised
    told: dict[tuple[Location, Fault], int] = {}
    spoken: dict[Location, set[str]] = {}
    for number, one in enumerate(raised):
        for schema in _schemas(one.unit) if one.unit.witness == "schema" else ():
            told.setdefault((schema, _fault(one)), number)
            spoken.setdefault(schema, set()).add(one.rule.id)
    shows: dict[int, list[Location]] = {}
    kept: list[Raised | None] = list(raised)
    for number, one in enumerate(raised):
        schemas = list(_schemas(one.unit)) if one.unit.witness == "example" else []
        if any(_is_invalid(one, spoken.get(schema, set())) for schema in schemas):
            kept[number] = None
            continue
        twins = [told[schema, _fault(one)] for schema in schemas if (schema, _fault(one)) in told]
        if twins and len(twins) == len(schemas) and (one.rule.id in SHOWN_TOO or one.rule.id == "COD012"):
            kept[number] = None
            shows.setdefault(twins[0], []).append(one.hit.at or one.unit.location)
    for number, places in shows.items():
        hit = raised[number].hit
        related = tuple(Related(at, "its example shows it") for at in dict.fromkeys(places[:MOST_SHOWN]))
        kept[number] = replace(raised[number], hit=replace(hit, related=(*hit.related, *related)))
    return [one for one in kept if one is not None]


def _fault(raised: Raised) -> Fault:
    """What a hit says; a code that an example has not is one that its schema does not list."""
    rule, hit = raised.rule.id, raised.hit
    return ("ENV004", None, "code missing") if (rule, hit.detail) == ("COD012", "is missing") else (rule, hit.code, hit.detail)


def _is_invalid(raised: Raised, spoken: set[str]) -> bool:
    """Whether an example breaks its schema only because that is broken: nothing meets it, or two of its branches do."""
    if raised.rule.id != "ENV010":
        return False
    return "DEC010" in spoken or ("ENV008" in spoken and "more than one branch" in raised.hit.message)


def _schemas(unit: Unit) -> Iterator[Location]:
    """The places of the schemas that a unit is about: those of declarations, or those that an example stands beside."""
    from errlint.checks.beside import AnswerBeside
    from errlint.match.declared import Declared

    for subject in unit.subjects:
        if isinstance(subject, Declared):
            yield from {use.schema.location: None for use in subject.uses if use.schema is not None}
        elif isinstance(subject, AnswerBeside):
            yield from (schema.location for schema in subject.schemas)
