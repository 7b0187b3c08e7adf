"""Positions against an independent oracle: the marks of PyYAML's own nodes."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from errlint.load.lines import places
from errlint.load.source import load

KEYS = st.one_of(
    st.sampled_from(
        [
            "a",
            "b",
            "404",
            "/models/{id}",
            "x-y",
            "a: b",
            "c #d",
            "#e",
            "- f",
            "",
            "it's",
            'say "x"',
            "yes",
            "null",
            "~",
            "1.50",
            "é😀",
            "<<",
            "key",
            "a\\b",
            "- ",
            "? q",
            "[x]",
            "{y}",
            "&z",
            "*z",
            "!t",
            "|",
            ">",
            "%",
            "@",
            "line\nbreak",
            "---",
            "...",
            "a:b",
        ]
    ),
    st.text(alphabet="ab:# -'\"/", max_size=6),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 1000),
    st.sampled_from(
        [
            "",
            "text",
            "a: 1\nb: 2\n",
            "404: x\n",
            "'q'",
            '"q',
            "# no comment",
            "- dash",
            "x\n\n  a: 1\n",
            "multi\nline",
            "é" * 3,
            "a" * 90 + " b",
            "word " * 30,
            "key: value",
            "a:\n- b\n",
            " lead",
            "trail ",
            "\ttab",
            "---\n",
            "'a': b",
            "{",
            "[",
            "*x",
            "&x",
            "!x",
            "0x1F",
        ]
    ),
)
TREES = st.recursive(
    SCALARS,
    lambda children: st.one_of(st.lists(children, max_size=4), st.dictionaries(KEYS, children, max_size=5)),
    max_leaves=25,
)
DOCUMENTS = st.one_of(st.lists(TREES, max_size=4), st.dictionaries(KEYS, TREES, max_size=5))


class IndentedSequences(yaml.SafeDumper):
    """Dumps sequences deeper than their key, as people write them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def pointers(value: Any, at: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [at]
    if isinstance(value, dict):
        for key, item in value.items():
            found += pointers(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            found += pointers(item, (*at, str(index)))
    return found


def oracle(text: str, wanted: list[tuple[str, ...]]) -> dict[tuple[str, ...], tuple[int, int]]:
    """The places by the marks of the nodes; the last of two equal keys, an own key before a merged one."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)
    offsets: dict[tuple[str, ...], int] = {}
    for pointer in wanted:
        node, offset = root, 0
        for token in pointer:
            offset, node = child(text, node, token)
        offsets[pointer] = offset
    found = places(text, offsets.values())
    return {pointer: found[offset] for pointer, offset in offsets.items()}


def child(text: str, node: Any, token: str) -> tuple[int, Any]:
    if isinstance(node, yaml.SequenceNode):
        item = node.value[int(token)]
        at = item.start_mark.index
        empty = at == item.end_mark.index and text[at - 1 : at] == "-"
        return (at - 1 if empty else at), item
    own = [(key.start_mark.index, value) for key, value in node.value if key.value == token]
    if own:
        return own[-1]
    for key, value in node.value:
        if key.value == "<<":
            for source in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                try:
                    return child(text, source, token)
                except LookupError:
                    continue
    raise LookupError(token)


def check(text: str, uri: str = "doc.yaml") -> None:
    document = load(text.encode(), uri)
    wanted = pointers(document.data)
    assert document.locate(wanted) == oracle(text, wanted), text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    tree=DOCUMENTS,
    width=st.sampled_from([20, 80, 4000]),
    indent=st.integers(2, 5),
    style=st.sampled_from([None, "'", '"', "|", ">"]),
)
def test_block_yaml_is_located_as_the_parser_does(tree: Any, width: int, indent: int, style: str | None) -> None:
    for dumper in (yaml.SafeDumper, IndentedSequences):
        text = yaml.dump(
            tree,
            Dumper=dumper,
            width=width,
            indent=indent,
            default_style=style,
            default_flow_style=False,
            sort_keys=False,
            allow_unicode=True,
        )
        check(text)
        check("%YAML 1.2\n---\n# first\n" + text + "...\n")
        check(text.replace("\n", "\r\n"))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=DOCUMENTS, flow=st.sampled_from([True, None]), width=st.sampled_from([20, 4000]))
def test_flow_yaml_is_located_as_the_parser_does(tree: Any, flow: bool | None, width: int) -> None:
    check(yaml.safe_dump(tree, default_flow_style=flow, width=width, sort_keys=False, allow_unicode=True))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=DOCUMENTS, shared=st.dictionaries(KEYS, TREES, min_size=1, max_size=3))
def test_anchored_yaml_is_located_as_the_parser_does(tree: Any, shared: dict[str, Any]) -> None:
    text = yaml.safe_dump({"first": shared, "rest": tree, "again": {"x": shared, "y": {"z": shared}}}, sort_keys=False)
    check(text)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=DOCUMENTS, data=st.data())
def test_comments_and_blank_lines_move_nothing_else(tree: Any, data: st.DataObject) -> None:
    lines = yaml.safe_dump(tree, default_flow_style=False, sort_keys=False, width=4000).splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines)))
        lines.insert(at, data.draw(st.sampled_from(["", "# note: x", "   # a: 1", "        # - b"])))
    text = "\n".join(lines) + "\n"
    try:
        yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return  # the comment fell into a quoted text
    check(text)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=DOCUMENTS, indent=st.sampled_from([None, 0, 1, 2, 4]), breaks=st.sampled_from(["\n", "\r\n"]))
def test_json_is_located_as_the_yaml_parser_does(tree: Any, indent: int | None, breaks: str) -> None:
    text = json.dumps(tree, indent=indent, ensure_ascii=False)
    if "\t" in text:
        return  # PyYAML, the oracle, refuses a tab that JSON takes
    text = text.replace("\n", breaks)
    document = load(text.encode(), "doc.json")
    assert document.format == "json"
    assert document.data == json.loads(text)
    wanted = pointers(document.data)
    assert document.locate(wanted) == oracle(text, wanted)


TRICKY = """\
%YAML 1.2
---
# a comment: with a colon
base: &base   # anchored
  code: 1
  "quoted: key": 2
  'it''s # one': {x: 1, y: [1, 2]}
text: |-
  base: no key
    deeper: no key

  "404": no key
folded: >2
    code: no key
plain: starts here
  code  no key
  and goes on
quoted: "one
  code: no key

  two"
list:
- first: 1
  second:
  - nested
  -
  - - a
    - b
  - # a comment
    c: 1
- *base
- plain
- &named {k: v}
- !tag
  t: 1
merged:
  <<: *base
  code: 9
many:
  <<: [{m: 1}, *base]
odd:
  ? explicit
  : value
  ? |
    block key
  : 1
  !!str tagged: {a: 1}
  &anchored k: [1]
tab:\tvalue
spaced   : value
"404":
    'deep':
        x: 1
empty:
last: *named
"""


def test_a_document_of_every_style_is_located_as_the_parser_does() -> None:
    document = load(TRICKY.encode(), "t.yaml")
    wanted = [pointer for pointer in pointers(document.data) if pointer[:2] != ("list", "1")]
    for breaks in ("\n", "\r\n"):
        text = TRICKY.replace("\n", breaks)
        document = load(text.encode(), "t.yaml")
        assert document.locate(wanted) == oracle(text, wanted)


def test_an_alias_item_stands_at_the_alias_and_its_keys_at_the_anchor() -> None:
    document = load(b"a: &x {k: 1}\nl:\n  - *x\n  # *no\n  - 1\nf: [*x, &y 2, *y]\n", "t.yaml")
    wanted = [("l", "0"), ("l", "0", "k"), ("l", "1"), ("f", "0"), ("f", "1"), ("f", "2")]
    assert list(document.locate(wanted).values()) == [(3, 5), (1, 8), (5, 5), (6, 5), (6, 9), (6, 15)]


def test_a_merged_key_stands_in_the_anchored_mapping() -> None:
    document = load(b"base: &b\n  x: 1\n  y: {z: 1}\nuse:\n  <<: *b\n  w: 1\n", "t.yaml")
    wanted = [("use", "x"), ("use", "y", "z"), ("use", "w")]
    assert list(document.locate(wanted).values()) == [(2, 3), (3, 7), (6, 3)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b'{"a": {"b": 1}, "a": {"c": 2}}', (1, 23)),
        (b"{a: {b: 1}, a: {c: 2}}", (1, 17)),
        (b"a:\n  b: 1\na:\n  c: 2\n", (4, 3)),
        (b'{"a": {"c": 1}, "\\u0061": {"c": 2}}', (1, 28)),
    ],
)
def test_of_a_key_that_comes_twice_the_last_is_meant(text: bytes, place: tuple[int, int]) -> None:
    document = load(text, "t")
    assert document.locate([("a", "c")]) == {("a", "c"): place}


@pytest.mark.parametrize("text", [b'{"a": {"b": [1, 2]}}', b"a:\n  b:\n  - 1\n  - 2\n", b"a: {b: [1, 2]}\n"])
def test_a_pointer_that_leads_nowhere_gets_its_nearest_ancestor(text: bytes) -> None:
    document = load(text, "t")
    found = document.locate(
        [(), ("a",), ("a", "b"), ("zz",), ("a", "zz", "y"), ("a", "b", "2"), ("a", "b", "x"), ("a", "b", "0", "y")]
    )
    assert found[()] == found[("zz",)] == (1, 1)
    assert found[("a", "zz", "y")] == found[("a",)]
    assert found[("a", "b", "2")] == found[("a", "b", "x")] == found[("a", "b")]
    assert found[("a", "b", "0", "y")] == document.locate([("a", "b", "0")])[("a", "b", "0")]


@pytest.mark.parametrize("text", [b"", b"# only\n", b"word", b"[]", b"{}", b"a: *x\n" * 0])
def test_a_document_without_members_is_at_its_start(text: bytes) -> None:
    assert load(text, "t").locate([(), ("a",), ("0", "1")]) == {(): (1, 1), ("a",): (1, 1), ("0", "1"): (1, 1)}


def test_lines_end_as_editors_count_them() -> None:
    text = "é\r\nb\rc\n\nd"
    wanted = {text.index(char): char for char in "ébcd"}
    assert {wanted[at]: place for at, place in places(text, wanted).items()} == {
        "é": (1, 1),
        "b": (2, 1),
        "c": (3, 1),
        "d": (5, 1),
    }


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet="ab\r\né😀", max_size=30), data=st.data())
def test_bytes_have_the_lines_and_columns_of_their_characters(text: str, data: st.DataObject) -> None:
    wanted = data.draw(st.lists(st.integers(0, len(text)), max_size=5))
    in_bytes = {at: len(text[:at].encode()) for at in wanted}
    found = places(text.encode(), in_bytes.values())
    assert {at: found[in_bytes[at]] for at in wanted} == places(text, wanted)
