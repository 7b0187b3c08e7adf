"""Both documents import as they are, every row, and are the shipped catalogs but for what people wrote by hand."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import pytest

from errlint import resources
from errlint.api.importing import Imported, import_catalog
from errlint.draft import readers
from errlint.draft.tables import table_text
from errlint.load.catalog import read_catalog
from errlint.load.json_ import plain
from errlint.load.source import load
from errlint.model.draft import Draft

DOCUMENTS = Path(__file__).parent.parent / "documents"
EVENTML = str(DOCUMENTS / "000_ac8ad0e9e6642306.txt")
MAAS = str(DOCUMENTS / "004_39d8551d3818e50e.txt")

BY_HAND = {"provoke", "reachable", "retry", "headers", "category"}
"""Fields of an entry that no row says; EventML's categories stand in its headings and are compared."""

LAYERS = {"service": "platform", "huawei-apig": "gateway", "vllm-flat": "engine", "fastapi-detail": "framework"}
"""The layers of MaaS by the envelopes that its rows show; the shipped catalog names them after who answers."""


def data(text: str | bytes) -> Any:
    return plain(load(text.encode() if isinstance(text, str) else text, "catalog.yaml").data)


def shipped(name: str) -> Any:
    return data((resources.rules() / "catalogs" / f"{name}.yaml").read_bytes())


def without(entry: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in names}


@pytest.fixture(scope="module")
def eventml() -> Imported:
    return import_catalog([EVENTML])


@pytest.fixture(scope="module")
def maas() -> Imported:
    return import_catalog([MAAS], name="modelarts-maas")


def test_eventml_is_the_shipped_catalog_but_for_what_is_written_by_hand(eventml: Imported) -> None:
    ours, theirs = data(eventml.text), shipped("eventml")
    by_hand = BY_HAND - {"category"}
    assert ours.pop("errors") == [without(entry, *by_hand) for entry in theirs.pop("errors")]
    del theirs["defaults"]  # says what the loader takes anyway
    del theirs["layers"]["service"]["title"]
    assert ours == theirs


def test_what_is_told_of_eventml(eventml: Imported) -> None:
    assert eventml.read == (
        f"{EVENTML}: 34 rows in 11 tables, 34 entries",
        "2 rows that could be read in two ways",
        "the page says 33 codes",
        "the page says 11 categories",
        "the example at line 6 is the envelope eventml",
        "the message of the example at line 6 is the description of ML_1000: descriptions are taken as messages",
    )
    cut = "its two texts stand together without a space, cut at"
    assert eventml.questions == (
        "the page says 33 codes, its tables have 34: which is right?",
        f"ML_1103: {cut} “error|Retry;” or “(Sage|Maker/EC2)”: the first is taken",
        f"ML_1104: {cut} “duration|Increase” or “max|Runtime”: the first is taken",
    )


def written_message(entry: dict[str, Any]) -> Any:
    """The text that the page prints for a message, whatever template a catalog makes of it."""
    message = entry.get("message")
    if not isinstance(message, dict):
        return message
    kinds = ("example", "literal", "printf", "braces", "regex")
    return next(message[kind] for kind in kinds if kind in message)


def as_the_page_has_it(entry: dict[str, Any]) -> dict[str, Any]:
    return {**without(entry, "id", *BY_HAND), "message": written_message(entry)}


def test_maas_is_the_shipped_catalog_but_for_what_is_written_by_hand(maas: Imported) -> None:
    """By hand: ids, templates made of examples, categories, and the envelopes that the page does not show."""
    ours, theirs = data(maas.text), shipped("maas")
    imported = [{**as_the_page_has_it(entry), "layer": LAYERS[entry["layer"]]} for entry in ours["errors"]]
    assert imported == [as_the_page_has_it(entry) for entry in theirs["errors"]]
    assert ours["service"] == without(theirs["service"], "title")
    used = {LAYERS[id_]: ours["envelopes"][layer["envelope"]] for id_, layer in ours["layers"].items()}
    assert used == {
        "gateway": {"use": "huawei-apig"},
        "engine": {"use": "vllm-flat"},
        "framework": {"use": "fastapi-detail"},
        "platform": {"schema": {"type": "object"}, "generic": True},
    }


def template(message: Any) -> Any:
    return message.get("regex") if isinstance(message, dict) else ""


def test_entries_of_one_code_get_ids_and_templates_that_tell_them_apart(maas: Imported) -> None:
    engine = [entry for entry in data(maas.text)["errors"] if entry["layer"] == "vllm-flat"]
    assert [(entry.get("id"), template(entry["message"])) for entry in engine] == [
        ("vllm-flat.400-missing", r"^\[\{'type': 'missing', 'loc': \('body', "),
        ("vllm-flat.400-extra_forbidden", r"^\[\{'type': 'extra_forbidden', 'loc': \('body', "),
        ("vllm-flat.400-json_invalid", r"^\[\{'type': 'json_invalid', 'loc': \('body', "),
        ("vllm-flat.400-missing-2", r"^\[\{'type': 'missing', 'loc': \('body',\)"),
        ("vllm-flat.400-the-max-tokens-value", ""),
        (None, ""),
    ]


def test_what_is_told_of_maas(maas: Imported) -> None:
    assert maas.read == (
        f"{MAAS}: 23 rows in 1 table, 22 entries",
        "1 code in several rows, united: ModelArts.81109",
        "10 rows with a body in a cell, read",
        "1 row without a code",
    )
    varies = "its message is one example: which of it varies? write {name} there"
    assert maas.questions == (
        "no row shows the body of ModelArts.81001 and 12 more: which envelope do they come in?",
        f"400, 404, APIG.0308: {varies}",
    )


def as_html(document: str) -> str:
    """The tables of a document as a page would have them: a paragraph a line of a cell."""
    parts = []
    for grid in table_text.page(Path(document).read_text(encoding="utf-8")).grids:
        lines = [grid.header, *(row.cells for row in grid.rows)]
        cells = (
            "".join(f"<td>{''.join(f'<p>{html.escape(x)}</p>' for x in cell.split(chr(10)))}</td>" for cell in line)
            for line in lines
        )
        parts.append(f"<h3>{html.escape(grid.heading)}</h3><table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>")
    return "".join(parts)


@pytest.mark.parametrize("document", [EVENTML, MAAS])
def test_the_same_table_in_html_gives_the_same_codes(document: str) -> None:
    as_text = import_catalog([document]).draft
    as_page = readers.draft(as_html(document).encode(), "page.html", "auto", {})

    def shown(draft: Draft) -> list[Any]:
        return [(e.code, e.statuses, written_message(dict(e.fields)) or e.fields.get("description")) for e in draft.entries]

    assert shown(as_page) == shown(as_text)


@pytest.mark.parametrize("document", [EVENTML, MAAS])
def test_what_is_written_is_a_catalog(document: str, tmp_path: Path) -> None:
    file = tmp_path / "errors.yaml"
    file.write_text(import_catalog([document]).text, encoding="utf-8")
    assert read_catalog(str(file)).catalog.codes
