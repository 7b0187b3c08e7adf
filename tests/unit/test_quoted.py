"""The line that a finding stands in fits the terminal, with its mark below what is meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errlint.model.finding import Excerpt
from errlint.report.quoted import quoted
from errlint.report.terminal import columns

LINE = 'code: {type: string, enum: [A_1, A_2, A_3], description: "a text that goes on for a long time"}'


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (0, [f"    12 | {LINE}", f"       | {' ' * 33}^^^"]),
        (200, [f"    12 | {LINE}", f"       | {' ' * 33}^^^"]),
        (60, ["    12 | …{type: string, enum: [A_1, A_2, A_3], description…", f"       | {' ' * 28}^^^"]),
    ],
)  # fmt: skip
def test_a_line_is_cut_around_what_is_meant(width, lines):
    excerpt = Excerpt(LINE, LINE.index("A_2"), LINE.index("A_2") + 3)
    assert list(quoted(excerpt, 12, colour=False, width=width)) == lines


TEXTS = st.text(st.sampled_from("ab {}日é\t\x1b‮"), max_size=120)


@given(TEXTS, st.integers(1, 120), TEXTS, st.integers(40, 120))
def test_whatever_stands_there_fits_and_the_mark_is_below_it(before, length, after, width):
    excerpt = Excerpt(before + "M" * length + after, len(before), len(before) + length)
    text, mark = quoted(excerpt, 7, colour=False, width=width)
    assert max(columns(text), columns(mark)) <= width
    start = next(index for index in range(len(text) + 1) if columns(text[:index]) == mark.index("^"))
    assert set(text[start : start + mark.count("^")].removesuffix("…")) == {"M"}
    assert mark.count("^") == length or text[start + mark.count("^") - 1] == "…"
