"""What a text becomes: data, notices, and errors with a place; the same from both YAML parsers."""

from __future__ import annotations

import gc
import importlib.util
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from errlint.errors import LoadError
from errlint.load import source, yaml_nodes
from errlint.load.source import Duplicate, load, no_gc, read
from errlint.model.finding import Location

LOADERS = ["pyyaml", *(["yamlrocks"] if importlib.util.find_spec("yamlrocks") else [])]

# text -> data, for the cases in which YAML 1.1, YAML 1.2 and the parsers' habits disagree.
GOTCHAS: list[tuple[str, Any]] = [
    ("a: yes\nb: no\nc: on\nd: off\ne: y\nf: n", {"a": "yes", "b": "no", "c": "on", "d": "off", "e": "y", "f": "n"}),
    ("a: True\nb: TRUE\nc: false\nd: tRue", {"a": True, "b": True, "c": False, "d": "tRue"}),
    ("a: ~\nb: null\nc: Null\nd: NULL\ne:\nf: nULL", {"a": None, "b": None, "c": None, "d": None, "e": None, "f": "nULL"}),
    ("on: 1\nno: 2\nyes: 3", {"on": 1, "no": 2, "yes": 3}),
    ("200: a\n'404': b\n5XX: c", {"200": "a", "404": "b", "5XX": "c"}),
    ("200: a\n'200': b", {"200": "b"}),
    ("{null: 1, 1: 2}", {"null": 1, "1": 2}),
    ("1: a\ntrue: b\n1.0: c", {"1": "a", "true": "b", "1.0": "c"}),
    ("a: 2024-01-01\n2024-01-01: b", {"a": "2024-01-01", "2024-01-01": "b"}),
    ("a: 12:30:45\nb: 190:20:30.15", {"a": "12:30:45", "b": "190:20:30.15"}),
    ("a: 010\nb: 08\nc: +010\nd: 00\ne: 0", {"a": "010", "b": "08", "c": "+010", "d": "00", "e": 0}),
    (
        "a: 1_000\nb: 0b11\nc: 0o17\nd: 0x1F\ne: 0XfF\nf: -0o17",
        {"a": "1_000", "b": "0b11", "c": 15, "d": 31, "e": 255, "f": -15},
    ),
    ("a: .inf\nb: -.INF\nc: +.Inf\nd: .inF", {"a": math.inf, "b": -math.inf, "c": math.inf, "d": ".inF"}),
    (
        "a: 123456789012345678901234567890\nb: -9223372036854776000",
        {"a": 123456789012345678901234567890, "b": -9223372036854776000},
    ),
    ("a: !foo 2\nb: !!str 2\nc: !!int '3'\nd: ! 12\ne: !!float 3", {"a": "2", "b": "2", "c": 3, "d": "12", "e": 3.0}),
    ("a: !!bool yes\nb: !!null ''\nc: !!binary aGk=\nd: !!int x", {"a": "yes", "b": None, "c": "aGk=", "d": "x"}),
    ("a: !foo {b: 1}\nc: !foo [1]\nd: !!set {x, y}", {"a": {"b": 1}, "c": [1], "d": {"x": None, "y": None}}),
    ("a: !!python/object/apply:os.system [x]\n!t k: v", {"a": ["x"], "k": "v"}),
    ("%YAML 1.1\n---\na: yes\n", {"a": "yes"}),
    ("b: &b {x: 1, y: 2}\nc:\n  <<: *b\n  y: 3", {"b": {"x": 1, "y": 2}, "c": {"x": 1, "y": 3}}),
    ("c:\n  y: 0\n  <<: {y: 1, z: 2}\n  w: 3", {"c": {"y": 0, "z": 2, "w": 3}}),
    ("a: &a {x: 1}\nb: &b {x: 2, z: 3}\nc:\n  <<: [*a, *b]", {"a": {"x": 1}, "b": {"x": 2, "z": 3}, "c": {"x": 1, "z": 3}}),
    ("c:\n  <<: {a: 1}\n  <<: {a: 2, b: 3}", {"c": {"a": 1, "b": 3}}),
    ("c:\n  '<<': {x: 1}\nd: <<\ne:\n  <<: 3\nf:\n  <<:", {"c": {"<<": {"x": 1}}, "d": "<<", "e": {"<<": 3}, "f": {}}),
    ("a: &x 1\nb: &x 2\nc: *x", {"a": 1, "b": 2, "c": 2}),
    ("&k a: 1\nb: *k", {"a": 1, "b": "a"}),
    ("a: 1\na: 2", {"a": 2}),
    ("a: |\n  x\n   y\nb: >-\n  x\n  y\nc: |+\n  x\n\nd: 'it''s'", {"a": "x\n y\n", "b": "x y", "c": "x\n\n", "d": "it's"}),
    ('a: "\\x41\\u263a\\/\\\n  b"', {"a": "A☺/b"}),
    ("a: 1\r\nb:\r\n- c\r\n", {"a": 1, "b": ["c"]}),
    ("a:\tb", {"a": "b"}),
    ('a: "x\u2028y"\nb: x\u0085y', {"a": "x\u2028y", "b": "x\u0085y"}),
    ("a: {x:1, 'b':1, http://x: y}", {"a": {"x:1": None, "b": 1, "http://x": "y"}}),
    ("a: {\nb: 1\n}", {"a": {"b": 1}}),
    ("? a\n: b\n? |\n  c\n: d", {"a": "b", "c\n": "d"}),
    ("", None),
    ("# a comment\n", None),
    ("---\n", None),
    ("a\n", "a"),
    ("- 1\n- [2]\n-", [1, [2], None]),
    ("---\na: 1\n...\n", {"a": 1}),
    ("a: 1\n---\n", {"a": 1}),
    ("a: 1\n...\n---\n# nothing\n", {"a": 1}),
]


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("text", "data"), GOTCHAS)
def test_yaml_means_what_the_core_schema_of_yaml_1_2_says(text: str, data: Any, loader: str) -> None:
    got = load(text.encode(), "u.yaml", yaml_loader=loader)
    assert got.format == "yaml"
    assert repr(got.data) == repr(data)  # equal in types and order as well: True is no 1


def test_without_libyaml_the_data_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [text for text, _ in GOTCHAS if "\t" not in text]  # PyYAML's own scanner takes no tab after a colon
    with_libyaml = [load(text.encode(), "u", yaml_loader="pyyaml").data for text in texts]
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    yaml_nodes._loader.cache_clear()
    yaml_nodes._reanchoring_loader.cache_clear()
    try:
        without = [load(text.encode(), "u", yaml_loader="pyyaml").data for text in texts]
        with pytest.raises(LoadError):
            load(b"- " * 50_000, "u", yaml_loader="pyyaml")
    finally:
        yaml_nodes._loader.cache_clear()
        yaml_nodes._reanchoring_loader.cache_clear()
    assert repr(without) == repr(with_libyaml)


@pytest.mark.parametrize("loader", LOADERS)
def test_keys_keep_the_spelling_of_the_text(loader: str) -> None:
    text = b"null: 1\n~: 2\ntrue: 3\nTrue: 4\n1.50: 5\n0x10: 6\n010: 7\n+5: 8\n-0: 9\n.nan: 10\n'': 11"
    keys = list(load(text, "u", yaml_loader=loader).data)
    assert keys == ["null", "~", "true", "True", "1.50", "0x10", "010", "+5", "-0", ".nan", ""]


@pytest.mark.parametrize("loader", LOADERS)
def test_numbers_of_every_spelling(loader: str) -> None:
    text = b"[1e3, 1., .5, -1.5E-3, 1e, 1.2.3, 00.5, 012e3, -.5, +1, 0o8, 1__0]"
    got = load(b"a: " + text, "u", yaml_loader=loader).data["a"]
    assert [repr(item) for item in got] == [
        *("1000.0", "1.0", "0.5", "-0.0015", "'1e'", "'1.2.3'", "0.5", "12000.0", "-0.5", "1", "'0o8'", "'1__0'"),
    ]
    assert math.isnan(load(b"a: .nan", "u", yaml_loader=loader).data["a"])


@settings(max_examples=300, deadline=None)
@given(
    scalar=st.text(alphabet="0123456789+-._eExXoObnul~tTrRsSaAfFiI", min_size=1, max_size=7),
    frame=st.sampled_from(["a: %s", "- %s", "x:\n  %s: 1", "{a: %s}", "[%s]", "a: !!int %s", "a: !!float %s", "a: !!bool %s"]),
)
def test_both_parsers_read_every_scalar_alike(scalar: str, frame: str) -> None:
    def result(loader: str) -> str:
        try:
            return repr(load((frame % scalar).encode(), "u", yaml_loader=loader).data)
        except LoadError:
            return "LoadError"

    assert len({result(loader) for loader in LOADERS}) == 1


def test_json_is_read_as_json() -> None:
    got = load(b'\xef\xbb\xbf {"200": [1, 1.5, true, null, "\\u00e9"]}\n', "u.yaml")
    assert (got.format, got.data, got.notices) == ("json", {"200": [1, 1.5, True, None, "é"]}, ())
    assert got.text == b' {"200": [1, 1.5, true, null, "\\u00e9"]}\n'


@pytest.mark.parametrize("loader", LOADERS)
def test_a_flow_mapping_that_is_no_json_is_yaml(loader: str) -> None:
    got = load(b"{a: 1, 'b': [x,],}", "u.yaml", yaml_loader=loader)
    assert (got.format, got.data, got.notices) == ("yaml", {"a": 1, "b": ["x"]}, ())
    named = load(b'{\n"a": 1,\n}', "u.JSON", yaml_loader=loader)
    assert (named.format, named.data, len(named.notices)) == ("yaml", {"a": 1}, 1)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding(encoding: str) -> None:
    text = "a: é\n".encode(encoding)
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    got = load(mark + text, "u")
    assert (got.data, got.text) == ({"a": "é"}, "a: é\n".encode())


ERRORS: list[tuple[bytes, tuple[int, int], str]] = [
    (b"a: 1\nb: \xff\n", (2, 4), "is not UTF-8: byte 0xFF"),
    ("é: ".encode() + b"\xc3", (1, 4), "is not UTF-8: byte 0xC3"),
    (b"a: 1\nb\0", (2, 2), "is not text: it holds a NUL byte"),
    (b"\x89PNG\r\n\x1a\n\0\0", (3, 1), "is not text: it holds a NUL byte"),
    (b"\xff\xfea", (0, 0), "starts as UTF-16 but is not: truncated data"),
    (b'{"a": 1,\n "b": NaN}', (2, 7), "NaN is no JSON number"),
    (b'["Infinity", -Infinity]', (1, 14), "-Infinity is no JSON number"),
    (b'{"a": "99", "b": ' + b"9" * 5000 + b"}", (1, 18), "a number has too many digits"),
    (b'{"a": [1, 2', (1, 12), "not valid JSON: Expecting ',' delimiter"),
    (b'{"a": 1\n "b": 2}', (2, 2), "not valid JSON: Expecting ',' delimiter"),
    (b"a: 1\n---\nb: 2", (2, 1), "the file holds a second YAML document"),
    (b"---\na: 1\n--- x", (3, 1), "the file holds a second YAML document"),
    (b"a: &x [*x]", (1, 4), "an anchored value contains itself"),
    (b"&x {a: {b: *x}}", (1, 1), "an anchored value contains itself"),
    (b"a:\n  ? [b]\n  : 1", (2, 5), "a mapping key must be a scalar"),
    (b"{{ template }}", (1, 2), "a mapping key must be a scalar"),
    (b"[" * 201 + b"]" * 201, (1, 200), "nested deeper than 200 levels"),
    (b'{"a":' * 201 + b"1" + b"}" * 201, (1, 996), "nested deeper than 200 levels"),
]


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("text", "place", "message"), ERRORS)
def test_an_unreadable_text_is_refused_with_its_place(text: bytes, place: tuple[int, int], message: str, loader: str) -> None:
    with pytest.raises(LoadError) as caught:
        load(text, "u.yaml", yaml_loader=loader)
    assert (caught.value.message, caught.value.location) == (message, Location("u.yaml", (), *place))


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"a:\n\tb: 1", 2),
        (b"a: b: c", 1),
        (b"a: 1\nb: [1,\n2", 3),
        (b"a: 1\nb: @x", 2),
        (b"a: *x", 1),
        (b"a: |\n  x\n b", 3),
        (b"a: \x01", 1),
        (b"a: \x7f", 1),
        (b'a: "\\q"', 1),
    ],
)
def test_bad_syntax_is_refused_with_its_line(text: bytes, line: int, loader: str) -> None:
    with pytest.raises(LoadError) as caught:
        load(text, "u.yaml", yaml_loader=loader)
    assert caught.value.location is not None
    assert caught.value.location.line == line


def laughs(levels: int, style: str) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, levels):
        uses = [f"*a{level - 1}"] * 10
        if style == "flow":
            lines.append(f"a{level}: &a{level} [{', '.join(uses)}]")
        else:
            lines.append(f"a{level}: &a{level}\n" + "\n".join(f"  k{number}: {use}" for number, use in enumerate(uses)))
    return "\n".join(lines)


def merges(count: int) -> str:
    base = "base: &b {" + ", ".join(f"k{number}: 1" for number in range(1000)) + "}\n"
    return base + "".join(f"a{number}:\n  <<: *b\n" for number in range(count))


BOMBS = {
    "brackets": "[" * 50_000,
    "closed brackets": "[" * 50_000 + "]" * 50_000,
    "braces": "{a: " * 50_000,
    "JSON objects": '{"a":' * 50_000,
    "dashes": "- " * 50_000,
    "keys": "? " * 50_000,
    "dashes and keys": "- ? " * 25_000,
    "brackets over lines": "-\n [\n" + " [\n" * 50_000,
    "closers in quotes": "a: [" + '["]",' * 50_000,
    "closers in JSON strings": "[" + '["\\"]",' * 50_000,
    "indentation": "".join(" " * level + "a:\n" for level in range(300)),
    "laughs in flow": laughs(10, "flow"),
    "laughs in blocks": laughs(10, "block"),
    "long text shared": "a: &a " + "x" * 100_000 + "\nb: [" + ", ".join(["*a"] * 2000) + "]",
    "longer text shared": "a: &a " + "x" * 1_000_000 + "\nb: [" + ", ".join(["*a"] * 2000) + "]",
    "merges": merges(3000),
    "merged many times": merges(0) + "b:\n  <<: [" + ", ".join(["*b"] * 5000) + "]",
    "chain of aliases": "a0: &a0 {k: 1}\n" + "\n".join(f"a{n}: &a{n} {{k: *a{n - 1}}}" for n in range(1, 1000)),
}


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused(name: str, loader: str) -> None:
    with pytest.raises(LoadError):
        load(BOMBS[name].encode(), "u.yaml", yaml_loader=loader)


@pytest.mark.parametrize("loader", LOADERS)
def test_what_is_deep_but_not_too_deep_is_read(loader: str) -> None:
    for text in ("[" * 200 + "]" * 200, '{"a":' * 200 + "1" + "}" * 200, "- " * 200 + "x", "- [ '[', \"[\" ]\n" * 300):
        load(text.encode(), "u", yaml_loader=loader)
    assert load(b'["' + b"[" * 5000 + b'\\"[", {}]', "u").data == ["[" * 5000 + '"[', {}]
    assert load(laughs(4, "flow").encode(), "u", yaml_loader=loader).data["a2"][9][9] == ["x"] * 10


@pytest.mark.skipif(LOADERS == ["pyyaml"], reason="yamlrocks is not installed")
def test_what_only_pyyaml_accepts_is_read_with_a_notice() -> None:
    got = load(b"a: {\nb: 1\n}", "u.yaml")
    assert got.data == {"a": {"b": 1}}
    assert [notice.partition(" (")[0] for notice in got.notices] == ["not strict YAML 1.2"]


@settings(max_examples=300, deadline=None)
@given(text=st.one_of(st.binary(max_size=40), st.text(alphabet="ab:-?[]{}&*!|>'\"%#,<\n\t ~1", max_size=40).map(str.encode)))
def test_no_text_makes_anything_but_a_document_or_a_load_error(text: bytes) -> None:
    for loader in LOADERS:
        try:
            document = load(text, "u", yaml_loader=loader)
        except LoadError:
            continue
        document.locate([(), ("a",), ("0", "a"), ("a", "b", "0")])
        assert isinstance(document.duplicates, tuple)


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    ("text", "duplicates"),
    [
        (b'{"a": 1, "b": {"c": 1,\n "c": 2}}', [Duplicate(("b", "c"), (1, 16), (2, 2))]),
        (
            b"a:\n  b: 1\n  c: 1\n  b: 2\n  'b': 3\n",
            [Duplicate(("a", "b"), (2, 3), (4, 3)), Duplicate(("a", "b"), (2, 3), (5, 3))],
        ),
        (b"- {200: 1, '200': 2}\n", [Duplicate(("0", "200"), (1, 4), (1, 12))]),
        (b"a: &x {k: 1}\nb:\n  <<: *x\n  k: 2\n  <<: {k: 3}\n", []),
        (b'{"a": 1, "b": {"a": 1}}', []),
        (b"a: 1\nb: {a: 1}\n", []),
    ],
)
def test_duplicate_keys_are_listed_with_both_places(text: bytes, duplicates: list[Duplicate], loader: str) -> None:
    assert load(text, "u", yaml_loader=loader).duplicates == tuple(duplicates)


def test_a_file_is_read_under_the_name_given(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_bytes(b"a:\n  b: 1\n")
    assert read(file, "docs/openapi.yaml").location(("a", "b")) == Location("docs/openapi.yaml", ("a", "b"), 2, 3)
    assert read(str(file)).uri == str(file)


def test_what_is_no_readable_file_is_a_load_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "large.yaml").write_bytes(b"a: 123456")
    monkeypatch.setattr(source, "MAX_BYTES", 8)
    for path, message in [
        (tmp_path, "is a directory, not a file"),
        (tmp_path / "none.yaml", "cannot be read: No such file or directory"),
        (tmp_path / "no\0name", "cannot be read: embedded null byte"),
        (tmp_path / "large.yaml", "is larger than 0 MiB"),
    ]:
        with pytest.raises(LoadError) as caught:
            read(path, "name")
        assert (caught.value.message, caught.value.location) == (message, Location("name", ()))


def test_garbage_collection_is_left_as_it_was() -> None:
    assert gc.isenabled()
    with no_gc():
        assert not gc.isenabled()
        load(b"a: 1", "u").locate([("a",)])
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(LoadError):
        load(b"a: *b", "u")
    assert gc.isenabled()


def test_json_loads_no_yaml_module() -> None:
    code = (
        "import sys; from errlint.load.source import load; "
        "d = load(b'{\"a\": [1]}', 'u.json'); d.locate([('a', '0')]); d.duplicates;"
        "assert not {'yaml', 'yamlrocks', 'errlint.load.yaml_'} & set(sys.modules), sys.modules.keys()"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
