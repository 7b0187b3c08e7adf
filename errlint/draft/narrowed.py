"""Envelopes without a code, narrowed where a body of another envelope of the draft would be one of theirs too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from errlint.draft.induce import schema
from errlint.draft.recognised import says_more
from errlint.load.envelopes import described_by
from errlint.match.bodies import minimal
from errlint.match.envelope import Signature
from errlint.model.catalog import Envelope
from errlint.model.draft import Draft
from errlint.model.record import replace


def narrowed(draft: Draft) -> Draft:
    """The draft whose envelopes are told apart: FastAPI's ``detail`` beside a code in it, ``{message}`` beside more."""
    described = {id_: described_by(id_, written) for id_, written in draft.envelopes.items()}
    coded = [envelope for envelope in described.values() if envelope.code_is == "place"]
    found = {}
    for id_, written in draft.envelopes.items():
        others = [envelope for other, envelope in described.items() if other != id_]
        found[id_] = _closed(described[id_], _written(described[id_], written, coded), others)
    return replace(draft, envelopes=found)


def _closed(envelope: Envelope, written: Mapping[str, Any], others: list[Envelope]) -> Mapping[str, Any]:
    """An envelope that was made of bodies, with their members and no others where it would take what is somebody else's."""
    schema_ = written.get("schema")
    if "use" in written or envelope.code_is != "none" or not isinstance(schema_, dict) or "additionalProperties" in schema_:
        return written
    signature = Signature(envelope)
    if not any(signature.strictly(minimal(one.schema)) for one in others):
        return written
    return {**written, "schema": {**schema_, "additionalProperties": False}}


def _written(envelope: Envelope, written: Mapping[str, Any], coded: list[Envelope]) -> Mapping[str, Any]:
    if set(written) != {"use"} or envelope.code_is != "none" or envelope.media_types:
        return written
    signature = Signature(envelope)
    if not any(signature.strictly(minimal(one.schema)) for one in coded):
        return written
    samples = [sample for sample in envelope.samples if not says_more(envelope, sample)]
    if not samples:
        return written
    places = [at for place in envelope.roles.values() for at in place.pointers if at]
    shown = schema(samples, places)
    lists = {at[0]: {"type": "array"} for at in places if at[1:2] == ("*",)}
    properties = {**lists, **shown["properties"]}
    return {**written, "schema": {**shown, "properties": properties, "additionalProperties": False}}
