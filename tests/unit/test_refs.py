"""References within and across files, and those that are refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from errlint.load.refs import LONGEST_CHAIN, References
from errlint.load.source import load
from errlint.model.finding import Location
from errlint.model.pointer import parse
from errlint.model.spec import Node, Unresolved

ROOT = "api/openapi.json"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with ``api/`` inside, and the process stands in it."""
    (tmp_path / "api").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, value: Any) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")


def references(data: Any, uri: str = ROOT, root: str | None = None) -> References:
    text = json.dumps(data)
    if uri == ROOT:
        write(uri, text)
    return References(load(text.encode(), uri), root)


def resolve(data: Any, pointer: str = "/a", **options: Any) -> Node:
    """What stands at a pointer of the root document, ``$ref`` followed."""
    found = references(data, **options)
    return found.resolve(node(found, pointer, options.get("uri", ROOT)))


def node(found: References, pointer: str, uri: str = ROOT) -> Node:
    return Node(uri, (), found.documents[uri].data).child(*parse(pointer))


def refused(data: Any, pointer: str = "/a", **options: Any) -> tuple[str, str, bool]:
    """The reason, the uri and pointer of the place, and whether it is a cycle."""
    with pytest.raises(Unresolved) as caught:
        resolve(data, pointer, **options)
    place = caught.value.place
    return caught.value.reason, place.uri + "#/" + "/".join(place.pointer), caught.value.cycle


def reason(ref: Any, **options: Any) -> str:
    return refused({"a": {"$ref": ref}}, **options)[0]


def test_a_node_that_is_no_reference_is_itself() -> None:
    found = references({"a": {"type": "object"}})
    a = node(found, "/a")
    assert found.resolve(a) is a


def test_a_chain_ends_at_what_is_no_reference() -> None:
    assert resolve({"a": {"$ref": "#/b"}, "b": {"$ref": "#/c"}, "c": {"x": 1}}) == Node(ROOT, ("c",), {"x": 1})


def test_the_same_target_is_the_same_node() -> None:
    found = references({"a": {"$ref": "#/c"}, "b": {"$ref": "#/c"}, "c": {}})
    assert found.resolve(node(found, "/a")) is found.resolve(node(found, "/b"))


@pytest.mark.parametrize("ref", ["#/paths/~1m~1{id}/x~0y", "#/paths/~1m~1%7Bid%7D/x~0y", "#%2Fpaths%2F~1m~1%7bid%7d/x%7E0y"])
def test_pointers_are_unescaped(ref: str) -> None:
    data = {"a": {"$ref": ref}, "paths": {"/m/{id}": {"x~y": 7}}}
    assert resolve(data) == Node(ROOT, ("paths", "/m/{id}", "x~y"), 7)


def test_a_pointer_walks_arrays() -> None:
    assert resolve({"a": {"$ref": "#/b/1"}, "b": [0, {"x": 1}]}) == Node(ROOT, ("b", "1"), {"x": 1})


@pytest.mark.parametrize("ref", ["", "#"])
def test_an_empty_fragment_is_the_document(ref: str) -> None:
    data = {"a": {"$ref": ref}}
    assert resolve(data) == Node(ROOT, (), data)


def test_a_pointer_may_pass_through_references() -> None:
    data = {"a": {"$ref": "#/paths/x/get"}, "paths": {"x": {"$ref": "#/shared"}}, "shared": {"get": {"y": 1}}}
    assert resolve(data) == Node(ROOT, ("shared", "get"), {"y": 1})


def test_a_relative_file_has_the_uri_that_the_user_would_write() -> None:
    write("api/schemas/error.yaml", "Error:\n  type: object\n")
    expected = Node("api/schemas/error.yaml", ("Error",), {"type": "object"})
    assert resolve({"a": {"$ref": "./schemas/error.yaml#/Error"}}) == expected


def test_a_file_without_a_fragment_is_the_whole_file() -> None:
    write("api/error.json", {"type": "object"})
    assert resolve({"a": {"$ref": "error.json"}}) == Node("api/error.json", (), {"type": "object"})


def test_a_reference_is_relative_to_the_document_that_holds_it() -> None:
    write("api/schemas/a.json", {"$ref": "deep/b.json#/B"})
    write("api/schemas/deep/b.json", {"B": {"$ref": "../c.json"}, "type": "wrong"})
    write("api/schemas/c.json", {"$ref": "../openapi.json#/end"})
    assert resolve({"a": {"$ref": "schemas/a.json"}, "end": {"x": 1}}) == Node(ROOT, ("end",), {"x": 1})


def test_a_file_is_read_once_however_it_is_spelled() -> None:
    write("api/my errors.json", {"A": {}, "B": {}})
    found = references({"a": {"$ref": "my%20errors.json#/A"}, "b": {"$ref": "./x/../my errors.json#/B"}})
    uris = {found.resolve(node(found, pointer)).uri for pointer in ("/a", "/b")}
    assert uris == {"api/my errors.json"}
    assert list(found.documents) == [ROOT, "api/my errors.json"]


def test_an_absolute_root_gives_absolute_uris(folder: Path) -> None:
    write("api/error.json", {})
    root = str(folder / ROOT)
    Path(root).write_text("{}")
    assert resolve({"a": {"$ref": "error.json"}}, uri=root).uri == str(folder / "api/error.json")


def test_the_root_folder_can_be_wider_than_the_document() -> None:
    write("shared/error.json", {"x": 1})
    assert resolve({"a": {"$ref": "../shared/error.json"}}, root=".") == Node("shared/error.json", (), {"x": 1})


def test_standard_input_has_its_neighbours_in_the_root() -> None:
    write("api/error.json", {"x": 1})
    assert resolve({"a": {"$ref": "error.json"}}, uri="-", root="api") == Node("api/error.json", (), {"x": 1})


def test_outside_the_root_folder_nothing_is_read() -> None:
    write("secret.json", {"x": 1})
    write("api-private/secret.json", {"x": 1})
    words = "outside the root folder, which --root can widen: "
    assert reason("../secret.json") == words + "../secret.json"
    assert reason("../api-private/secret.json") == words + "../api-private/secret.json"
    assert reason("%2e%2e/secret.json") == words + "../secret.json"
    assert reason("../not-there.json") == words + "../not-there.json"


def test_a_symbolic_link_does_not_lead_outside(folder: Path) -> None:
    write("secret.json", {"x": 1})
    write("private/secret.json", {"x": 1})
    (folder / "api/link.json").symlink_to(folder / "secret.json")
    (folder / "api/folder").symlink_to(folder / "private")
    assert reason("link.json") == "outside the root folder, which --root can widen: link.json"
    assert reason("folder/secret.json") == "outside the root folder, which --root can widen: folder/secret.json"


def test_a_symbolic_link_inside_is_the_file_it_names(folder: Path) -> None:
    write("api/error.json", {"x": 1})
    (folder / "api/link.json").symlink_to(folder / "api/error.json")
    found = references({"a": {"$ref": "link.json"}, "b": {"$ref": "error.json"}})
    assert found.resolve(node(found, "/a")) == found.resolve(node(found, "/b")) == Node("api/link.json", (), {"x": 1})


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("https://example.com/e.json", "remote references are not followed: https://example.com/e.json"),
        ("HTTP://example.com/e.json#/x", "remote references are not followed: HTTP://example.com/e.json"),
        ("//example.com/e.json", "remote references are not followed: //example.com/e.json"),
        ("file:///etc/passwd", "references to file: are not followed: file:///etc/passwd"),
        ("urn:x:y", "references to urn: are not followed: urn:x:y"),
        ("/etc/passwd", "absolute paths are not followed, write it relative to this file: /etc/passwd"),
        ("C:\\x.json", "absolute paths are not followed, write it relative to this file: C:\\x.json"),
        ("\\\\host\\x.json", "absolute paths are not followed, write it relative to this file: \\\\host\\x.json"),
        ("missing.json", "no such file: missing.json"),
        ("../api", "outside the root folder, which --root can widen: ../api"),
        ("folder", "no such file: folder"),
        ("a%00b", "no such file: 'a\\x00b'"),
        ("\ud800.json", "no such file: '\\ud800.json'"),
        ("#name", "no $anchor is called name"),
        ("#b/c", "no $anchor is called b/c; a pointer begins with #/: did you mean #/b/c?"),
        (7, "$ref must be a string, not a number"),
        (None, "$ref must be a string, not null"),
        ({}, "$ref must be a string, not an object"),
        ([], "$ref must be a string, not an array"),
    ],
)
def test_what_is_not_followed_says_why(ref: Any, words: str) -> None:
    Path("api/folder").mkdir()
    assert refused({"a": {"$ref": ref}}) == (words, f"{ROOT}#/a", False)


def test_nothing_is_read_beside_a_remote_document() -> None:
    words = "remote references are not followed: e.json is relative to https://example.com/openapi.json"
    write("e.json", {})
    assert reason("e.json", uri="https://example.com/openapi.json") == words


@pytest.mark.parametrize(
    ("ref", "meant"),
    [
        ("#/components/responses/NotFuond", "#/components/responses/NotFound"),
        ("#/components/response/NotFound", "#/components/responses/NotFound"),
        ("#/definitions/Error", "#/components/schemas/Error"),
        ("#/components/responses/Error", "#/components/schemas/Error"),
    ],
)
def test_a_broken_pointer_names_the_one_that_was_meant(ref: str, meant: str) -> None:
    data = {"a": {"$ref": ref}, "components": {"responses": {"NotFound": {}}, "schemas": {"Error": {}}}}
    assert refused(data)[0] == f"no such component: {ref}; did you mean {meant}?"


@pytest.mark.parametrize("ref", ["#/b/5", "#/b/-", "#/b/x", "#/c/d", "#/zzz", "#/b/" + "9" * 5000])
def test_a_broken_pointer_that_resembles_nothing_only_says_so(ref: str) -> None:
    assert refused({"a": {"$ref": ref}, "b": [0], "c": "text"})[0] == f"no such component: {ref}"


def test_a_broken_pointer_into_a_file_names_the_file() -> None:
    write("api/e.json", {"Error": {}})
    assert reason("e.json#/Eror") == "no such component in api/e.json: e.json#/Eror; did you mean e.json#/Error?"


def test_the_place_is_the_reference_at_fault_in_its_own_file() -> None:
    write("api/e.json", {"Error": {"$ref": "#/Gone"}})
    data = {"a": {"$ref": "#/b"}, "b": {"$ref": "e.json#/Error"}}
    assert refused(data) == ("no such component: #/Gone", "api/e.json#/Error", False)


def test_a_file_that_cannot_be_read_says_why() -> None:
    write("api/e.json", '{"a": ')
    with pytest.raises(Unresolved, match=r"^api/e\.json") as caught:
        resolve({"a": {"$ref": "e.json"}})
    assert caught.value.place == Location(ROOT, ("a",))


def test_a_cycle_is_told_apart() -> None:
    words = "the reference leads back to itself"
    assert refused({"a": {"$ref": "#/a"}}) == (words, f"{ROOT}#/a", True)
    assert refused({"a": {"$ref": "#/b"}, "b": {"$ref": "#/c"}, "c": {"$ref": "#/b"}}) == (words, f"{ROOT}#/a", True)
    assert refused({"a": {"$ref": "#/a/b"}}) == (words, f"{ROOT}#/a", True)


def test_a_cycle_through_files_is_told_apart() -> None:
    write("api/e.json", {"$ref": "openapi.json#/a"})
    assert refused({"a": {"$ref": "e.json"}}) == ("the reference leads back to itself", f"{ROOT}#/a", True)


def test_an_endless_chain_ends() -> None:
    data: dict[str, Any] = {f"a{n}": {"$ref": f"#/a{n + 1}"} for n in range(LONGEST_CHAIN + 5)}
    assert refused(data, "/a0")[0] == f"a chain of more than {LONGEST_CHAIN} references"


def test_references_nested_in_pointers_do_not_exhaust_the_stack() -> None:
    data: dict[str, Any] = {f"a{n}": {"$ref": f"#/a{n + 1}/x"} for n in range(5000)}
    assert refused(data, "/a0")[0] == "too many references inside one another"


def test_a_property_called_ref_is_no_reference() -> None:
    data = {"a": {"properties": {"$ref": {"type": "string"}}}}
    assert resolve(data, "/a/properties") == Node(ROOT, ("a", "properties"), {"$ref": {"type": "string"}})


def test_an_anchor_is_a_place() -> None:
    write("api/e.json", {"$defs": {"E": {"$anchor": "error", "x": 1}}})
    expected = Node("api/e.json", ("$defs", "E"), {"$anchor": "error", "x": 1})
    assert resolve({"a": {"$ref": "e.json#error"}}) == expected


def test_an_anchor_that_stands_twice_is_refused() -> None:
    data = {"a": {"$ref": "#x"}, "b": {"$anchor": "x"}, "c": [{"$anchor": "x"}]}
    assert refused(data)[0] == "2 $anchors are called x"


def test_an_id_in_the_document_is_not_remote() -> None:
    data = {"a": {"$ref": "https://example.com/e#/x"}, "b": {"$id": "https://example.com/e", "x": {"y": 1}}}
    assert resolve(data) == Node(ROOT, ("b", "x"), {"y": 1})


@pytest.mark.parametrize("ref", ["https://example.com/api/openapi#/b", "openapi#/b", "/api/openapi#/b"])
def test_a_document_knows_itself_by_self(ref: str) -> None:
    data = {"$self": "https://example.com/api/openapi", "a": {"$ref": ref}, "b": {"x": 1}}
    assert resolve(data) == Node(ROOT, ("b",), {"x": 1})
