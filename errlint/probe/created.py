"""What a run has made itself, so that it may be changed and deleted again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from errlint.match.route import PLACEHOLDER
from errlint.model.exchange import Request
from errlint.model.spec import Operation
from errlint.probe.wire.sender import Answer


class Created:
    """The ids of what was created, by the path of the collection that holds it.

    A service says that it created something with 201 (RFC 9110 section 15.3.2), and what, in ``Location`` or in the answer.
    Values that were sent are no ids: they may name what existed before.
    """

    def __init__(self) -> None:
        self._ids: dict[str, set[str]] = {}

    def saw(self, request: Request, answer: Answer) -> None:
        """Takes note of what an answer says was made."""
        if request.method != "POST" or answer.status != 201:
            return
        collection = urlsplit(request.url).path.rstrip("/")
        held = self._ids.setdefault(collection, set())
        held.update(set(_values(answer.body)) - set(_all(request.body)))
        parent, _, last = urlsplit(urljoin(request.url, answer.headers.get("location", ""))).path.rpartition("/")
        if parent == collection and last:
            held.add(unquote(last))

    def holds(self, operation: Operation, base_path: str, url: str) -> bool:
        """Whether the url of an operation names something that was made here; true for one without ids."""
        if not PLACEHOLDER.search(operation.path):
            return True
        segments = urlsplit(url).path.split("/")
        template = (base_path + operation.path).split("/")
        if len(segments) != len(template):
            return False
        last = max(index for index, text in enumerate(template) if PLACEHOLDER.search(text))
        return unquote(segments[last]) in self._ids.get("/".join(segments[:last]), ())


def _values(body: bytes) -> Iterator[str]:
    """The members of an answer that may be ids, as texts; of its only member where that is an object."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return
    if isinstance(value, dict) and len(value) == 1:
        only = next(iter(value.values()))
        value = only if isinstance(only, dict) else value
    for member in value.values() if isinstance(value, dict) else ():
        if isinstance(member, str | int) and not isinstance(member, bool) and member != "":
            yield str(member)


def _all(body: bytes | None) -> Iterator[str]:
    """Every text and number in a body that was sent."""
    try:
        waiting: list[Any] = [json.loads(body or b"null")]
    except (ValueError, RecursionError):
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif value is not None:
            yield str(value)
