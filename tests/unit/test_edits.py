"""Edits of texts: what was asked for is changed, and nothing else, byte for byte."""

from __future__ import annotations

import json

import pytest

from errlint.fixes.edits import Workspace
from errlint.load.source import load
from errlint.model import pointer as pointers
from errlint.model.finding import Location
from errlint.model.fix import AddItem, AddMember, Edit, Fix, Remove, RenameKey, SetValue

URI = "openapi.yaml"


def at(pointer: str) -> Location:
    return Location(URI, pointers.parse(pointer))


def edited(text: str, *edits: Edit, uri: str = URI) -> str:
    """The text after one fix of these edits, or why it was refused in angle brackets."""
    document = load(text.encode(), uri)
    workspace = Workspace({URI: document})
    why = workspace.make([Fix("x", edits)])[0]
    return f"<{why}>" if why is not None else workspace.texts().get(URI, document.text).decode()


class TestYaml:
    def test_a_value_is_replaced_and_its_comment_stays(self) -> None:
        assert edited("a: 1  # one\nb: 2\n", SetValue(at("/a"), 3)) == "a: 3  # one\nb: 2\n"

    def test_a_text_keeps_its_quotes(self) -> None:
        text = "a: 'x'\nb: \"y\"\nc: z\n"
        edits = (SetValue(at("/a"), "it's"), SetValue(at("/b"), 'say "yes"'), SetValue(at("/c"), "w"))
        assert edited(text, *edits) == "a: 'it''s'\nb: \"say \\\"yes\\\"\"\nc: w\n"

    @pytest.mark.parametrize(
        "value", ["no", "010", "1e3", "2024-01-01", "1:20", "~", "", " a", "a: b", "a #b", "- a", "{a}", "*a", "Null"]
    )
    def test_a_text_that_a_loader_may_read_otherwise_gets_quotes(self, value: str) -> None:
        assert edited("a: x\n", SetValue(at("/a"), value)) == f"a: {json.dumps(value)}\n"

    def test_characters_that_end_a_line_are_escaped(self) -> None:
        assert edited("a: x\n", SetValue(at("/a"), "b\nc\x85d\u2028e")) == 'a: "b\\nc\\u0085d\\u2028e"\n'

    def test_a_member_is_added_as_its_siblings_are_written(self) -> None:
        text = "responses:\n    '200':\n        description: ok   # fine\n# end\n"
        expected = "responses:\n    '200':\n        description: ok   # fine\n    '404':\n        description: gone\n# end\n"
        assert edited(text, AddMember(at("/responses"), "404", {"description": "gone"})) == expected

    def test_a_status_has_no_quotes_where_another_one_has_none(self) -> None:
        assert edited("r:\n  200: {}\n", AddMember(at("/r"), "404", {})) == "r:\n  200: {}\n  404: {}\n"

    def test_a_member_is_added_between_braces(self) -> None:
        assert edited("r: {a: 1, b: [x]}  # c\n", AddMember(at("/r"), "d", ["z"])) == "r: {a: 1, b: [x], d: [z]}  # c\n"

    def test_a_member_is_added_to_braces_over_several_lines(self) -> None:
        text = "r: {\n  a: 1, # one\n  b: 2  # two\n}\n"
        assert edited(text, AddMember(at("/r"), "c", 3)) == "r: {\n  a: 1, # one\n  b: 2,\n  c: 3  # two\n}\n"

    def test_a_comma_that_ends_a_list_stays_its_end(self) -> None:
        assert edited("r: [1, 2, ]\n", AddItem(at("/r"), 3)) == "r: [1, 2, 3, ]\n"

    def test_dashes_stand_where_the_document_puts_them(self) -> None:
        text = "a:\n- 1\nb:\n  c: 1\n"
        assert (
            edited(text, AddMember(at("/b"), "d", [{"e": 1, "f": [2]}]))
            == "a:\n- 1\nb:\n  c: 1\n  d:\n  - e: 1\n    f:\n    - 2\n"
        )

    def test_an_item_is_added_behind_a_comment_of_the_last_one(self) -> None:
        assert edited("a:\n  - x # one\n\nb: 1\n", AddItem(at("/a"), "z")) == "a:\n  - x # one\n  - z\n\nb: 1\n"

    def test_an_empty_object_gets_its_first_member(self) -> None:
        assert edited("a: {}  # none\nb: 1\n", AddMember(at("/a"), "c", 1)) == "a:\n  c: 1  # none\nb: 1\n"

    def test_a_member_without_a_value_gets_one(self) -> None:
        assert edited("a:   # none\nb:\n", SetValue(at("/a"), 1), SetValue(at("/b"), {"c": 2})) == "a: 1   # none\nb:\n  c: 2\n"

    def test_a_member_is_taken_away_with_its_line(self) -> None:
        text = "a: 1\n# about b\nb: # b\n  c: 1\n  d: 2 # d\ne: 3\n"
        assert edited(text, Remove(at("/b"))) == "a: 1\n# about b\ne: 3\n"

    def test_the_member_beside_a_dash_is_taken_away(self) -> None:
        assert edited("a:\n  - b: 1\n    c: 2\n", Remove(at("/a/0/b"))) == "a:\n  - c: 2\n"
        assert (
            edited("a:\n  - b: 1 # b\n    # about c\n    c: 2\n", Remove(at("/a/0/b"))) == "a:\n  - \n    # about c\n    c: 2\n"
        )

    def test_the_last_member_of_all_leaves_an_empty_object(self) -> None:
        assert edited("a: # a\n  b: 1\nc: 2\n", Remove(at("/a/b"))) == "a: {} # a\nc: 2\n"
        assert edited("- a: 1\n- 2\n", Remove(at("/0/a"))) == "- {}\n- 2\n"

    def test_members_go_and_come_in_one_fix(self) -> None:
        edits = (Remove(at("/a/c")), AddMember(at(""), "d", 1), AddMember(at("/a"), "e", 2))
        assert edited("a:\n  b: 1\n  c: 2", *edits) == "a:\n  b: 1\n  e: 2\nd: 1"

    def test_entries_between_brackets_go_with_their_commas(self) -> None:
        assert edited("a: [1, 2, 3]\n", Remove(at("/a/0")), Remove(at("/a/2"))) == "a: [2]\n"
        assert edited("a: [1, # one\n  2, # two\n  3]\n", Remove(at("/a/1"))) == "a: [1, # one\n   # two\n  3]\n"

    def test_a_block_scalar_keeps_its_lines_when_a_neighbour_comes(self) -> None:
        text = "a:\n  b: |+\n    x\n\n  c: >-\n    y\n\n\nd: 1\n"
        expected = "a:\n  b: |+\n    x\n\n  c: >-\n    y\n  e: 1\n\n\nd: 1\n"
        assert edited(text, AddMember(at("/a"), "e", 1)) == expected

    def test_a_block_scalar_becomes_a_line(self) -> None:
        assert edited("a: |\n  x\n  y\nb: 1\n", SetValue(at("/a"), "z")) == "a: z\nb: 1\n"

    def test_carriage_returns_stay(self) -> None:
        text = "a:\r\n  b: 1\r\nc: 2\r\n"
        assert edited(text, AddMember(at("/a"), "d", {"e": 1}), Remove(at("/c"))) == "a:\r\n  b: 1\r\n  d:\r\n    e: 1\r\n"

    def test_a_key_is_renamed_in_its_quotes(self) -> None:
        assert edited("'4xx': {}\n", RenameKey(at("/4xx"), "4XX")) == "'4XX': {}\n"
        assert edited("{4xx: 1}\n", RenameKey(at("/4xx"), "4XX")) == "{4XX: 1}\n"

    def test_an_anchored_value_is_changed_at_its_own_place_only(self) -> None:
        text = "a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 1\n"
        assert edited(text, SetValue(at("/a/b"), 2)) == "a: &x {b: 2}\nc: *x\nd:\n  <<: *x\n  e: 1\n"
        shared = "which other places use too: change it there>"
        assert edited(text, SetValue(at("/c/b"), 2)) == f"<it stands in an anchored value, {shared}"
        assert edited(text, SetValue(at("/d/b"), 2)) == f"<it comes from a merge key, {shared}"
        assert edited(text, SetValue(at("/c"), 2)) == "a: &x {b: 1}\nc: 2\nd:\n  <<: *x\n  e: 1\n"
        assert edited(text, Remove(at("/a"))).startswith("<the new text would not be read")

    def test_comments_inside_a_value_are_not_lost(self) -> None:
        assert edited("a:\n  # about b\n  b: 1\n", SetValue(at("/a"), 2)) == "a: 2\n  # about b\n"
        assert edited("a:\n  b: 1 # b\n  c: 2\n", SetValue(at("/a"), 2)) == "<comments would be lost>"

    def test_several_documents_in_one_file_are_one_with_nothing_behind(self) -> None:
        assert edited("---\na: 1\n...\n---\n", AddMember(at(""), "b", 2)) == "---\na: 1\nb: 2\n...\n---\n"

    def test_explicit_keys_are_left_alone(self) -> None:
        assert edited("? a\n: 1\n", AddMember(at(""), "b", 2)) == "<a key of it is written in an unusual way>"


class TestJson:
    def test_a_minified_text_stays_minified(self) -> None:
        edits = (AddMember(at("/a"), "c", [1, {"d": None}]), Remove(at("/e/0")), AddMember(at("/f"), "g", 1))
        assert edited('{"a":{"b":1},"e":[1,2],"f":{}}', *edits) == '{"a":{"b":1,"c":[1,{"d":null}]},"e":[2],"f":{"g":1}}'

    @pytest.mark.parametrize("indent", ["  ", "    ", "\t"])
    def test_an_indented_text_stays_indented(self, indent: str) -> None:
        text = json.dumps({"a": {"b": 1}, "c": []}, indent=indent)
        expected = json.dumps({"a": {"b": 1, "d": {"e": [1]}}, "c": [{"f": 2}]}, indent=indent)
        assert edited(text, AddMember(at("/a"), "d", {"e": [1]}), AddItem(at("/c"), {"f": 2})) == expected

    def test_the_last_member_goes_with_the_comma_before_it(self) -> None:
        text = '{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n'
        assert edited(text, Remove(at("/b"))) == '{\r\n  "a": 1\r\n}\r\n'

    def test_all_members_go(self) -> None:
        assert edited('{"a": {\n "b": 1\n}}', Remove(at("/a/b"))) == '{"a": {}}'

    def test_a_line_of_its_own_style_keeps_it(self) -> None:
        text = '{\n  "a": { "x" : 1 },\n  "b": [1,2]\n}'
        edits = (AddMember(at("/a"), "y", {"z": 2}), AddItem(at("/b"), 3))
        assert edited(text, *edits) == '{\n  "a": { "x" : 1, "y" : {"z": 2} },\n  "b": [1,2,3]\n}'

    def test_a_member_that_stands_is_not_added_again(self) -> None:
        assert edited('{"a": 1}', AddMember(at(""), "a", 2)) == "<there is a member a already>"

    def test_keys_that_stand_twice_are_left_alone(self) -> None:
        assert edited('{"a": 1, "a": 2}', SetValue(at("/a"), 3)) == '{"a": 1, "a": 3}'
        assert edited('{"a": 1, "a": 2, "b": 3}', Remove(at("/a"))) == '{"a": 1, "b": 3}'


class TestFixesTogether:
    def test_a_fix_is_made_wholly_or_not_at_all(self) -> None:
        document = load(b"a: 1\n", URI)
        workspace = Workspace({URI: document})
        fixes = [Fix("x", (SetValue(at("/a"), 2), Remove(at("/b")))), Fix("y", (AddMember(at(""), "c", 3),))]
        assert workspace.make(fixes) == ["there is no such place", None]
        assert workspace.texts() == {URI: b"a: 1\nc: 3\n"}

    def test_equal_edits_of_several_fixes_are_made_once(self) -> None:
        part = (AddMember(at(""), "components", {}), AddMember(at("/components"), "x", {"z": 1}))
        workspace = Workspace({URI: load(b"a: 1\nb: 1\n", URI)})
        fixes = [Fix("1", (*part, SetValue(at("/a"), 2))), Fix("2", (*part, SetValue(at("/b"), 2)))]
        assert workspace.make(fixes) == [None, None]
        assert workspace.texts() == {URI: b"a: 2\nb: 2\ncomponents:\n  x:\n    z: 1\n"}

    def test_of_two_values_for_one_place_the_first_one_stands(self) -> None:
        workspace = Workspace({URI: load(b"a: 1\n", URI)})
        fixes = [Fix("1", (SetValue(at("/a"), 2),)), Fix("2", (SetValue(at("/a"), 3),))]
        assert workspace.make(fixes) == [None, "another fix has changed this place"]
        assert workspace.texts() == {URI: b"a: 2\n"}

    def test_one_fix_that_cannot_be_proved_takes_no_other_with_it(self) -> None:
        workspace = Workspace({URI: load(b"a: &x 1\nb: *x\nc: 1\n", URI)})
        fixes = [Fix("1", (Remove(at("/a")),)), Fix("2", (SetValue(at("/c"), 3),))]
        why = workspace.make(fixes)
        assert (why[0] is None, why[1]) == (False, None)
        assert workspace.texts() == {URI: b"a: &x 1\nb: *x\nc: 3\n"}

    def test_a_document_that_was_not_read_is_not_changed(self) -> None:
        assert Workspace({}).make([Fix("x", (SetValue(at("/a"), 1),))]) == [f"{URI} was not read"]
