"""Rule cards: the words of a rule. They are read only for rules that have something to say."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from errlint import resources

FIX = "\nfix: "
SUMMARY = "\nsummary: "
SINCE = "\nsince: "
CHANGED = "\nchanged:"
_OPTIONS = re.compile(r"(?<=\.) (?=[^.]*\boption `)")


@lru_cache(maxsize=256)
def card(rule_id: str) -> dict[str, Any]:
    """A rule's card as data (schemas/rule.schema.json); empty where the rule has none."""
    from errlint.load.source import load

    name = resources.rule_names().get(rule_id)
    if name is None:
        return {}
    data = load(resources.rule_text(name).encode(), f"rules/{name}").data
    return data if isinstance(data, dict) else {}


@lru_cache(maxsize=256)
def help_of(rule_id: str) -> str:
    """What a user can do about a finding of this rule: the card's line ``fix: ...``, read without a YAML parser.

    What it says of the rule's options after that is for ``errlint explain``. A test holds it to what the parser reads:
    cards write this member as one plain or double-quoted line.
    """
    return _OPTIONS.split(_line(rule_id, FIX), 1)[0]


def summary_of(rule_id: str) -> str:
    """What a rule reports, in one sentence, read without a YAML parser."""
    return _line(rule_id, SUMMARY)


def since(rule_id: str) -> str:
    """The version that had the rule first."""
    return _line(rule_id, SINCE)


def changes(rule_id: str) -> tuple[tuple[str, str], ...]:
    """(version, what changed) of a rule since then, the first first."""
    name = resources.rule_names().get(rule_id)
    if name is None or CHANGED not in resources.rule_text(name):
        return ()
    return tuple((one["version"], one["what"]) for one in card(rule_id).get("changed", ()))


def _line(rule_id: str, key: str) -> str:
    """The value of a card's member that stands on one line, empty where there is none."""
    name = resources.rule_names().get(rule_id)
    if name is None:
        return ""
    line = resources.rule_text(name).partition(key)[2].partition("\n")[0].strip()
    if line.startswith('"'):
        import json

        line = str(json.loads(line))
    return line
