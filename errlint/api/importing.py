"""``errlint catalog import``: a catalog from what a team has: a page, a table, data, source code."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Sequence
from typing import BinaryIO

from errlint.draft.merge import ANY_BODY, MAIN, UNKNOWN, merged
from errlint.errors import EditError, LoadError
from errlint.model.draft import Draft
from errlint.model.finding import Location
from errlint.model.record import record, replace

MAX_BYTES = 64 * 1024 * 1024
NAMED = 5
"""Entries that a question names."""

UNNAMED = "nothing says what the service is called: --name NAME"


@record
class Imported:
    """The catalog's text, what it was read from (one line each), and what is left to decide."""

    text: str
    draft: Draft
    read: tuple[str, ...]
    questions: tuple[str, ...]


def import_catalog(
    files: Sequence[str],
    *,
    format_: str = "auto",
    paths: Sequence[str] = (),
    name: str | None = None,
    layer: str | None = None,
    standard_input: BinaryIO | None = None,
) -> Imported:
    """The catalog that files make; a folder is searched for source code, ``-`` is ``standard_input``.

    Raises: LoadError where a file cannot be read or holds no error codes, ConfigError for a mapping that makes no sense.
    """
    from errlint.draft.data import mapping
    from errlint.draft.text import catalog_text, questions

    fields = mapping.parsed(paths)
    drafts = []
    for file in files:
        draft = _draft(file, format_, fields, standard_input)
        if not draft.entries:
            told = "; ".join(draft.read[1:4])
            raise LoadError("holds no error codes", Location(_shown(file), ()), told or _wanted(file))
        drafts.append(draft)
    whole = _homed(_placed(_named(merged(drafts), name), layer))
    heading = "Imported from " + ", ".join(_shown(file) for file in files[:5]) + (" and more" if len(files) > 5 else "")
    try:
        text = catalog_text(whole, heading)
    except EditError as error:
        raise LoadError(
            f"no catalog can be written: {error}", Location(_shown(files[0]), ()) if len(files) == 1 else None
        ) from None
    return Imported(text, whole, whole.read, _grouped(questions(whole), len(whole.doubts)))


def _wanted(file: str) -> str:
    """What was looked for in a file in vain."""
    from errlint.draft import readers

    if readers.of_name(file) in readers.SOURCES or os.path.isdir(file):
        return "no enum, constant or call has a code beside an HTTP status"
    return "no table has a column called code; --format says what the file is"


def _grouped(asked: Sequence[str], general: int) -> tuple[str, ...]:
    """The questions, those that many entries have in common as one; the first ``general`` are about the whole."""
    names: dict[str, list[str]] = {}
    for question in asked[general:]:
        name, _, text = question.partition(": ")
        names.setdefault(text, []).append(name)
    grouped = []
    for text, entries in names.items():
        more = f" and {len(entries) - NAMED} more" if len(entries) > NAMED else ""
        grouped.append(f"{', '.join(entries[:NAMED])}{more}: {text}")
    return (*asked[:general], *grouped)


def _shown(file: str) -> str:
    return "standard input" if file == "-" else file


def _draft(file: str, format_: str, fields: dict[str, tuple[str, ...]], standard_input: BinaryIO | None) -> Draft:
    from errlint.draft import readers
    from errlint.draft.source import sources
    from errlint.load.encoding import utf8

    if file != "-" and os.path.isdir(file):
        return sources.of_tree(file)
    text = _bytes(file, standard_input)
    if text[:2] == b"\x1f\x8b":
        text = _unpacked(text, file)
    return readers.draft(utf8(text, _shown(file)), _shown(file), format_, fields)


def _bytes(file: str, standard_input: BinaryIO | None) -> bytes:
    where = Location(_shown(file), ())
    try:
        if file == "-" and standard_input is not None:
            text = standard_input.read(MAX_BYTES + 1)
        else:
            with open(file, "rb") as opened:
                text = opened.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        from errlint.load.nearby import hint_for

        told = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        raise LoadError(told, where, hint_for(error, file)) from None
    if len(text) > MAX_BYTES:
        raise LoadError(f"is larger than {MAX_BYTES // 1024 // 1024} MiB", where)
    return text


def _unpacked(text: bytes, file: str) -> bytes:
    """What a gzip file holds (RFC 1952), at most as much as a file may."""
    where = Location(_shown(file), ())
    machine = zlib.decompressobj(wbits=31)
    try:
        found = machine.decompress(text, MAX_BYTES + 1)
    except zlib.error as error:
        raise LoadError(f"is no gzip file: {error}", where) from None
    if len(found) > MAX_BYTES:
        raise LoadError(f"holds more than {MAX_BYTES // 1024 // 1024} MiB", where)
    return found


def _named(draft: Draft, name: str | None) -> Draft:
    if name:
        return replace(draft, service={**draft.service, "name": name})
    if "name" in draft.service:
        return draft
    file = str(draft.service.get("source", {}).get("file", "")).partition(".")[0]
    stem = re.sub(r"[^a-z0-9]+", "-", file.lower()).strip("-")
    found = stem if stem[:1].isalpha() and len(stem) <= 40 else MAIN
    return replace(draft, service={"name": found, **draft.service}, doubts=(*draft.doubts, UNNAMED))


def _placed(draft: Draft, layer: str | None) -> Draft:
    """The draft with the entries that have no layer of their own in the one that the user names."""
    if layer is None:
        return draft
    entries = []
    for entry in draft.entries:
        own = entry.fields.get("layer", MAIN)
        entries.append(replace(entry, fields={**entry.fields, "layer": layer if own == MAIN else own}))
    layers = {(layer if id_ == MAIN else id_): written for id_, written in draft.layers.items()}
    envelopes = dict(draft.envelopes)
    doubts = draft.doubts
    if layer not in layers:
        envelopes.setdefault(UNKNOWN, ANY_BODY)
        layers[layer] = {"envelope": UNKNOWN}
        doubts = (*doubts, f"nothing says in which envelope the layer {layer} answers: which one?")
    return replace(draft, entries=tuple(entries), layers=layers, envelopes=envelopes, doubts=doubts)


def _homed(draft: Draft) -> Draft:
    """The draft with every layer that its entries name; of one that only a column names nobody knows the envelope."""
    used = dict.fromkeys(entry.fields.get("layer", MAIN) for entry in draft.entries)
    if all(id_ == MAIN or id_ in draft.layers for id_ in used):
        return draft
    fresh = [id_ for id_ in used if id_ not in draft.layers]
    named = f"the layer {fresh[0]} answers" if len(fresh) == 1 else f"the layers {', '.join(fresh[:NAMED])} answer"
    return replace(
        draft,
        layers={**draft.layers, **{id_: {"envelope": UNKNOWN} for id_ in fresh}},
        envelopes={**draft.envelopes, UNKNOWN: ANY_BODY},
        doubts=(*draft.doubts, f"nothing says in which envelope {named}: which one?"),
    )
