"""A large JSON text, decoded in parts, is the same to every reader as one that json decodes at once."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errlint.errors import LoadError
from errlint.load import json_, lazy_json, source
from errlint.load.json_ import plain
from errlint.load.lazy_json import LazyObject
from errlint.load.positions_json import JsonPositions
from errlint.load.positions_raw import RawPositions

KEYS = st.one_of(st.sampled_from(["a", "b", "paths", "é😀", 'say "x"', "\\", "", "{", "x\ny", "\0"]), st.text(max_size=4))
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([2**64, -(2**64), 10**40, 0, -1]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
)
TREES = st.recursive(
    SCALARS, lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(KEYS, below, max_size=4)), max_leaves=30
)
OBJECTS = st.dictionaries(KEYS, st.dictionaries(KEYS, st.dictionaries(KEYS, TREES, max_size=3) | TREES, max_size=4) | TREES)
STYLES = st.sampled_from([{}, {"indent": 2}, {"ensure_ascii": False}, {"indent": 0, "ensure_ascii": False}])

DOCUMENT = '{"n": 1, "l": [{"a": 1}], "paths": {"x": 1, "/a": {"get": {"b": [1, {"c": 2}]}, "put": 3}, "/b": {}}, "o": {}}'


@contextmanager
def lazily(whole: int = 0) -> Iterator[None]:
    """Every text counts as large, and objects beyond so many bytes are decoded in parts."""
    before = json_.LARGE, lazy_json.LARGEST_WHOLE
    json_.LARGE, lazy_json.LARGEST_WHOLE = 0, whole
    try:
        yield
    finally:
        json_.LARGE, lazy_json.LARGEST_WHOLE = before


def loaded(text: str, whole: int = 0) -> dict[str, Any]:
    with lazily(whole):
        data = lazy_json.load(text.encode())
    assert data is not None
    return data


def exactly(value: Any) -> str:
    """A text that tells 1 from 1.0 and from True, and one order of members from another."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {exactly(value[key])}" for key in value) + "}"
    return f"[{', '.join(map(exactly, value))}]" if isinstance(value, list) else repr(value)


@settings(max_examples=300, deadline=None)
@given(tree=OBJECTS, style=STYLES, whole=st.sampled_from([0, 20, 1000]), data=st.data())
def test_any_part_read_in_any_order_is_what_json_reads(
    tree: Any, style: dict[str, Any], whole: int, data: st.DataObject
) -> None:
    eager = json.loads(json.dumps(tree, **style))
    with lazily(whole):
        lazy = lazy_json.load(json.dumps(tree, **style).encode("utf-8", "surrogatepass"))
        if lazy is None:  # half a surrogate pair
            return
        for _ in range(data.draw(st.integers(0, 5))):
            here, there = lazy, eager
            while isinstance(there, dict) and there:
                key = data.draw(st.sampled_from(sorted(there)))
                here, there = here[key], there[key]
                if data.draw(st.booleans()):
                    assert exactly(here) == exactly(there)
        assert exactly(lazy) == exactly(eager)
        assert lazy == eager


READERS: dict[str, Callable[[Any], Any]] = {
    "[]": lambda o: [o[key] for key in o],
    "get": lambda o: [o.get("x"), o.get("none"), o.get("none", 5), *(o.get(key) for key in o)],
    "in": lambda o: ["/a" in o, "none" in o, len(o), bool(o), list(o), list(reversed(o)), o.keys() - {"x"}],
    "items": lambda o: list(o.items()),
    "values": lambda o: list(o.values()),
    "a comprehension": lambda o: {key: value for key, value in o.items()},  # noqa: C416
    "dict()": lambda o: dict(o),
    "**": lambda o: {**o},
    "keywords": lambda o: dict(**o),
    "update": lambda o: _updated(o),
    "copy": lambda o: o.copy(),
    "copy.copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda o: pickle.loads(pickle.dumps(o)),
    "|": lambda o: [o | {"y": 1}, {"y": 1} | o, o | o],
    "|=": lambda o: _joined(o),
    "==": lambda o: [o == json.loads(DOCUMENT)["paths"], json.loads(DOCUMENT)["paths"] == o, o != o.copy(), o == 1],
    "repr": repr,
    "str": str,
    "format": lambda o: f"{o}",
    "json": json.dumps,
    "json, indented": lambda o: json.dumps(o, indent=1, sort_keys=True),
    "pop": lambda o: [o.pop("/a", None), o.pop("none", 5), dict(o)],
    "popitem": lambda o: [o.popitem(), dict(o)],
    "setdefault": lambda o: [o.setdefault("/a", 1), o.setdefault("new", 2), dict(o)],
    "del": lambda o: [o.__delitem__("x"), dict(o)],
    "match": lambda o: _matched(o),
    "plain": plain,
    "isinstance": lambda o: [isinstance(o, dict), isinstance(o.get("/a"), dict)],
}


def _updated(value: Any) -> Any:
    into: dict[str, Any] = {"x": 0}
    into.update(value)
    return into


def _joined(value: Any) -> Any:
    into: dict[str, Any] = {"x": 0}
    into |= value
    return into


def _matched(value: Any) -> Any:
    match value:
        case {"/a": {"get": found}, **rest}:
            return [found, rest]


@pytest.mark.parametrize("name", READERS)
def test_no_reader_sees_what_is_undecoded(name: str) -> None:
    lazy = loaded(DOCUMENT)["paths"]
    assert isinstance(lazy, LazyObject)
    with lazily():
        got, expected = READERS[name](lazy), READERS[name](json.loads(DOCUMENT)["paths"])
        assert exactly(got) == exactly(expected)


def test_two_that_are_equal_are_equal_before_they_are_read() -> None:
    with lazily():
        assert loaded(DOCUMENT)["paths"] == loaded(DOCUMENT)["paths"]
        assert loaded(DOCUMENT)["paths"] != loaded(DOCUMENT.replace("2", "4"))["paths"]
        assert loaded(DOCUMENT) == json.loads(DOCUMENT)


def test_a_key_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        loaded(DOCUMENT)["paths"]["none"]
    with pytest.raises(KeyError):
        loaded(DOCUMENT)["paths"].pop("none")


def test_plain_data_holds_no_object_but_dicts() -> None:
    with lazily():
        got = plain(loaded(DOCUMENT))
    assert [type(value) for value in (got, got["paths"], got["paths"]["/a"], got["o"])] == [dict] * 4
    assert plain(got) is got


def test_small_objects_are_dicts_at_once() -> None:
    text = DOCUMENT.replace("{}}", '{"put": {"long": "' + "x" * 100 + '"}}}')
    paths = loaded(text, 60)["paths"]
    with lazily(60):
        assert [type(value) for value in (paths, paths["/a"], paths["/b"])] == [LazyObject, dict, LazyObject]
    assert type(loaded(text, 1000)["paths"]) is dict


NOT_IN_PARTS = [
    b"[]",
    b"1",
    b"",
    b'{"a": NaN}',
    b'{"a": {"b": {"c": [Infinity]}}}',
    b'{"a": {"b": {"c": "\\q"}}}',
    b'{"a": {"b": {"c": "\x01"}}}',
    b'{"a": {"b": {"c": "\\ud800"}}}',
    b'{"a": {"b": {"c": 01}}}',
    b'{"a": {"b": {"c": 1.}}}',
    b'{"a": {"b": {"c": [1,]}}}',
    b'{"a": {"b": {"c": {"d" 1}}}}',
    b'{"a": 1e999}',
    b'{"a": 1} x',
    b'{"a": {"b": {"c": ' + b"[" * 100_000,
]


@pytest.mark.parametrize("text", NOT_IN_PARTS)
def test_what_json_judges_is_left_to_json(text: bytes) -> None:
    assert lazy_json.load(text) is None


@pytest.mark.parametrize(
    "number", ["1e999", "-1e999", "1e-999", "-0", "-0.0", "1E5", "0.1", "1" * 4000, "1." + "1" * 4000, "5e-324"]
)
def test_a_number_is_what_json_reads(number: str) -> None:
    for text in ('{"a": %s}', '{"a": {"b": %s}}', '{"a": {"b": {"c": %s}}}', '{"a": {"b": {"c": [{"d": %s}]}}}'):
        with lazily():
            got = source.load((text % number).encode(), "u.json").data
            assert exactly(got) == exactly(json.loads(text % number))


def outcome(text: bytes) -> tuple[str, Any]:
    try:
        document = source.load(text, "u.json")
    except LoadError as error:
        return error.message, error.location
    return document.format, (exactly(document.data), document.notices)


BROKEN = st.sampled_from(
    ['"', "{", "}", "[", "]", ",", "\\", ":", "1e999", "NaN", "\\u00e9", "\\ud800", "\x01", "9" * 5000, "é", "\n"]
)


@settings(max_examples=300, deadline=None)
@given(tree=OBJECTS, style=STYLES, broken=BROKEN, at=st.integers(0, 400), cut=st.integers(0, 3))
def test_a_broken_text_is_refused_as_json_refuses_it(tree: Any, style: dict[str, Any], broken: str, at: int, cut: int) -> None:
    text = json.dumps(tree, **style)
    for each in (text, text[:at] + broken + text[at + cut :], text[:at]):
        raw = each.encode("utf-8", "surrogatepass")
        with lazily():
            got = outcome(raw)
        assert got == outcome(raw)


@pytest.mark.parametrize("pad", ["", "\n" * 70_000, '"' + '\\"[' * 30_000 + '",\n'])
def test_the_limit_of_depth_is_the_same(pad: str) -> None:
    for depth in (197, 198, 199):
        text = ('{"a": {"b": [' + pad + '{"c": ' * (depth - 1) + "1" + "}" * (depth - 1) + "]}}").encode()
        with lazily():
            got = outcome(text)
        assert (got[0], got == outcome(text)) == ("json" if depth < 199 else "nested deeper than 200 levels", True)


def pointers(value: Any, at: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [at, (*at, "none")]
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in children:
        found += pointers(below, (*at, str(key)))
    return found


@settings(max_examples=200, deadline=None)
@given(tree=TREES, style=STYLES, data=st.data())
def test_a_large_text_is_located_as_a_small_one(tree: Any, style: dict[str, Any], data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(["", " \n", "\r\n\t"])) + json.dumps(tree, **style).replace(
        "\n", data.draw(st.sampled_from(["\n", "\r\n", "\r"]))
    )
    raw = text.encode("utf-8", "surrogatepass")
    if RawPositions.of(raw) is None:  # half a surrogate pair
        return
    wanted = data.draw(st.permutations(pointers(tree)))
    small = source.load(raw, "u.json") if text.lstrip()[:1] in "{[" else None
    offsets = RawPositions(raw).offsets(wanted)
    assert offsets == {pointer: len(text[:at].encode()) for pointer, at in JsonPositions(text).offsets(wanted).items()}
    if small is not None and small.format == "json":
        with lazily():
            large = source.load(raw, "u.json").locate(wanted)
        assert large == small.locate(wanted)


TWICE = [
    '{"a": {"b": 1}, "a": {"c": 2}}',
    '{"é": 1, "a": 12, "b": [1, {"x": 1}], "a": {"b": 1, "c": 2}, "é": {"\\u00e9": 1, "z": 2}}',
    '{"a": 1, "b": 2, "a": 3}',
    '{"a": "1, \\"a\\": 2", "\\u0061": 3, "c": [4]}',
]


@pytest.mark.parametrize("text", TWICE)
def test_of_a_key_that_comes_twice_the_last_is_located(text: str) -> None:
    wanted = pointers(json.loads(text))
    expected = {pointer: len(text[:at].encode()) for pointer, at in JsonPositions(text).offsets(wanted).items()}
    assert RawPositions(text.encode()).offsets(wanted) == expected


def test_a_small_text_loads_no_msgspec() -> None:
    code = (
        "import sys; from errlint.load.source import load; "
        "d = load(b'{\"a\": [1]}', 'u.json'); d.locate([('a', '0')]); "
        "assert 'msgspec' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
