"""Rule cards: the words of a rule. They are read only for rules that have something to say."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from errlint import resources

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
def line_of(rule_id: str, member: str) -> str:
    """A member of a rule's card (``summary``, ``why``, ``fix``), read without a YAML parser; empty where there is none.

    A test holds it to what the parser reads: cards write these members as one plain or double-quoted line.
    """
    name = resources.rule_names().get(rule_id)
    if name is None:
        return ""
    _, _, rest = resources.rule_text(name).partition(f"\n{member}: ")
    line = rest.partition("\n")[0].strip()
    if line.startswith('"'):
        import json

        line = str(json.loads(line))
    return line


@lru_cache(maxsize=256)
def help_of(rule_id: str) -> str:
    """What a user can do about a finding of this rule: the card's ``fix``, without what it says of the rule's options."""
    return _OPTIONS.split(line_of(rule_id, "fix"), 1)[0]


def summary_of(rule_id: str) -> str:
    """What a rule reports, in one sentence, read without a YAML parser."""
    return line_of(rule_id, "summary")


def since(rule_id: str) -> str:
    """The version that had the rule first."""
    return line_of(rule_id, "since")


def changes(rule_id: str) -> tuple[tuple[str, str], ...]:
    """(version, what changed) of a rule since then, the first first."""
    name = resources.rule_names().get(rule_id)
    if name is None or CHANGED not in resources.rule_text(name):
        return ()
    return tuple((one["version"], one["what"]) for one in card(rule_id).get("changed", ()))
