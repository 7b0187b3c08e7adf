"""PyYAML as a parser of nodes with places: bounded in depth, one document, lines and anchors as in YAML 1.2."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

from errlint.errors import LoadError
from errlint.load.lines import place
from errlint.model.finding import Location

if TYPE_CHECKING:
    from yaml.nodes import Node

MAX_DEPTH = 200
MAX_EMPTY_DOCUMENTS = 1000

PLAIN = "?"
"""The tag of a node that carries none and is not quoted: only such a scalar may be a number, a boolean or null."""
NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_QUOTED = "!"

# libyaml ends a line at these, as YAML 1.1 did; YAML 1.2 reads them as text. They stand in for themselves, one for one,
# while libyaml reads, so that places stay true.
_LINE_BREAKS_OF_1_1 = "\x85\u2028\u2029"
_STAND_INS = "\ue085\ue028\ue029"
_HIDE = str.maketrans(_LINE_BREAKS_OF_1_1, _STAND_INS)
SHOW = str.maketrans(_STAND_INS, _LINE_BREAKS_OF_1_1)

# A name ends before what libyaml allows to follow an anchor; the literal first character keeps the search fast. Readers
# differ in what is a blank or a line break beyond ASCII, so that any such byte may begin an anchor's neighbour or end a name.
_ANCHOR = re.compile(rb"&(?<![^\s,\[{:?\-\x80-\xff]&)([^\s,\[\]{}][^\s,\[\]{}?:%@`\x80-\xff]*)")
_ALIAS = re.compile(rb"\*(?<![^\s,\[{:?\-\x80-\xff]\*)([^\s,\[\]{}][^\s,\[\]{}?:%@`\x80-\xff]*)")

_FIRST_MARKER = re.compile(r"(?:%[^\n]*\n|[ \t]*(?:#[^\n]*)?\r?\n)*---(?=\s)")
_MARKER = re.compile(r"\n(?:---|\.\.\.)(?=[ \t\r\n]|\Z)")


class RefusedError(LoadError):
    """A document that is refused for its size or shape; no other parser may try it."""


def hide(text: str) -> str:
    """The text with stand-ins for the line breaks of YAML 1.1; itself where it holds none."""
    if any(char in text for char in _LINE_BREAKS_OF_1_1) and not any(char in text for char in _STAND_INS):
        return text.translate(_HIDE)
    return text


def has_aliases(text: bytes) -> bool:
    """Whether an alias may stand in the text; prose that looks like one counts too."""
    if b"*" not in text or b"&" not in text:
        return False
    anchors = set(_ANCHOR.findall(text))
    return bool(anchors) and any(match[1] in anchors for match in _ALIAS.finditer(text))


def compose(text: str, uri: str = "") -> tuple[Node | None, bool]:
    """The root node of a YAML text (None where it is empty) and whether it holds an alias.

    Raises: LoadError, with the place, for what is no YAML, for a second document and for more than 200 levels.
    """
    import yaml  # 46 ms: JSON, and YAML where yamlrocks does, never pay it

    text = hide(text)
    try:
        try:
            return _compose(text, uri, _loader()), has_aliases(text.encode())
        except yaml.composer.ComposerError as error:
            if "duplicate anchor" not in (error.context or "") + (error.problem or ""):
                raise
            return _compose(text, uri, _reanchoring_loader()), has_aliases(text.encode())
    except yaml.reader.ReaderError as error:
        char = error.character if isinstance(error.character, int) else 0
        at = max(text.find(chr(char)), 0)
        raise LoadError(f"the character U+{char:04X} is not allowed in YAML", Location(uri, (), *place(text, at))) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # Not the mark's own line: libyaml also counts breaks that editors do not show.
        where = place(text, min(mark.index, len(text))) if mark is not None else (0, 0)
        words = " ".join(part for part in (error.problem, error.context) if part)
        raise LoadError(f"not valid YAML: {words}", Location(uri, (), *where)) from None
    except RecursionError:
        raise RefusedError("the document is nested too deeply", Location(uri, ())) from None


def _compose(text: str, uri: str, loader: Any) -> Node | None:
    parser = loader(text, uri)
    root: Node | None = parser.get_node() if parser.check_node() else None
    documents = 1
    while parser.check_node():
        node = parser.get_node()
        documents += 1
        if node.id != "scalar" or node.tag != PLAIN or node.value not in NULLS or documents > MAX_EMPTY_DOCUMENTS:
            raise second_document(text, uri)
    return root


def second_document(text: str, uri: str) -> LoadError:
    """The error that names the line at which a second document starts; its marker starts a line, wherever it is."""
    first = _FIRST_MARKER.match(text)
    marker = _MARKER.search(text, first.end() if first else 0)
    where = Location(uri, (), *(place(text, marker.start() + 1) if marker else (0, 0)))
    return LoadError("the file holds a second YAML document", where, "keep one document in a file")


@lru_cache(maxsize=1)
def _loader() -> Any:
    import yaml

    base: Any = yaml.cyaml.CParser if yaml.__with_libyaml__ else None  # type: ignore[attr-defined]

    class PureParser(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser, yaml.composer.Composer):
        def __init__(self, text: str) -> None:
            yaml.reader.Reader.__init__(self, text)
            yaml.scanner.Scanner.__init__(self)
            yaml.parser.Parser.__init__(self)
            yaml.composer.Composer.__init__(self)

    class NodeLoader(base or PureParser):  # type: ignore[misc]
        """Composes nodes only; the resolver's hooks carry the tags that this module wants and count the depth.

        The hooks are called before each descent, so that the depth is bounded before the C stack is: 50,000 nested ``[``
        end libyaml's composer by SIGSEGV.
        """

        def __init__(self, text: str, uri: str) -> None:
            super().__init__(text)
            self.uri = uri
            self.source = text
            self.depth = 0
            self.parent: Any = None

        def resolve(self, kind: type, _value: str | None, implicit: Any) -> str:
            if self.depth > MAX_DEPTH and kind is not yaml.ScalarNode:
                self.refuse()
            plain = implicit if isinstance(implicit, bool) else bool(implicit and implicit[0])
            return PLAIN if plain else _QUOTED

        def descend_resolver(self, parent: Any, _index: Any) -> None:
            self.depth += 1
            self.parent = parent
            if self.depth > MAX_DEPTH + 1:
                self.refuse()

        def ascend_resolver(self) -> None:
            self.depth -= 1

        def refuse(self) -> NoReturn:
            where = place(self.source, self.parent.start_mark.index)
            raise RefusedError(f"nested deeper than {MAX_DEPTH} levels", Location(self.uri, (), *where))

    return NodeLoader


@lru_cache(maxsize=1)
def _reanchoring_loader() -> Any:
    """The loader for a text that gives one anchor twice: YAML 1.2 lets the later one win, PyYAML's composer refuses it."""
    import yaml

    class Composer(yaml.composer.Composer):
        def compose_node(self: Any, parent: Any, index: Any) -> Any:
            if not self.check_event(yaml.AliasEvent):
                self.anchors.pop(self.peek_event().anchor, None)
            return super().compose_node(parent, index)

    class NodeLoader(Composer, _loader()):  # type: ignore[misc]
        def __init__(self, text: str, uri: str) -> None:
            _loader().__init__(self, text, uri)
            self.anchors: dict[str, Any] = {}

    return NodeLoader


def merged(node: Any) -> list[Any]:
    """The nodes that a merge key's value brings in, first wins: itself, or a sequence's items."""
    if node.id != "sequence":
        return [node]
    return [inner for item in node.value for inner in merged(item)]
