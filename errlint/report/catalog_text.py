"""A catalog for people: the table of its codes, and one entry whole. Plain text, at most 100 columns."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from errlint.model import pointer as pointers
from errlint.model.catalog import Catalog, Category, Code, Layer, Message
from errlint.report.terminal import BOLD, RESET
from errlint.report.visible import visible

WIDTH = 100
LABEL = 13
RETRY = {
    "never": "no",
    "same": "yes, the same request",
    "backoff": "yes, after a growing pause",
    "after-state": "yes, once the state has changed",
    "new-key": "yes, with a new idempotency key",
    "reauthenticate": "yes, with fresh credentials",
    "unknown": "unknown",
}
REACHABLE = {
    "probe": "",
    "fault": "only a fault or a state of the service leads there",
    "never": "not from outside",
}
SCOPES = {
    "all-operations": "every request",
    "declared-operations": "requests that a document declares",
    "unrouted": "requests that no document declares",
}


def table(catalog: Catalog, width: int = 0, colour: bool = False) -> str:
    """The codes of a catalog by layer and category, one line each; ``width`` are the columns of a terminal, 0 for none."""
    lines = [_fit(f"{catalog.title or catalog.service}: {_many(len(catalog.codes), 'entry', 'entries')}")]
    for layer in catalog.layers.values():
        codes = [code for code in catalog.codes if code.layer == layer.id]
        if len(catalog.layers) > 1:
            lines += ["", _fit(_layer_line(layer, len(codes)))]
        lines += _categories(codes, catalog)
    stray = [code for code in catalog.codes if code.layer not in catalog.layers]
    if stray:
        lines += ["", "no known layer", *_categories(stray, catalog)]
    return "".join(f"{_shown(line, width, colour)}\n" for line in lines)


def _shown(line: str, width: int, colour: bool) -> str:
    """A line on a terminal: headings are bold."""
    if width and len(line) > width:
        line = line[: width - 1].rstrip() + "…"
    return f"{BOLD}{line}{RESET}" if colour and line and not line.startswith(" ") else line


def entry(code: Code, catalog: Catalog) -> str:
    """One entry with all that a reader can use, from its name to the place where it is written."""
    heading = " ".join(part for part in (_called(code), code.name) if part)
    lines = [_fit(heading)]
    for label, text in _facts(code, catalog):
        lines += _wrapped(label, text)
    return "\n".join(lines) + "\n"


def _facts(code: Code, catalog: Catalog) -> Iterator[tuple[str, str]]:
    """The labelled facts of an entry, in a reader's order; those that are not written are left out."""
    layer, category = catalog.layers.get(code.layer), catalog.categories.get(code.category)
    facts = (
        ("code", _carried(code)),
        ("status", str(code.statuses)),
        ("layer", _titled(code.layer, layer.title if layer else "")),
        ("category", _category_line(category) if category else code.category),
        ("told by", ", ".join(f"{pointers.text(pointer)} is {json.dumps(value)}" for pointer, value in code.match.items())),
        ("message", _message(code.message)),
        ("example", code.message.example or "" if code.message else ""),
        ("description", code.description if code.message is None or code.description != code.message.text else ""),
        ("resolution", code.resolution),
        ("retry", RETRY.get(code.retry, code.retry)),
        ("headers", ", ".join(code.headers)),
        ("operations", ", ".join(code.operations)),
        ("provoke", ", ".join(_stimulus(item) for item in code.provoke)),
        ("reachable", REACHABLE.get(code.reachable, code.reachable)),
        ("life", _life(code)),
        ("owner", code.owner),
    )
    yield from (fact for fact in facts if fact[1])
    for variant in code.variants:
        said = [text for text in (_message(variant.message), variant.description, variant.resolution) if text]
        yield f"under {variant.statuses}", "; ".join(said)
    yield "written at", f"{code.location.uri}#{pointers.text(code.location.pointer)}"


def _called(code: Code) -> str:
    return code.id if code.code is None or str(code.code) != code.id else str(code.code)


def _carried(code: Code) -> str:
    """The code as an answer carries it, where the entry is called something else."""
    if code.code is None:
        return "none: the answer carries no code"
    return "" if str(code.code) == code.id and isinstance(code.code, str) else json.dumps(code.code, ensure_ascii=False)


def _message(message: Message | None) -> str:
    if message is None:
        return ""
    notes = [word for word in (message.kind if message.kind != "literal" else "", message.check) if word and word != "advise"]
    return message.text + (f"  ({', '.join(notes)})" if notes else "")


def _stimulus(item: Any) -> str:
    """A stimulus' name, or a recipe's request."""
    if not isinstance(item, Mapping):
        return str(item)
    request = item.get("request", {})
    steps = len(item.get("setup", ()))
    return f"{request.get('method')} {request.get('path')}" + (f" after {_many(steps, 'request', 'requests')}" if steps else "")


def _life(code: Code) -> str:
    parts = [
        "deprecated" if code.deprecated else "",
        f"removed {code.removed}" if code.removed else "",
        f"replaced by {code.replaced_by}" if code.replaced_by else "",
    ]
    return ", ".join(part for part in parts if part)


def _layer_line(layer: Layer, count: int) -> str:
    scope = ", ".join(layer.applies_to) if isinstance(layer.applies_to, tuple) else SCOPES[layer.applies_to]
    codes = "closed" if layer.closed else "open"
    return f"layer {_titled(layer.id, layer.title)}: {_many(count, 'entry', 'entries')}, {codes}, {scope}"


def _categories(codes: Iterable[Code], catalog: Catalog) -> Iterator[str]:
    """A blank line, the category and its rows, for each category in the catalog's order; entries without one come last."""
    codes = list(codes)
    order = [*(id_ for id_ in catalog.categories), *dict.fromkeys(code.category for code in codes)]
    columns = [max((len(cell) for cell in column), default=0) for column in zip(*map(_cells, codes), strict=True)]
    for id_ in dict.fromkeys(order):
        rows = [code for code in codes if code.category == id_]
        if rows:
            category = catalog.categories.get(id_)
            yield ""
            yield _fit(_category_line(category) if category else id_ or "without a category")
            yield from (_row(_cells(code), columns) for code in rows)


def _cells(code: Code) -> tuple[str, str, str, str]:
    text = code.message.example or code.message.text if code.message else code.description
    return visible(_called(code)), str(code.statuses), visible(code.name), visible(text)


def _row(cells: tuple[str, ...], columns: list[int]) -> str:
    fixed = "  ".join(cell.ljust(min(width, 40)) for cell, width in zip(cells[:-1], columns[:-1], strict=True) if width)
    return _fit(f"  {fixed}  {cells[-1]}".rstrip())


def _category_line(category: Category) -> str:
    title = _titled(category.id, category.title)
    if category.range is not None:
        return f"{title}, {category.prefix}{category.range[0]} to {category.prefix}{category.range[1]}"
    return f"{title}, {category.pattern}" if category.pattern else title


def _titled(id_: str, title: str) -> str:
    return f"{title} ({id_})" if title and title.lower() != id_ else title or id_


def _many(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def _wrapped(label: str, text: str) -> list[str]:
    margin = " " * (LABEL + 2)
    wrapped = textwrap.wrap(visible(text), WIDTH - len(margin), break_on_hyphens=False) or [""]
    return [f"  {label:<{LABEL}}{wrapped[0]}".rstrip(), *(margin + line for line in wrapped[1:])]


def _fit(line: str) -> str:
    """A line of at most 100 characters, its end replaced by an ellipsis."""
    line = visible(line)
    return line if len(line) <= WIDTH else line[: WIDTH - 1].rstrip() + "…"
