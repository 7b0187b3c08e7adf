"""errlint inside of Schemathesis: the real ``st run`` over the demo's service, and the parts of the check."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from errlint.api.answering import Answers
from errlint.demo.document import catalog_text, conforming_text
from errlint.demo.server import serve
from errlint.demo.service import TOKEN, create_app
from errlint.load.openapi import read_spec
from errlint.load.source import load
from errlint.model.exchange import Observation
from errlint.model.finding import Location
from errlint.probe.refusal import Contract as Refusals
from errlint.st.cases import Exactly, Reader, directed
from errlint.st.contract import Contract

THINGS = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {"/a": {"get": {"responses": {"404": {}}}}}}
ST = Path(sys.executable).with_name("st")
PATHS = ("/training", "/training/{jobId}", "/experiments")


class Run:
    """One run of ``st run``: its exit code, what it printed, and its failures as (operation, class)."""

    def __init__(self, folder: Path, url: str, *options: str) -> None:
        (folder / "openapi.yaml").write_text(conforming_text())
        (folder / "errors.yaml").write_text(catalog_text())
        words = [ST, "run", "openapi.yaml", "--url", f"{url}/v1", "--no-color", "--continue-on-failure", "--seed", "1"]
        words += ["-c", "ErrlintContract", "--phases", "examples", "--report", "junit,ndjson", "--report-dir", "out"]
        words += [word for path in PATHS for word in ("--include-path", path)]
        done = subprocess.run([*words, *options], cwd=folder, capture_output=True, text=True, check=False, timeout=120)
        self.code = done.returncode
        self.printed = done.stdout + done.stderr
        files = sorted((folder / "out").glob("*")) if (folder / "out").exists() else []
        self.reports = "".join(file.read_text() for file in files)
        self.failures: set[tuple[str, str]] = set()
        for line in self.reports.splitlines():
            if line.startswith("{"):
                self.failures |= set(_failures(json.loads(line)))


def _failures(value: Any) -> list[tuple[str, str]]:
    """Every failure in a line of the NDJSON report, as (operation, its class)."""
    if isinstance(value, list):
        return [one for item in value for one in _failures(item)]
    if not isinstance(value, dict):
        return []
    own = [(value["operation"], value["type"])] if {"operation", "type", "title", "severity"} <= value.keys() else []
    return own + [one for item in value.values() for one in _failures(item)]


def configured(folder: Path, **settings: Any) -> None:
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    text = "\n".join(['hooks = "errlint.st_hooks"', "[checks.ErrlintContract]", 'catalog = "errors.yaml"', *lines])
    (folder / "schemathesis.toml").write_text(text)


def ran(folder: Path, faults: Collection[str], *options: str) -> Run:
    with serve(create_app(faults)) as url:
        return Run(folder, url, "-H", f"Authorization: Bearer {TOKEN}", *options)


FAULTS = ("undocumented-code", "missing-code", "stack-trace", "leaked-token")
FOUND = {
    ("GET /training/{jobId}", "ErrlintCOD001"),
    ("POST /training", "ErrlintCOD012"),
    ("POST /experiments", "ErrlintSEC001"),
    ("GET /training", "ErrlintSEC004"),
    ("GET /experiments", "ErrlintSEC004"),
}


def test_each_fault_is_a_failure_with_its_rule_and_a_baseline_knows_it(tmp_path: Path) -> None:
    configured(tmp_path)
    run = ran(tmp_path, FAULTS, "--baseline", "known.json", "--baseline-update")
    assert run.failures == FOUND, run.printed
    assert "Undocumented code" in run.printed
    assert "code ML_9999 is not in the catalog (layer service)" in run.printed
    assert run.reports.count("errlint explain COD001") >= 2  # JUnit and NDJSON
    assert TOKEN not in run.printed + run.reports
    again = ran(tmp_path, FAULTS, "--baseline", "known.json")
    assert again.code == 0, again.printed


def test_a_service_that_keeps_its_contract_has_no_failure(tmp_path: Path) -> None:
    configured(tmp_path, fail_on="note")
    run = ran(tmp_path, ())
    assert (run.code, run.failures) == (0, set()), run.printed
    assert "errlint:" not in run.printed.replace("errlint.st_hooks", "")


def test_without_a_catalog_leaks_are_still_found_with_the_credentials_of_a_config(tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text('hooks = "errlint.st_hooks"\n[auth.openapi.bearer]\nbearer = "' + TOKEN + '"\n')
    with serve(create_app(("undocumented-code", "stack-trace"))) as url:
        run = Run(tmp_path, url)
        assert run.failures == {("POST /experiments", "ErrlintSEC001")}, run.printed


def test_a_catalog_that_cannot_be_read_ends_the_run_in_one_line(tmp_path: Path) -> None:
    configured(tmp_path, fail_on="often")
    run = Run(tmp_path, "http://127.0.0.1:9")
    assert run.code == 2
    assert "fail_on cannot be 'often'" in run.printed
    assert "Traceback" not in run.printed


def test_a_crash_of_the_judge_is_one_failure_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    from errlint.st.failure import ErrlintFailure
    from errlint.st_hooks import ErrlintContract

    check = ErrlintContract(stimuli=False)
    monkeypatch.setattr(Contract, "judge", lambda *_: 1 / 0)
    case = SimpleNamespace(operation=SimpleNamespace(label="GET /things"))
    with pytest.raises(ErrlintFailure) as caught:
        check.after_response(None, None, case)
    assert caught.value.message == "errlint could not judge this answer and judges no more: ZeroDivisionError: division by zero"
    assert check.after_response(None, None, case) is True


def test_several_findings_about_one_answer_are_a_group() -> None:
    from schemathesis.errors import FailureGroup

    from errlint.st_hooks import ErrlintContract

    body = b'{"error": {"code": "ML_9999", "message": "x", "http": 400}}'
    request = SimpleNamespace(method="GET", url="http://127.0.0.1:9/a", headers={}, body=None)
    response = SimpleNamespace(status_code=404, headers={"content-type": ["application/json"]}, content=body, request=request)
    schema = SimpleNamespace(location="http://127.0.0.1:9/openapi.json", raw_schema=THINGS)
    operation = SimpleNamespace(path="/a", method="get", label="GET /a", schema=schema)
    with pytest.raises(FailureGroup) as caught:
        ErrlintContract("builtin:eventml").after_response(
            None, response, SimpleNamespace(method="GET", id="", operation=operation)
        )
    found = sorted((one.code, one._unique_key, one.operation) for one in caught.value.exceptions)
    assert found == [
        ("errlint:COD001", "COD001|ML_9999|404|service|", "GET /a"),
        ("errlint:COD003", "COD003||404|service|400", "GET /a"),
    ]
    assert (
        ErrlintContract("builtin:eventml", fail_on="never").after_response(
            None, response, SimpleNamespace(method="GET", id="", operation=operation)
        )
        is None
    )


def test_a_document_that_errlint_cannot_read_is_said_and_answers_are_judged_all_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from errlint.st.failure import ErrlintFailure
    from errlint.st_hooks import ErrlintContract

    body = b'{"error": {"code": "ML_9999", "message": "x", "http": 404}}'
    request = SimpleNamespace(method="GET", url="http://127.0.0.1:9/a", headers={}, body=None)
    response = SimpleNamespace(status_code=404, headers={"content-type": ["application/json"]}, content=body, request=request)
    schema = SimpleNamespace(location=None, raw_schema={"data": {}})
    operation = SimpleNamespace(path="/a", method="get", label="GET /a", schema=schema)
    check = ErrlintContract("builtin:eventml")
    for _ in range(2):
        with pytest.raises(ErrlintFailure, match="code ML_9999 is not in the catalog"):
            check.after_response(None, response, SimpleNamespace(method="GET", id="", operation=operation))
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1
    assert told[0].startswith("errlint: answers are judged without the document, which cannot be read: ")


def test_a_word_that_means_no_rule_is_said() -> None:
    assert Contract(select="NOPE001").note == "no rule is called NOPE001 (--select); did you mean VER001?"
    assert Contract(select="COD001").note == ""


def test_a_crash_while_requests_are_made_is_said_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from errlint.st_hooks import ErrlintContract, before_add_examples

    ErrlintContract()
    monkeypatch.setattr(Contract, "examples", lambda *_: 1 / 0)
    examples: list[Any] = []
    for _ in range(2):
        before_add_examples(SimpleNamespace(operation=None), examples)
    assert examples == []
    assert capsys.readouterr().err == "errlint: its own requests are left out: ZeroDivisionError: division by zero\n"


def test_requests_are_added_only_where_they_are_wanted() -> None:
    import schemathesis

    from errlint.st_hooks import ErrlintContract, before_add_examples

    operation = schemathesis.openapi.from_dict(THINGS)["/a"]["GET"]
    added = []
    for wanted in (True, False):
        examples: list[Any] = []
        ErrlintContract(stimuli=wanted)
        before_add_examples(SimpleNamespace(operation=operation), examples)
        added.append([(case.method, case.path, dict(case.headers)["Accept"]) for case in examples])
    assert added == [[("GET", "/a", "application/json, */*;q=0.5"), ("GET", "/a", "application/x-errlint")], []]


def test_a_write_goes_out_only_where_the_document_proves_its_refusal_whoever_sends_it() -> None:
    spec = read_spec(load(conforming_text().encode(), "openapi.yaml")).spec
    contract = Refusals(spec)
    writes = [trial for trials in directed(spec).values() for trial in trials if trial.request.writes]
    assert writes
    for trial in writes:
        types = dict(trial.request.headers).get("Content-Type", "")
        operation = trial.operation
        assert operation is not None
        assert trial.fresh or contract.refuses(operation, types, trial.request.body) is not None


def test_requests_without_credentials_carry_nothing_of_the_users() -> None:
    spec = read_spec(load(conforming_text().encode(), "openapi.yaml")).spec
    trials = directed(spec)["GET /models"]
    anonymous = next(trial for trial in trials if trial.identity == "none")
    garbage = next(trial for trial in trials if trial.identity == "garbage")
    sent = {"Accept": "*/*", "Authorization": "Bearer good", "X-Key": "k", "Cookie": "a=b", "User-Agent": "st"}
    bare = Exactly(anonymous)(SimpleNamespace(headers=dict(sent))).headers
    wrong = Exactly(garbage)(SimpleNamespace(headers=dict(sent))).headers
    assert set(bare) == {"Accept", "User-Agent"}
    assert wrong["Authorization"] == dict(garbage.request.headers)["Authorization"]
    assert "Cookie" not in wrong


def answer(spec: Any, trial: Any, *, headers: dict[str, str]) -> Observation:
    request = SimpleNamespace(method="GET", url="http://127.0.0.1:9/v1/models", headers=headers, body=None)
    response = SimpleNamespace(status_code=200, headers={"content-type": ["application/json"]}, content=b"{}", request=request)
    case = SimpleNamespace(method="GET", id="x", operation=SimpleNamespace(path="/models", method="get", label="GET /models"))
    return Reader(spec, "openapi.yaml").observation(response, case, trial)


def test_a_refusal_is_expected_only_of_a_request_that_went_out_as_planned() -> None:
    spec = read_spec(load(conforming_text().encode(), "openapi.yaml")).spec
    trial = next(trial for trial in directed(spec)["GET /models"] if trial.identity == "none")
    planned = answer(spec, trial, headers={"Accept": "application/json, */*;q=0.5"})
    changed = answer(spec, trial, headers={"X-Key": "good"})
    unknown = answer(spec, None, headers={})
    assert [one.request and one.request.rejected for one in (planned, changed, unknown)] == [True, False, False]


def test_credentials_are_known_by_the_document_and_by_their_names() -> None:
    doc = {
        "openapi": "3.1.0",
        "paths": {},
        "components": {"securitySchemes": {"k": {"type": "apiKey", "in": "query", "name": "kennung"}}},
    }
    reader = Reader(read_spec(load(json.dumps(doc).encode(), "a.json")).spec, "a.json")
    request = SimpleNamespace(
        url="http://127.0.0.1/x?kennung=secret-one&a=harmless", headers=(("X-Api-Key", "secret-two"), ("X-Page", "harmless"))
    )
    assert reader.secrets(request) == ("secret-one", "secret-two")


def test_a_key_is_the_same_wherever_the_document_lies() -> None:
    keys = []
    for uri in ("a.yaml", "http://127.0.0.1:8080/openapi.yaml"):
        answers = Answers(("builtin:eventml",))
        spec = answers.holds(load(conforming_text().encode(), uri)).spec
        operation = spec.operations[0]
        body = b'{"error": {"code": "ML_9999", "message": "", "http": 404}}'
        seen = Observation("live", Location(uri, ()), 404, {"content-type": "application/json"}, body, operation=operation)
        keys.append([told.key for told in answers.judge(seen)])
    assert keys[0] == keys[1] == ["COD001|ML_9999|404|service|"]


@pytest.mark.parametrize("name", ["NOT_SET", "Failure", "Severity", "authorized", "home"])
def test_schemathesis_has_what_its_public_interface_lacks(name: str) -> None:
    import inspect

    import schemathesis

    from errlint.st import names

    schema = schemathesis.openapi.from_dict(THINGS)
    operation = schema["/a"]["GET"]
    if name == "NOT_SET":
        assert operation.Case().body is names.NOT_SET
    elif name == "Failure":
        assert {"operation", "title", "message", "severity"} <= set(inspect.signature(names.Failure).parameters)
        assert isinstance(names.Failure._unique_key, property)
    elif name == "Severity":
        assert {level.name for level in names.Severity} == {"CRITICAL", "HIGH", "MEDIUM", "LOW"}
    elif name == "authorized":
        schema.config.update(basic_auth=("user", "password"))
        case = operation.Case()
        names.authorized(case, operation)
        assert case.headers["Authorization"].startswith("Basic ")
    else:
        assert names.home(schema) is None
