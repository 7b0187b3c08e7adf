"""The documents of one run: follows ``$ref`` within and across files, inside one folder only.

Nothing is bundled, and nothing is fetched but from hosts that the user allowed: a reference is looked up when it is asked
for, once, and each file is read once.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from os import PathLike
from types import MappingProxyType
from typing import Any

from errlint.errors import LoadError
from errlint.load.anchors import Anchors
from errlint.load.library import Library
from errlint.load.nodes import named
from errlint.load.ref_meant import closest
from errlint.load.source import Document
from errlint.model.exchange import ABSENT
from errlint.model.pointer import Pointer, get, parse, step, text
from errlint.model.record import record
from errlint.model.spec import Node, Unresolved

LONGEST_CHAIN = 100
DEEPEST_PASSAGE = 20
MOST_SUGGESTIONS = 50

_REMOTE = ("http", "https")
# A scheme has two characters at least: ``C:`` is a drive.
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")
# Members of these objects have names of the author's choice: one called ``$ref`` is no reference.
_NAMES = frozenset(("properties", "patternProperties", "dependentSchemas", "$defs", "definitions"))


@record
class _Broken:
    """What is remembered of a reference that leads nowhere."""

    reason: str
    cycle: bool = False


class _RefusedError(Exception):
    """Why one reference is not followed, on its way to ``_step``, which knows the place."""

    def __init__(self, reason: str, cycle: bool = False) -> None:
        super().__init__(reason)
        self.broken = _Broken(reason, cycle)


class References:
    """The root document and every file that its references reach, each read once.

    ``root`` is the folder that references may not leave, symbolic links included; by default the root document's own.
    A document's uri is its path relative to how the user wrote the root: ``api/openapi.yaml`` and ``./schemas/error.yaml``
    give ``api/schemas/error.yaml``. The ``library`` is what other documents of the run have read already.
    """

    def __init__(self, document: Document, root: str | PathLike[str] | None = None, library: Library | None = None) -> None:
        self._library = library or Library()
        self._home = document.uri
        self._documents: dict[str, Document] = {document.uri: document}
        self._by_path: dict[str, Document] = {}
        self._ends: dict[tuple[str, str], Node] = {}
        self._targets: dict[tuple[str, str], Node | _Broken] = {}
        self._anchors: dict[str, Anchors] = {}
        self._passages = 0
        self._suggestions = 0
        folder = os.path.dirname(document.uri)
        if _is_path(document.uri) and os.path.isfile(document.uri):
            self._by_path[os.path.realpath(document.uri)] = document
        elif root is not None:
            # Standard input and generated documents stand nowhere: their neighbours are in the root.
            folder = os.fspath(root)
        self._folder = folder
        self._root = os.path.realpath(folder if root is None else root)

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents that were read so far, by uri; the root is the first."""
        return MappingProxyType(self._documents)

    def resolve(self, node: Node) -> Node:
        """What a node stands for: itself, or the end of its chain of ``$ref``.

        Siblings of a ``$ref`` are not looked at: they count in 3.1 Schema Objects only, and the caller knows where it is.
        Raises: Unresolved, its place the node whose ``$ref`` is at fault.
        """
        if not isinstance(node.value, dict) or "$ref" not in node.value:
            return node
        ref = node.value["$ref"]
        end = self._ends.get((node.uri, ref)) if isinstance(ref, str) else None
        return end or self._followed(node)

    def step(self, node: Node) -> Node:
        """What one ``$ref`` names, which may be a reference itself: its siblings count in 3.1 Schema Objects.

        Raises: Unresolved.
        """
        ref = _reference(node)
        return node if ref is ABSENT else self._step(node, ref)

    def _followed(self, start: Node) -> Node:
        """The end of a chain of references that was not asked for before."""
        node = start
        seen: set[tuple[str, Pointer]] = set()
        while (ref := _reference(node)) is not ABSENT:
            place = (node.uri, node.pointer)
            if place in seen:
                raise Unresolved("the reference leads back to itself", start.location, cycle=True)
            if len(seen) == LONGEST_CHAIN:
                raise Unresolved(f"a chain of more than {LONGEST_CHAIN} references", start.location)
            seen.add(place)
            node = self._step(node, ref)
        if node is not start:
            self._ends[start.uri, start.value["$ref"]] = node
        return node

    def _step(self, node: Node, ref: Any) -> Node:
        """The node that one reference names, which may be a reference itself."""
        if not isinstance(ref, str):
            raise Unresolved(f"$ref must be a string, not {named(ref)}", node.location)
        key = (node.uri, ref)
        found = self._targets.get(key)
        if found is None:
            # Stands while the target is looked for: a pointer may pass through references, and so through this one.
            self._targets[key] = _Broken("the reference leads back to itself", cycle=True)
            try:
                found = self._find(node.uri, ref)
            except _RefusedError as refused:
                found = refused.broken
            self._targets[key] = found
        if isinstance(found, _Broken):
            raise Unresolved(found.reason, node.location, found.cycle)
        return found

    def _find(self, uri: str, ref: str) -> Node:
        target, _, fragment = ref.partition("#")
        fragment = _decoded(fragment)
        document, base = self._resource(uri, target) if target else (self._documents[uri], ())
        if fragment and not fragment.startswith("/"):
            return self._anchored(document, fragment)
        return self._at(document, base + parse(fragment), ref)

    def _resource(self, uri: str, target: str) -> tuple[Document, Pointer]:
        """The document that a reference names before its ``#``, by ``$self`` or ``$id`` or as a file."""
        scheme = _SCHEME.match(target)
        whole = self._names_of(self._documents[uri]).absolute(target)
        for document in self._documents.values():
            ids = self._names_of(document).ids
            if whole in ids and (document.uri == uri or _SCHEME.match(whole)):
                return document, ids[whole]
        if target.startswith("//") or (scheme and scheme[1].lower() in _REMOTE):
            return self._fetched(uri, target, _masked(target)), ()
        if scheme:
            raise _RefusedError(f"references to {scheme[1]}: are not followed: {target}")
        if _SCHEME.match(uri):
            return self._fetched(uri, target, f"{target} is relative to {uri}"), ()
        if _ABSOLUTE.match(target):
            raise _RefusedError(f"absolute paths are not followed, write it relative to this file: {target}")
        return self._file(uri, _decoded(target)), ()

    def _fetched(self, uri: str, target: str, words: str) -> Document:
        """The document at an address, on a host that the user allowed."""
        remote = self._library.remote
        url = remote.absolute(uri, target) if remote is not None else None
        if remote is None or url is None:
            raise _RefusedError(f"remote references are not followed: {words}")
        try:
            document = remote.document(url)
        except LoadError as error:
            raise _RefusedError(error.line()) from error
        return self._documents.setdefault(document.uri, document)

    def _file(self, uri: str, name: str) -> Document:
        """The document in a file, its name relative to the document at uri."""
        written = os.path.join(self._folder if uri == self._home else os.path.dirname(uri), name)
        if not _is_path(written):
            raise _RefusedError(f"no such file: {name!r}")
        path = os.path.realpath(written)
        if path in self._by_path:
            return self._by_path[path]
        if not path.startswith(os.path.join(self._root, "")):
            self._library.refused(written)
            raise _RefusedError(f"outside the root folder, which --root can widen: {name}")
        if not self._library.has(path):
            self._library.refused(written)
            raise _RefusedError(f"no such file: {name}")
        tidy = os.path.normpath(written)
        # Behind a symbolic link ``a/../b`` need not be ``b``.
        new = (tidy if os.path.realpath(tidy) == path else written).replace(os.sep, "/")
        try:
            document = self._library.read(path, new)
        except LoadError as error:
            raise _RefusedError(error.line()) from error
        self._by_path[path] = self._documents[new] = document
        return document

    def _at(self, document: Document, pointer: Pointer, ref: str) -> Node:
        """The node at a pointer. It may pass through references, as hand-written documents expect and bundlers allow."""
        node = Node(document.uri, (), document.data)
        for depth, token in enumerate(pointer):
            try:
                value = step(node.value, token)
            except (KeyError, ValueError):
                node = self._passed(node)
                try:
                    value = step(node.value, token)
                except (KeyError, ValueError):
                    raise _RefusedError(self._missing(document, pointer, depth, ref)) from None
            node = Node(node.uri, (*node.pointer, token), value)
        return node

    def _passed(self, node: Node) -> Node:
        if self._passages == DEEPEST_PASSAGE:
            raise _RefusedError("too many references inside one another")
        self._passages += 1
        try:
            return self.resolve(node)
        except Unresolved as fault:
            raise _RefusedError(fault.reason, fault.cycle) from None
        finally:
            self._passages -= 1

    def _missing(self, document: Document, pointer: Pointer, depth: int, ref: str) -> str:
        """The words for a pointer that breaks at a depth, with the closest pointer that does not."""
        where = "" if ref.startswith("#") else f" in {document.uri}"
        words = f"no such component{where}: {ref}"
        # difflib is slow on long lists: a document full of broken references must not be.
        if self._suggestions == MOST_SUGGESTIONS:
            return words
        self._suggestions += 1
        meant = closest(document.data, pointer, depth)
        return f"{words}; did you mean {ref.partition('#')[0]}#{text(meant)}?" if meant else words

    def _names_of(self, document: Document) -> Anchors:
        found = self._anchors.get(document.uri)
        if found is None:
            found = self._anchors[document.uri] = Anchors.of(document)
        return found

    def _anchored(self, document: Document, name: str) -> Node:
        places = self._names_of(document).named(name)
        if not places and "/" in name:
            raise _RefusedError(f"no $anchor is called {name}; a pointer begins with #/: did you mean #/{name}?")
        if not places:
            raise _RefusedError(f"no $anchor is called {name}")
        if len(places) > 1:
            raise _RefusedError(f"{len(places)} $anchors are called {name}")
        return Node(document.uri, places[0], get(document.data, places[0]))


def _reference(node: Node) -> Any:
    """The value of a node's ``$ref``, ABSENT where the node is no reference."""
    value = node.value
    if not isinstance(value, dict) or "$ref" not in value:
        return ABSENT
    ref = value["$ref"]
    names = bool(node.pointer) and node.pointer[-1] in _NAMES
    return ABSENT if names and not isinstance(ref, str) else ref


def _masked(target: str) -> str:
    """A remote target without its secrets."""
    if "@" not in target and "?" not in target:
        return target
    from errlint.load.remote import shown  # for a reference that looks as if it had some

    try:
        return shown(target)
    except ValueError:
        return target.rpartition("@")[2].partition("?")[0]


def _decoded(escaped: str) -> str:
    """A part of a URI reference without its percent encoding (RFC 3986 section 2.1)."""
    if "%" not in escaped:
        return escaped
    from urllib.parse import unquote  # costs a millisecond that most documents do not need

    return unquote(escaped)


def _is_path(name: str) -> bool:
    """Whether the file system can be asked for a name at all: NUL and lone surrogates raise there."""
    try:
        return b"\0" not in os.fsencode(name)
    except UnicodeEncodeError:
        return False
