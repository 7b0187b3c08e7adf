"""The shipped catalogs against the two documents that they were written from, row by row, in both directions.

The documents are parsed by their own typography: nothing of a catalog's text helps to read them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from errlint.load.catalog import read_catalog
from errlint.model.catalog import Catalog, Code, Message

DOCUMENTS = Path(__file__).parent.parent / "documents"
EVENTML = (DOCUMENTS / "000_ac8ad0e9e6642306.txt").read_text(encoding="utf-8")
MAAS = (DOCUMENTS / "004_39d8551d3818e50e.txt").read_text(encoding="utf-8")


def verbatim(message: Message | None) -> str | None:
    """The message as its source prints it."""
    if message is None:
        return None
    return message.text if message.example is None else message.example


# EventML: the columns of a row are glued together, a heading is glued to its range.

HEADING = re.compile(r"^(?P<title>\D+)ML_(?P<low>\d{4})-(?P<high>\d{4})$")
ROW = re.compile(r"^(?P<code>ML_\d{4})(?P<http>\d{3})(?P<name>[A-Z_]+?)(?=[A-Z][a-z]|A [a-z])(?P<texts>.+)$")
VERBS = "Check|Create|Ensure|Increase|Obtain|Provide|Reduce|Request|Retrain|Retry|Review|Stop|Submit|Use|Verify|Wait"
CUT = re.compile(rf"(?<=[a-z)])(?=(?:{VERBS})\b)")
"""A resolution starts with an imperative that is glued to the description's last letter."""


class EventmlRow(NamedTuple):
    category: str
    low: int
    high: int
    code: str
    status: int
    name: str
    description: str
    resolution: str


def eventml_rows() -> Iterator[EventmlRow]:
    heading: re.Match[str] | None = None
    for line in EVENTML.splitlines():
        heading = HEADING.match(line) or heading
        row = ROW.match(line)
        if row and heading:
            parts = CUT.split(row["texts"])
            assert len(parts) == 2, line
            numbers = int(heading["low"]), int(heading["high"])
            yield EventmlRow(heading["title"], *numbers, row["code"], int(row["http"]), row["name"], *parts)


def eventml_entries(catalog: Catalog) -> Iterator[EventmlRow]:
    for code in catalog.codes:
        category = catalog.categories[code.category]
        assert category.range is not None
        (status,) = code.statuses.values
        yield EventmlRow(category.title, *category.range, str(code.code), status, code.name, code.description, code.resolution)


def test_the_eventml_catalog_is_the_document_row_by_row() -> None:
    catalog = read_catalog("builtin:eventml").catalog
    rows = list(eventml_rows())
    assert list(eventml_entries(catalog)) == rows
    assert [verbatim(code.message) for code in catalog.codes] == [row.description for row in rows]
    assert {code.message.kind for code in catalog.codes if code.message} == {"literal"}


def test_the_eventml_document_lists_34_codes_in_11_categories_and_says_33() -> None:
    catalog = read_catalog("builtin:eventml").catalog
    rows = list(eventml_rows())
    claim = re.search(r"reference of (\d+) error codes across (\d+) categories", EVENTML)
    assert claim is not None
    assert (len(rows), len({row.category for row in rows})) == (34, 11)
    assert (catalog.expect_count, catalog.expect_categories) == (int(claim[1]), int(claim[2])) == (33, 11)
    assert [(category.title, category.prefix) for category in catalog.categories.values()] == [
        (title, "ML_") for title in dict.fromkeys(row.category for row in rows)
    ]
    assert EVENTML.count("ML_1") + EVENTML.count("ML_2") == 34 + 11 + 1  # every row, every heading, one example


def test_the_eventml_example_is_the_shipped_envelopes_sample() -> None:
    start = EVENTML.index("{")
    example, _ = json.JSONDecoder().raw_decode(EVENTML[start:])
    assert read_catalog("builtin:eventml").catalog.envelopes["eventml"].samples == (example,)


# MaaS: one cell a paragraph; a row starts with a bare status.


class MaasRow(NamedTuple):
    status: str
    code: str | None
    shown: str
    description: str


def maas_cells() -> Iterator[list[str]]:
    row: list[str] = []
    cells = re.split(r"\n\s*\n", MAAS.strip())
    for cell in cells[cells.index("Description") + 1 :]:
        if re.fullmatch(r"\d{3}|[1-5]XX", cell):
            if row:
                yield row
            row = []
        row.append(cell)
    yield row


def maas_row(cells: list[str]) -> MaasRow:
    """A row as a reader of the page sees it; a message cell that is a fragment of JSON is shown as its members, sorted."""
    status, code, *message, description = cells
    fragment = " ".join(message)
    known = re.fullmatch(r"[A-Za-z]+\.\d+", code)
    if not fragment.startswith('"'):
        return MaasRow(status, known[0] if known else None, fragment, description)
    return MaasRow(status, known[0] if known else None, shown(members(fragment)), description)


def members(fragment: str) -> dict[str, Any]:
    fixed = re.sub(r",(\w+):([\w.]+)$", r',"\1":"\2"', fragment)
    found: dict[str, Any] = json.loads("{" + fixed + "}")
    found.pop("request_id", None)  # a masked value of one request
    return found


def shown(value: dict[str, Any]) -> str:
    return json.dumps(value, sort_keys=True)


def maas_entries(catalog: Catalog) -> Iterator[MaasRow]:
    for code in catalog.codes:
        for status in code.statuses.text.split(", "):
            described = [variant.description for variant in code.variants if variant.statuses.text == status]
            text = code.code if isinstance(code.code, str) else None
            yield MaasRow(status, text, maas_message(code), described[0] if described else code.description)


def maas_message(code: Code) -> str:
    message = verbatim(code.message)
    if code.layer == "platform":
        return message or ""
    if code.layer == "framework":
        return shown({"detail": message})
    if code.layer == "engine":
        return shown({"object": "error", "message": message, "type": code.match[("type",)], "param": None, "code": code.code})
    return shown({"error_msg": message} | ({"error_code": code.code} if code.code != "APIG.0308" else {}))


def test_the_maas_catalog_is_the_document_row_by_row() -> None:
    catalog = read_catalog("builtin:maas").catalog
    rows = [maas_row(cells) for cells in maas_cells()]
    assert len(rows) == 23
    assert sorted(maas_entries(catalog), key=repr) == sorted(rows, key=repr)


def test_the_maas_catalog_keeps_the_order_of_the_document() -> None:
    catalog = read_catalog("builtin:maas").catalog
    rows = [maas_row(cells) for cells in maas_cells()]
    first = list(dict.fromkeys((row.code, row.shown) for row in rows))
    assert [(code.code if isinstance(code.code, str) else None, maas_message(code)) for code in catalog.codes] == first


def test_the_maas_rows_are_of_four_layers() -> None:
    catalog = read_catalog("builtin:maas").catalog
    rows = [code.layer for code in catalog.codes for _ in code.statuses.text.split(", ")]
    assert {layer: rows.count(layer) for layer in catalog.layers} == {
        "gateway": 3,
        "platform": 13,
        "engine": 6,
        "framework": 1,
    }
