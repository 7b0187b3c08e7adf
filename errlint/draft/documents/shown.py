"""The codes that a document's examples show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from errlint.checks.units import shown
from errlint.draft.documents.listed import Look, is_code
from errlint.draft.documents.sightings import Sighting, of_key
from errlint.draft.merge import MAIN
from errlint.draft.names import SYMBOL, plain
from errlint.match.answer import read_answer
from errlint.match.framing import is_json
from errlint.match.plan import Plan
from errlint.model.finding import Location
from errlint.model.pointer import Pointer
from errlint.model.spec import Example, Spec

_ID = re.compile(r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b")
_NUMBER = re.compile(r"(?<![\w.-])[0-9]+(?![\w.-]*[\w])")

_SAYS_NOTHING = ("example", "response", "default", "error", "value", "sample", "application")


def of_examples(spec: Spec, plan: Plan, look: Look) -> Iterator[Sighting]:
    """The codes at the code's place of every example of an error."""
    groups: dict[tuple[str, Pointer], list[Example]] = {}
    for example in spec.examples:
        declaration = example.declaration
        kind = declaration.bare_type
        if declaration.error and declaration.statuses is not None and is_json(kind):
            groups.setdefault((example.node.uri, example.node.pointer), []).append(example)
    for examples in groups.values():
        yield from _codes(examples, plan, look)


def _codes(examples: list[Example], plan: Plan, look: Look) -> Iterator[Sighting]:
    answer = read_answer(shown(examples), plan)
    if answer.signature is None or answer.signature.envelope.code_is != "place":
        return
    keys = dict.fromkeys(example.declaration.status_key for example in examples)
    statuses = tuple(dict.fromkeys(status for key in keys for status in of_key(key)))
    for claim in answer.claims:
        for value, at in claim.code.finite or ():
            if not is_code(value) or value in ("string", 0):
                continue
            words = dict(_words(examples[0], value, look)) if len(answer.claims) == 1 else {}
            message = claim.message.finite[0][0] if claim.message.finite else None
            if isinstance(message, str) and message.strip() and message != "string":
                words["message"] = general(message)
            layer = claim.layer or (claim.layers[0] if claim.layers else MAIN)
            yield Sighting(value, layer, "shown", "example", at, statuses if len(keys) == 1 else (), words)


def general(message: str) -> str:
    """The message of an example as a template: numbers and ids stand for any, unless it has placeholders of its own."""
    if "{" in message or "%" in message:
        return message
    return _NUMBER.sub("{n}", _ID.sub("{id}", message))


def _words(example: Example, code: str | int, look: Look) -> Iterator[tuple[str, str]]:
    """What a named example says of its code: its name, where that is one of a code, and its summary."""
    name = example.name
    if SYMBOL.fullmatch(name) and not name.isdigit() and name != str(code) and not plain(name).startswith(_SAYS_NOTHING):
        yield "name", name
    pointer = example.node.pointer
    if pointer[-1:] not in (("value",), ("dataValue",)):
        return
    try:
        held: Any = look(Location(example.node.uri, pointer[:-1]))
    except KeyError:
        return
    for key in ("summary", "description"):
        text = held.get(key) if isinstance(held, Mapping) else None
        if isinstance(text, str) and text.strip() and text.strip() != str(code) and text.strip() != name:
            yield "description", text.strip()
            return
