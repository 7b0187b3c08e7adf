"""The names of places in a document: ``$anchor`` and ``$id`` (JSON Schema 2020-12), ``$self`` (OpenAPI 3.2)."""

from __future__ import annotations

import re
from typing import Any

from errlint.load.source import Document
from errlint.model.pointer import Pointer
from errlint.model.record import field, record

# A key with a text as its value; a property that is called $id has a schema. YAML writes its keys in too many ways for more.
_KEYWORD = rb"\$(?:anchor|dynamicAnchor|id|self)"
_IN_JSON = re.compile(_KEYWORD + rb'"[ \t\r\n]*:[ \t\r\n]*"')
_IN_YAML = re.compile(_KEYWORD)


@record
class Anchors:
    """The named places of one document; ``base`` is its ``$self`` without fragment, empty where it has none.

    Names are not scoped by ``$id``: a name that two embedded resources use is ambiguous.
    """

    base: str = ""
    anchors: dict[str, list[Pointer]] = field(default_factory=dict)
    ids: dict[str, Pointer] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Document) -> Anchors:
        """The names in a document. Few have any: the text says so faster than a walk."""
        if not (_IN_JSON if document.format == "json" else _IN_YAML).search(document.text):
            return cls()
        data = document.data
        base = data.get("$self") if isinstance(data, dict) else None
        found = cls(base.partition("#")[0] if isinstance(base, str) else "")
        if found.base:
            found.ids[found.base] = ()
        found._collect(data)
        return found

    def named(self, anchor: str) -> list[Pointer]:
        """The places of that anchor."""
        return self.anchors.get(anchor, [])

    def absolute(self, target: str) -> str:
        """A URI reference as it reads from this document: against ``$self``, where it has one."""
        if not self.base:
            return target
        from urllib.parse import urljoin  # for documents with $self only

        try:
            return urljoin(self.base, target)
        except ValueError:
            return target

    def _collect(self, data: Any) -> None:
        # YAML aliases let one value stand in many places: each is walked once.
        seen: set[int] = set()
        rest: list[tuple[Pointer, Any]] = [((), data)]
        while rest:
            pointer, value = rest.pop()
            if not isinstance(value, (dict, list)) or id(value) in seen:
                continue
            seen.add(id(value))
            if isinstance(value, list):
                rest.extend(((*pointer, str(index)), item) for index, item in enumerate(value))
                continue
            self._note(pointer, value)
            rest.extend(((*pointer, key), item) for key, item in value.items())

    def _note(self, pointer: Pointer, value: dict[str, Any]) -> None:
        for keyword in ("$anchor", "$dynamicAnchor"):
            name = value.get(keyword)
            if isinstance(name, str) and pointer not in self.anchors.setdefault(name, []):
                self.anchors[name].append(pointer)
        identity = value.get("$id")
        if isinstance(identity, str):
            self.ids.setdefault(identity.partition("#")[0], pointer)
