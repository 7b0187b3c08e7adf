"""What must hold before a code that is only guessed is written: nothing that the document shows may speak against it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.fixes.registry import Case
from errlint.match.plan import says
from errlint.model import pointer as pointers
from errlint.model.catalog import Code
from errlint.model.claim import key
from errlint.model.finding import Location
from errlint.model.pointer import Pointer
from errlint.model.record import field, mutable
from errlint.model.spec import Example
from errlint.model.status import ANY, Statuses

Place = tuple[str, Pointer]


@mutable
class Responses:
    """The responses of one document: which of them a written code stands in, their examples, and the scalars in these."""

    of_place: dict[Place, set[Location]] = field(default_factory=dict)
    examples: dict[Location, list[Example]] = field(default_factory=dict)
    scalars: dict[Location, set[Any]] = field(default_factory=dict)


def against(case: Case, at: Location, written: Any, code: Code) -> str:
    """Why nobody may write a code for another one at a place, empty where nothing speaks against it."""
    if _digits(written) != _digits(code.code):
        return "they differ in a digit"
    responses = _responses(case)
    for response in _around(responses, at):
        if key(code.code) in _shown(responses, response):
            return f"{code.code} is shown beside it"
        for example in responses.examples.get(response, ()):
            for statuses, message in _messages(case, example, written, code):
                if not says(code, statuses, message):
                    return "the message beside it is another one's"
    return ""


def _digits(code: Any) -> list[str]:
    return [sign for sign in str(code) if sign.isdecimal()]


def _responses(case: Case) -> Responses:
    """What is known of the document's responses; gathered once a run."""
    known = case.names.responses.get(case.spec.uri)
    if known is None:
        known = case.names.responses[case.spec.uri] = Responses()
        for example in case.spec.examples:
            response = example.declaration.response.location
            known.of_place.setdefault((example.node.uri, example.node.pointer), set()).add(response)
            known.examples.setdefault(response, []).append(example)
        for declared in case.declared:
            uses = {use.response.location for use in declared.uses}
            for claim in declared.claims:
                for _, place in claim.code.scalars():
                    known.of_place.setdefault((place.uri, place.pointer), set()).update(uses)
    return known


def _around(responses: Responses, at: Location) -> set[Location]:
    """The responses that a place stands in, of a code's own place or of the example around it."""
    found: set[Location] = set()
    for depth in range(len(at.pointer) + 1):
        found |= responses.of_place.get((at.uri, at.pointer[:depth]), set())
    return found


def _shown(responses: Responses, response: Location) -> set[Any]:
    """The scalars of a response's examples."""
    if response not in responses.scalars:
        waiting = [example.node.value for example in responses.examples.get(response, ())]
        found = responses.scalars[response] = set()
        while waiting:
            value = waiting.pop()
            if isinstance(value, (dict, list)):
                waiting.extend(value.values() if isinstance(value, dict) else value)
            else:
                found.add(key(value))
    return responses.scalars[response]


def _messages(case: Case, example: Example, written: Any, code: Code) -> Iterator[tuple[Statuses, str]]:
    """The statuses and messages that an example shows beside a code, by the envelopes of the layer."""
    for signature in case.plan.signatures_of((code.layer,)):
        roles = signature.envelope.roles
        if "code" not in roles or "message" not in roles:
            continue
        for pattern in roles["code"].pointers:
            for found, value in pointers.walk(example.node.value, pattern):
                if key(value) != key(written):
                    continue
                stars = [token for token, sign in zip(found, pattern, strict=True) if sign == "*"]
                for other in roles["message"].pointers:
                    rest = iter(stars)
                    beside = tuple(next(rest, sign) if sign == "*" else sign for sign in other)
                    for _, message in pointers.walk(example.node.value, beside):
                        if isinstance(message, str):
                            yield example.declaration.statuses or ANY, message
