"""The names of places in a document, in whatever way its text writes them."""

from __future__ import annotations

import pytest

from errlint.load.anchors import Anchors
from errlint.load.source import load


@pytest.mark.parametrize(
    "text",
    [
        b'{"a": {"$anchor" \r\n:\t"x", "$id": "urn:b#c"}, "$self": "https://example.com/d#e"}',
        b"a: {$anchor: x, '$id': 'urn:b#c'}\n$self: https://example.com/d#e\n",
        b'a:\n  "$anchor" : x\n  ? $id\n  : urn:b#c\n$self: &s https://example.com/d#e\n',
    ],
)
def test_names_are_found_in_every_spelling(text: bytes) -> None:
    found = Anchors.of(load(text, "u"))
    assert (found.base, found.anchors, found.ids) == (
        "https://example.com/d",
        {"x": [("a",)]},
        {"https://example.com/d": (), "urn:b": ("a",)},
    )


@pytest.mark.parametrize(
    "text",
    [
        b'{"properties": {"$id": {"type": "string"}, "$anchor": true}, "description": "an $id: \\"$id\\""}',
        b"properties:\n  $id:\n    type: string\n  $anchor: true\ndescription: 'an $id: x'\n",
    ],
)
def test_a_property_that_is_called_like_a_keyword_names_nothing(text: bytes) -> None:
    found = Anchors.of(load(text, "u"))
    assert (found.base, found.anchors, found.ids) == ("", {}, {})
