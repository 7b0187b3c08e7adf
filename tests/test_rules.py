"""Every example of every rule card is judged as its card says; cards and rules are the same set."""

from __future__ import annotations

import pytest

from errlint import cards, resources
from errlint.checks.rules import load_all
from tests.promised import kept
from tests.rule_examples import examples, judged

CARDS = sorted(file.name for file in resources.rules().iterdir() if file.name.endswith(".yaml"))


@pytest.mark.parametrize(
    ("rule", "kind", "number", "example"), [pytest.param(*case, id=f"{case[0]}-{case[1]}-{case[2]}") for case in examples()]
)
def test_an_example_is_judged_as_its_card_says(rule, kind, number, example, tmp_path):
    found = judged(rule, example, tmp_path)
    if kind != "bad":
        assert [finding.message for finding in found] == []
        return
    assert "says" in example, "a bad example says its whole message"
    assert [finding.message for finding in found] == [example["says"]]
    if "severity" in example:
        assert [str(finding.severity) for finding in found] == [example["severity"]]
    if "at" in example:
        assert ["".join("/" + t.replace("~", "~0").replace("/", "~1") for t in f.location.pointer) for f in found] == [
            example["at"]
        ]


def test_every_rule_has_a_card_of_its_name_and_every_card_a_rule():
    assert sorted(f"{rule.id}-{rule.name}.yaml" for rule in load_all().values()) == CARDS


@pytest.mark.parametrize("name", CARDS)
def test_a_card_is_valid_and_speaks_of_its_own_rule(name):
    card = cards.card(name.partition("-")[0])
    kept("rule", card)
    assert f"{card['id']}-{card['name']}.yaml" == name


@pytest.mark.parametrize("name", CARDS)
def test_the_summary_and_the_version_that_are_read_without_a_parser_are_those_on_the_card(name):
    rule = name.partition("-")[0]
    card = cards.card(rule)
    assert (cards.summary_of(rule), cards.since(rule)) == (card["summary"], card["since"])
    assert cards.changes(rule) == tuple((one["version"], one["what"]) for one in card.get("changed", ()))


@pytest.mark.parametrize("name", CARDS)
def test_the_help_that_is_read_without_a_parser_is_the_one_on_the_card(name):
    rule = name.partition("-")[0]
    whole = cards.card(rule)["fix"]
    told = cards.help_of(rule)
    assert told == whole or (whole.startswith(f"{told} ") and "option `" in whole[len(told) :] and "option `" not in told)
