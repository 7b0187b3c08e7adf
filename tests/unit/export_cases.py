"""Catalogs for the tests of exports: the shipped ones, and ones whose every text tries to break out of its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from errlint.api.inputs import compiled, contract
from errlint.load.catalog import read_catalog
from errlint.match.plan import Plan
from errlint.model.catalog import Catalog, Code
from errlint.model.finding import Location
from errlint.model.record import replace

SHIPPED = ("builtin:eventml", "builtin:maas", "pkg:errlint/demo/catalog.yaml")

NASTY = (
    *(
        '"',
        "'",
        "\\",
        "\n",
        "\r\n",
        "*/",
        "/*",
        "</script>",
        "<!--",
        "-->",
        "<b>",
        "&amp;",
        "|",
        "`",
        "```",
        "${x}",
        "{{",
        "{0}",
    ),
    *(
        '"""',
        "'''",
        "\\N{DASH}",
        "#{x}",
        "\u202e",
        "\u2028",
        "\u200b",
        "\ufeff",
        "\x7f",
        "\x85",
        "=1+1",
        "@SUM(A1)",
        "-2+3",
        "+4",
    ),
    *(
        "\t",
        ";",
        ",",
        "__proto__",
        "constructor",
        "class",
        "None",
        "1e3",
        "0o17",
        "no",
        "~",
        "é",
        "ß",
        "Код",
        "😀",
        "[x](y)",
        "*",
        "_",
    ),
    *("#", "%s", "%d", "{name}", "...", ": ", "- ", "---", "$", "@user", "a" * 40),
)
texts = st.lists(st.sampled_from(NASTY), min_size=1, max_size=5).map("".join)


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Any]:
    """One entry whose texts are hostile; its code is a text, a number or none."""
    entry: dict[str, Any] = {
        "id": draw(texts),
        "code": draw(st.one_of(texts, st.integers(0, 999), st.none())),
        "status": draw(st.sampled_from([404, 401, [401, 403], "5XX", [409, "4XX"]])),
        "message": draw(st.one_of(texts, texts.map(lambda text: {"literal": text}), texts.map(lambda text: {"braces": text}))),
    }
    for name in ("name", "description", "resolution", "owner", "since", "removed", "replaced_by"):
        if draw(st.booleans()):
            entry[name] = draw(texts)
    entry["layer"] = draw(st.sampled_from(["service", "other"]))
    return entry


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A catalog's document."""
    roles = {"code": {"pointer": "/code", "required": False}, "message": {"pointer": "/text"}, "status": {"pointer": "/s"}}
    envelope = {"schema": {"type": "object"}, **roles}
    layers = {name: {"title": draw(texts), "envelope": "own"} for name in ("service", "other")}
    service = {"name": draw(texts), "title": draw(texts), "version": draw(texts)}
    errors = draw(st.lists(entries(), min_size=1, max_size=4))
    return {"errlint": 1, "service": service, "envelopes": {"own": envelope}, "layers": layers, "errors": errors}


def loaded(folder: Path, data: Any, name: str = "catalog.json") -> Catalog:
    path = folder / name
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return read_catalog(str(path)).catalog


def shipped(name: str) -> Catalog:
    file = contract([name])
    assert file is not None
    return file.catalog


def plan_of(catalog: Catalog) -> Plan:
    return Plan(catalog, compiled(None)._shipped)


def placeless(catalog: Catalog) -> Catalog:
    """The catalog without the places that its parts were read from, and without the further samples of its envelopes."""
    nowhere = Location("", ())

    def bare(value: Any) -> Any:
        return replace(value, location=nowhere)

    return replace(
        bare(catalog),
        uri="",
        envelopes={id_: replace(bare(one), samples=one.samples[:1], source="") for id_, one in catalog.envelopes.items()},
        layers={id_: bare(one) for id_, one in catalog.layers.items()},
        categories={id_: bare(one) for id_, one in catalog.categories.items()},
        codes=tuple(replace(bare(code), recipes=()) for code in catalog.codes),
    )


def once(catalog: Catalog) -> list[Code]:
    """The entries, each identity once."""
    return list({(code.layer, code.id): code for code in reversed(catalog.codes)}.values())[::-1]
