"""Fixes of examples: messages and bodies as the catalog has them (MSG001, MSG003)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.fixes.contract import NO_CATALOG, body_of, promised
from errlint.fixes.registry import Case, Offer, Skip, fix
from errlint.fixes.statuses import single
from errlint.model import pointer as pointers
from errlint.model.catalog import Code
from errlint.model.fix import Fix, SetValue


@fix("MSG001", kind="unsafe")
def write_the_message(case: Case) -> Iterator[Offer]:
    """The catalog's text, where it has no placeholder."""
    codes = [code for code in case.plan.codes if code.id == case.finding.code and code.layer in case.layers()]
    messages = [
        message for code in codes for message in code.messages(single(case.finding.status)) if message.check != "ignore"
    ]
    texts = {message.text for message in messages if message.kind == "literal"}
    if len(texts) != 1 or len(messages) != 1:
        yield Skip("the catalog's message has placeholders, or there are several")
        return
    text = texts.pop()
    for at in case.anchors:
        if case.finding.witness == "example" and isinstance(case.value(at), str):
            yield Fix(f"write the message {text!r}", (SetValue(at, text),))


@fix("MSG003", kind="generated")
def write_a_real_example(case: Case) -> Iterator[Offer]:
    """A body of the catalog in the place of a dummy: of the example's own code, else of the first one of its status."""
    if not case.plan:
        yield NO_CATALOG
        return
    seen = set()
    for _, example in case.shown():
        if example.node.location in seen:
            continue
        seen.add(example.node.location)
        declaration = example.declaration
        promise = promised(case, declaration.operation, declaration.status_key, declaration.statuses)
        if isinstance(promise, Skip):
            yield promise
            continue
        place = promise.envelope.roles.get("code")
        own = [
            value for pointer in (place.pointers if place else ()) for _, value in pointers.walk(example.node.value, pointer)
        ]
        bodies = [(code, body_of(promise, code)) for code in promise.entries]
        shown = [(code, body) for code, body in bodies if body is not None]
        found = next((pair for pair in shown if pair[0].code in own), shown[0] if shown else None)
        yield _written(example.node.location, found)


def _written(at: Any, found: tuple[Code, Any] | None) -> Offer:
    if found is None:
        return Skip("the catalog shows no message for this status")
    return Fix(f"show {found[0].id}", (SetValue(at, found[1]),))
