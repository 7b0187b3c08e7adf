"""Problem types as URI references, and the phrases of statuses."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from errlint.checks.prb_types import phrases, same_type

SAME = [
    ("https://example.org/problems/gone", "https://example.org/problems/gone"),
    ("https://staging.example.net/problems/gone", "https://example.org/problems/gone"),
    ("http://localhost:8080/problems/gone/", "https://example.org/problems/gone"),
    ("/problems/gone", "https://example.org/problems/gone"),
    ("https://example.org/shop/problems/gone", "/problems/gone"),
    ("https://example.org/problems/gone", "gone"),
    ("./gone", "gone"),
    ("urn:shop:gone", "urn:shop:gone"),
]
DIFFERENT = [
    ("https://example.org/problems/gone", "https://example.org/problems/busy"),
    ("https://example.org/shop/problems/gone", "https://example.org/problems/gone"),
    ("/shop/problems/gone", "/problems/gone"),
    ("https://example.org/problems/foregone", "gone"),
    ("https://example.org", "https://example.org/problems/gone"),
    ("urn:shop:gone", "urn:shop:busy"),
    ("urn:shop:gone", "gone"),
    ("about:blank", "blank"),
    ("", "gone"),
]


@pytest.mark.parametrize(("written", "documented"), SAME)
def test_a_type_is_the_same_on_another_host_and_relative_to_any(written, documented):
    assert (same_type(written, documented), same_type(documented, written)) == (True, True)


@pytest.mark.parametrize(("written", "documented"), DIFFERENT)
def test_another_path_is_another_type(written, documented):
    assert (same_type(written, documented), same_type(documented, written)) == (False, False)


def test_every_registered_status_has_its_phrase():
    lacking = [status for status in HTTPStatus if status.phrase.lower() not in phrases(status)]
    assert (lacking, phrases(499)) == ([], ())
