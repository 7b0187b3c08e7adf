"""A record is written as one whole file without credentials, and judged as the run was; so are the HARs of others."""

from __future__ import annotations

import json
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from errlint import api
from errlint.bind import har as reader
from errlint.cli.probe import command
from errlint.demo.server import serve
from errlint.demo.service import FAULTS, TOKEN, create_app
from errlint.errors import ConfigError, ErrlintError, InconclusiveError, LoadError
from errlint.load.source import load
from errlint.model.exchange import Observation, Request
from errlint.model.finding import Finding, Location, Report
from errlint.model.record import replace
from errlint.probe.auth import ClientCredentials
from errlint.probe.har import Recording, lines
from errlint.probe.options import Options, Secret, masked
from errlint.probe.redaction import is_blank, is_secret_header, kept, kept_url
from tests.services.guarded import SECRET, Guarded, oauth_document
from tests.services.lax import Reply, Seen, lax, problem

ROOT = Path(__file__).parents[2]
SPEC = str(ROOT / "errlint/demo/openapi.yaml")
CATALOG = ["pkg:errlint/demo/catalog.yaml"]


def options(url: str, **more: Any) -> Options:
    return Options(f"{url}/v1", (("Authorization", f"Bearer {TOKEN}"),), generated=False, **more)


def bare(report: Report) -> list[Finding]:
    """The findings without what sends a request again, which only a running service can answer."""
    return [replace(finding, reproduce=None, again=None, reproduced="", requests=()) for finding in report.findings]


def test_a_record_of_a_run_is_judged_as_the_run_was(tmp_path):
    file = str(tmp_path / "run.har")
    with serve(create_app(set(FAULTS))) as url:
        live = api.probe(SPEC, options(url), CATALOG, record=file)
    again = api.replay(SPEC, file, CATALOG)
    assert len(live.findings) > 25
    assert bare(again) == bare(live)
    assert (again.coverage, again.outcome, again.judged, again.notes) == (live.coverage, live.outcome, live.judged, live.notes)
    assert again.read == (f"{live.judged} answers of {file}",)
    told = {finding.reproduce.split(" -H")[0] for finding in live.findings if finding.reproduce}
    assert {finding.reproduce.split(" -H")[0] for finding in again.findings if finding.reproduce} == told


def test_no_secret_is_in_a_record_and_the_bearer_is_a_variable_in_its_replay(tmp_path):
    file = tmp_path / "run.har"
    with serve(create_app({"undocumented-code", "leaked-token"})) as url:
        api.probe(SPEC, options(url), CATALOG, record=str(file))
    text = file.read_text(encoding="utf-8")
    assert TOKEN not in text
    assert "c2lnbmVkLWJ5LXRoZS1kZW1v" not in text
    assert file.stat().st_mode & 0o777 == 0o600
    found = {finding.rule: finding for finding in api.replay(SPEC, str(file), CATALOG).findings}
    assert set(found) == {"COD001", "SEC004"}
    assert '"Authorization: Bearer $ERRLINT_TOKEN"' in (found["COD001"].reproduce or "")


def test_a_record_is_written_where_a_run_is_inconclusive(tmp_path):
    file = tmp_path / "run.har"
    with lax(lambda seen: problem(401)) as (url, _), pytest.raises(InconclusiveError):
        api.probe(SPEC, options(url), CATALOG, record=str(file))
    assert len(reader.read(str(file)).exchanges) > 20


@pytest.mark.parametrize("status", [401, 404])
def test_a_token_that_a_run_fetched_is_not_in_its_record_however_the_run_ends(tmp_path, status):
    file, service = tmp_path / "run.har", Guarded()

    def reply(seen: Seen) -> Reply:
        token = seen.headers.get("authorization", "")
        headers = {"Content-Type": "application/json", "X-Echo": token}
        body = json.dumps({"error": {"code": "E", "message": f"{token} {seen.target}"}}).encode()
        return service.login(seen) if seen.path == "/token" else (status, headers, body)

    source = load(json.dumps(oauth_document()).encode(), "openapi.json")
    with lax(reply) as (url, _), suppress(InconclusiveError):
        auth = (ClientCredentials("probe", Secret(SECRET)),)
        api.probe(source, Options(f"{url}/v1", auth=auth, generated=False), record=str(file))
    assert len(service.logins) > 0
    text = file.read_text(encoding="utf-8")
    assert "message" in text
    assert "canary" not in text


def test_a_record_is_written_where_a_run_is_interrupted(tmp_path):
    file = tmp_path / "run.har"

    def interrupt(label: str, sent: int, most: int, faults: int) -> None:
        if sent == 5:
            raise KeyboardInterrupt

    with serve(create_app(set())) as url:
        report = api.probe(SPEC, options(url), CATALOG, record=str(file), progress=interrupt)
    again = api.replay(SPEC, str(file), CATALOG)
    assert (report.outcome, again.outcome, again.judged) == ("interrupted", "interrupted", 5)


def test_a_file_that_cannot_be_written_stops_a_run_before_anything_is_sent(tmp_path):
    with lax() as (url, seen):
        for name in (str(tmp_path), str(tmp_path / "missing" / "run.har")):
            with pytest.raises(ConfigError):
                api.probe(SPEC, options(url), CATALOG, record=name)
    assert seen == []


def test_a_record_that_breaks_off_leaves_the_old_file(tmp_path):
    class Broken(str):
        def partition(self, *_: Any) -> Any:
            raise RuntimeError

    file = tmp_path / "run.har"
    file.write_text("old")
    recording = Recording(str(file))
    recording.add(Observation("live", Location("a", ()), 404, {}, b"", started=float("inf")))
    with pytest.raises(OverflowError):
        recording.write("http://h", ())
    assert (file.read_text(), [path.name for path in tmp_path.iterdir()]) == ("old", ["run.har"])


def seen(status: int | None = 404, body: bytes = b"{}", **more: Any) -> Observation:
    request = more.pop("request", Request("POST", "http://h/v1/x", (("Content-Type", "application/json"),), b"\xff\x00", "bad"))
    return Observation("live", Location("a", ()), status, more.pop("headers", {}), body, request=request, **more)


def entries(*observations: Observation, secrets: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    log = json.loads("".join(lines(observations, "http://h/v1", secrets)))["log"]
    assert (log["version"], log["creator"]["name"]) == ("1.2", "errlint")
    return log["entries"]


def test_an_entry_has_what_har_asks_for():
    (one,) = entries(seen(400, b"\xfe\xed", headers={"content-type": "a/b", "location": "/y"}, started=1.5, elapsed=0.25))
    assert one == {
        "startedDateTime": "1970-01-01T00:00:01.500+00:00",
        "time": 250.0,
        "request": {
            "method": "POST",
            "url": "http://h/v1/x",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "queryString": [],
            "headersSize": -1,
            "bodySize": 2,
            "postData": {
                "mimeType": "application/json",
                "params": [],
                "text": "/wA=",
                "_encoding": "base64",
                "comment": "the text is base64",
            },
        },
        "response": {
            "status": 400,
            "statusText": "Bad Request",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [{"name": "content-type", "value": "a/b"}, {"name": "location", "value": "/y"}],
            "content": {"size": 2, "mimeType": "a/b", "text": "/u0=", "encoding": "base64"},
            "redirectURL": "/y",
            "headersSize": -1,
            "bodySize": 2,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 250.0, "receive": 0},
        "comment": "bad",
        "_errlint": {"stimulus": "bad", "rejected": False, "writes": False, "operation": None},
    }


def test_what_was_written_is_read_as_it_was():
    observations = [
        seen(400, b"\xfe\xed", headers={"content-type": "a/b"}),
        seen(404, '{"m": "\u00e9\ud83d\ude00"}'.encode("utf-8", "surrogatepass"), headers={"x": "1"}),
        seen(None, b"", dropped=True),
        seen(401, b"", request=Request("HEAD", "http://h/v1")),
    ]
    archive = reader.of_text("".join(lines(observations, "http://h/v1", ())).encode(), "a.har")
    read = [(one.request.method, one.request.body, one.status, one.body, dict(one.headers)) for one in archive.exchanges]
    assert read == [
        (one.request.method, one.request.body, one.status, one.body, dict(one.headers)) for one in observations if one.request
    ]


def test_an_exchange_without_an_answer_has_status_0_and_says_so():
    (one,) = entries(seen(None, b"", dropped=True))
    assert (one["response"]["status"], one["_error"]) == (0, "the connection was closed without an answer")


def test_credentials_are_masked_wherever_they_stand():
    secret = "wJalrXUtnFEMI-SPECIMEN"
    observation = seen(
        401,
        json.dumps({"error": f"bad {secret}", "access_token": "abcdefgh", "keys": {"clientSecret": 'q"uote'}}).encode(),
        headers={
            "set-cookie": "sid=abcdef; Path=/, t=ghi; Secure",
            "location": "http://h/x?token=abc&page=2",
            "www-authenticate": "Bearer",
        },
        request=Request(
            "POST",
            f"http://user:pw@h/v1/x?q={secret}&api_key=k1&page=2",
            (("Authorization", "Bearer garbage"), ("X-Key", Secret(secret)), ("Cookie", "a=b"), ("Accept", "a/b")),
            b"user=ann&password=hunter2",
        ),
    )
    clean = kept(observation, (secret,))
    assert clean.request is not None
    assert clean.request.url == "http://***@h/v1/x?q=***&api_key=***&page=2"
    assert clean.request.headers == (("Authorization", "Bearer ***"), ("X-Key", "***"), ("Cookie", "***"), ("Accept", "a/b"))
    assert clean.request.body == b"user=ann&password=***"
    assert json.loads(clean.body) == {"error": "bad ***", "access_token": "***", "keys": {"clientSecret": "***"}}
    assert clean.headers == {
        "set-cookie": "sid=***; Path=/, t=***; Secure",
        "location": "http://h/x?token=***&page=2",
        "www-authenticate": "Bearer",
    }
    assert clean.echoes


@pytest.mark.parametrize(
    "leak",
    [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJldmVudG1sIn0.c2lnbmVkLWJ5",
        "AKIAQ3EGTUJ5DKXZ7MNB",
        "ghp_" + "aB3" * 12,
        "xoxb-1234567890-abcdefghij",
        "Bearer abcdefghij0123456789",
    ],
)
def test_a_leak_is_worn_down_and_stays_of_its_kind(leak):
    from errlint.checks.leaks import disguised, secret

    worn = disguised(f"token {leak} end")
    assert leak[-6:] not in worn
    assert secret(worn) == secret(f"token {leak} end") is not None


def test_the_body_of_a_private_key_is_left_out():
    from errlint.checks.leaks import disguised

    key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----"
    assert disguised(f"x {key} y") == "x -----BEGIN RSA PRIVATE KEY----------END RSA PRIVATE KEY----- y"


@pytest.mark.parametrize(
    ("value", "blank"),
    [("***", True), ("Bearer ***", True), ("[Filtered]", True), ("<redacted>", True), ("Bearer abc", False), ("s3cr3t", False)],
)
def test_a_value_that_somebody_masked_is_no_secret(value, blank):
    assert is_blank(value) == blank


def test_names_of_headers_say_whether_they_carry_credentials():
    names = ("Authorization", "X-API-Key", "Cookie", "X-Auth-Token", "WWW-Authenticate", "Accept", "X-Request-Id", "ETag")
    assert [is_secret_header(name) for name in names] == [True, True, True, True, False, False, False, False]
    assert kept_url("http://[") == "http://["


# The archives of others.


def entry(method: str, url: str, status: int, body: Any = None, **more: Any) -> dict[str, Any]:
    """An entry as Chrome exports it, HTTP/2 and all."""
    headers = [{"name": ":authority", "value": "shop"}, {"name": ":method", "value": method}, *more.pop("sent", ())]
    text = body if isinstance(body, str) else json.dumps(body) if body is not None else ""
    content = {"size": len(text), "mimeType": "application/json", "text": text}
    return {
        "_initiator": {"type": "script"},
        "_priority": "High",
        "_resourceType": more.pop("kind", "fetch"),
        "cache": {},
        "connection": "443",
        "pageref": "page_1",
        "request": {
            "method": method,
            "url": url,
            "httpVersion": "http/2.0",
            "headers": headers,
            "queryString": [],
            "cookies": [],
            "headersSize": -1,
            "bodySize": 0,
            **more.pop("request", {}),
        },
        "response": {
            "status": status,
            "statusText": "",
            "httpVersion": "http/2.0",
            "headers": [{"name": "content-type", "value": "application/json"}],
            "cookies": [],
            "content": more.pop("content", content),
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
            "_transferSize": 812,
            "_error": None,
        },
        "serverIPAddress": "127.0.0.1",
        "startedDateTime": "2026-11-28T09:15:02.118Z",
        "time": 41.3,
        "timings": {"blocked": 1.2, "dns": -1, "connect": -1, "send": 0.2, "wait": 38.1, "receive": 1.8},
        **more,
    }  # fmt: skip


API = "https://shop.example.com/v1"
ML = {"error": {"code": "ML_9999", "message": "Specified model does not exist", "http": 404}}
FINE = {"error": {"code": "ML_1001", "message": "Specified model does not exist", "http": 404}}


def chrome(*found: Any) -> str:
    creator = {"name": "WebInspector", "version": "537.36"}
    return json.dumps({"log": {"version": "1.2", "creator": creator, "pages": [], "entries": list(found)}})


def replayed(tmp_path: Path, text: str, **more: Any) -> Report:
    file = tmp_path / "a.har"
    file.write_text(text, encoding="utf-8")
    return api.replay(SPEC, str(file), CATALOG, **more)


def told(report: Report) -> list[tuple[str, str, str | None]]:
    return [(one.rule, one.witness, one.operation) for one in report.findings]


def test_traffic_of_a_browser_is_judged_by_what_it_shows(tmp_path):
    token = "s3cr3t-of-the-user"
    coded = {
        "size": 80,
        "mimeType": "application/json",
        "text": b64encode(json.dumps(ML).encode()).decode(),
        "encoding": "base64",
    }
    sent = ({"name": "authorization", "value": f"Bearer {token}"}, {"name": "sec-ch-ua", "value": "x"})
    report = replayed(
        tmp_path,
        chrome(
            entry("GET", f"{API}/models/m-1?session_id=abc", 404, content=coded, sent=sent),
            entry("GET", f"{API}/models/m-2", 404, FINE),
            entry("OPTIONS", f"{API}/models/m-2", 204, kind="preflight"),
            entry("GET", "https://cdn.example.net/app.js", 200, "let a", kind="script"),
            entry("GET", "https://shop.example.com/favicon.ico", 404, "<html>", kind="other"),
            entry("GET", f"{API}/logo.png", 404, "<html>", kind="image"),
            entry("GET", f"{API}/models/m-3", 0),
            entry("GET", f"{API}/models/m-4", 404, content={"size": 91, "mimeType": "application/json"}),
            entry("GET", "wss://shop.example.com/v1/models", 101, kind="websocket"),
            entry("GET", "data:image/png;base64,AA", 200),
            {"request": 1},
            "oops",
        ),
    )
    assert told(report) == [("COD001", "traffic", "GET /models/{modelId}")]
    assert report.findings[0].reproduce == (
        "curl 'https://shop.example.com/v1/models/m-1?session_id=***' -H \"authorization: Bearer $ERRLINT_TOKEN\""
    )
    assert report.judged == 3
    assert report.notes == (
        "3 of 10 entries are of other hosts.",
        "1 of 10 entries is outside of the base path.",
        "1 of 10 entries is part of a page, outside the document's operations.",
        "1 of 10 entries is without an answer.",
        "1 of 10 entries is without the body of its answer.",
        "2 more are no exchanges.",
    )
    assert report.coverage is not None
    reached = [one for one in report.coverage.operations if one.state == "reached"]
    assert [(one.operation, one.requests) for one in reached] == [("GET /models/{modelId}", 2)]
    assert {one.why for one in report.coverage.operations if one.state != "reached"} == {"it is not in the record"}
    assert [one.code for one in report.coverage.codes if one.observed] == ["ML_1001"]
    assert {one.why for one in report.coverage.codes if not one.observed} == {"it is not in the record"}


def test_a_record_of_schemathesis_is_judged(tmp_path):
    report = api.replay(SPEC, str(ROOT / "tests/recorded/schemathesis.har"), CATALOG)
    assert told(report) == [("COD001", "traffic", "GET /training/{jobId}")]
    assert (report.judged, report.notes) == (9, ())


def test_the_url_chooses_the_host_and_the_base_path(tmp_path):
    text = chrome(
        entry("GET", "https://a.example.com/api/models/m-1", 404, ML),
        entry("GET", "https://b.example.com/models/m-1", 404, FINE),
        entry("GET", "https://b.example.com:443/nowhere", 404, {"detail": "Not Found"}),
    )
    assert told(replayed(tmp_path, text, base_url="https://a.example.com/api")) == [
        ("COD001", "traffic", "GET /models/{modelId}")
    ]
    assert told(replayed(tmp_path, text, base_url="https://b.example.com")) == []
    assert replayed(tmp_path, text, base_url="https://b.example.com").judged == 2
    with pytest.raises(ConfigError):
        replayed(tmp_path, text, base_url="b.example.com")


def test_without_a_base_path_in_any_entry_the_document_s_is_not_asked_for(tmp_path):
    assert replayed(tmp_path, chrome(entry("GET", "http://127.0.0.1:5000/models/m-1", 404, FINE))).judged == 1


def test_an_archive_without_any_answer_of_the_service_is_inconclusive(tmp_path):
    with pytest.raises(InconclusiveError) as stopped:
        replayed(tmp_path, chrome(entry("GET", "https://x.example.com/y", 200, {})))
    line = stopped.value.line().partition("a.har: ")[2]
    assert line == "no entry is an answer of the service: 1 of 1 entry is of other hosts; say --url where it stands"


def test_a_token_that_a_recorded_answer_echoes_is_masked(tmp_path):
    token = "wJalrXUtnFEMI-SPECIMEN"
    body = {"error": {"code": f"bad {token}", "message": "?", "http": 404}}
    report = replayed(
        tmp_path, chrome(entry("GET", f"{API}/models/m-1", 404, body, sent=({"name": "X-Api-Key", "value": token},)))
    )
    assert "SEC004" in {finding.rule for finding in report.findings}
    assert token not in json.dumps([(one.message, one.reproduce) for one in report.findings])


def test_a_masked_header_is_no_echo(tmp_path):
    body = {"error": {"code": "ML_1001", "message": "Specified model does not exist", "http": 404}}
    sent = ({"name": "Authorization", "value": "[Filtered]"}, {"name": "X-Token", "value": "Bearer ***"})
    assert told(replayed(tmp_path, chrome(entry("GET", f"{API}/models/Bearer", 404, body, sent=sent)))) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not valid JSON: Expecting value"),
        ("{", "not valid JSON: Expecting property name enclosed in double quotes"),
        ("GET / HTTP/1.1", "not valid JSON: Expecting value"),
        ("[" * 100_000, "nested too deeply"),
        ('{"log": {"entries": ' + "[" * 500 + "]" * 500 + "}}", "nested too deeply"),
        ("[]", "is no HTTP Archive: it has no list log.entries"),
        ('{"log": []}', "is no HTTP Archive: it has no list log.entries"),
        ('{"log": {"entries": {}}}', "is no HTTP Archive: it has no list log.entries"),
        ('{"log": {"entries": [NaN]}}', "NaN is no JSON number"),
        ('{"log": {"entries": []}}', "no entry is an answer of the service; say --url where it stands"),
    ],
    ids=range(10),
)
def test_what_is_no_archive_is_one_line(tmp_path, text, says):
    with pytest.raises(ErrlintError) as stopped:
        replayed(tmp_path, text)
    assert says in stopped.value.line()
    assert "\n" not in stopped.value.line()


def test_an_archive_that_is_too_large_or_missing_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "LARGEST", 2 * 1024 * 1024)
    (tmp_path / "a.har").write_bytes(b" " * (2 * 1024 * 1024 + 1))
    for name, says in (
        (tmp_path / "a.har", "is larger than 2 MiB"),
        (tmp_path / "no", "cannot be read"),
        (tmp_path, "is a directory"),
    ):
        with pytest.raises(LoadError) as stopped:
            api.replay(SPEC, str(name), CATALOG)
        assert says in stopped.value.line()


ODD = [None, 0, -1, 1e400, "", "x", True, [], [[]], {}, {"name": 1}, [{"name": None, "value": {}}], [1], "\ud800", "2026"]


def test_members_of_a_wrong_type_stop_nothing(tmp_path):
    found = []
    for odd in ODD:
        whole = entry("GET", f"{API}/models/m-1", 404, FINE)
        for owner, name in [(whole, name) for name in whole] + [
            (whole[part], name) for part in ("request", "response") for name in whole[part]
        ]:
            kept_value = owner[name]
            owner[name] = odd
            found.append(json.loads(json.dumps(whole).replace("Infinity", "1e400")))
            owner[name] = kept_value
        for name in ("text", "size", "encoding", "mimeType"):
            content = {"size": 3, "mimeType": "a/b", "text": "abc", name: odd}
            found.append(
                json.loads(json.dumps(entry("GET", f"{API}/models/m-1", 404, content=content)).replace("Infinity", "1e400"))
            )
        found.append(entry("POST", f"{API}/models", 400, request={"postData": odd}) if odd != 1e400 else {})
        found.append(
            {**entry("GET", f"{API}/models/m-1", 404, FINE), "_errlint": {"operation": odd, "stimulus": odd}}
            if odd != 1e400
            else {}
        )
    text = chrome(*found).replace("Infinity", "1e400")
    assert replayed(tmp_path, text).judged > 100
    own = text.replace('"entries"', '"_errlint": {"requests": [], "excluded": 1, "stopped_by": {}, "base_url": 7}, "entries"')
    assert replayed(tmp_path, own).judged > 100


def test_a_form_without_its_text_is_put_together():
    form = {
        "postData": {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a", "value": "1 2"}, {"name": "b"}]}
    }
    (one,) = reader.of_text(chrome(entry("POST", API, 400, {}, request=form)).encode(), "a.har").exchanges
    assert one.request.body == b"a=1+2&b="


# The command.


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(command, [SPEC, *arguments], standalone_mode=False)
    return (done.return_value if done.exception is None else 2), done.output + str(done.exception or "")


def test_the_command_replays_and_refuses_what_makes_no_sense(tmp_path):
    har = str(ROOT / "tests/recorded/schemathesis.har")
    code, output = run("--replay", har, "--catalog", "errlint/demo/catalog.yaml")
    assert code == 1
    assert "COD001" in output
    assert run("--replay", har, "--record", "x.har") == (2, "--record and --replay: what is replayed is recorded already")
    assert run("--record", "x.har") == (
        2,
        "no url to probe",
    )


@pytest.mark.parametrize(
    ("sent", "says", "echoes"),
    [
        ("Bearer t0ken", "Send a bearer token.", False),
        ("Bearer token", "Send a Bearer token.", False),
        ("Bearer", "Send a bearer token.", False),
        ("Bearer t0ken", "What is Bearer t0ken?", True),
        ("Bearer t0ken-of-ann", "What is bearer t0ken-of?", True),
    ],
)
def test_words_about_tokens_are_no_echo_of_one(sent: str, says: str, echoes: bool):
    where = Location("d.json", ())
    request = Request("GET", "http://h/x", (("Authorization", Secret(sent)),))
    answer = Observation("live", where, 401, {}, says.encode(), request=request)
    assert masked(answer, (sent,)).echoes is echoes
