"""CAT014's option: which fields every entry must have."""

from __future__ import annotations

import jsonschema
import pytest

from errlint import api
from errlint.checks.rules import load_all
from errlint.config import Settings

CATALOG = """
errlint: 1
service: {name: shop}
errors:
  - {code: A, status: 400, description: Wrong., resolution: Correct it.}
  - {code: B, status: 400, message: Wrong}
"""


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["A has no category, retry", "B has no resolution, category, retry"]),
        ({"fields": ["resolution"]}, ["B has no resolution"]),
        ({"fields": []}, []),
    ],
)
def test_only_the_fields_that_are_asked_for_may_be_missing(options, expected, tmp_path):
    path = tmp_path / "errors.yaml"
    path.write_text(CATALOG, encoding="utf-8")
    report = api.check_catalog([str(path)], Settings(extend_select=("CAT014",), options={"CAT014": options}))
    assert [finding.message for finding in report.findings if finding.rule == "CAT014"] == expected


def test_the_option_has_a_schema_that_its_default_meets():
    schema = load_all()["CAT014"].options["fields"]
    jsonschema.validate(schema["default"], schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(["name"], schema)
