"""Catalogs of public services, held against what these services really answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from errlint import api
from errlint.api.inputs import document
from errlint.checks.beside import Declared
from errlint.checks.fold import findings
from errlint.checks.judge import judge
from errlint.checks.units import of_observation
from errlint.config import Settings
from errlint.load.openapi import read_spec
from errlint.model.exchange import Observation, Request
from errlint.model.finding import Location
from errlint.model.spec import Spec
from errlint.probe.observed import declared_types

EXAMPLES = sorted(path.parent for path in Path(__file__).parent.glob("examples/*/catalog.yaml"))


def answers(folder: Path) -> list[dict[str, Any]]:
    """What was recorded of the real service: each answer with the findings that it must give, and no others."""
    return list(json.loads((folder / "answers.json").read_text(encoding="utf-8"))["answers"])


def observed(spec: Spec, answer: dict[str, Any]) -> Observation:
    operation = {one.label: one for one in spec.operations}[answer["operation"]] if answer["operation"] else None
    declared = [one for one in spec.declarations if operation is not None and one.operation.label == operation.label]
    return Observation(
        witness="live",
        location=operation.location if operation is not None else Location(spec.uri, ("paths",)),
        status=answer["status"],
        headers=answer["headers"],
        body=answer["text"].encode(),
        operation=operation,
        media_types=declared_types(declared, answer["status"]),
        request=Request(
            answer["method"],
            "http://127.0.0.1" + answer["path"],
            stimulus=answer["sent"],
            rejected=answer["rejected"],
        ),
    )


def test_the_public_catalogs_are_there() -> None:
    assert [folder.name for folder in EXAMPLES] == ["oci-registry", "powerdns"]


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_a_public_catalog_and_its_document_are_clean(folder: Path) -> None:
    catalog = str(folder / "catalog.yaml")
    reports = [api.check_catalog([catalog]), api.lint([str(folder / "openapi.yaml")], [catalog])]
    assert [one for report in reports for one in report.findings if one.severity.name != "NOTE"] == []


@pytest.mark.parametrize(
    ("folder", "answer"),
    [
        pytest.param(folder, answer, id=f"{folder.name}: {answer['method']} {answer['path'][:40]} {answer['sent']}")
        for folder in EXAMPLES
        for answer in answers(folder)
    ],
)
def test_a_recorded_answer_gives_its_findings_and_no_other(folder: Path, answer: dict[str, Any]) -> None:
    text = document(str(folder / "openapi.yaml"))
    spec = read_spec(text).spec
    plan = api.compiled(api.contract([str(folder / "catalog.yaml")]))
    unit, _ = of_observation(observed(spec, answer), plan, lambda request: request.url, Declared(spec))
    verdicts = judge([unit], plan, Settings().severities(with_catalog=True))
    told = [f"{one.rule} {one.message}" for one in findings(verdicts, text.uri)]
    assert (told, verdicts.unknown) == (answer["finds"], [])
