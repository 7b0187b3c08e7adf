"""The judge over real services: clean ones are clean, and each injected fault is exactly one finding of the right rule."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from errlint import api
from errlint.checks.rules import load_all
from errlint.demo.server import serve
from errlint.demo.service import FAULTS as EVENTML_FAULTS
from errlint.demo.service import TOKEN, create_app
from errlint.load.openapi import read_spec
from errlint.load.source import load
from errlint.model.finding import Report
from errlint.probe.options import Options
from errlint.probe.plan import plan
from errlint.report.json_ import document
from tests.promised import kept
from tests.services.maas import FAULTS as MAAS_FAULTS
from tests.services.maas import app, gateway, running

ROOT = Path(__file__).parents[1]


def probe_eventml(url: str, **options: Any) -> Report:
    headers = (("Authorization", f"Bearer {TOKEN}"),)
    return api.probe(
        str(ROOT / "errlint/demo/openapi.yaml"),
        Options(base_url=f"{url}/v1", headers=headers, **options),
        ["pkg:errlint/demo/catalog.yaml"],
    )


def probe_maas(url: str, **options: Any) -> Report:
    headers = (("Authorization", "Bearer sk-maas-main"),)
    return api.probe(
        str(ROOT / "tests/services/maas/openapi.yaml"),
        Options(base_url=f"{url}/v1", headers=headers, **options),
        ["builtin:maas"],
    )


class Service:
    """One running service for the whole session; its faults are switched at run time."""

    def __init__(self, url: str, faults: set[str], probe: Any) -> None:
        self.url, self.faults, self._probe = url, faults, probe

    def probe(self, **options: Any) -> dict[str, Any]:
        """The JSON report of a probe."""
        report = document(self._probe(self.url, **options), "0")
        kept("report", report)
        return report

    @contextmanager
    def faulty(self, fault: str) -> Iterator[None]:
        self.faults.add(fault)
        try:
            yield
        finally:
            self.faults.clear()


@pytest.fixture(scope="module")
def eventml() -> Iterator[Service]:
    faults: set[str] = set()
    with serve(create_app(faults)) as url:
        yield Service(url, faults, probe_eventml)


@pytest.fixture(scope="module")
def maas() -> Iterator[Service]:
    faults: set[str] = set()
    with running(faults) as url:
        yield Service(url, faults, probe_maas)


EVENTML: dict[str, tuple[str, str]] = {
    "undocumented-code": ("COD001", "code ML_9999 is not in the catalog (layer service)"),
    "code-under-wrong-status": ("COD002", "ML_1001 is documented for 404, came with 400"),
    "code-of-another-operation": (
        "ENV014",
        'the body breaks the schema declared for 404: /error/code: "ML_1001" is not "ML_1101"',
    ),
    "body-status-mismatch": ("COD003", "the body says status 400, the answer came with 404"),
    "code-case": ("COD005", "code ML_1800 came as ml_1800"),
    "code-type": ("ENV004", "error.code is an integer, not a string"),
    "missing-code": ("COD012", "error.code is missing: every error of layer service has a code"),
    "missing-message": ("ENV004", "error.message is missing"),
    "wrong-role-type": ("ENV004", "error.message is an object, not a string"),
    "status-as-text": ("ENV004", "error.http is a string, not an integer"),
    "undocumented-member": ("ENV013", "the error has error.traceId, which neither envelope eventml nor the document knows"),
    "flat-envelope": ("ENV001", "the body is not the envelope eventml: it has no member error"),
    "framework-validation": (
        "ENV001",
        "a body of envelope fastapi (the default body of FastAPI), where layer service promises eventml",
    ),
    "error-under-success": ("ENV007", "an error (ML_1301) came with 200"),
    "empty-401": ("ENV012", "the error has no body, where layer service promises eventml"),
    "html-error": ("HTP006", "the error came as text/html, where layer service promises JSON"),
    "json-as-text": ("HTP007", "the body is JSON, the Content-Type says text/plain"),
    "html-as-json": ("HTP007", "the body is an HTML page, the Content-Type says application/json"),
    "truncated-json": (
        "ENV011",
        "the body is no JSON, the Content-Type says application/json: Unterminated string starting (line 1 column 42)",
    ),
    "wrong-media-type": ("HTP005", "the error came as application/vnd.eventml+json, the document declares application/json"),
    "unfilled-placeholder": ("MSG002", 'the message holds the placeholder %s unfilled: "Model %s does not exist"'),
    "stack-trace": ("SEC001", "the answer holds a Python stack trace"),
    "database-text": ("SEC002", "the answer holds an SQLSTATE"),
    "internal-address": ("SEC003", "the answer holds the name of a host inside of a network"),
    "language-text": ("SEC007", "the answer holds an error message of Python itself"),
    "leaked-token": ("SEC004", "the answer holds a JSON Web Token"),
    "undeclared-status": (
        "COV011",
        "GET /feature-store/groups/{groupId} answered 400 (with ML_1801), it declares 401, 404, 500",
    ),
    "server-error": ("HTP008", "a body that does not parse was answered 500: the fault is the client's"),
    "dropped-connection": ("HTP009", "the connection was closed without an answer (wrong-accept)"),
    "auth-not-enforced": ("HTP010", "no-auth was accepted with 200"),
    "lenient-body": ("HTP010", "a body that does not parse was accepted with 201; it may have written"),
    "odd-status": ("HTP011", "499 is no registered HTTP status code"),
    "stray-html": ("HTP006", "the error came as text/html, where layer framework promises JSON (the default body of Werkzeug)"),
    "no-challenge": ("HTP001", "401 came without WWW-Authenticate"),
    "no-allow": ("HTP003", "405 came without Allow"),
    "stray-method-envelope": ("ENV001", "the body is not the envelope fastapi: it has no member detail"),
    "null-body-crash": ("HTP008", "a body of the wrong type was answered 500: the fault is the client's"),
    "none-code": ("ENV004", 'error.code is the text "None", not a code'),
    "deep-nesting-dropped": ("HTP009", "the connection was closed without an answer (deeply nested JSON)"),
    "bad-bytes-crash": ("HTP008", "a body that is not in its charset was answered 500: the fault is the client's"),
    "content-coding-crash": (
        "HTP008",
        "a body that is not in its Content-Encoding was answered 500: the fault is the client's",
    ),
    "charset-page": ("HTP006", "the error came as text/html, where layer service promises JSON"),
    "duplicate-member-accepted": ("HTP010", "duplicate-members was accepted with 201; it may have written"),
    "query-crash": ("HTP008", "a value in the query that breaks its schema was answered 500: the fault is the client's"),
    "query-accepted": ("HTP010", "a value in the query that breaks its schema was accepted with 200"),
    "nul-id-page": ("HTP006", "the error came as text/html, where layer service promises JSON"),
    "long-id-crash": ("HTP008", "malformed-id was answered 500: the fault is the client's"),
    "undecodable-id-dropped": ("HTP009", "the connection was closed without an answer (malformed-id)"),
    "head-accepted": ("HTP010", "HEAD of an unknown id was accepted with 200"),
    "unknown-path-method-accepted": ("HTP010", "an unregistered method on an unknown path was accepted with 200"),
    "trailing-slash-shape": ("ENV001", "the body is not the envelope fastapi: it has no member detail"),
    "double-slash-page": ("HTP006", "the error came as text/html, where layer framework promises JSON"),
}

MAAS: dict[str, tuple[str, str]] = {
    "platform-code-in-engine-envelope": (
        "COD004",
        "ModelArts.81001 is a code of layer platform, it stands in the envelope of layer engine",
    ),
    "engine-code-differs": ("COD003", "the body says status 422, the answer came with 400"),
    "engine-type-unknown": ("COD001", "code 400 with type TeapotError is not in the catalog (layer engine)"),
    "validation-not-translated": (
        "ENV001",
        "a body of envelope fastapi (the default body of FastAPI), where layers gateway, platform, engine promise "
        "apig or maas-nested or maas-dual or maas-sse or vllm",
    ),
    "disagreeing-copies": (
        "COD013",
        "one error, 2 codes: error_code is ModelArts.81001, error.code is ModelArts.81002",
    ),
    "undocumented-code": (
        "COD001",
        "code ModelArts.81999 is not in the catalog (layer platform); did you mean ModelArts.81109?",
    ),
    "code-under-wrong-status": ("COD002", "ModelArts.81009 is documented for 404, came with 400"),
    "unfilled-placeholder": ("MSG002", 'the message holds the placeholder %s unfilled: "Task %s does not exist"'),
    "framework-405-text": ("MSG001", 'message nope is not the documented "Method Not Allowed" (fastapi.405)'),
    "gateway-html": ("HTP006", "the error came as text/html, where layers gateway, framework promise JSON"),
    "gateway-json-as-text": ("HTP007", "the body is JSON, the Content-Type says text/plain"),
    "batch-undocumented-code": ("COD001", "code ModelArts.81997 is not in the catalog (layer platform)"),
    "batch-unfilled-placeholder": ("MSG002", 'the message holds the placeholder %s unfilled: "Task %s does not exist"'),
    "missing-query-accepted": ("HTP010", "a query without a required parameter was accepted with 200"),
    "events-undocumented-code": (
        "COD001",
        "code ModelArts.81996 is not in the catalog (layer platform); did you mean ModelArts.81006?",
    ),
}

ALLOWED: dict[str, tuple[str, str, str]] = {
    "unknown-value-code": ("eventml", "COD001", "code ML_1004 is not in the catalog (layer service); did you mean ML_1000?"),
    "gateway-code-in-engine-envelope": (
        "maas",
        "COD004",
        "APIG.0308 is a code of layer gateway, it stands in the envelope of layer engine",
    ),
}
"""Faults that show where writes are allowed: nothing proves that these requests are refused."""

LIMITED = {"throttled-without-retry-after"}
"""Faults that show where a limit of the service is tried."""

TOLD = {"stream-undocumented-code"}
"""Faults whose request is a valid write with the name of something that exists: a recipe of the catalog tells it."""

STREAM = """
errlint: 1
extends: builtin:maas
service: {name: modelarts-maas}
errors: []
recipes:
  ModelArts.81011:
    request:
      method: POST
      path: /chat/completions
      body: {model: DeepSeek-R1, messages: [{role: user, content: Hello}], stream: true}
"""


def test_every_fault_of_both_services_is_expected_or_known_to_be_missed():
    expected = [*EVENTML, *MAAS, *ALLOWED, *LIMITED, *TOLD]
    assert sorted(expected) == sorted([*EVENTML_FAULTS, *MAAS_FAULTS])


def findings(report: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(finding["rule"], finding["severity"], finding["message"]) for finding in report["findings"]]


def expected(rule: str, message: str) -> tuple[str, str, str]:
    """The rule at its default severity; the catalog's strict messages and closed envelopes make two of them worse."""
    return rule, {"MSG001": "error", "ENV013": "warning"}.get(rule, str(load_all()[rule].severity)), message


@pytest.mark.parametrize("fault", EVENTML)
def test_a_fault_of_eventml_is_one_finding(eventml, fault):
    with eventml.faulty(fault):
        report = eventml.probe(generated=False)
    assert findings(report) == [expected(*EVENTML[fault])]


@pytest.mark.parametrize("fault", MAAS)
def test_a_fault_of_maas_is_one_finding(maas, fault):
    with maas.faulty(fault):
        report = maas.probe(generated=False)
    assert findings(report) == [expected(*MAAS[fault])]


@pytest.mark.parametrize("fault", ALLOWED)
def test_a_fault_behind_a_write_that_nothing_refuses_is_one_finding_where_writes_are_allowed(fault, request):
    name, rule, message = ALLOWED[fault]
    service = request.getfixturevalue(name)
    with service.faulty(fault):
        report = service.probe(generated=False, writes="allowed")
        careful = service.probe(generated=False)
    assert (findings(report), findings(careful)) == ([expected(rule, message)], [])


def test_an_undocumented_code_at_the_end_of_a_stream_is_one_finding_where_a_recipe_asks_for_one(maas, tmp_path):
    catalog = tmp_path / "errors.yaml"
    catalog.write_text(STREAM, encoding="utf-8")

    def streamed() -> list[tuple[str, str, str]]:
        options = Options(
            base_url=f"{maas.url}/v1", headers=(("Authorization", "Bearer sk-maas-main"),), generated=False, recipes=True
        )
        report = api.probe(str(ROOT / "tests/services/maas/openapi.yaml"), options, [str(catalog)])
        return findings(document(report, "0"))

    with maas.faulty("stream-undocumented-code"):
        faulty = streamed()
    assert [finding[:2] for finding in faulty] == [("COD001", "error")]
    assert faulty[0][2].startswith("code ModelArts.81998 is not in the catalog (layer platform)")
    assert streamed() == []


def throttled(url: str, faults: set[str]) -> list[tuple[str, str, str]]:
    """The findings of a burst behind a gateway that takes a few requests more than the others of the run."""
    document = load((ROOT / "tests/services/maas/openapi.yaml").read_bytes(), "openapi.yaml")
    usual = len(plan(read_spec(document).spec, Options(base_url=f"{url}/v1")).trials)
    with gateway.serving(url, faults, limit=usual + 10) as front:
        service = Service(front, faults, probe_maas)
        return findings(service.probe(generated=False, stress=("burst",)))


def test_a_burst_finds_a_limit_and_what_its_answer_lacks():
    with app.serving() as url:
        undeclared = ("COV011", "note", "GET /models answered 429 (with APIG.0308), it declares 400, 401")
        assert throttled(url, set()) == [undeclared]
        bare = ("HTP002", "warning", "429 came without Retry-After")
        assert throttled(url, {"throttled-without-retry-after"}) == [bare, undeclared]


@pytest.mark.parametrize("name", ["eventml", "maas"])
@pytest.mark.parametrize("seed", [0, 7, 1234])
def test_a_conforming_service_has_no_finding_and_nothing_unknown(name, seed, request):
    report = request.getfixturevalue(name).probe(seed=seed)
    assert findings(report) == []
    summary = report["summary"]
    assert summary["unknown"] <= 0.05 * summary["judged"]
    assert summary["judged"] > 80
    assert {operation["state"] for operation in report["coverage"]["operations"]} == {"reached"}


def test_the_same_run_twice_gives_equal_bytes():
    def run() -> str:
        faults = {"undocumented-code", "server-error", "leaked-token"}
        with serve(create_app(faults)) as url:
            return json.dumps(document(probe_eventml(url), "0")).replace(url, "http://service")

    assert run() == run()


def test_a_conforming_document_has_no_finding():
    for name, catalog in (
        ("errlint/demo/openapi.yaml", "pkg:errlint/demo/catalog.yaml"),
        ("tests/services/maas/openapi.yaml", "builtin:maas"),
    ):
        report = document(api.lint([str(ROOT / name)], [catalog]), "0")
        assert (findings(report), report["unknown"]) == ([], [])


def test_no_secret_of_the_user_is_in_any_output(eventml):
    with eventml.faulty("undocumented-code"):
        report = eventml.probe(generated=False)
    assert TOKEN not in json.dumps(report)
    assert '"Authorization: Bearer $ERRLINT_TOKEN"' in report["findings"][0]["reproduce"]


def test_a_service_that_is_not_there_is_one_line():
    from errlint.errors import ProbeError

    with pytest.raises(ProbeError) as stopped:
        probe_eventml("http://127.0.0.1:9")
    assert stopped.value.outcome == "unreachable"
    assert stopped.value.line().startswith("nothing answers at http://127.0.0.1:9")


def test_a_wrong_base_path_is_inconclusive(eventml):
    from errlint.errors import InconclusiveError

    with pytest.raises(InconclusiveError) as stopped:
        api.probe(
            str(ROOT / "errlint/demo/openapi.yaml"),
            Options(base_url=f"{eventml.url}/v2", headers=(("Authorization", f"Bearer {TOKEN}"),)),
            ["pkg:errlint/demo/catalog.yaml"],
        )
    assert "base path" in stopped.value.line()


def test_a_run_without_credentials_is_inconclusive(eventml):
    from errlint.errors import InconclusiveError

    with pytest.raises(InconclusiveError):
        api.probe(
            str(ROOT / "errlint/demo/openapi.yaml"), Options(base_url=f"{eventml.url}/v1"), ["pkg:errlint/demo/catalog.yaml"]
        )


def test_a_token_that_the_service_echoes_is_masked():
    from werkzeug.wrappers import Request, Response

    def echo(environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        message = f"{request.headers.get('Authorization', 'nobody')} %s"
        body = json.dumps({"error": {"code": "ML_9999", "message": message, "http": 404}})
        return Response(body, 404, content_type="application/json")(environ, start_response)

    with serve(echo) as url:
        report = document(probe_eventml(url, generated=False, accept_inconclusive=True), "0")
    assert TOKEN not in json.dumps(report)
    told = [finding["message"] for finding in report["findings"] if finding["rule"] in ("MSG002", "SEC004")]
    assert sorted(told) == [
        "the answer holds the credentials that were sent",
        'the message holds the placeholder %s unfilled: "*** %s"',
    ]


@pytest.mark.parametrize(
    "form",
    [
        lambda token: token.replace("/", "\\/"),
        lambda token: "".join(f"\\u{ord(c):04x}" if not c.isalnum() else c for c in token),
        lambda token: token.lower(),
        lambda token: token[:-3],
        lambda token: token[4:],
        lambda token: token.replace("/", "%2F").replace("+", "%2B"),
        lambda token: __import__("base64").b64encode(token.encode()).decode(),
    ],
)
def test_a_token_is_masked_in_any_of_its_forms(form):
    from errlint.model.exchange import Observation
    from errlint.model.finding import Location
    from errlint.probe.options import masked

    token = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYSPECIMEN"
    body = b'{"message": "bad token ' + form(token).encode() + b' here"}'
    seen = masked(Observation("live", Location("a", ()), 401, {}, body), (token,))
    assert (seen.body, seen.echoes) == (b'{"message": "bad token *** here"}', True)


def test_a_public_header_is_no_secret():
    options = Options(base_url="http://127.0.0.1:1", headers=(("Accept", "application/json"), ("X-Key", "s3cr3t-value")))
    assert options.secrets == ("s3cr3t-value",)
