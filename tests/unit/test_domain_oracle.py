"""The two promises of the code domain, on some hundreds of random schemas; ``tests.bench.domain`` tries thousands."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from errlint.checks.schema_places import places
from errlint.match.domain import variants
from errlint.match.may_clash import may_clash
from errlint.match.satisfiable import overlap, unsatisfiable
from errlint.model.pointer import get
from errlint.model.spec import Node
from tests.unit.domain_oracle import THIRD, meaning, missed, universe, unproven
from tests.unit.schema_errors import document
from tests.unit.schema_oracle import NAMES, documents, resolver

FLAT = ("code", "http", THIRD)
DIALECTS = ("3.0", "3.1")
quickly = settings(max_examples=150, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
HUNDREDS = pytest.mark.parametrize("first", range(0, 800, 200))


@quickly
@given(documents(), st.integers(0, 2**32), st.sampled_from(DIALECTS))
def test_every_instance_of_any_schema_has_a_variant(schema: dict[str, Any], seed: int, dialect: str) -> None:
    assert missed(schema, seed, dialect).faults == ()


@quickly
@given(documents(2, names=FLAT, flat=True), st.sampled_from(DIALECTS), st.booleans())
def test_every_exact_combination_of_any_schema_has_an_instance(schema: dict[str, Any], dialect: str, wrapped: bool) -> None:
    assert unproven(schema, dialect, wrapped).faults == ()


@HUNDREDS
def test_every_instance_of_an_error_schema_has_a_variant(first: int) -> None:
    counts = [missed(document(number, NAMES), number, DIALECTS[number % 2]) for number in range(first, first + 200)]
    assert [fault for count in counts for fault in count.faults] == []
    assert sum(bool(count.admitted) for count in counts) > 50


@HUNDREDS
def test_every_exact_combination_of_an_error_schema_has_an_instance(first: int) -> None:
    counts = [unproven(document(number, FLAT), DIALECTS[number % 2], number % 3 == 0) for number in range(first, first + 200)]
    assert [fault for count in counts for fault in count.faults] == []
    assert sum(bool(count.combinations) for count in counts) > 30


@HUNDREDS
def test_what_is_called_unsatisfiable_has_no_instance(first: int) -> None:
    found = 0
    for number in range(first, first + 200):
        schema = document(number, FLAT)
        dialect = DIALECTS[number % 2]
        if unsatisfiable(Node("", (), schema), resolver(schema), dialect) is not None:
            found += 1
            valid = jsonschema_rs.Draft202012Validator(meaning(schema, dialect)).is_valid
            assert [body for body in universe(schema) if valid(body)] == []
    assert found > 15


@quickly
@given(documents(), st.sampled_from(DIALECTS))
def test_a_schema_without_keywords_that_could_clash_is_satisfiable(schema: dict[str, Any], dialect: str) -> None:
    node, step = Node("", (), schema), resolver(schema)
    if unsatisfiable(node, step, dialect) is not None:
        assert any(may_clash(place.node.value) for place in places(node, step))


def test_what_is_called_unsatisfiable_has_no_variant() -> None:
    for number in range(300):
        schema = document(number, FLAT)
        dialect = DIALECTS[number % 2]
        found = variants(Node("", (), schema), [(name,) for name in FLAT], resolver(schema), dialect)
        dead = unsatisfiable(Node("", (), schema), resolver(schema), dialect)
        assert (number, dead is None or not found) == (number, True)


def test_a_body_that_two_branches_admit_is_valid_for_both_and_not_for_the_whole() -> None:
    found = 0
    for number in range(1500):
        schema = document(number, FLAT)
        shared = overlap(Node("", (), schema), resolver(schema), "3.1")
        if shared is not None and not shared.same:
            found += 1
            for at in (shared.one, shared.other):
                branch = {**get(schema, at.pointer), "$defs": schema["$defs"]}
                assert jsonschema_rs.Draft202012Validator(branch).is_valid(shared.witness)
            assert not jsonschema_rs.Draft202012Validator(schema).is_valid(shared.witness)
    assert found > 15
