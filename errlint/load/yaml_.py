"""YAML text as plain data: yamlrocks where it is installed, PyYAML elsewhere and for what yamlrocks refuses."""

from __future__ import annotations

import re
from typing import Any

from errlint.errors import LoadError
from errlint.load import yaml_data, yaml_nodes
from errlint.load.yaml_data import CHARACTERS_A_NODE, MAX_NODES
from errlint.load.yaml_nodes import MAX_DEPTH, RefusedError
from errlint.model.finding import Location

# Beyond it PyYAML is as fast, and yamlrocks' tree of a text with many aliases takes time quadratic in its size.
MAX_ALIASED_BYTES = 256 * 1024

_PLACE = re.compile(r" at line \d+, column \d+$")
# Integers that yamlrocks reads from another spelling than str() gives, and keys that equal an integer in a Python dict.
_ODD_INTEGER_KEYS = (
    re.compile(rb"\n[ -]*(?:true|True|TRUE|false|False|FALSE|[-+]?[0-9]+\.0*)[ \t]*:\s"),
    re.compile(rb"0[xXoO](?<![0-9A-Za-z_.]0.)[0-9a-fA-F]+[ \t]*:\s"),
    re.compile(rb"\+[0-9]+[ \t]*:\s"),
    re.compile(rb"-0[ \t]*:\s"),
)


class _NotHere(Exception):  # noqa: N818 - no error: the other parser is asked
    """A text that yamlrocks accepts but whose data errlint takes from PyYAML."""


def parse(text: bytes, uri: str, loader: str | None = None) -> tuple[Any, tuple[str, ...], bool]:
    """The data of a YAML text (UTF-8), what a user should know about it, and whether yamlrocks read it.

    ``loader`` is "yamlrocks", "pyyaml", or None for the best one installed.
    Raises: LoadError, with the place where it is known.
    """
    rocks = None if loader == "pyyaml" else _yamlrocks()
    if rocks is None:
        if loader == "yamlrocks":
            raise LoadError("yamlrocks is not installed", Location(uri, ()))
        return yaml_data.load(text.decode(), uri), (), False
    try:
        return _parse(rocks, text, uri), (), True
    except _NotHere:
        return yaml_data.load(text.decode(), uri), (), False
    except rocks.YAMLRocksError as error:
        return _second_opinion(error, text, uri)


def _yamlrocks() -> Any:
    try:
        import yamlrocks  # 18 ms, and none on Python 3.11
    except ImportError:
        return None
    return yamlrocks


def _second_opinion(error: Any, text: bytes, uri: str) -> tuple[Any, tuple[str, ...], bool]:
    """What PyYAML makes of a text that yamlrocks refuses, if it refuses it for its syntax."""
    where = Location(uri, (), error.line or 0, error.column or 0)
    words = _PLACE.sub("", error.message)
    if "nesting depth" in words:
        raise RefusedError(f"nested deeper than {MAX_DEPTH} levels", where) from None
    if "alias bomb" in words:
        raise RefusedError("the aliases expand to too much data", where) from None
    try:
        data = yaml_data.load(text.decode(), uri)
    except RefusedError:
        raise
    except LoadError as second:
        if second.hint:  # a second document: yamlrocks may have stumbled later, inside it
            raise
        raise LoadError(f"not valid YAML: {words}", where) from None
    line = f" (line {error.line}: {words})" if error.line else ""
    return data, (f"not strict YAML 1.2{line}; other tools may refuse this file",), False


def _parse(rocks: Any, text: bytes, uri: str) -> Any:
    if b"%YAML 1.1" in text[:4096]:
        raise _NotHere  # yamlrocks would read yes and no as booleans
    if yaml_nodes.has_aliases(text):
        if len(text) > MAX_ALIASED_BYTES:
            raise _NotHere
        _bound(rocks, text, uri)
    documents = rocks.loads_all(text)
    if any(document is not None for document in documents[1:]):
        raise yaml_nodes.second_document(text.decode(), uri)
    data = documents[0] if documents else None
    _stringify(data, text)
    return data


def _bound(rocks: Any, text: bytes, uri: str) -> None:
    """Refuse aliases that expand to too much: yamlrocks copies at each alias, and counts nodes but no characters."""
    tree = rocks.loads(text, option=rocks.OPT_ROUND_TRIP)
    try:
        root = tree.to_tree()
    except rocks.YAMLRocksError:
        raise
    except (TypeError, ValueError):  # a marker ends the first document; only PyYAML tells what follows
        raise _NotHere from None
    sizes: dict[str, tuple[int, int]] = {}
    if root is not None:
        _measure(root, sizes, uri)


def _measure(node: Any, sizes: dict[str, tuple[int, int]], uri: str) -> tuple[int, int]:
    """The (number of nodes, depth) of a node with its aliases written out; anchors are defined before they are used."""
    kind, value = node.kind, node.value
    size, depth = 1, 0
    if kind == "alias":
        size, depth = sizes.get(value, (1, 0))
    elif kind == "scalar":
        size += len(value) // CHARACTERS_A_NODE if isinstance(value, str) else 0
    else:
        for part in value if kind == "sequence" else (part for pair in value for part in pair):
            part_size, part_depth = _measure(part, sizes, uri)
            size += part_size
            depth = max(depth, part_depth + 1)
    if size > MAX_NODES or depth > MAX_DEPTH:
        raise RefusedError("the aliases expand to too much data", Location(uri, ()))
    if node.anchor is not None:
        sizes[node.anchor] = size, depth
    return size, depth


def _stringify(data: Any, text: bytes) -> None:
    """Make every mapping key a str, in place. Raises: _NotHere where the key's own spelling is lost, or the depth is."""
    level: list[Any] = [data] if isinstance(data, (dict, list)) else []
    mixed: list[dict[Any, Any]] = []
    depth = 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise _NotHere  # which refuses it with a place
        below: list[Any] = []
        for node in level:
            children = node
            if node.__class__ is dict:
                for key in node:
                    if key.__class__ is not str:
                        mixed.append(node)
                        break
                children = node.values()
            below += [child for child in children if child.__class__ is dict or child.__class__ is list]
        level = below
    if mixed and any(pattern.search(text) for pattern in _ODD_INTEGER_KEYS):
        raise _NotHere
    for mapping in mixed:
        if any(key.__class__ is not str and key.__class__ is not int for key in mapping):
            raise _NotHere
        renamed = {str(key): value for key, value in mapping.items()}
        if len(renamed) != len(mapping):
            raise _NotHere  # 200 and "200": PyYAML tells which comes last, merge keys included
        mapping.clear()
        mapping.update(renamed)


def has_no_repeats(text: bytes) -> bool:
    """Whether yamlrocks finds no mapping with one key twice; False where it is not installed or cannot tell."""
    rocks = _yamlrocks()
    if rocks is None:
        return False
    try:
        rocks.loads(text, option=rocks.OPT_DUPLICATE_KEYS_ERROR)
    except rocks.YAMLRocksError:
        return False
    return True
