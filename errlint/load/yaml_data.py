"""YAML nodes as plain data, under the core schema of YAML 1.2 (section 10.3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from errlint.errors import LoadError
from errlint.load.yaml_nodes import MAX_DEPTH, NULLS, PLAIN, SHOW, RefusedError, compose, hide, merged
from errlint.model.finding import Location

if TYPE_CHECKING:
    from yaml.nodes import MappingNode, ScalarNode

MAX_NODES = 2_000_000
CHARACTERS_A_NODE = 32

_STANDARD = "tag:yaml.org,2002:"

_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_BASED = re.compile(r"([-+]?)0(?:[xX]([0-9a-fA-F]+)|[oO]([0-7]+))")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(NULLS),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMERIC = frozenset("+-.0123456789")


def load(text: str, uri: str) -> Any:
    """The plain data of a YAML text under the core schema of YAML 1.2 (section 10.3), every mapping key a str.

    Raises: LoadError, with the place; RefusedError for depth, alias bombs and cycles.
    """
    hidden = hide(text)
    root, aliased = compose(hidden, uri)
    try:
        if aliased and root is not None:
            _measure(root, uri, {})
        data = None if root is None else _Builder(hidden, uri).build(root)
    except RecursionError:
        raise RefusedError("the document is nested too deeply through its aliases", Location(uri, ())) from None
    return data if hidden is text else _shown(data)


def _shown(data: Any) -> Any:
    if isinstance(data, str):
        return data.translate(SHOW)
    if isinstance(data, list):
        return [_shown(item) for item in data]
    if isinstance(data, dict):
        return {key.translate(SHOW): _shown(value) for key, value in data.items()}
    return data


class _Builder:
    """Turns nodes into data; a node that aliases share is built once and shared."""

    def __init__(self, text: str, uri: str) -> None:
        self.uri = uri
        self.built: dict[int, Any] = {}
        # libyaml does not tell the tag `!`, which makes a plain scalar text, from no tag.
        self.bangs = text if "! " in text else ""

    def build(self, node: Any) -> Any:
        if node.id == "scalar":
            if node.tag != PLAIN:
                return _tagged(node)
            return node.value if self.bangs and self.bangs[node.start_mark.index] == "!" else core(node.value)
        found = self.built.get(id(node))
        if found is None:
            found = [self.build(item) for item in node.value] if node.id == "sequence" else self._mapping(node)
            self.built[id(node)] = found
        return found

    def _mapping(self, node: MappingNode) -> dict[str, Any]:
        data: dict[str, Any] = {}
        build = self.build
        for key, value in node.value:
            if key.id != "scalar":
                mark = key.start_mark
                raise LoadError("a mapping key must be a scalar", Location(self.uri, (), mark.line + 1, mark.column + 1))
            if key.value == "<<" and key.tag == PLAIN:
                self._merge(data, value)
            else:
                data[key.value] = build(value)
        return data

    def _merge(self, data: dict[str, Any], node: Any) -> None:
        rest = []
        for item in merged(node):
            if item.id == "mapping" and item.tag == PLAIN:
                for key, value in self.build(item).items():
                    data.setdefault(key, value)
            else:
                value = self.build(item)
                if value is not None:
                    rest.append(value)
        if rest:
            data["<<"] = rest if node.id == "sequence" else rest[0]


def core(text: str) -> Any:
    """What a plain scalar means in the core schema: null, a boolean, a number, else its text.

    A number with a leading zero (``010``) stays text: YAML 1.1 and 1.2 disagree about it, and so do readers.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC:
        return text
    if _INT.fullmatch(text):
        return _integer(text, text, 10)
    if _FLOAT.fullmatch(text):
        return text if text.lstrip("+-").isdigit() else float(text)
    if match := _BASED.fullmatch(text):
        sign, hexadecimal, octal = match.groups()
        return _integer(text, sign + (hexadecimal or octal), 16 if hexadecimal else 8)
    return float(text.replace(".", "")) if _NOT_FINITE.fullmatch(text) else text


def _integer(text: str, digits: str, base: int) -> int | str:
    try:
        return int(digits, base)
    except ValueError:  # more digits than the interpreter converts (sys.get_int_max_str_digits)
        return text


def _tagged(node: ScalarNode) -> Any:
    text: str = node.value
    kind = node.tag[len(_STANDARD) :] if node.tag.startswith(_STANDARD) else ""
    if kind == "float" and _FLOAT.fullmatch(text):
        return float(text)
    wanted = {"int": int, "float": float, "bool": bool, "null": type(None)}.get(kind)
    value = core(text) if wanted is not None else text
    return value if type(value) is wanted else text


def _measure(node: Any, uri: str, known: dict[int, tuple[int, int] | None]) -> tuple[int, int]:
    """The (number of nodes, depth) of a node when every alias is written out. Raises: RefusedError beyond the limits."""
    if node.id == "scalar":
        return 1 + len(node.value) // CHARACTERS_A_NODE, 0
    if id(node) in known:
        found = known[id(node)]
        if found is None:
            mark = node.start_mark
            raise RefusedError("an anchored value contains itself", Location(uri, (), mark.line + 1, mark.column + 1))
        return found
    known[id(node)] = None
    size, depth = 1, 0
    parts = node.value if node.id == "sequence" else (part for pair in node.value for part in pair)
    for part in parts:
        part_size, part_depth = _measure(part, uri, known)
        size += part_size
        depth = max(depth, part_depth + 1)
        if size > MAX_NODES or depth > MAX_DEPTH:
            mark = part.start_mark
            raise RefusedError("the aliases expand to too much data", Location(uri, (), mark.line + 1, mark.column + 1))
    known[id(node)] = size, depth
    return size, depth
