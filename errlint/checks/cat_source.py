"""The catalog's source text: what breaks the format, and scalars that YAML turns into something else (CAT001, CAT013)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from errlint.checks.cat_rule import rule
from errlint.checks.catalog_file import CatalogFile
from errlint.checks.registry import Hit
from errlint.checks.words import label
from errlint.load.catalog_format import whole
from errlint.model.finding import Location, Severity
from errlint.model.pointer import Pointer

if TYPE_CHECKING:
    from errlint.load.source import Document


@rule("CAT001", "invalid-catalog", Severity.ERROR)
def invalid_catalog(file: CatalogFile) -> Iterator[Hit]:
    """What breaks the catalog format, but for the scalars that CAT013 names."""
    mangled = {(uri, place) for uri, document in file.sources.items() for place, _, _ in mangled_scalars(document)}
    for message, place in file.invalid:
        if (place.uri, place.pointer) not in mangled:
            yield Hit(message, place, detail=message, owner="/".join(place.pointer))
    for code in file.catalog.codes:
        for recipe in code.recipes:
            for message, place in recipe.faults:
                yield Hit(
                    f"{label(code)}: its recipe cannot be played: {message}",
                    place,
                    detail=message,
                    owner="/".join(place.pointer),
                )


@rule("CAT013", "mangled-scalar", Severity.ERROR)
def mangled_scalar(file: CatalogFile) -> Iterator[Hit]:
    """A scalar without quotes that some YAML loader reads as something else, the same for every loader."""
    for uri, document in file.sources.items():
        for place, word, kind in mangled_scalars(document):
            name = next(token for token in reversed(place) if not token.isdigit())
            message = f'{name} {word} has no quotes, so YAML loaders may read {kind}: write "{word}"'
            if name == "status":
                message = f"status {word} is no plain number, YAML loaders may read {kind}: write the status as in 404"
            yield Hit(message, Location(uri, place), code=_code_of(document, place), detail=word, owner=whole("/".join(place)))


DIGITS = r"[0-9](?:[0-9_]*[0-9_])?"
KINDS = (
    ("true or false", re.compile(r"(?:yes|no|on|off|true|false)", re.IGNORECASE)),
    ("nothing", re.compile(r"N(?:ull|ULL)")),
    ("a date", re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt][0-9:.Zz+-]+)?")),
    ("minutes and seconds", re.compile(r"[-+]?[0-9]+(?::[0-5]?[0-9])+(?:\.[0-9]*)?")),
    ("another number", re.compile(r"[-+]?(?:0[0-9_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|0b[01_]+|[1-9][0-9]*_[0-9_]*|\+[0-9]+)")),
    (
        "a number",
        re.compile(r"[-+]?(?:\.[0-9]+|[0-9][0-9_]*\.[0-9_]*|[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|nan)", re.I),
    ),
)
"""What YAML 1.1 or 1.2 loaders make of a plain scalar (YAML 1.2.2 section 10.3, YAML 1.1 types)."""
WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
SUSPECT = re.compile(
    rb"(?m)(?:[:\[,]|^\s*-)[ \t]+(?!(?:0|[1-9][0-9]*)[ \t]*(?:[,\]}#\r\n]|$))"
    rb"(?:[-+.0-9][-+.:\w]*|[yYnNoOtTfF][a-zA-Z]{1,4})[ \t]*(?:[,\]}#\r\n]|$)"
)
"""A text without such a scalar needs no look at positions."""
SCALARS = ("id", "code", "name", "status", "since", "removed", "replaced_by", "layer", "category")


def mangled_scalars(document: Document) -> list[tuple[Pointer, str, str]]:
    """The plain scalars at places for codes, statuses and texts that are not read as written: pointer, word, what it is."""
    if document.format != "yaml" or not isinstance(document.data, dict) or not SUSPECT.search(document.text):
        return []
    places = [place for place, value in _scalars(document.data) if not isinstance(value, str) or kind_of(value)]
    lines = document.text.decode().split("\n")
    found = []
    for place, (line, column) in document.locate(places).items():
        word = plain_scalar(lines[line - 1][column - 1 :]) if line <= len(lines) else ""
        kind = kind_of(word)
        if kind:
            found.append((place, word, kind))
    return found


def kind_of(word: str) -> str:
    """What a plain scalar becomes, empty where every loader reads it as written (a text, or a whole number as such)."""
    if not word or WHOLE.fullmatch(word):
        return "" if not word.startswith("+") else "another number"
    return next((kind for kind, pattern in KINDS if pattern.fullmatch(word)), "")


KEY = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s:,{}\[\]"'][^:,{}\[\]]*?)\s*:(?:\s+|$)""")
WORD = re.compile(r"[^\s,\[\]{}#\"'&*!|>%@`][^\s,\[\]{}]*(?=\s*(?:[,\]}]|\s#|$))")


def plain_scalar(text: str) -> str:
    """The plain one-word scalar of the key or item that a line starts with from here; empty for anything else."""
    rest = re.sub(r"^-\s+", "", text)
    key = KEY.match(rest)
    word = WORD.match(rest[key.end() :] if key else rest)
    return word[0] if word else ""


def _scalars(data: Mapping[str, Any]) -> Iterator[tuple[Pointer, Any]]:
    """The scalars of a catalog that must be read as written, with their places."""
    service = data.get("service")
    if isinstance(service, dict):
        yield from (((("service", key)), service[key]) for key in ("name", "version") if key in service)
        source = service.get("source")
        if isinstance(source, dict) and "date" in source:
            yield ("service", "source", "date"), source["date"]
    for section in ("errors", "accepted"):
        for index, entry in enumerate(data[section] if isinstance(data.get(section), list) else ()):
            if isinstance(entry, dict):
                yield from _entry_scalars((section, str(index)), entry)


def _entry_scalars(at: Pointer, entry: Mapping[str, Any]) -> Iterator[tuple[Pointer, Any]]:
    for key in SCALARS:
        value = entry.get(key, "")
        several = value if isinstance(value, list) else ()
        yield from (((*at, key, str(index)), item) for index, item in enumerate(several))
        if not isinstance(value, (list, dict)):
            yield (*at, key), value
    match = entry.get("match")
    for pointer, constant in match.items() if isinstance(match, dict) else ():
        if isinstance(constant, (str, float)) and not isinstance(constant, bool):
            yield (*at, "match", pointer), constant
    variants = entry.get("variants")
    for index, variant in enumerate(variants if isinstance(variants, list) else ()):
        if isinstance(variant, dict):
            yield from _entry_scalars((*at, "variants", str(index)), {"status": variant.get("status", "")})


def _code_of(document: Document, place: Pointer) -> str | None:
    if place[0] != "errors":
        return None
    entry = document.data["errors"][int(place[1])]
    return whole(str(entry.get("code", entry.get("id"))))
