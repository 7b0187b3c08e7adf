"""Structural edits of documents as edits of their bytes: what nobody asked to change stays as it is, byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from errlint.errors import EditError, LoadError
from errlint.fixes.equal import same
from errlint.fixes.tree import Tree, Undo, plain
from errlint.fixes.write_flow import Splice
from errlint.load.source import Document, load
from errlint.model.finding import Location
from errlint.model.fix import Fix


class Workspace:
    """Documents under repair: fixes are made to their trees, and their new texts are proved before anyone sees them."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = documents
        self._trees: dict[str, Tree] = {}
        self._touched: set[str] = set()

    def make(self, fixes: Sequence[Fix]) -> list[str | None]:
        """Makes fixes, each wholly or not at all; for each why it was not made, None where it was."""
        why: list[str | None] = [None] * len(fixes)
        self._settle(list(enumerate(fixes)), why)
        return why

    def texts(self) -> dict[str, bytes]:
        """The new texts of the documents that changed, as UTF-8."""
        return {uri: new for uri in sorted(self._touched) if (new := self._text(uri)) != self._documents[uri].text}

    def splices(self, uri: str) -> list[Splice]:
        """The places of a document's text that the fixes change, and what stands there then, in the order of the text.

        Raises: EditError.
        """
        document = self._documents[uri]
        if document.format == "json":
            from errlint.fixes.write_json import splices
        else:
            from errlint.fixes.write_yaml import splices
        return sorted(splices(document.text.decode(), self._trees[uri].root), key=lambda one: (one[0], one[1]))

    def extent(self, at: Location) -> tuple[int, int]:
        """Where the text of what an edit names begins and ends; of a new member that of what it is added to."""
        return self._trees[at.uri].extent(at.pointer)

    def _settle(self, fixes: list[tuple[int, Fix]], why: list[str | None]) -> None:
        """All fixes at once; where their result cannot be proved, each half by itself."""
        undo: Undo = []
        touched: set[str] = set()
        for number, fix in fixes:
            why[number] = self._make(fix, undo, touched)
        fault = self._fault(touched)
        if fault is None:
            self._touched |= touched
            return
        for back in reversed(undo):
            back()
        if len(fixes) == 1:
            why[fixes[0][0]] = fault
            return
        half = len(fixes) // 2
        self._settle(fixes[:half], why)
        self._settle(fixes[half:], why)

    def _make(self, fix: Fix, undo: Undo, touched: set[str]) -> str | None:
        """Makes the edits of one fix, or none of them and says why."""
        mine: Undo = []
        try:
            for edit in fix.edits:
                self._tree(edit.at.uri).make(edit, mine)
        except EditError as error:
            for back in reversed(mine):
                back()
            return str(error)
        undo += mine
        touched |= {edit.at.uri for edit in fix.edits}
        return None

    def _tree(self, uri: str) -> Tree:
        if uri not in self._trees:
            document = self._documents.get(uri)
            if document is None:
                raise EditError(f"{uri} was not read")
            self._trees[uri] = _tree(document)
        return self._trees[uri]

    def _fault(self, touched: Iterable[str]) -> str | None:
        """Why the new texts cannot be trusted, None where each reads back as what the edits ask for."""
        for uri in touched:
            try:
                data = load(self._text(uri), uri).data
                asked = plain(self._trees[uri].root)
            except EditError as error:
                return str(error)
            except LoadError as error:
                return f"the new text would not be read: {error.message}"
            if not same(data, asked):
                return "the new text would not say what was meant"
        return None

    def _text(self, uri: str) -> bytes:
        return spliced(self._documents[uri].text.decode(), self.splices(uri)).encode()


def _tree(document: Document) -> Tree:
    """The tree of a document. Raises: EditError where its text is not understood."""
    source = document.text.decode()
    if document.format == "json":
        from errlint.fixes import tree_json

        tree = tree_json.tree(source)
    else:
        from errlint.fixes import tree_yaml

        tree = tree_yaml.tree(source, document.data)
    if not same(plain(tree.root), document.data):
        raise EditError("its text is not understood well enough to change it")
    return tree


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with all splices made, from its end backwards; of several at one offset the first one comes first.

    Raises: EditError where two overlap.
    """
    ordered = sorted(splices, key=lambda splice: (splice[0], splice[1]))
    parts: list[str] = []
    read = 0
    for start, end, new in ordered:
        if start < read:
            raise EditError("two changes meet at one place")
        parts += (text[read:start], new)
        read = end
    return "".join([*parts, text[read:]])
