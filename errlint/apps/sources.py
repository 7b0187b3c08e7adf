"""Where things stand in a user's Python files: functions with their decorators, classes with their members, comments."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from linecache import getline
from types import CodeType
from typing import Any

from errlint.apps.raised import is_own
from errlint.load.excerpts import LONGEST
from errlint.load.ignore_items import of_comment
from errlint.model.finding import Excerpt
from errlint.model.record import field, record

MAX_BYTES = 4 * 1024 * 1024

_IGNORE = re.compile(r"#\s*errlint:\s*(.*)")
_STATUS = re.compile(r"(?:HTTP_)?([1-5]\d\d|[1-5]XX)(?:_|\Z)")


@record
class Span:
    """The head of a function or class: its first line (a decorator's, if it has any), the last one before its body.

    ``statuses`` are the lines on which a decorator says a status (``404``), ``members`` those of a class's members.
    """

    first: int
    last: int
    statuses: dict[str, int] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=dict)


@record
class Source:
    """One Python file: its functions by their first line, its classes by qualified name, its assignments and ignores."""

    functions: dict[int, Span] = field(default_factory=dict)
    classes: dict[str, Span] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    ignores: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    comments: frozenset[int] = frozenset()

    def ignored(self, span: Span) -> tuple[Any, ...]:
        """The ignores that comments in a head make, and those on the lines right above it, as ``x-errlint`` has them."""
        first = span.first
        while first - 1 in self.comments:
            first -= 1
        return tuple(item for line in range(first, span.last + 1) for item in self.ignores.get(line, ()))


NOTHING = Source()


@cache
def _text(file: str) -> bytes:
    """The text of a file; nothing where it cannot be read, or is too large."""
    try:
        with open(file, "rb") as stream:
            text = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        return b""
    return text if len(text) <= MAX_BYTES else b""


@cache
def source(file: str) -> Source:
    """What stands in a file; nothing where it cannot be read."""
    text = _text(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the user's escapes
            tree = ast.parse(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return NOTHING
    found = Source()
    _read(tree, "", found)
    ignores, comments = _comments(text) if b"errlint:" in text else ({}, frozenset())
    return Source(found.functions, found.classes, found.names, ignores, comments)


def ignored(file: str, span: Callable[[Source], Span | None]) -> tuple[Any, ...]:
    """The ignores at a head in a file; a file without the word is not parsed."""
    if b"errlint:" not in _text(file):
        return ()
    found = source(file)
    head = span(found)
    return found.ignored(head) if head is not None else ()


def _read(node: ast.AST, inside: str, found: Source) -> None:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            span = _span(child)
            found.functions[span.first] = span
            _read(child, f"{inside}{child.name}.<locals>.", found)
        elif isinstance(child, ast.ClassDef):
            found.classes[inside + child.name] = _span(child)
            _read(child, f"{inside}{child.name}.", found)
        elif isinstance(child, (ast.Assign, ast.AnnAssign)) and not inside:
            for target in child.targets if isinstance(child, ast.Assign) else [child.target]:
                if isinstance(target, ast.Name):
                    found.names[target.id] = child.lineno
        else:
            _read(child, inside, found)


def _span(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Span:
    first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
    last = max(node.lineno, node.body[0].lineno - 1)
    statuses = {status: line for one in node.decorator_list for status, line in _statuses(one)}
    members = dict(_members(node)) if isinstance(node, ast.ClassDef) else {}
    return Span(first, last, statuses, members)


def _members(node: ast.ClassDef) -> Iterator[tuple[str, int]]:
    for one in node.body:
        targets = one.targets if isinstance(one, ast.Assign) else [one.target] if isinstance(one, ast.AnnAssign) else []
        yield from ((target.id, one.lineno) for target in targets if isinstance(target, ast.Name))


def _statuses(decorator: ast.AST) -> Iterator[tuple[str, int]]:
    """The statuses that a decorator says, as a key, a number or a name such as HTTP_404_NOT_FOUND."""
    for node in ast.walk(decorator):
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, str)) and not isinstance(node.value, bool):
            said = _STATUS.fullmatch(str(node.value))
        elif isinstance(node, (ast.Attribute, ast.Name)):
            said = _STATUS.match(node.attr if isinstance(node, ast.Attribute) else node.id)
        else:
            continue
        if said:
            yield said[1], node.lineno


def _comments(text: bytes) -> tuple[dict[int, tuple[Any, ...]], frozenset[int]]:
    """(the ignores by the line of their comment, the lines that hold nothing but a comment)."""
    ignores: dict[int, tuple[Any, ...]] = {}
    alone: set[int] = set()
    try:
        for token in tokenize.tokenize(io.BytesIO(text).readline):
            if token.type == tokenize.COMMENT:
                line = token.start[0]
                said = _IGNORE.match(token.string)
                if said:
                    ignores[line] = tuple(item or said[1].strip() for item in of_comment(said[1]))  # else told to be none
                if not token.line[: token.start[1]].strip():
                    alone.add(line)
    except (tokenize.TokenError, SyntaxError):  # what was read counts
        pass
    return ignores, frozenset(alone)


def head_of(code: CodeType) -> Span:
    """The head of a function; its first line alone where the source does not tell."""
    line = code.co_firstlineno
    return source(code.co_filename).functions.get(line, Span(line, line))


def own_classes() -> dict[str, list[tuple[str, str]]]:
    """(file, qualified name) of the classes that stand in the user's own modules, by their plain names."""
    found: dict[str, list[tuple[str, str]]] = {}
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if not isinstance(file, str) or not file.endswith(".py") or not is_own(file):
            continue
        for held in list(vars(module).values()):
            if isinstance(held, type) and held.__module__ == module.__name__:
                found.setdefault(held.__name__, []).append((file, held.__qualname__))
    return {name: list(dict.fromkeys(classes)) for name, classes in found.items()}


def quoted(path: str, line: int) -> Excerpt | None:
    """A line of a file, marked from its first letter to its last; None where there is none."""
    text = getline(path, line).rstrip()
    start = len(text) - len(text.lstrip())
    return Excerpt(text[:LONGEST], min(start, LONGEST), min(len(text), LONGEST), cut=len(text) > LONGEST) if text else None
