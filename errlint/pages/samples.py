"""An example of a rule card as people read it: what is judged, in what context, and what errlint says of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from errlint.checks.registry import Rule
from errlint.export.yaml_ import yaml_text
from errlint.fixes.prb import phrase
from errlint.model.record import record

OPEN = 2
"""Examples that stand open on a page; the others are one click away."""


@record
class Block:
    """A text that is shown as it is: ``label`` says what it is, ``language`` how it is coloured."""

    label: str
    language: str
    text: str


@record
class Sample:
    """One example. ``given`` is the context in words, ``says`` the line of the report, empty where it is silent.

    ``builtin`` is the name of the shipped catalog that it is held against, ``at`` the JSON pointer of the finding.
    """

    blocks: tuple[Block, ...]
    given: tuple[str, ...]
    builtin: str
    says: str
    at: str
    note: str


def sample(rule: Rule, example: Mapping[str, Any]) -> Sample:
    """An example in words; its shape is schemas/rule.schema.json#/$defs/example."""
    catalog = example.get("catalog")
    says = ""
    if "says" in example:
        level = f"{example['severity']} " if "severity" in example else ""
        says = f"{level}{rule.id} {rule.name}: {example['says']}"
    return Sample(
        tuple(_blocks(rule, example)),
        tuple(_given(example)),
        catalog if isinstance(catalog, str) else "",
        says,
        str(example.get("at", "")),
        str(example.get("note", "")),
    )


def _blocks(rule: Rule, example: Mapping[str, Any]) -> Iterator[Block]:
    if isinstance(example.get("catalog"), Mapping):
        yield Block("Catalog", "yaml", yaml_text(example["catalog"]))
    if "old" in example:
        yield Block("Catalog before", "yaml", example["old"])
    if "yaml" in example:
        yield Block("Catalog now" if "old" in example else "Catalog", "yaml", example["yaml"])
    for number, text in enumerate(example.get("others", ()), 2):
        yield Block(f"Catalog of service {number}", "yaml", text)
    if "options" in example:
        values = ", ".join(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in example["options"].items())
        yield Block("Config", "toml", f"[rules]\n{rule.id} = {{{values}}}\n")
    settings = [f"--{name.replace('_', '-')} {','.join(words)}" for name, words in example.get("settings", {}).items()]
    settings += [f"--extend-select {','.join(example['select'])}"] if "select" in example else []
    if settings:
        yield Block("Command", "console", f"errlint lint openapi.yaml {' '.join(settings)}\n")
    if "baseline" in example:
        yield Block("Document when the baseline was written", "yaml", yaml_text(_document({"spec": example["baseline"]})))
    yield from _judged(example)


def _judged(example: Mapping[str, Any]) -> Iterator[Block]:
    """What is judged: the document, the answer, what a probe covered."""
    if "coverage" in example:
        yield Block("What the probe covered", "yaml", yaml_text(example["coverage"]))
    elif "spec" in example or "responses" in example:
        yield Block("Document", "yaml", yaml_text(_document(example)))
    if "status" in example:
        if "declares" in example:
            yield Block("Document", "yaml", yaml_text(_document({**example, "responses": example["declares"]})))
        yield Block(f"Answer to {_request(example)}", "http", _answer(example))


def _document(example: Mapping[str, Any]) -> dict[str, Any]:
    """The document of an example, without the parts that say nothing."""
    version = example.get("openapi", "3.1.0")
    head: dict[str, Any] = {"swagger" if version == "2.0" else "openapi": version}
    if "spec" in example:
        return {**head, **example["spec"]}
    made = head | {"paths": {"/things": {"get": {"responses": example.get("responses", {})}}}}
    return made | ({"components": example["components"]} if example.get("components") else {})


def _request(example: Mapping[str, Any]) -> str:
    label = example.get("operation", "GET /things")
    if label is None:
        return f"{example.get('method', 'GET')} of a path that the document does not have"
    return str(label) if "method" not in example else f"{example['method']} {str(label).partition(' ')[2]}"


def _answer(example: Mapping[str, Any]) -> str:
    status = example["status"]
    if status is None:
        return "(the connection was closed without an answer)\n"
    headers = {name.lower(): value for name, value in example.get("headers", {}).items()}
    body = str(example.get("text", ""))
    if "body" in example:
        body = json.dumps(example["body"], indent=2, ensure_ascii=False)
        headers.setdefault("content-type", "application/json")
    lines = [f"HTTP/1.1 {status} {phrase(status)}".rstrip(), *(f"{name}: {value}" for name, value in headers.items())]
    return "\n".join([*lines, *(["", body] if body else [])]) + "\n"


def _given(example: Mapping[str, Any]) -> Iterator[str]:
    for key, words in (
        ("statuses", "the operation declares {}"),
        ("media_types", "declared media types: {}"),
        ("sent", "sent: {}"),
        ("fault", "the client's fault: {}"),
        ("cut", "the answer is not whole: {}"),
        ("today", "the day is {}"),
        ("crash", "rule {} raises an exception"),
    ):
        if key in example:
            value = example[key]
            yield words.format(", ".join(map(str, value)) or "none" if isinstance(value, list) else value)
    if example.get("rejected"):
        yield "the contract says that this request must be refused"
    if example.get("writes"):
        yield "the request may have written"
