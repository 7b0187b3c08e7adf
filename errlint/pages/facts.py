"""What a rule's page tells: the machine facts of the rule, the words of its card."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from typing import Any

from errlint import cards
from errlint.checks.life import past
from errlint.checks.registry import Rule
from errlint.checks.rules import load_all
from errlint.config import Settings
from errlint.fixes.table import KINDS, WITHOUT_CATALOG
from errlint.model.finding import Severity
from errlint.model.record import record
from errlint.pages.samples import Sample, sample
from errlint.report.rules_table import GROUPS

FIXES = {
    "safe": "yes, `--fix`",
    "unsafe": "yes, `--fix --unsafe-fixes`",
    "generated": "with a catalog, `--fix --unsafe-fixes`",
}

COMMANDS = {"CAT": "errlint catalog check errors.yaml", "VER": "errlint catalog diff old.yaml errors.yaml"}
LINT = "errlint lint openapi.yaml"
PROBE = "errlint probe openapi.yaml --url http://localhost:8000"


@record
class Option:
    """One option of a rule: its name, what it may be, and what it is where nobody sets it."""

    name: str
    values: str
    default: str
    description: str


@record
class RulePage:
    """A rule in words. ``facts`` are (label, text) of its table; ``left_out`` (what, language, text) how it is left out."""

    id: str
    name: str
    summary: str
    severity: str
    facts: tuple[tuple[str, str], ...]
    why: str
    fix: str
    options: tuple[Option, ...]
    bad: tuple[Sample, ...]
    good: tuple[Sample, ...]
    irrelevant: tuple[Sample, ...]
    references: tuple[str, ...]
    supersedes: tuple[str, ...]
    left_out: tuple[tuple[str, str, str], ...]


def rule_pages() -> tuple[RulePage, ...]:
    """Every rule's page, by group and id."""
    rules = load_all()
    strict = Settings(profile="strict")
    alone, whole = strict.severities(with_catalog=False), strict.severities(with_catalog=True)
    order = {prefix: number for number, prefix in enumerate(GROUPS)}
    ids = sorted(rules, key=lambda id_: (order.get(id_[:3], len(order)), id_))
    return tuple(_page(rules[id_], cards.card(id_), levels(whole[id_], alone[id_])) for id_ in ids)


def group(id_: str) -> str:
    """The title of a rule's group."""
    return GROUPS.get(id_[:3], id_[:3])


def short(id_: str) -> str:
    """The title of a rule's group in a word or two."""
    return group(id_).partition(":")[0]


def levels(whole: Severity, alone: Severity) -> str:
    """How bad a rule is, with a catalog and without."""
    return str(whole) if whole == alone else f"{whole} with a catalog, {alone} without"


def _page(rule: Rule, card: Mapping[str, Any], strict: str) -> RulePage:
    severity = levels(rule.severity, rule.alone)

    def samples(kind: str) -> tuple[Sample, ...]:
        made = (sample(rule, example) for example in card.get(kind, ()))
        return tuple(one for one in made if one.blocks or one.given or one.builtin)

    return RulePage(
        id=rule.id,
        name=rule.name,
        summary=str(card.get("summary", "")),
        severity=severity,
        facts=tuple(_facts(rule, card, severity, strict)),
        why=str(card.get("why", "")),
        fix=str(card.get("fix", "")),
        options=tuple(_options(rule)),
        bad=samples("bad"),
        good=samples("good"),
        irrelevant=samples("irrelevant"),
        references=tuple(map(str, card.get("references", ()))),
        supersedes=tuple(map(str, card.get("supersedes", ()))),
        left_out=tuple(_left_out(rule.id, live=_is_live(card))),
    )


def _is_live(card: Mapping[str, Any]) -> bool:
    """Whether a rule speaks of what a service answers only, never of a document."""
    return all("status" in example or "coverage" in example for example in card["bad"])


def _left_out(id_: str, *, live: bool) -> Iterator[tuple[str, str, str]]:
    """The ways to leave a rule out; comments and annotations are for what stands in a document or is answered."""
    prefix = id_[:3]
    yield "In one run", "console", f"{COMMANDS.get(prefix, PROBE if live else LINT)} --ignore {id_}"
    yield "For everybody, in `errlint.toml`", "toml", f'ignore = ["{id_}"]'
    if prefix == "CAT":
        accepted = f"accepted:\n  - {{rule: {id_}, code: SHOP_1, reason: why}}"
        yield "For one code, or for all without `code`, in the catalog", "yaml", accepted
    if prefix in ("CAT", "VER", "CFG"):
        return
    yield "Below a path, in `errlint.toml`", "toml", f'[[ignores]]\nrule = "{id_}"\npath = "/internal/*"\nreason = "why"'
    yield "One finding, in a document: above its line in YAML", "yaml", f"# errlint: ignore[{id_}] why"
    yield "or at the object that has it", "yaml", f"x-errlint: {{ignore: [{{rule: {id_}, reason: why}}]}}"


def _facts(rule: Rule, card: Mapping[str, Any], severity: str, strict: str) -> Iterator[tuple[str, str]]:
    yield "Severity", severity
    if strict != severity:
        yield "With `--profile strict`", strict
    if rule.preview:
        yield "Preview", "a note until the next major version, unless `--preview` is given"
    yield "Since", cards.since(rule.id)
    yield from ((f"Changed in {version}", what) for version, what in cards.changes(rule.id))
    before = [one for one in past().names.values() if one.rule == rule.id]
    yield from ((f"Until {one.renamed} called", one.name) for one in before)
    kind = KINDS.get(rule.id)
    without = rule.id in WITHOUT_CATALOG
    yield "Can be mended", "no" if kind is None else FIXES["unsafe" if without else kind]


def _options(rule: Rule) -> Iterator[Option]:
    for name, schema in rule.options.items():
        facts = schema if isinstance(schema, Mapping) else {}
        default = json.dumps(facts["default"], ensure_ascii=False) if "default" in facts else _default(rule, name)
        yield Option(name, _kind(facts), default, str(facts.get("description", "")))


def _kind(schema: Mapping[str, Any]) -> str:
    """A JSON Schema in words: ``list of string``, ``number, 0 to 100``, the values that it lists."""
    if "enum" in schema:
        return ", ".join(f"`{json.dumps(one, ensure_ascii=False)}`" for one in schema["enum"])
    kind = str(schema.get("type", ""))
    if kind == "array":
        kind = f"list of {_kind(schema.get('items', {})) or 'values'}"
    if "minimum" in schema and "maximum" in schema:
        kind += f", {schema['minimum']} to {schema['maximum']}"
    return kind


def _default(rule: Rule, name: str) -> str:
    """What a judge takes where the user says nothing, as JSON."""
    for _, judge, _ in rule.judges:
        one = inspect.signature(judge).parameters.get(name)
        if one is not None and one.default is not inspect.Parameter.empty:
            value = sorted(one.default) if isinstance(one.default, frozenset | set) else one.default
            return json.dumps(value, ensure_ascii=False)
    return ""
