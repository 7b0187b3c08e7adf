"""Bodies for a catalog that names no envelope: the plainest that there is, instead of a guess among the shipped ones."""

from __future__ import annotations

from errlint.model.catalog import Catalog, Envelope, Layer, Place
from errlint.model.record import replace

PLAIN = Envelope(
    "plain",
    {
        "type": "object",
        "required": ["message"],
        "properties": {"code": {"type": ["string", "integer"]}, "message": {"type": "string"}},
    },
    {
        "code": Place((("code",),), types=("string", "integer"), required=False),
        "message": Place((("message",),), types=("string",)),
    },
)
"""``{"code": ..., "message": ...}``."""


def guessed(layer: Layer, catalog: Catalog) -> bool:
    """Whether nobody said what a layer's bodies look like: its envelopes are what its codes could stand in, or anything."""
    envelopes = [catalog.envelopes[id_] for id_ in layer.envelopes if id_ in catalog.envelopes]
    if not layer.location.pointer:
        return all(one.generic for one in envelopes)
    return bool(envelopes) and all(one.generic and one.code_is == "place" and not one.roles for one in envelopes)


def assumed(catalog: Catalog) -> tuple[Catalog, tuple[str, ...]]:
    """(the catalog with plain bodies where it does not say what bodies look like, what a user should know of it)."""
    layers = [id_ for id_, layer in catalog.layers.items() if guessed(layer, catalog)]
    if not layers:
        return catalog, ()
    changed = {id_: replace(catalog.layers[id_], envelopes=(PLAIN.id,)) for id_ in layers}
    made = replace(catalog, layers={**catalog.layers, **changed}, envelopes={**catalog.envelopes, PLAIN.id: PLAIN})
    whole = len(layers) == len(catalog.layers)
    which = "the catalog names no envelope" if whole else f"nothing says what bodies of {', '.join(layers)} look like"
    return made, (f'{which}: bodies are {{"code", "message"}}; say what yours look like under envelopes',)
