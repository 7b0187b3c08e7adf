"""Rules as SARIF describes them: the words of their cards, as text and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from errlint.cards import card
from errlint.checks.registry import RULES
from errlint.model.finding import Finding, Severity
from errlint.report.paths import is_page

SHORT = 1_024
"""Characters of a description that GitHub shows."""

PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}


def rules(findings: Iterable[Finding]) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The rules that some findings are of, by id, and the number of each in that list."""
    first: dict[str, Finding] = {}
    links: dict[str, str] = {}
    for one in findings:
        first.setdefault(one.rule, one)
        if one.link:
            links.setdefault(one.rule, one.link)
    ids = sorted(first)
    return [_rule(first[id_], links.get(id_, "")) for id_ in ids], {id_: number for number, id_ in enumerate(ids)}


def _rule(finding: Finding, link: str) -> dict[str, Any]:
    words = card(finding.rule)
    known = RULES.get(finding.rule)
    usual = known.severity if known is not None and known.severity is not Severity.OFF else finding.severity
    summary = str(words.get("summary") or finding.name)
    return {
        "id": finding.rule,
        "name": _pascal(finding.name),
        "shortDescription": {"text": summary[:SHORT]},
        "fullDescription": {"text": str(words.get("why") or summary)[:SHORT]},
        "help": {"text": _text(finding, words, link), "markdown": _markdown(finding, words, link)},
        **({"helpUri": link} if is_page(link) else {}),
        "defaultConfiguration": {"level": str(usual)},
        "properties": {"precision": "high", "problem.severity": PROBLEMS[usual], "tags": ["api", "errors", finding.rule[:3]]},
    }


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("-"))


def _text(finding: Finding, words: dict[str, Any], link: str) -> str:
    parts = [str(words.get("why", "")), f"Fix: {words['fix']}" if words.get("fix") else finding.help]
    parts += ["See " + ", ".join([*map(str, words.get("references", [])), *([link] if link else [])]) + "."]
    return "\n\n".join(part for part in parts if part not in ("", "See .")) or finding.name


def _markdown(finding: Finding, words: dict[str, Any], link: str) -> str:
    """The same in Markdown, with what the rule says of a faulty example."""
    says = next((str(one["says"]) for one in words.get("bad", []) if one.get("says")), "")
    parts = [
        f"**{finding.rule} {finding.name}**: {words.get('summary') or finding.help or finding.name}",
        f"**Why**: {words['why']}" if words.get("why") else "",
        f"**Fix**: {words['fix']}" if words.get("fix") else "",
        f"**Reports**, for example: `{says}`" if says and "`" not in says else "",
        "**See**: " + ", ".join([*map(str, words.get("references", [])), *([f"<{link}>"] if link else [])]),
        f"`errlint explain {finding.rule}` shows it whole.",
    ]
    return "\n\n".join(part for part in parts if part not in ("", "**See**: "))
