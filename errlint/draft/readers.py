"""Which reader a file needs, by its name and then by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from errlint.draft.tables import headers
from errlint.errors import LoadError
from errlint.model.draft import Draft
from errlint.model.finding import Location
from errlint.model.pointer import Pointer

PAGES = ("text", "html", "markdown", "csv")
DATA = ("json", "yaml", "botocore")
SOURCES = ("python", "java", "go", "typescript")
FORMATS = (*PAGES, *DATA, *SOURCES)

SUFFIXES = {
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    **dict.fromkeys((".md", ".markdown", ".mdx"), "markdown"),
    **dict.fromkeys((".csv", ".tsv"), "csv"),
    **dict.fromkeys((".json", ".json.gz"), "json"),
    **dict.fromkeys((".yaml", ".yml"), "yaml"),
    **dict.fromkeys((".py", ".pyi"), "python"),
    **dict.fromkeys((".java",), "java"),
    **dict.fromkeys((".go",), "go"),
    **dict.fromkeys((".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx"), "typescript"),
}

HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body|table|div|h1|section|article)\b", re.I)
START = 20_000


def of_name(uri: str) -> str | None:
    """The format that a file's name tells, None where it tells none."""
    name = uri.lower()
    return next((format_ for suffix, format_ in SUFFIXES.items() if name.endswith(suffix)), None)


def of_text(text: str) -> str:
    """The format that a text looks like: html, json, markdown, csv, else text."""
    from errlint.draft.tables.table_markdown import is_table

    start = text[:START]
    if HTML.match(start):
        return "html"
    if start.lstrip()[:1] in ("{", "["):
        return "json"
    if is_table(text):
        return "markdown"
    first = start.lstrip().partition("\n")[0][:2_000]
    if any(headers.is_header([cell.strip().strip('"') for cell in first.split(mark)]) for mark in (",", ";")):
        return "csv"
    return "text"


def draft(text: bytes, uri: str, format_: str, paths: Mapping[str, Pointer], beside: Sequence[str] = ()) -> Draft:
    """The draft of one file; ``format_`` is one of FORMATS or ``auto``. Raises: LoadError, ConfigError."""
    if format_ == "auto":
        format_ = of_name(uri) or of_text(text.decode(errors="replace"))
    if paths and format_ not in ("json", "yaml"):
        raise LoadError(f"is read as {format_}, which takes no --map", Location(uri, ()), "--map is for JSON and YAML")
    if format_ in DATA:
        return _of_data(text, uri, format_, paths)
    if format_ in SOURCES:
        from errlint.draft.source import sources

        return sources.of_text(text.decode(), uri, format_)
    return _of_page(text.decode(), uri, format_)


def _of_page(text: str, uri: str, format_: str) -> Draft:
    from errlint.draft.tables import table_csv, table_html, table_markdown, table_text, tables

    if format_ == "csv":
        page = table_csv.page(text, uri)
    else:
        page = {"html": table_html.page, "markdown": table_markdown.page}.get(format_, table_text.page)(text)
    return tables.draft(page, uri)


def _of_data(text: bytes, uri: str, format_: str, paths: Mapping[str, Pointer]) -> Draft:
    from errlint.draft.data import botocore, mapped
    from errlint.load.json_ import plain
    from errlint.load.source import load

    data: Any = plain(load(text, uri).data)
    if format_ == "botocore" or (botocore.is_model(data) and not paths):
        if not botocore.is_model(data):
            raise LoadError("is no service model of botocore", Location(uri, ()), "it has no metadata, operations and shapes")
        return botocore.draft(data, uri)
    return mapped.draft(data, uri, paths)
