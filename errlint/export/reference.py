"""A catalog as a reference that people read: its layers, in them its categories, in them its entries with an anchor each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from errlint.export.names import identity, named, slug
from errlint.model import pointer as pointers
from errlint.model.catalog import Catalog, Category, Code, Message
from errlint.model.record import record
from errlint.report.catalog_text import RETRY, SCOPES


@record
class Row:
    """One entry in words. ``facts`` are what else is known of it, label and text, in a reader's order."""

    code: Code
    anchor: str
    shown: str
    statuses: str
    message: str
    example: str
    description: str
    resolution: str
    retry: str
    life: str
    facts: tuple[tuple[str, str], ...]


@record
class Block:
    """The entries of one category of one layer; ``title`` is empty where they have none."""

    title: str
    rows: tuple[Row, ...]


@record
class Section:
    """One layer: its title, who answers there, in words, and its entries."""

    id: str
    title: str
    scope: str
    blocks: tuple[Block, ...]


def title(catalog: Catalog) -> str:
    return catalog.title or catalog.service or "Error codes"


def sections(catalog: Catalog) -> tuple[Section, ...]:
    """The layers that have entries, in the catalog's order; entries of a layer that nobody declares come last."""
    anchors = named(catalog.codes, slug, by_name=False, fold=True)
    order = [*catalog.layers, *dict.fromkeys(code.layer for code in catalog.codes)]
    found = []
    for id_ in dict.fromkeys(order):
        codes = [code for code in catalog.codes if code.layer == id_]
        if codes:
            layer = catalog.layers.get(id_)
            applies = layer.applies_to if layer is not None else ()
            scope = ", ".join(applies) if isinstance(applies, tuple) else SCOPES[applies]
            words = f"{scope}; {'all its codes are here' if layer.closed else 'it may answer others too'}" if layer else ""
            blocks = tuple(_blocks(codes, catalog, anchors))
            found.append(Section(id_, layer.title or id_ if layer is not None else id_, words, blocks))
    return tuple(found)


def _blocks(codes: list[Code], catalog: Catalog, anchors: Mapping[tuple[str, str], str]) -> Iterator[Block]:
    order = [*catalog.categories, *dict.fromkeys(code.category for code in codes)]
    for id_ in dict.fromkeys(order):
        rows = tuple(_row(code, anchors[identity(code)]) for code in codes if code.category == id_)
        if rows:
            category = catalog.categories.get(id_)
            yield Block(_category(category) if category is not None else id_, rows)


def _category(category: Category) -> str:
    if category.range is None:
        return category.title or category.id
    return f"{category.title or category.id} ({category.prefix}{category.range[0]} to {category.prefix}{category.range[1]})"


def _row(code: Code, anchor: str) -> Row:
    message, example = _said(code.message)
    life = [
        "deprecated" if code.deprecated else "",
        f"removed {code.removed}" if code.removed else "",
        f"use {code.replaced_by}" if code.replaced_by else "",
    ]
    return Row(
        code,
        anchor,
        code.id if code.code is None else str(code.code),
        str(code.statuses),
        message,
        example,
        code.description if code.description != message else "",
        code.resolution,
        RETRY.get(code.retry, code.retry),
        ", ".join(word for word in life if word),
        tuple((label, text) for label, text in _facts(code) if text),
    )


def _said(message: Message | None) -> tuple[str, str]:
    """(what a message says, an example where it has gaps); of an expression the example says more."""
    if message is None:
        return "", ""
    if message.kind == "regex":
        return message.example or f"fits {message.text}", ""
    return message.text, (message.example or "") if message.example != message.text else ""


def _facts(code: Code) -> Iterator[tuple[str, str]]:
    if code.code is None:
        yield "carries", "no code"
    elif str(code.code) != code.id:
        yield "id", code.id
    yield "told by", ", ".join(f"{pointers.text(at)} is {json.dumps(value)}" for at, value in code.match.items())
    for variant in code.variants:
        yield (
            f"under {variant.statuses}",
            "; ".join(text for text in (_said(variant.message)[0], variant.description, variant.resolution) if text),
        )
    yield "headers", ", ".join(code.headers)
    yield "operations", ", ".join(code.operations)
    yield "owner", code.owner
    since = code.extra.get("since")
    yield "since", since if isinstance(since, str) else ""
