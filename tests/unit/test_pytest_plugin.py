"""The plugin in whole suites: pytester runs them, over a real application."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest

from errlint.api.answering import Answers
from errlint.api.recorded import of_tests
from errlint.draft.answers import of_answers
from errlint.load.catalog import read_catalog
from errlint.load.source import load
from errlint.model.exchange import Observation
from errlint.model.finding import NOWHERE

pytest_plugins = "pytester"


@pytest.fixture(scope="module", autouse=True)
def imported():
    """A run in this process forgets what it imported: what is here before need not be imported by each."""
    for name in ("fixture", "recording", "session", "summary"):
        import_module(f"errlint.testing.{name}")
    for name in ("flask.testing", "httpx", "httpx2", "openapi_core.templating.paths.finders"):
        import_module(name)
    body = {"error": {"code": "ML_9999", "message": "", "http": 404}}
    answer = Observation(witness="test", location=NOWHERE, status=404, body=json.dumps(body).encode(), headers=JSON)
    judge = Answers(["builtin:eventml"])
    judge.holds(load(json.dumps(DOCUMENT).encode(), "api.json"), bodies=True)
    judge.judge(answer)
    of_answers([answer])


APP = """
import pytest
from flask import Flask, request

app = Flask("models")

def error(code, status, message="Specified model does not exist"):
    return {"error": {"code": code, "message": message, "http": status}}, status

@app.get("/models/<int:pk>")
def model(pk):
    return {"id": pk} if pk == 1 else error("ML_1001", 404)

@app.get("/jobs/<name>")
def job(name):
    return error("ML_9999", 409, request.headers.get("Authorization") or "The job runs")

@app.get("/old")
def old():
    return error("ML_1001", 400)

@pytest.fixture
def client():
    return app.test_client()
"""

SUITE = """
def test_a_model(client):
    assert client.get("/models/1").json == {"id": 1}

def test_no_model(client):
    assert client.get("/models/7").status_code == 404
    assert client.get("/models/8").status_code == 404

def test_a_job(client):
    assert client.get("/jobs/x").status_code == 409
"""
"""A suite that knows nothing of errlint."""

CHECKED = """
import pytest

def test_fine(client, error_contract):
    assert error_contract.check(client.get("/models/7")).status_code == 404
    assert error_contract.check(client.get("/models/1")).json == {"id": 1}

def test_broken(client, error_contract):
    error_contract.check(client.get("/old?token=abcdef12345"))

def test_the_code(client, error_contract):
    assert error_contract.expect(client.get("/models/7"), "ML_1001").status_code == 404
    error_contract.expect(client.get("/models/7"), "ML_1002")
"""

DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "models", "version": "1"},
    "servers": [{"url": "/"}],
    "paths": {
        "/models/{id}": {
            "get": {"operationId": "getModel", "responses": {"200": {"description": "ok"}, "404": {"description": "gone"}}}
        },
        "/jobs/{id}": {"get": {"operationId": "getJob", "responses": {"200": {"description": "ok"}}}},
    },
}

JSON = {"content-type": "application/json"}

EVENTML = "--errlint-catalog=builtin:eventml"


@pytest.fixture
def suite(pytester):
    """Writes a suite over the application and runs it in this process, without other plugins' noise."""

    class Suite:
        path = pytester.path

        def __init__(self) -> None:
            pytester.makeconftest(APP)

        def write(self, text: str) -> None:
            pytester.makepyfile(test_it=text)

        def run(self, *options: str) -> pytest.RunResult:
            quiet = ("-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:anyio", "-p", "no:hypothesispytest")
            return pytester.runpytest_inprocess(*quiet, *options)

    return Suite()


def told(result: pytest.RunResult) -> list[str]:
    """The lines of the section at the end."""
    lines = result.outlines
    heads = [number for number, line in enumerate(lines) if " error contract " in line]
    if not heads:
        return []
    after = lines[heads[-1] + 1 :]
    ends = [
        number
        for number, line in enumerate(after)
        if re.match(r"=+ |\d+ (passed|failed|error|deselected)|no tests ran|!!", line)
    ]
    return after[: ends[0]]


def failures(result: pytest.RunResult) -> dict[str, list[str]]:
    """What each failed test says, by its name."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in result.outlines:
        head = re.fullmatch(r"_{3,} (\S+) _{3,}", line)
        if line.startswith(("=", "-")) or head:
            name = head[1] if head else ""
        elif name:
            found.setdefault(name, []).append(line)
    return found


def without_time(result: pytest.RunResult) -> list[str]:
    return [re.sub(r"in \d+\.\d+s", "in time", line) for line in result.outlines]


def test_registered_and_unused_it_changes_nothing(suite):
    suite.write(SUITE + "\ndef test_fails(client):\n    assert client.get('/old').status_code == 404\n")
    with_it, without = suite.run(), suite.run("-p", "no:errlint")
    assert without_time(with_it) == without_time(without)
    assert (with_it.ret, told(with_it)) == (1, [])


def test_registered_and_unused_it_imports_nothing(tmp_path):
    script = (
        "import sys, pytest\n"
        "code = pytest.main(['-q', '-p', 'errlint.pytest_plugin', '-p', 'no:cacheprovider', '--co', sys.argv[1]])\n"
        "print(code == 5, sorted(name for name in sys.modules if name.startswith('errlint')))\n"
    )
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True, env=environment, cwd=tmp_path
    )
    assert done.stdout.splitlines()[-1] == "True ['errlint', 'errlint.pytest_plugin']"


def test_a_checked_answer_fails_its_test_in_words(suite):
    suite.write(CHECKED)
    result = suite.run(EVENTML)
    result.assert_outcomes(passed=1, failed=2)
    assert failures(result) == {
        "test_broken": [
            "GET /old?token=*** answered 400, which breaks the error contract",
            '   {"error":{"code":"ML_1001","http":400,"message":"Specified model does not exist"}}',
            "error COD002 code-under-wrong-status: ML_1001 is documented for 404, came with 400",
            "   GET /old",
            "   help: Return the code with its documented status, or document the other status too.",
        ],
        "test_the_code": [
            "GET /models/7 answered 404 with ML_1001, not with ML_1002",
            '   {"error":{"code":"ML_1001","http":404,"message":"Specified model does not exist"}}',
        ],
    }
    assert told(result) == [
        "1 of 34 codes of the catalog seen",
        "   not seen: ML_1000, ML_1002, ML_1003, ML_1100, ML_1101, ML_1102, ML_1103, ML_1104 and 25 more (-v)",
    ]


def test_without_a_catalog_an_answer_is_held_to_what_holds_for_all(suite):
    suite.write(
        """
        from werkzeug.wrappers import Response
        from werkzeug.test import Client

        def test_it(client, error_contract):
            error_contract.check(client.get("/old"))
            trace = "Traceback (most recent call last):\\n  File \\"/srv/app.py\\", line 3, in get\\nKeyError: 'x'"
            error_contract.check(Client(Response(trace, 500)).get("/x"))
        """
    )
    result = suite.run()
    assert [line for line in failures(result)["test_it"] if line.startswith("error")] == [
        "error SEC001 stack-trace: the answer holds a Python stack trace"
    ]
    assert told(result) == []


MISTAKES = {
    "check(client)": "error_contract: flask.testing.FlaskClient is no response that errlint knows: "
    "pass one of requests, httpx, a test client or aiohttp",
    "check(client.get('/old'), 'getOld')": "error_contract: no document says what 'getOld' is; "
    "name it as METHOD /path, or give --errlint-spec",
}


@pytest.mark.parametrize("call", MISTAKES)
def test_a_mistake_in_a_call_is_told_in_a_line(suite, call):
    suite.write(f"def test_it(client, error_contract):\n    error_contract.{call}\n")
    assert failures(suite.run()) == {"test_it": [MISTAKES[call]]}


def test_a_suite_that_knows_no_errlint_is_told_what_it_saw(suite):
    suite.write(SUITE)
    result = suite.run(EVENTML)
    result.assert_outcomes(passed=3)
    assert told(result) == [
        "1 of 34 codes of the catalog seen",
        "   not seen: ML_1000, ML_1002, ML_1003, ML_1100, ML_1101, ML_1102, ML_1103, ML_1104 and 25 more (-v)",
        "   not in the catalog: ML_9999",
        "1 finding about answers that no test checked (--errlint-check=seen fails their tests)",
        "   error COD001 undocumented-code: code ML_9999 is not in the catalog (layer service)",
        "      GET /jobs/{name} (1×, test_it.py::test_a_job)",
    ]


def test_who_wants_every_answer_held_is_told_that_there_is_no_catalog(suite):
    suite.write(SUITE)
    assert told(suite.run("--errlint-check=seen")) == [
        "no catalog: no code was checked (name one in errlint.toml, or with --errlint-catalog; errlint init writes one)"
    ]


def test_every_answer_that_breaks_the_contract_can_fail_its_test(suite):
    suite.write(
        SUITE
        + "\nimport pytest\n"
        + "\n@pytest.fixture\ndef late(client):\n    yield\n    client.get('/old')\n"
        + "\ndef test_late(late):\n    pass\n"
        + "\ndef test_wrong_anyway(client):\n    client.get('/old')\n    assert False\n"
    )
    result = suite.run(EVENTML, "--errlint-check=seen")
    result.assert_outcomes(passed=3, failed=2, errors=1)
    found = failures(result)
    assert found["test_a_job"][0] == "GET /jobs/x answered 409, which breaks the error contract"
    # In CI pytest's last lines ("FAILED ...") are not cut and hold the words once more.
    assert [
        line for line in result.outlines if line.endswith("which breaks the error contract") and line.startswith("GET")
    ] == [
        "GET /old answered 400, which breaks the error contract",
        "GET /jobs/x answered 409, which breaks the error contract",
        "GET /old answered 400, which breaks the error contract",
    ]


def test_no_output_holds_a_credential_that_was_sent(suite):
    suite.write(
        """
        def test_echo(client, error_contract):
            error_contract.check(client.get("/jobs/x?api_key=canary-1", headers={"Authorization": "Bearer eyJ-canary-31337"}))

        def test_seen(client):
            client.get("/jobs/x", headers={"Authorization": "Bearer eyJ-canary-31337"})

        def test_words(client, error_contract):
            error_contract.check(client.get("/jobs/x", headers={"Authorization": "Bearer invalid-token"}))
        """
    )
    result = suite.run("--errlint-check=seen", "--errlint-record=errors.yaml", "-v")
    written = (suite.path / "errors.yaml").read_text()
    assert "canary" not in result.stdout.str() + result.stderr.str() + written
    assert "ML_9999" in written
    # What a test calls a token is none: test_words passes.
    assert {name: [line for line in lines if line.startswith("error")] for name, lines in failures(result).items()} == {
        "test_echo": ["error SEC004 secret: the answer holds the credentials that were sent"],
        "test_seen": ["error SEC004 secret: the answer holds the credentials that were sent"],
    }


def entries(path: Path) -> list[tuple[object, str, str]]:
    """(code, status, layer) of a catalog's entries."""
    return [(code.code, str(code.statuses), code.layer) for code in read_catalog(str(path)).catalog.codes]


def test_a_suite_becomes_a_catalog_with_its_evidence(suite):
    suite.write(SUITE)
    result = suite.run("--errlint-record=errors.yaml")
    assert entries(suite.path / "errors.yaml") == [("ML_9999", "409", "service"), ("ML_1001", "404", "service")]
    comments = [line.strip() for line in (suite.path / "errors.yaml").read_text().splitlines() if line.startswith("  #")]
    assert comments == [
        "# seen once: GET /jobs/{name} (test_it.py::test_a_job)",
        "# seen 2 times: GET /models/{pk} (test_it.py::test_no_model)",
    ]
    assert told(result)[-1] == "errors.yaml: recorded 2 errors from 3 error answers"
    assert told(suite.run("--errlint-catalog=errors.yaml")) == ["2 of 2 codes of the catalog seen"]


def test_a_recorded_file_is_kept_up_to_date_and_an_edited_one_is_left_alone(suite):
    path = suite.path / "errors.yaml"
    suite.write(SUITE)
    suite.run("--errlint-record=errors.yaml", "-k", "model")
    first = path.read_bytes()
    assert told(suite.run("--errlint-record=errors.yaml", "-k", "model")) == [
        "errors.yaml stays as it is: every error that was seen is in it"
    ]
    assert path.read_bytes() == first
    assert told(suite.run("--errlint-record=errors.yaml", "-k", "job"))[-1] == (
        "errors.yaml: recorded 2 errors from 1 error answer, 1 of them new: ML_9999"
    )
    assert sorted(entries(path), key=str) == [("ML_1001", "404", "service"), ("ML_9999", "409", "service")]
    path.write_text(path.read_text().replace("ML_9999", "ML_8888"))
    edited = path.read_bytes()
    assert told(suite.run("--errlint-record=errors.yaml"))[-2:] == [
        "errors.yaml was edited and stays as it is; not in it: ML_9999",
        "   --errlint-record with another file writes them, to be copied from there",
    ]
    assert path.read_bytes() == edited


NOTHING = {
    "no error": (
        "def test_it(client):\n    client.get('/models/1')\n",
        "errors.yaml was not written: of 1 answer none was an error with a body that tells a code",
    ),
    "no end": (
        SUITE + "\ndef test_stop():\n    import pytest\n    pytest.exit('enough')\n",
        "nothing was recorded: the run did not come to its end",
    ),
}


@pytest.mark.parametrize("name", NOTHING)
def test_where_there_is_nothing_to_record_no_file_is_written(suite, name):
    text, line = NOTHING[name]
    suite.write(text)
    result = suite.run("--errlint-record=errors.yaml")
    assert told(result) == [line]
    assert not (suite.path / "errors.yaml").exists()


def test_a_file_that_cannot_be_written_fails_the_run(suite):
    suite.write(SUITE)
    result = suite.run("--errlint-record=nowhere/errors.yaml")
    assert told(result) == ["FAIL nowhere/errors.yaml was not recorded: No such file or directory"]
    assert result.ret == 1


def test_too_few_codes_fail_the_run(suite):
    suite.write(SUITE)
    suite.run("--errlint-record=errors.yaml")
    catalog = "--errlint-catalog=errors.yaml"
    assert suite.run(catalog, "--errlint-min-coverage=100").ret == 0
    result = suite.run(catalog, "--errlint-min-coverage=80", "--errlint-min-coverage=service=50", "-k", "job")
    assert (result.ret, told(result)) == (
        1,
        [
            "1 of 2 codes of the catalog seen",
            "   not seen: ML_1001",
            "FAIL 1 of 2 codes of the catalog were seen, 50 %: 80 % are asked",
        ],
    )


LEAST = "--errlint-min-coverage"
SENSELESS = {
    ("--errlint-catalog=none.yaml",): "none.yaml: cannot be read: No such file or directory",
    (f"{LEAST}=80",): f"{LEAST} counts the codes of a catalog, and there is none; give --errlint-catalog",
    (EVENTML, f"{LEAST}=all"): f"{LEAST} cannot be 'all'; say a percentage: 80, or service=80 for one layer",
    (EVENTML, f"{LEAST}=servce=5"): f"{LEAST}: the catalog has no layer servce; it has service",
    ("--errlint-spec=none.yaml",): "there is no document none.yaml",
    ("-o", "errlint_check=some"): "errlint_check cannot be 'some'; say called or seen",
}


@pytest.mark.parametrize("options", SENSELESS)
def test_what_makes_no_sense_is_refused_in_a_line(suite, options):
    suite.write(SUITE)
    result = suite.run(*options)
    assert (result.ret, [one for one in result.errlines if one]) == (4, [f"ERROR: errlint: {SENSELESS[options]}"])


def test_ini_files_and_errlint_toml_say_what_holds(suite):
    suite.write(CHECKED)
    (suite.path / "ci").mkdir()
    (suite.path / "ci" / "errlint.toml").write_text('catalog = "builtin:maas"\n')
    (suite.path / "errlint.toml").write_text('catalog = "builtin:eventml"\nignore = ["COD002"]\n')
    result = suite.run("-k", "not code")
    result.assert_outcomes(passed=2)
    assert told(result)[0] == "1 of 34 codes of the catalog seen"
    (suite.path / "pytest.ini").write_text("[pytest]\nerrlint_catalog = builtin:eventml\nerrlint_min_coverage = 90 service=1\n")
    assert (suite.run("-k", "not code").ret, suite.run("-k", "not code", "--errlint-min-coverage=1").ret) == (1, 0)


def test_a_document_says_which_operation_answered_and_what_it_declares(suite):
    (suite.path / "api.json").write_text(json.dumps(DOCUMENT))
    suite.write(
        """
        def test_fine(client, error_contract):
            error_contract.check(client.get("/models/7"))
            error_contract.check(client.get("/models/7"), "getModel")

        def test_found(client, error_contract):
            error_contract.check(client.get("/jobs/x"))

        def test_named(client, error_contract):
            error_contract.check(client.get("/models/7"), "get /jobs/{id}")

        def test_mistaken(client, error_contract):
            error_contract.check(client.get("/models/7"), "getModle")
        """
    )
    found = failures(suite.run("--errlint-spec=api.json"))
    assert {name: [line for line in lines if line.startswith(("error", "   GET"))] for name, lines in found.items()} == {
        "test_found": [
            "error COV011 undeclared-status: GET /jobs/{id} answered 409, it declares no error",
            "   GET /jobs/{id}",
        ],
        "test_named": [
            "error COV011 undeclared-status: GET /jobs/{id} answered 404, it declares no error",
            "   GET /jobs/{id}",
        ],
        "test_mistaken": ["error_contract: the document has no operation 'getModle'; did you mean getModel?"],
    }


def test_collecting_alone_writes_and_tells_nothing(suite):
    suite.write(SUITE)
    result = suite.run(EVENTML, "--errlint-record=errors.yaml", "--errlint-min-coverage=90", "--collect-only")
    assert (result.ret, told(result), (suite.path / "errors.yaml").exists()) == (0, [], False)


def test_processes_of_xdist_come_to_the_same_as_one(suite, monkeypatch):
    suite.write(SUITE)
    options = (EVENTML, "--errlint-min-coverage=50", "--errlint-record=errors.yaml")
    one = suite.run(*options)
    recorded = (suite.path / "errors.yaml").read_bytes()
    (suite.path / "errors.yaml").unlink()
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", " ".join(options))
    words = ("-m", "pytest", "-q", "-n2", "--assert=plain", "-p", "errlint.pytest_plugin", "-p", "xdist.plugin")
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False, cwd=suite.path)
    several = SimpleNamespace(outlines=done.stdout.splitlines())
    assert (done.returncode, told(several)) == (one.ret, told(one))
    assert (suite.path / "errors.yaml").read_bytes() == recorded
    assert one.ret == 1


def test_a_worker_that_crashed_is_told(suite, monkeypatch):
    suite.write(SUITE)
    monkeypatch.syspath_prepend(suite.path)
    (suite.path / "crash.py").write_text(
        "from errlint import pytest_plugin\n"
        "from types import SimpleNamespace\n"
        "def pytest_sessionstart(session):\n"
        "    pytest_plugin.pytest_testnodedown(SimpleNamespace(config=session.config), 'Not properly terminated')\n"
    )
    result = suite.run(EVENTML, "-p", "crash", "-k", "test_a_model")
    assert told(result)[-1] == "1 worker crashed: what it saw is missing here"


def test_a_catalog_that_is_recorded_need_not_be_there_yet(suite):
    (suite.path / "errlint.toml").write_text('catalog = "errors.yaml"\n')
    suite.write(SUITE)
    result = suite.run("--errlint-record=errors.yaml")
    assert (result.ret, told(result)[0]) == (
        0,
        "errlint.toml:1:1: there is no catalog errors.yaml: what is recorded is held to none",
    )
    assert (suite.path / "errors.yaml").is_file()


def test_the_document_of_a_config_is_taken_and_of_several_none(suite):
    (suite.path / "api.json").write_text(json.dumps(DOCUMENT))
    (suite.path / "errlint.toml").write_text('[[document]]\npath = "api.json"\n')
    suite.write("def test_it(client, error_contract):\n    error_contract.check(client.get('/jobs/x'))\n")
    suite.run().assert_outcomes(failed=1)
    (suite.path / "errlint.toml").write_text('[[document]]\npath = "api.json"\n[[document]]\npath = "other.json"\n')
    result = suite.run()
    result.assert_outcomes(passed=1)
    assert told(result) == ["errlint.toml has 2 documents: answers are judged without one (--errlint-spec names it)"]


def test_the_config_of_the_folder_whose_tests_run_holds(suite):
    folder = suite.path / "services" / "jobs"
    folder.mkdir(parents=True)
    (folder / "errlint.toml").write_text('catalog = "builtin:eventml"\n')
    (folder / "test_none.py").write_text("def test_none():\n    pass\n")
    other = suite.run("services", "--errlint-min-coverage=1")
    assert (other.ret, "there is none" in other.errlines[0]) == (4, True)
    for named in ("services/jobs", "services/jobs/test_none.py::test_none"):
        assert told(suite.run(named, "--errlint-min-coverage=1"))[-1][:40] == "FAIL 0 of 34 codes of the catalog were s"


EVENTML_TOO = 'catalog = "builtin:eventml"\n'
ONE_CATALOG = (
    f'[[document]]\napp = "shop.main:app"\n{EVENTML_TOO}',
    f'[[document]]\npath = "api.json"\n{EVENTML_TOO}[[document]]\npath = "b.json"\n{EVENTML_TOO}',
)


@pytest.mark.parametrize("config", ONE_CATALOG)
def test_the_catalog_that_all_documents_of_a_config_name_is_that_of_the_tests(suite, config):
    (suite.path / "api.json").write_text(json.dumps(DOCUMENT))
    (suite.path / "errlint.toml").write_text(config)
    suite.write(CHECKED)
    result = suite.run("--errlint-check=seen", "-k", "not code")
    assert "1 of 34 codes of the catalog seen" in told(result)


def test_a_fault_of_ours_fails_no_test_and_is_told(suite, monkeypatch):
    def broken(*given: object) -> None:
        raise LookupError("no such thing")

    monkeypatch.setattr("errlint.testing.contract.Contract.judge", broken)
    suite.write(CHECKED)
    result = suite.run(EVENTML)
    result.assert_outcomes(passed=3)
    assert told(result)[-1] == "errlint failed 9 times, which fails no test: LookupError: no such thing"


@pytest.mark.parametrize("name", ["session.failure", "summary.shortfalls", "summary.lines", "watch.Watch.catch_up"])
def test_a_fault_of_ours_around_a_test_fails_none(suite, monkeypatch, name):
    def broken(*given: object, **named: object) -> None:
        raise LookupError("no such thing")

    monkeypatch.setattr(f"errlint.testing.{name}", broken)
    suite.write("def test_it(client):\n    client.get('/old')\n")
    result = suite.run(EVENTML, f"--errlint-check={'seen' if name == 'session.failure' else 'called'}")
    result.assert_outcomes(passed=1)
    assert [line for line in told(result) if "LookupError: no such thing" in line]


def test_a_file_of_json_that_is_no_record_is_not_overwritten(suite):
    (suite.path / "package.json").write_text('{"name": "shop"}')
    suite.write(SUITE)
    result = suite.run("--errlint-record=package.json")
    assert (result.ret, told(result)) == (
        1,
        ["FAIL package.json was not recorded: this is no record of a test suite (KeyError)"],
    )
    assert (suite.path / "package.json").read_text() == '{"name": "shop"}'


def test_a_fault_in_recording_is_told_in_a_line(suite, monkeypatch):
    def broken(*given: object) -> None:
        raise LookupError("no such thing")

    monkeypatch.setattr("errlint.draft.answers.of_answers", broken)
    suite.write(SUITE)
    result = suite.run("--errlint-record=errors.yaml")
    assert (result.ret, told(result)) == (
        1,
        ["FAIL errors.yaml was not recorded: errlint failed: LookupError: no such thing"],
    )


def test_init_gets_what_a_suite_saw_with_the_evidence(suite, monkeypatch):
    suite.write(SUITE)
    monkeypatch.chdir(suite.path)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    once = f"{sys.executable} -m pytest -q --assert=plain -p errlint.pytest_plugin"
    seen, code = of_tests(f"sh -c '{once} -k a_job && {once} -k no_model'")
    assert (code, [(one.status, one.label, one.name) for one in seen]) == (
        0,
        [
            (409, "GET /jobs/{name}", "test_it.py::test_a_job"),
            (404, "GET /models/{pk}", "test_it.py::test_no_model"),
            (404, "GET /models/{pk}", "test_it.py::test_no_model"),
        ],
    )
