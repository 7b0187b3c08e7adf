"""The recipes of .github/CI.md: each code block under its mark ``<!-- file: NAME -->`` or ``<!-- commands: NAME -->``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / ".github/CI.md"


def recipe(mark: str, page: Path = PAGE) -> str:
    """The text of the one code block that stands under a mark."""
    found = re.findall(rf"(?m)^<!-- {re.escape(mark)} -->\n```\w+\n(.*?)^```$", page.read_text(encoding="utf-8"), re.S)
    assert len(found) == 1, mark
    return str(found[0])


def read(mark: str) -> Any:
    """A recipe's YAML."""
    return yaml.safe_load(recipe(mark))


DOCUMENT = """\
openapi: 3.1.0
info: {title: shop, version: "1"}
servers: [{url: http://shop.example/v1}]
paths:
  /orders/{id}:
    get:
      security: [{token: []}]
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: d}
        "401":
          description: d
          content: {application/json: {example: {error: {code: NO_TOKEN, message: m}}}}
        "404":
          description: d
          content: {application/json: {example: {error: {code: ORDER_UNKNOWN, message: m}}}}
components:
  securitySchemes:
    token: {type: http, scheme: bearer}
"""
CATALOG = """\
errlint: 1
service: {name: shop}
envelopes:
  shop: {code: {pointer: /error/code, type: string}, message: {pointer: /error/message, type: string}}
errors:
  - {code: NO_TOKEN, status: 401, message: m}
  - {code: ORDER_UNKNOWN, status: 404, message: m}
"""
BROKEN = DOCUMENT.replace("ORDER_UNKNOWN", "ORDER_GONE")
"""The document with a code that is not in the catalog."""


def write(folder: Path, document: str = BROKEN) -> None:
    """A repository's document, catalog and config, the config as the page has it."""
    for name, text in {"openapi.yaml": document, "errors.yaml": CATALOG, "errlint.toml": recipe("file: errlint.toml")}.items():
        (folder / name).write_text(text, encoding="utf-8")
