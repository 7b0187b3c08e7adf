"""Message templates: their dialects, what fits them, what is wrong with them, and that no text can hang them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from errlint.load.dialect import typed
from errlint.match import budget
from errlint.match.template import kind_of, matcher, problems
from errlint.model.catalog import Message, MessageKind

WORDS = st.text(st.characters(exclude_characters="%{}$", exclude_categories=("Cs",)), min_size=1, max_size=8)


def message(kind: MessageKind, text: str, example: str | None = None) -> Message:
    return Message(kind, text, "advise", example)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Task %s does not exist", "printf"),
        ("took %dms", "printf"),
        ("%(count)d of %(total)d", "printf"),
        ("limit is {rpm} a minute", "braces"),
        ("model {} is {0}", "braces"),
        ("model ${name}", "braces"),
        ("model {{ name }}", "braces"),
        ("%s of {x}", "printf"),
        ("May contain senstive.....", "prefix"),
        ("May contain …", "prefix"),
        ("...", "literal"),
        ("Weights must sum to 100%", "literal"),
        ("100% sure", "literal"),
        ("50%discount", "literal"),
        ('Expected {"a": 1}', "literal"),
        ("Done.", "literal"),
        ("", "literal"),
    ],
)
def test_the_dialect_of_a_text(text: str, kind: MessageKind) -> None:
    assert kind_of(text) == kind


def test_a_prefix_keeps_its_dots_in_the_example() -> None:
    assert typed("May contain senstive.....") == ("prefix", "May contain senstive", "May contain senstive.....")
    assert typed("Done.") == ("literal", "Done.", None)


@pytest.mark.parametrize(
    ("kind", "template", "text", "fits"),
    [
        ("literal", "Method Not Allowed", "Method Not Allowed", True),
        ("literal", "Method Not Allowed", "Method Not Allowed.", False),
        ("prefix", "May contain", "May contain sensitive words", True),
        ("prefix", "May contain", "It may contain", False),
        ("printf", "Task %s does not exist", "Task a b does not exist", True),
        ("printf", "Task %s does not exist", "Task  does not exist", False),
        ("printf", "Task %s does not exist", "Task x does not exist!", False),
        ("printf", "%d of %d", "3 of -12", True),
        ("printf", "%d of %d", "three of 12", False),
        ("printf", "%f s", "1.5 s", True),
        ("printf", "%s: %d items", "a: b: 5 items", True),
        ("printf", "%(name)s is 100%% full", "disk is 100% full", True),
        ("printf", "%s", "two\nlines", True),
        ("braces", "limit is {rpm} a minute.", "limit is 5 a minute.", True),
        ("braces", "limit is {rpm} a minute.", "limit is 5 a minute", False),
        ("braces", "{a} and {b}", "x and y and z", True),
        ("braces", "(.*) {a}", "(.*) x", True),
        ("braces", "(.*) {a}", "abc x", False),
        ("regex", r"^Bad \w+$", "Bad weight", True),
        ("regex", r"^Bad \w+$", "Bad", False),
        ("regex", "weight", "the weight is bad", True),
        ("regex", "(", "(", None),
    ],
)
def test_what_fits(kind: MessageKind, template: str, text: str, fits: bool | None) -> None:
    assert matcher(message(kind, template)).fits(text) is fits


def test_what_the_gaps_hold() -> None:
    template = matcher(message("braces", "{used} of {total} tokens ({prompt} in the prompt)"))
    assert template.captures("3 of 4 tokens (1 in the prompt)") == (("used", "3"), ("total", "4"), ("prompt", "1"))
    assert template.captures("3 of 4 tokens") is None
    assert matcher(message("printf", "%s has %d")).captures("a has 5") == (("", "a"), ("", "5"))
    assert matcher(message("literal", "x")).captures("x") is None


@given(st.lists(WORDS, min_size=2, max_size=6), st.data())
def test_a_filled_template_fits(fixed: list[str], data: st.DataObject) -> None:
    values = [data.draw(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8)) for _ in fixed[1:]]
    filled = fixed[0] + "".join(value + part for value, part in zip(values, fixed[1:], strict=True))
    braces, printf = "{x}".join(fixed), "%s".join(fixed)
    assert matcher(message("braces", braces)).fits(filled) is True
    assert matcher(message("printf", printf)).fits(filled) is True


@given(st.lists(WORDS, min_size=2, max_size=5), st.lists(st.integers(), min_size=1, max_size=4))
@example(["a", "b"], [-1])
def test_captured_values_put_the_text_together_again(fixed: list[str], numbers: list[int]) -> None:
    parts = [f" {part} " for part in fixed[: len(numbers) + 1]]
    numbers = numbers[: len(parts) - 1]
    text = parts[0] + "".join(f"{number}{part}" for number, part in zip(numbers, parts[1:], strict=False))
    captured = matcher(message("braces", "{n}".join(parts[: len(numbers) + 1]))).captures(text)
    assert captured is not None
    rebuilt = parts[0] + "".join(value + part for (_, value), part in zip(captured, parts[1:], strict=False))
    assert rebuilt == text


@given(st.text(max_size=60))
def test_a_literal_fits_itself_alone(text: str) -> None:
    assert matcher(message("literal", text)).fits(text) is True
    assert matcher(message("literal", text)).fits(text + ".") is False


@given(st.sampled_from(["literal", "prefix", "printf", "braces", "regex"]), st.text(max_size=30), st.text(max_size=60))
def test_no_template_and_no_text_raises(kind: MessageKind, template: str, text: str) -> None:
    assert matcher(message(kind, template)).fits(text) in (True, False, None)
    assert isinstance(problems(message(kind, template, text)), tuple)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        (message("printf", "%s" * 12 + "!"), "a" * 19_000),
        (message("braces", " and ".join(["{a}"] * 9) + "!"), "x and " * 3_000),
        (message("printf", "%s%d%s%d!"), "1" * 19_000),
        (message("regex", "^(a+)+$"), "a" * 40 + "!"),
        (message("regex", "(a|aa)+$"), "a" * 15_000 + "!"),
    ],
)
def test_no_text_can_hang_a_template(template: Message, text: str) -> None:
    assert matcher(template).fits(text) in (False, None)


def test_what_is_too_long_is_unknown() -> None:
    text = "a" * (budget.LONGEST + 1)
    assert matcher(message("printf", "%s")).fits(text) is None
    assert matcher(message("regex", "a")).fits(text) is None
    assert matcher(message("prefix", "a")).fits(text) is True


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (message("literal", "limit is {rpm a minute"), ("opens {rpm and does not close it",)),
        (message("braces", "{a} and {b"), ("opens {b and does not close it",)),
        (message("braces", "{a} and }"), ("has a brace without its partner",)),
        (message("printf", "%(name is %s"), ("has a %( without its ) and letter",)),
        (message("regex", "("), ("is no regular expression",)),
        (message("printf", "Item %d", "Item A"), ("does not fit its own example 'Item A'",)),
        (message("regex", "(a|aa)+$", "a" * 15_000 + "!"), ()),
        (message("literal", "Expected { but got }"), ()),
        (message("literal", 'Send {"a": 1}'), ()),
        (message("braces", "{a} in {{b}}"), ()),
        (message("printf", "%(name)s is 100%%", "x is 100%"), ()),
        (message("prefix", "May contain", "May contain....."), ()),
    ],
)
def test_what_is_wrong_with_a_template(broken: Message, said: tuple[str, ...]) -> None:
    assert problems(broken) == said
