"""Credentials on the wire: where they stand, who gets them, when a token is renewed, what is said where none comes."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from ssl import CERT_REQUIRED
from threading import Barrier, Thread
from typing import Any
from urllib.parse import urlsplit

import pytest

from errlint import api
from errlint.demo.server import serve
from errlint.demo.service import READER_TOKEN, TOKEN, create_app
from errlint.errors import ConfigError, InconclusiveError, ProbeError
from errlint.model.exchange import Request
from errlint.model.finding import Severity
from errlint.probe.auth import Auth, ClientCredentials, Fixed, Login
from errlint.probe.gate import anonymous
from errlint.probe.observe import observe
from errlint.probe.observed import Observed
from errlint.probe.options import Options
from errlint.probe.secret import Secret, SecretUrl
from errlint.probe.trial import Identity, Trial
from errlint.probe.wire.channel import tls
from errlint.probe.wire.credentials import MOST_RENEWALS, Credentials
from errlint.probe.wire.sender import Answer, Sender
from tests.services.guarded import LIFE, SECRET, Guarded, credentials, guarded, oauth_document
from tests.services.lax import Reply, Seen, document, lax, problem, spec_of, things

CLIENT = ClientCredentials("probe", Secret(SECRET))
GET = {"get": {"responses": {"200": {"description": ""}}}}


def never(request: Request) -> Answer:
    raise AssertionError("nothing is asked for fixed credentials")


def keyed(where: str, name: str = "X-Key") -> dict[str, Any]:
    scheme = {"type": "apiKey", "in": where, "name": name}
    return document({"/things": GET}, security=[{"key": []}], components={"securitySchemes": {"key": scheme}})


def made(doc: dict[str, Any], *auth: Auth, low: tuple[Auth, ...] = (), **members: Any) -> Credentials:
    return Credentials(Options("http://127.0.0.1:9/v1", auth=auth, low_auth=low, **members), spec_of(doc), never)


def asked(url: str = "http://127.0.0.1:9/v1/things", *headers: tuple[str, str], identity: Identity = "user") -> Trial:
    return Trial(Request("GET", url, headers), identity=identity)


@pytest.mark.parametrize(
    ("doc", "auth", "before", "url", "headers"),
    [
        (things(), Fixed(Secret("Bearer t")), asked(), "", (("Authorization", "Bearer t"),)),
        (
            things(),
            Fixed(Secret("Bearer t")),
            asked("http://127.0.0.1:9/v1/things", ("authorization", "a case's own"), ("A", "b")),
            "",
            (("A", "b"), ("Authorization", "Bearer t")),
        ),
        (keyed("header"), Fixed(Secret("k&y"), "key"), asked(), "", (("X-Key", "k&y"),)),
        (keyed("header"), Fixed(Secret("k&y"), "X-Key"), asked(), "", (("X-Key", "k&y"),)),
        (keyed("query", "k y"), Fixed(Secret("k&y"), "key"), asked(), "?k%20y=k%26y", ()),
        (
            keyed("query", "k"),
            Fixed(Secret("new"), "key"),
            asked("http://127.0.0.1:9/v1/things?a=%20b&k=old&&c"),
            "?a=%20b&c&k=new",
            (),
        ),
        (
            keyed("cookie", "sid"),
            Fixed(Secret("new"), "key"),
            asked("http://127.0.0.1:9/v1/things", ("cookie", "a=b; sid=old; c=d")),
            "",
            (("Cookie", "a=b; c=d; sid=new"),),
        ),
    ],
)
def test_credentials_go_where_the_scheme_says(
    doc: dict[str, Any], auth: Fixed, before: Trial, url: str, headers: tuple[tuple[str, str], ...]
) -> None:
    got = made(doc, auth).dressed(before)
    assert (str(got.url), got.headers) == ("http://127.0.0.1:9/v1/things" + url, headers)


def test_nobody_and_garbage_get_no_credentials_and_the_low_user_gets_its_own() -> None:
    held = made(things(), Fixed(Secret("Bearer good")), low=(Fixed(Secret("Bearer low")),))
    sent = {who: held.dressed(asked(identity=who)).headers for who in ("user", "low", "none", "garbage")}
    assert sent == {
        "user": (("Authorization", "Bearer good"),),
        "low": (("Authorization", "Bearer low"),),
        "none": (),
        "garbage": (),
    }


def test_several_credentials_go_side_by_side() -> None:
    key = {"type": "apiKey", "in": "query", "name": "k"}
    doc = document({"/things": GET}, components={"securitySchemes": {"key": key}})
    got = made(doc, Fixed(Secret("Bearer t")), Fixed(Secret("abc"), "key")).dressed(asked())
    assert (got.url, got.headers) == ("http://127.0.0.1:9/v1/things?k=abc", (("Authorization", "Bearer t"),))


def test_a_url_with_a_key_shows_it_in_no_repr() -> None:
    url = made(keyed("query"), Fixed(Secret("s3cr3t-canary"), "key")).dressed(asked()).url
    assert isinstance(url, SecretUrl)
    assert repr(url) == "'http://127.0.0.1:9/v1/things?X-Key=***'"


def relative(url: str, scheme: str = "oauth2") -> dict[str, Any]:
    flows = {"clientCredentials": {"tokenUrl": url, "scopes": {}}}
    return document({"/things": GET}, components={"securitySchemes": {"oauth": {"type": scheme, "flows": flows}}})


@pytest.mark.parametrize(
    ("doc", "auth", "members", "line"),
    [
        (
            keyed("header"),
            (Fixed(Secret("x"), "kee"),),
            {},
            "the document has no API key called kee; did you mean key? it has key",
        ),
        (things(), (Fixed(Secret("x"), "bearer"),), {}, "the document has no API key called bearer; it has none"),
        (
            things(),
            (Fixed(Secret("Bearer x")), Fixed(Secret("Bearer y"))),
            {},
            "two credentials for one place: header Authorization (auth); give one",
        ),
        (
            things(),
            (Fixed(Secret("Bearer x")),),
            {"headers": (("authorization", "Basic y"),)},
            "two credentials for one place: header Authorization (auth and -H); give one",
        ),
        (
            keyed("header", "Content-Type"),
            (Fixed(Secret("x"), "key"),),
            {},
            "the scheme key stands in the header Content-Type, which cannot carry credentials",
        ),
        (
            things(),
            (CLIENT,),
            {},
            "the document has no token url for client credentials; "
            "give one: oauth2:ID:SECRET:TOKEN-URL, or token-url in a config",
        ),
        (
            relative("https://elsewhere.invalid/token?x=y"),
            (CLIENT,),
            {},
            "the document's token url is on another host than the service: https://elsewhere.invalid/token; "
            "if the client secret may go there, give the url: oauth2:ID:SECRET:TOKEN-URL",
        ),
        (
            relative("http://[::1"),
            (CLIENT,),
            {},
            "the document's token url cannot be used; give one: oauth2:ID:SECRET:TOKEN-URL",
        ),
    ],
)
def test_credentials_without_a_place_are_refused(
    doc: dict[str, Any], auth: tuple[Auth, ...], members: dict[str, Any], line: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        made(doc, *auth, **members)
    assert caught.value.line() == line


def test_the_token_url_of_a_swagger_document_is_found() -> None:
    flow = {"type": "oauth2", "flow": "application", "tokenUrl": "http://127.0.0.1:9/oauth/token", "scopes": {}}
    doc = {"swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": {}, "securityDefinitions": {"o": flow}}
    urls: list[str] = []

    def send(request: Request) -> Answer:
        urls.append(request.url)
        return Answer(request, 200, body=b'{"access_token": "t"}')

    held = Credentials(Options("http://127.0.0.1:9/v1", auth=(CLIENT,)), spec_of(doc), send)
    assert held.dressed(asked()).headers == (("Authorization", "Bearer t"),)
    assert urls == ["http://127.0.0.1:9/oauth/token"]


def run(service: Guarded, *auth: Auth, **members: Any) -> tuple[Observed, list[Seen]]:
    given = {"generated": False, "concurrency": 1, **members}
    with guarded(service) as (url, seen):
        options = Options(url + "/v1", auth=auth, **given)
        observed = observe(spec_of(oauth_document()), options, clock=service.clock, sleep=lambda seconds: None)
    return observed, seen


def statuses(observed: Observed, *, of: str) -> list[int | None]:
    return [one.status for one in observed.observations if one.request and one.request.stimulus == of]


@pytest.mark.parametrize(
    ("auth", "where"),
    [
        (CLIENT, ("/token", True)),
        (ClientCredentials("probe", Secret(SECRET), style="body"), ("/token", False)),
        (
            Login("/login", headers=(("Content-Type", "application/json"),), body=b"", pointer=("data", "jwt")),
            ("/v1/login", False),
        ),
    ],
)
def test_a_token_is_fetched_once_and_opens_the_operations(auth: Any, where: tuple[str, bool]) -> None:
    if isinstance(auth, Login):
        body = f'{{"user": "probe", "password": "{SECRET}"}}'.encode()
        auth = Login("/login", headers=auth.headers, body=body, pointer=auth.pointer)
    service = Guarded()
    observed, _ = run(service, auth)
    assert [(one.path, "authorization" in one.headers) for one in service.logins] == [where]
    assert statuses(observed, of="valid") == [200, 200, 200]
    assert statuses(observed, of="no-auth") == [401] * 4


def test_client_credentials_are_asked_for_as_rfc_6749_says() -> None:
    service = Guarded()
    run(service, ClientCredentials("pro be", Secret(SECRET), scope="read write", style="body"))
    (login,) = service.logins
    assert (login.method, login.body.decode()) == (
        "POST",
        f"grant_type=client_credentials&scope=read+write&client_id=pro+be&client_secret={SECRET}",
    )
    assert login.headers["content-type"] == "application/x-www-form-urlencoded"
    basic = Guarded()
    run(basic, CLIENT)
    (login,) = basic.logins
    assert login.body == b"grant_type=client_credentials"
    assert login.headers["authorization"] == "Basic " + b64encode(f"probe:{SECRET}".encode()).decode()
    assert credentials(login) == ("probe", SECRET)


def test_a_token_in_a_header_of_the_answer_is_taken() -> None:
    service = Guarded()
    body = f'{{"user": "probe", "password": "{SECRET}"}}'.encode()
    observed, _ = run(
        service, Login("/login", headers=(("Content-Type", "application/json"),), body=body, header="x-auth-token")
    )
    assert statuses(observed, of="valid") == [200, 200, 200]


@pytest.mark.parametrize(
    ("header", "cookie"),
    [
        ("sid=abc123; Path=/; HttpOnly", "sid=abc123"),
        ('other=x; Expires=Wed, 21 Oct 2099 07:28:00 GMT, sid="abc123"; Secure', "sid=abc123"),
    ],
)
def test_a_session_cookie_goes_back_with_every_request(header: str, cookie: str) -> None:
    def reply(seen: Seen) -> Reply:
        if seen.path == "/v1/login":
            return 204, {"Set-Cookie": header}, b""
        return (200, {}, b"") if seen.headers.get("cookie") == cookie else problem(401)

    with lax(reply) as (url, seen):
        options = Options(url + "/v1", auth=(Login("/login", body=b"", cookie="sid"),), generated=False)
        observed = observe(spec_of(oauth_document()), options, sleep=lambda seconds: None)
    assert statuses(observed, of="valid") == [200, 200, 200]
    assert "abc123" in observed.secrets
    assert {one.headers.get("cookie") for one in seen} == {None, cookie}


def test_a_token_is_renewed_before_it_expires() -> None:
    service = Guarded(tick=7.0)
    observed, seen = run(service, CLIENT)
    assert service.operations * 7.0 > 3 * LIFE
    assert 3 < len(service.logins) <= 1 + service.operations * 7.0 / 48  # a fifth of the life is the margin
    refused = [one for one in observed.observations if one.status == 401 and one.request and _of_user(one.request)]
    assert refused == []
    assert statuses(observed, of="valid") == [200, 200, 200]
    assert len({one.headers.get("authorization") for one in seen if one.path == "/v1/things"}) > 2


def _of_user(request: Request) -> bool:
    return any("s3cr3t-canary-token" in value for _, value in request.headers)


def test_a_401_in_mid_run_is_judged_then_the_token_is_renewed_once_and_the_request_sent_again() -> None:
    service = Guarded(lifetime=None, revoke_after=10)
    observed, _ = run(service, CLIENT)
    mine = [(one.request.stimulus, one.label, one.status) for one in observed.observations if _of_user(one.request)]  # type: ignore[arg-type,union-attr]
    (at,) = [index for index, one in enumerate(mine) if one[2] == 401]
    assert mine[at][:2] == mine[at + 1][:2]
    assert mine[at + 1][2] != 401
    assert len(service.logins) == 2
    assert observed.stopped == ""


def test_requests_under_way_when_a_token_is_revoked_share_one_renewal_and_are_all_sent_again() -> None:
    service = Guarded(lifetime=None, revoke_after=10)
    observed, seen = run(service, CLIENT, concurrency=4)
    refused = [one.request.url for one in observed.observations if one.status == 401 and one.request and _of_user(one.request)]
    assert refused
    assert len(service.logins) == 2
    fresh = [one.target for one in seen if "canary-token-2" in one.headers.get("authorization", "")]
    assert all(urlsplit(url).path in {target.partition("?")[0] for target in fresh} for url in refused)
    assert observed.stopped == ""


def test_a_renewal_that_fails_ends_the_run_and_says_why() -> None:
    service = Guarded(lifetime=None, revoke_after=10, broken=401)
    observed, _ = run(service, CLIENT)
    assert observed.stopped_by == "credentials"
    where = service.logins[0].headers["host"]
    told = f"the token could not be renewed: the token endpoint http://{where}/token answered 401"
    assert (observed.stopped, told in observed.notes) == (told, True)
    assert len(service.logins) == 2


def test_a_token_that_cannot_be_renewed_in_time_is_used_while_it_lasts() -> None:
    service = Guarded(tick=4.0, broken=503)
    observed, seen = run(service, CLIENT)
    assert (observed.stopped_by, len(service.logins)) == ("credentials", 2)
    at = seen.index(service.logins[1])
    after = [one for one in seen[at:] if "s3cr3t-canary-token" in one.headers.get("authorization", "")]
    assert len(after) >= 3  # 48 seconds into its life it could not be renewed, after 60 it was refused
    assert any("answered 503" in note for note in observed.notes)


def test_an_operation_that_always_says_401_costs_few_logins() -> None:
    count = 40
    doc = oauth_document()
    doc["paths"] |= {f"/p{number}": doc["paths"]["/more"] for number in range(count)}

    class Grudge(Guarded):
        def __call__(self, seen: Seen) -> Reply:
            return problem(401) if seen.path.startswith("/v1/p") else super().__call__(seen)

    service = Grudge(lifetime=None)
    with guarded(service) as (url, _):
        observe(spec_of(doc), Options(url + "/v1", auth=(CLIENT,), generated=False), sleep=lambda seconds: None)
    assert 1 < len(service.logins) <= 1 + MOST_RENEWALS


def test_the_low_user_is_refused_with_403_and_has_a_token_of_its_own() -> None:
    service = Guarded()
    observed, _ = run(service, CLIENT, low_auth=(ClientCredentials("low", Secret(SECRET)),))
    assert statuses(observed, of="low-auth") == [403] * 4
    assert statuses(observed, of="valid") == [200] * 3
    assert [credentials(one)[0] for one in service.logins] == ["probe", "low"]


def answers(status: int, body: bytes, **headers: str) -> Callable[[Seen], Reply]:
    return lambda seen: (status, {"Content-Type": "application/json", **headers}, body)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (answers(401, b'{"error": "invalid_client", "error_description": "no"}'), "answered 401 (invalid_client)"),
        (answers(400, b'{"error": "s3cr3t-canary"}'), "answered 400"),
        (answers(500, b"["), "answered 500"),
        (answers(302, b"", Location="http://127.0.0.1:1/elsewhere"), "answered 302 (a redirect, which is not followed)"),
    ],
)
def test_a_token_endpoint_that_refuses_is_one_line(reply: Any, told: str) -> None:
    with lax(reply) as (url, seen), pytest.raises(InconclusiveError) as caught:
        observe(spec_of(oauth_document()), Options(url + "/v1", auth=(CLIENT,)))
    line = f"the token endpoint {url}/token {told}; are its url and the credentials for it right?"
    assert (caught.value.line(), len(seen)) == (line, 1)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b"{}",
        b'{"access_token": 5}',
        b'{"access_token": ""}',
        b'{"access_token": "a\\nb"}',
        b"[" * 9999,
    ],
)
def test_a_token_endpoint_without_a_token_is_one_line(body: bytes) -> None:
    with lax(answers(200, body)) as (url, _), pytest.raises(InconclusiveError) as caught:
        observe(spec_of(oauth_document()), Options(url + "/v1", auth=(CLIENT,)))
    assert caught.value.line() == f"the token endpoint {url}/token answered 200 without a token at /access_token"


def test_nobody_at_the_token_endpoint_is_one_line() -> None:
    auth = ClientCredentials("probe", Secret(SECRET), "http://127.0.0.1:1/token")
    with lax() as (url, seen), pytest.raises(ProbeError) as caught:
        observe(spec_of(oauth_document()), Options(url + "/v1", auth=(auth,)))
    assert caught.value.line() == "nothing answers at the token endpoint http://127.0.0.1:1/token: connection refused"
    assert (caught.value.outcome, seen) == ("unreachable", [])


def test_credentials_that_open_nothing_are_called_so() -> None:
    with lax(answers(401, b"{}")) as (url, _), pytest.raises(InconclusiveError) as caught:
        observe(spec_of(things()), Options(url + "/v1", auth=(Fixed(Secret("Bearer wrong")),), generated=False))
    assert caught.value.line().endswith("let no request past authentication: the given credentials open none of them")


@pytest.mark.parametrize("lifetime", [-1, 0, 1e300])
def test_a_lifetime_that_makes_no_sense_is_none(lifetime: float) -> None:
    service = Guarded(lifetime=lifetime)
    run(service, CLIENT)
    assert len(service.logins) == 1


def test_many_threads_share_one_login_and_one_renewal() -> None:
    service = Guarded(lifetime=LIFE)
    many = 8
    with guarded(service) as (url, _):
        options = Options(url + "/v1", auth=(CLIENT,))
        held = Credentials(options, spec_of(oauth_document()), Sender(options).send, clock=service.clock)
        for _ in range(2):
            together = Barrier(many)
            got: list[str] = []

            def work(together: Barrier = together, got: list[str] = got) -> None:
                together.wait()
                got.append(dict(held.dressed(asked()).headers)["Authorization"])

            threads = [Thread(target=work) for _ in range(many)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert len(set(got)) == 1
            service.clock.now += LIFE
    assert len(service.logins) == 2


def test_a_401_for_a_token_that_another_thread_has_renewed_asks_for_no_new_one() -> None:
    service = Guarded(lifetime=None)
    spec = spec_of(oauth_document())
    with guarded(service) as (url, _):
        options = Options(url + "/v1", auth=(CLIENT,))
        held = Credentials(options, spec, Sender(options).send, clock=service.clock)
        trials = [Trial(Request("GET", url + one.path), one) for one in spec.operations[:2]]
        first, second = (held.dressed(trial) for trial in trials)
        assert held.saw(trials[0], 401, first)
        assert held.saw(trials[1], 401, second)
        assert not held.saw(trials[0], 401, held.dressed(trials[0]))
    assert len(service.logins) == 2


def test_no_credentials_of_the_users_are_on_a_write_that_goes_out_because_nobody_sends_it() -> None:
    """The write gate lets a valid write go only where the operation demands credentials and none are sent."""
    schemes = {
        "bearer": {"type": "http", "scheme": "bearer"},
        **{f"k-{place}": {"type": "apiKey", "in": place, "name": f"x-{place}"} for place in ("header", "query", "cookie")},
    }
    write = {"post": {"responses": {"200": {"description": ""}}}}
    doc = document({"/jobs": write}, security=[{name: [] for name in schemes}], components={"securitySchemes": schemes})
    given = (Fixed(Secret("Bearer s3cr3t-canary")), *(Fixed(Secret("s3cr3t-canary"), name) for name in list(schemes)[1:]))
    with lax(lambda seen: problem(401)) as (url, seen):
        options = Options(url + "/v1", auth=given, low_auth=given, accept_inconclusive=True)
        observe(spec_of(doc), options, sleep=lambda seconds: None)
    writes = [one for one in seen if one.method == "POST"]
    assert [(one.target, "s3cr3t" in str(one.headers)) for one in writes] == [("/v1/jobs", False)]
    assert any("s3cr3t-canary" in one.headers.get("cookie", "") for one in seen)


@pytest.mark.parametrize(
    ("url", "header"),
    [("?k=s3cr3t%2Dcanary", ""), ("?k=s3cr3t-canary", ""), ("", "s3cr3t-canary"), ("", "x s3cr3t-canary")],
)
def test_a_request_with_the_users_secret_in_it_is_not_anonymous(url: str, header: str) -> None:
    options = Options("http://h/v1", auth=(Fixed(Secret("s3cr3t-canary"), "k"),))
    headers = (("X", header),) if header else ()
    bare = Trial(Request("POST", "http://h/v1/jobs"), identity="none")
    assert anonymous(bare, options)
    assert not anonymous(Trial(Request("POST", f"http://h/v1/jobs{url}", headers), identity="none"), options)


def test_the_second_user_of_the_demo_shows_the_code_of_a_missing_role() -> None:
    root = Path(__file__).parents[2] / "errlint" / "demo"
    with serve(create_app()) as url:
        options = Options(
            url + "/v1",
            auth=(Fixed(Secret(f"Bearer {TOKEN}")),),
            low_auth=(Fixed(Secret(f"Bearer {READER_TOKEN}")),),
            generated=False,
        )
        report = api.probe(str(root / "openapi.yaml"), options, [str(root / "catalog.yaml")])
    assert report.coverage is not None
    (role,) = [code for code in report.coverage.codes if code.code == "ML_1701"]
    assert "POST /models" in role.observed
    assert [finding.message for finding in report.findings if finding.severity is Severity.ERROR] == []


def test_a_second_user_that_nobody_knows_is_told() -> None:
    service = Guarded()
    observed, _ = run(service, CLIENT, low_auth=(Fixed(Secret("Bearer unknown")),))
    told = "4 of 4 requests of the second user were answered 401: the credentials of --low-auth open nothing"
    assert observed.notes == (told,)


def test_a_token_endpoint_is_verified_as_the_options_say_even_where_the_service_speaks_no_tls() -> None:
    http = "http://127.0.0.1:9/v1"
    token = ClientCredentials("probe", Secret(SECRET), "https://127.0.0.1:9/token")
    assert tls(Options(http, auth=(Fixed(Secret("Bearer x")),))) is None
    context = tls(Options(http, low_auth=(token,)))
    assert context is not None
    assert context.verify_mode is CERT_REQUIRED
    with pytest.raises(ConfigError, match=r"the certificates in gone\.pem cannot be used"):
        tls(Options(http, auth=(token,), verify="gone.pem"))


@pytest.mark.parametrize(
    ("takes", "told"),
    [
        (lambda given: given.startswith("Bearer eyJ"), {"bad-auth (expired) was accepted with 200"}),
        (lambda given: given.startswith("Basic "), {"bad-auth (wrong scheme) was accepted with 200"}),
        (lambda given: given.startswith("Bearer"), {"bad-auth was accepted with 200"}),
        (lambda given: given == "Bearer", {"bad-auth (malformed) was accepted with 200"}),
        (lambda given: False, set()),
    ],
)
def test_wrong_credentials_that_are_accepted_are_one_finding_that_says_which(
    takes: Callable[[str], bool], told: set[str], tmp_path: Path
) -> None:
    def reply(seen: Seen) -> Reply:
        given = seen.headers.get("authorization", "")
        fine = given == "Bearer s3cr3t-canary" or takes(given)
        fine = fine and (seen.method, seen.path) == ("GET", "/v1/things")
        return (200, {"Content-Type": "application/json"}, b"[]") if fine else problem(401)

    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document({"/things": GET})), encoding="utf-8")
    with lax(reply) as (url, _):
        options = Options(url + "/v1", auth=(Fixed(Secret("Bearer s3cr3t-canary")),), generated=False)
        report = api.probe(str(path), options)
    assert {finding.message for finding in report.findings if finding.rule == "HTP010"} == told
