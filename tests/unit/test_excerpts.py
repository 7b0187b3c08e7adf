"""The line that a finding stands in, and what is meant in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errlint.load.excerpts import LONGEST, excerpt

MEANT = {
    "a: {§code: ML_9, message: x}": "code: ML_9",
    "  §code: ML_9 # why": "code: ML_9",
    '{§"code":"ML","x":1}': '"code":"ML"',
    "  §message: a, b": "message: a, b",
    "  §get:": "get",
    "  - §ML_1105": "ML_1105",
    "[ML_1, §ML_2]": "ML_2",
    "  §code: {type: string}": "code",
    "§code: |": "code",
    "§code: *shared": "code",
    '§"a b": "c d", x': '"a b": "c d"',
    '§"400": {description: d}': '"400"',
    "§url: http://x/y z": "url: http://x/y z",
    "  §/a/{id}/b: {get: x}": "/a/{id}/b",
    "  §/a/{x}{y} : {": "/a/{x}{y}",
    "  §/c d/{x}:": "/c d/{x}",
    '  §"/a/{x}": 1': '"/a/{x}": 1',
    '  §"/a/{x}": {': '"/a/{x}"',
    "  §/a/{x # cut": "/a/",
    "  §{/a: 1}": "{",
    "  §ML_1, ML_2]": "ML_1",
    "one\r\n§two: 2\r\nthree": "two: 2",
    "one\r§two: 2\rthree": "two: 2",
    "§": "",
}


@pytest.mark.parametrize("marked", MEANT)
@pytest.mark.parametrize("kind", [str, bytes])
def test_what_is_meant_is_a_value_or_a_key_with_its_value(marked, kind):
    before, _, after = marked.partition("§")
    text = before + after
    found = excerpt(text if kind is str else text.encode(), len(before))
    assert found.text[found.start : found.stop] == MEANT[marked]
    assert found.text == re.split(r"[\r\n]", before)[-1] + re.split(r"[\r\n]", after)[0]


@given(st.text(max_size=400), st.integers(0, 400), st.booleans())
def test_any_place_of_any_text_has_a_line(text, offset, as_bytes):
    source = text.encode("utf-8", "replace") if as_bytes else text
    found = excerpt(source, min(offset, len(source)))
    assert 0 <= found.start <= found.stop <= len(found.text) <= LONGEST
    assert "\n" not in found.text
