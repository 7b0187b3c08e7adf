"""``--env``: a service of the config, its credentials, and what the command line says against it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from errlint.api.environments import probe_options
from errlint.api.tasks import Planner
from errlint.cli.main import run
from errlint.config import Asked
from errlint.config.environment import chosen
from errlint.errors import ConfigError
from errlint.load.library import Library
from errlint.probe.auth import Fixed
from errlint.probe.options import Options
from errlint.probe.secret import Secret
from tests.services.guarded import SECRET, Guarded, guarded, oauth_document

CANARY = "s3cr3t-canary-value"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "openapi.json").write_text(json.dumps(oauth_document()), encoding="utf-8")
    return tmp_path


def config(text: str) -> None:
    Path("api/errlint.toml").write_text(text, encoding="utf-8")


def options(name: str = "test", **line: Any) -> Options:
    held = Planner(Asked(), Library()).held("api/openapi.json")
    return probe_options(line, {"generated": False}, {"T": CANARY}, chosen(held.environments, name))


def test_an_environment_sets_the_options_and_its_paths_are_relative_to_the_config() -> None:
    Path("api/ca.pem").touch()
    Path("api/token").write_text(CANARY, encoding="utf-8")
    config(
        """[env.test]
url = "http://127.0.0.1:9/v1"
auth = "bearer:file:token"
low-auth = ["api-key:k:env:T"]
auth-tests = "all"
headers = {X-Tenant = "acme", X-Key = "env:T"}
include = ["GET /*"]
exclude = "GET /more"
writes = "never"
rate = 2.5
concurrency = 2
timeout = 3
max-time = 60
max-requests = 7
max-requests-per-operation = 5
ca = "ca.pem"
proxy = "http://127.0.0.1:8"
"""
    )
    assert options() == Options(
        "http://127.0.0.1:9/v1",
        (("X-Tenant", "acme"), ("X-Key", CANARY)),
        auth=(Fixed(Secret(f"Bearer {CANARY}")),),
        low_auth=(Fixed(Secret(CANARY), "k"),),
        auth_tests="all",
        include=("GET /*",),
        exclude=("GET /more",),
        writes="never",
        rate=2.5,
        concurrency=2,
        timeout=3,
        max_time=60,
        max_requests=7,
        max_requests_per_operation=5,
        verify="api/ca.pem",
        proxy="http://127.0.0.1:8",
        generated=False,
    )


def test_the_command_line_beats_an_environment_and_adds_to_what_it_leaves_out() -> None:
    config(
        '[env.test]\nurl = "http://a"\nauth = "bearer:x"\nheaders = {A = "1", B = "2"}\nexclude = "GET /a"\nwrites = "never"'
    )
    got = options(base_url="http://b", auth=("bearer:env:T",), headers=(("b", "3"),), exclude=("GET /b",), writes="rejected")
    assert got == Options(
        "http://b",
        (("A", "1"), ("b", "3")),
        auth=(Fixed(Secret(f"Bearer {CANARY}")),),
        exclude=("GET /a", "GET /b"),
        generated=False,
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "there is no environment test: no config has one; write [env.test] in errlint.toml"),
        ("[env.tset]", "there is no environment test; did you mean tset? the config has tset"),
        ("[env.test]", "api/errlint.toml:1:1: no url to probe; give --url BASE, or --env NAME for a url in the config"),
        (
            '[env.test]\nurl = "h"',
            "api/errlint.toml:2:1: the base url must be absolute; write http://host/path or https://host/path",
        ),
        ('[env.test]\nlow_auth = "x"', "api/errlint.toml:2:1: unknown key low_auth; did you mean low-auth?"),
        ('[env.test]\nauth = {tokn = "x"}', "api/errlint.toml:2:9: unknown key tokn; did you mean token?"),
        ("[env.test]\nauth = [1]", "api/errlint.toml:2:9: env.test.auth 1 must be a text or a table, not a number"),
        ("[env.test]\nauth = 1", "api/errlint.toml:2:1: env.test.auth must be a text or a table or a list, not a number"),
        (
            '[env.test]\nauth = {type = "baerer"}',
            "api/errlint.toml:2:9: env.test.auth.type: baerer is none of bearer, basic, api-key, oauth2, login; "
            "did you mean bearer?",
        ),
        ("[env.test]\nrate = 0", "api/errlint.toml:2:1: env.test.rate must be greater than 0"),
        ("[env.test]\nrate = nan", "api/errlint.toml:2:1: env.test.rate must be greater than 0"),
        ("[env.test]\nmax-requests = 1.5", "api/errlint.toml:2:1: env.test.max-requests must be a whole number, not a number"),
        ('[env.test]\nwrites = "al"', "api/errlint.toml:2:1: env.test.writes: al is none of never, rejected, allowed"),
        (
            '[env.test]\nurl = "http://h"\n\nauth = "bearer:env:GONE"',
            "api/errlint.toml:4:1: env.test.auth: the environment variable GONE is not set",
        ),
        (
            '[env.test]\nurl = "http://h"\nauth = [\n  "bearer:x",\n  "basic:u:file:gone"]',
            "api/errlint.toml:5:3: env.test.auth: gone cannot be read: No such file or directory",
        ),
        (
            '[env.test]\nurl = "http://h"\nauth = {type = "login", path = "/l", pointer = "/t", json = {}, form = {}}',
            "api/errlint.toml:3:1: env.test.auth: type login has one body: json or form",
        ),
        (
            '[env.test]\nurl = "http://h"\n[env.test.auth]\ntype = "login"\npath = "/l"\npointer = "/t"\n'
            '[env.test.auth.json]\npassword = "env:GONE"',
            "api/errlint.toml:8:1: env.test.auth.json.password: the environment variable GONE is not set",
        ),
        (
            '[env.test]\nurl = "http://h"\nheaders = {"a b" = "c"}',
            "api/errlint.toml:3:12: env.test.headers.a b: the name of a header is no token (RFC 9110 section 5.6.2)",
        ),
        (
            '[env.test]\nurl = "http://h"\nproxy = "http://u:a/b@h"',
            "api/errlint.toml:3:1: the url of the proxy cannot be read; percent-encode the password",
        ),
    ],
)
def test_a_wrong_environment_is_one_line_with_its_place(text: str, line: str) -> None:
    config(text)
    with pytest.raises(ConfigError) as caught:
        options()
    assert caught.value.line() == line


def test_ids_of_an_environment_and_of_the_command_line_add_up_and_the_line_wins() -> None:
    config("[env.test]\nurl = 'http://127.0.0.1:9'\npath-params = {server = 'localhost', zone = 'a'}\n")
    assert options(path_params=(("zone", "b"),)).path_params == (("server", "localhost"), ("zone", "b"))


def test_an_id_without_a_value_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("server", "server="):
        assert run(["probe", "api/openapi.json", "--url", "http://127.0.0.1:9", "--path-param", text]) == 2
        assert capsys.readouterr().err == "errlint: a path parameter has no value; write --path-param NAME=VALUE\n"


def test_neither_url_nor_env_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["probe", "api/openapi.json"]) == 2
    assert capsys.readouterr().err == ("errlint: no url to probe; give --url BASE, or --env NAME for a url in the config\n")


def test_a_probe_of_an_environment_logs_in_and_shows_no_secret(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROBE_SECRET", SECRET)
    service = Guarded()
    with guarded(service) as (url, seen):
        config(
            f"""[env.test]
url = "{url}/v1"
auth = "oauth2:probe:env:PROBE_SECRET"
low-auth = {{type = "login", path = "/login", pointer = "/data/jwt", json = {{user = "low", password = "env:PROBE_SECRET"}}}}
"""
        )
        code = run(["probe", "api/openapi.json", "--env", "test", "--directed-only", "-f", "json"])
    told = capsys.readouterr()
    assert (code, json.loads(told.out)["summary"]["outcome"]) in ((0, "clean"), (1, "findings"))
    assert [one.path for one in service.logins] == ["/token", "/v1/login"]
    assert len(seen) > 20
    assert "s3cr3t-canary" not in told.out + told.err
