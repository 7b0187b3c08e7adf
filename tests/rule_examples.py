"""The examples on rule cards, judged: an answer, a document, a catalog file, a user's settings, or what a probe covered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from errlint import api, cards, resources
from errlint.api.baseline import Baseline, updated
from errlint.api.linting import Task, lint_all
from errlint.bind.bodies import Bodies
from errlint.checks.beside import Declared
from errlint.checks.catalog_file import CatalogAndDocuments
from errlint.checks.fold import findings
from errlint.checks.judge import judge
from errlint.checks.raised import Unit
from errlint.checks.registry import RULES
from errlint.checks.rules import load_all
from errlint.checks.subjects import Run
from errlint.checks.units import of_observation
from errlint.config import Settings
from errlint.load import catalog as catalogs
from errlint.load.openapi import read_spec
from errlint.load.source import Document, load
from errlint.model.exchange import Observation, Request
from errlint.model.finding import CodeCoverage, Coverage, Finding, Location, OperationCoverage, Report
from errlint.model.spec import Node, Operation

load_all()

KINDS = ("bad", "good", "irrelevant")


def examples() -> Iterator[tuple[str, str, int, dict[str, Any]]]:
    """Every example of every card: (rule id, kind, number, example)."""
    for file in sorted(resources.rules().iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".yaml"):
            continue
        rule = file.name.partition("-")[0]
        for kind in KINDS:
            for number, example in enumerate(cards.card(rule).get(kind, [])):
                yield rule, kind, number, example


def judged(rule: str, example: dict[str, Any], tmp_path: Any) -> list[Finding]:
    """The findings of one rule over one example, those that another rule explains left out."""
    if "yaml" in example:
        path = tmp_path / "errors.yaml"
        path.write_text(example["yaml"], encoding="utf-8")
        if "old" in example:
            return _changed(rule, example, tmp_path)
        if "spec" in example:
            return _against(rule, example, str(path))
        names = [str(path)]
        for number, text in enumerate(example.get("others", ())):
            names.append(str(tmp_path / f"other-{number}.yaml"))
            (tmp_path / f"other-{number}.yaml").write_text(text, encoding="utf-8")
        report = api.check_catalog(names, _settings(rule, example))
        return [finding for finding in report.findings if finding.rule == rule]
    if "coverage" in example:
        return _covered(rule, example, tmp_path)
    if "spec" in example or "responses" in example or "settings" in example:
        source = load(json.dumps(_document(example)).encode(), "openapi.json")
        with _crashing(example.get("crash")):
            report = _linted(rule, example, source, tmp_path)
        return [finding for finding in report.findings if finding.rule == rule]
    return _answered(rule, example, tmp_path)


def _changed(rule: str, example: dict[str, Any], tmp_path: Any) -> list[Finding]:
    """The findings over a catalog and its older version."""
    old = tmp_path / "old.yaml"
    old.write_text(example["old"], encoding="utf-8")
    report = api.diff_contracts(str(old), str(tmp_path / "errors.yaml"), _settings(rule, example)).report
    return [finding for finding in report.findings if finding.rule == rule]


def _linted(rule: str, example: dict[str, Any], source: Document, tmp_path: Any) -> Report:
    """The report over a document, on a day if the example names one; what its ``baseline`` document has is known."""
    task = Task((source,), tuple(_catalogs(example, tmp_path)), _settings(rule, example))
    today = example.get("today", "")
    if "baseline" not in example:
        return lint_all([task], today=today)
    earlier = load(json.dumps(_document({"spec": example["baseline"]})).encode(), source.uri)
    everything = Settings(select=("DEC001",))
    known = updated(Baseline("baseline.json"), lint_all([Task((earlier,), task.catalogs, everything)], today=today)).known
    return lint_all([task], known=known, today=today)


def _against(rule: str, example: dict[str, Any], name: str) -> list[Finding]:
    """The findings over a catalog beside the operations of documents."""
    file = catalogs.read_catalog(name, lenient=True)
    paths = example["spec"].get("paths", {})
    operations = frozenset(f"{method.upper()} {path}" for path, item in paths.items() for method in item)
    subjects = (file, CatalogAndDocuments(file, operations)) if operations else (file,)
    severities = _settings(rule, example).severities(with_catalog=True)
    judgement = judge([Unit(subjects, "catalog", file.location, "catalog")], api.compiled(None), severities)
    return [finding for finding in findings(judgement, name) if finding.rule == rule]


def _settings(rule: str, example: dict[str, Any]) -> Settings:
    """All default rules; a rule that is off by default is switched on, so that its card can show it."""
    asked: dict[str, Any] = {option: tuple(words) for option, words in example.get("settings", {}).items()}
    if "options" in example:
        asked["options"] = {rule: example["options"]}
    extended = (rule, *example.get("select", ()), *asked.pop("extend_select", ()))
    return Settings(extend_select=extended, **asked)


@contextmanager
def _crashing(rule: str | None) -> Iterator[None]:
    """One rule raises an exception while it judges an operation."""
    if rule is None:
        yield
        return

    def raises(subject: Any, contract: Any) -> Iterator[Any]:
        raise KeyError("responses")

    judges = RULES[rule].judges
    judges.append((Operation, raises, None))
    try:
        yield
    finally:
        judges.pop()


def _document(example: dict[str, Any]) -> dict[str, Any]:
    version = example.get("openapi", "3.1.0")
    head = {"swagger" if version == "2.0" else "openapi": version, "info": {"title": "t", "version": "1"}}
    if "spec" in example:
        return head | example["spec"]
    responses = {"200": {"description": "ok"}, **example.get("responses", {})}
    return {
        **head,
        "paths": {"/things": {"get": {"responses": responses}}},
        "components": example.get("components", {}),
    }


def _catalogs(example: dict[str, Any], tmp_path: Any) -> list[str]:
    catalog = example.get("catalog")
    if catalog is None:
        return []
    if isinstance(catalog, str):
        return [f"builtin:{catalog}"]
    path = tmp_path / "catalog.json"
    path.write_text(json.dumps(catalog), encoding="utf-8")
    return [str(path)]


def _answered(rule: str, example: dict[str, Any], tmp_path: Any) -> list[Finding]:
    file = api.contract(_catalogs(example, tmp_path))
    plan = api.compiled(file)
    settings = _settings(rule, example)
    severities = settings.severities(with_catalog=file is not None)
    unit, _ = of_observation(_observation(example), plan, lambda request: f"curl {request.url}", _beside(example))
    return [
        finding
        for finding in findings(judge([unit], plan, severities, settings.options), "openapi.json")
        if finding.rule == rule
    ]


def _beside(example: dict[str, Any]) -> Declared | None:
    """The document beside a live answer: what GET /things declares there."""
    if "declares" not in example:
        return None
    words = {key: example[key] for key in ("openapi", "components") if key in example}
    source = load(json.dumps(_document({**words, "responses": example["declares"]})).encode(), "openapi.json")
    spec = read_spec(source).spec
    return Declared(spec, Bodies(spec).held)


def _covered(rule: str, example: dict[str, Any], tmp_path: Any) -> list[Finding]:
    """The findings over what a probe covered, as the engine's report puts it."""
    file = api.contract(_catalogs(example, tmp_path))
    told = example["coverage"]
    codes = tuple(
        CodeCoverage(code, code, "service", "404", (), ("GET /things",) if seen is True else (), counted=seen != "unreachable")
        for code, seen in told.get("codes", {}).items()
    )
    operations = tuple(
        OperationCoverage(label, one["state"], 3, one.get("why", ""), cut=one.get("cut", False))
        for label, one in told.get("operations", {}).items()
    )
    at = Location("openapi.json", ())
    run = Run(Coverage(codes, operations), told.get("min_coverage"), told.get("ended", ""))
    units = [Unit((one,), "run", at, one.operation, one.operation) for one in operations] + [Unit((run,), "run", at, "run")]
    severities = _settings(rule, example).severities(with_catalog=file is not None)
    judgement = judge(units, api.compiled(file), severities)
    return [finding for finding in findings(judgement, "openapi.json") if finding.rule == rule]


def _observation(example: dict[str, Any]) -> Observation:
    label = example.get("operation", "GET /things")
    operation = None
    if label is not None:
        method, path = label.split(" ", 1)
        node = Node("openapi.json", ("paths", path, method.lower()), {})
        statuses = tuple(example.get("statuses", ("200", "default")))
        operation = Operation(label, method, path, node, statuses=statuses)
    method = example.get("method", operation.method if operation else "GET")
    url = "http://127.0.0.1" + (operation.path if operation else "/errlint-no-such-path")
    headers = {name.lower(): value for name, value in example.get("headers", {}).items()}
    body = example.get("text", "").encode()
    if "body" in example:
        body = json.dumps(example["body"]).encode()
        headers.setdefault("content-type", "application/json")
    return Observation(
        witness="live",
        location=operation.location if operation else Location("openapi.json", ("paths",)),
        status=example["status"],
        headers=headers,
        body=body,
        operation=operation,
        media_types=tuple(example["media_types"]) if "media_types" in example else None,
        request=Request(
            method,
            url,
            stimulus=example.get("sent", "a request"),
            rejected=example.get("rejected", False),
            fault=example.get("fault", ""),
            writes=example.get("writes", False),
        ),
        dropped=example["status"] is None,
        cut=example.get("cut", ""),
    )
