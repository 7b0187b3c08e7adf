"""Credentials as a user writes them: what each form means, and that no refusal quotes a value."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from errlint.errors import ConfigError
from errlint.probe.auth import Auth, ClientCredentials, Fixed, Login, secrets_of
from errlint.probe.auth_given import Origin, read_auth
from errlint.probe.secret import Secret

CANARY = "s3cr3t-canary-value"
ENVIRON = {"TOKEN": CANARY, "NAME": "probe", "EMPTY": "", "LINES": "a\nb", "COLON": "a:b"}


def given(written: Any, folder: str = ".") -> tuple[Auth, ...]:
    return read_auth(written, Origin("--auth", ENVIRON, folder))


def basic(pair: str) -> Secret:
    return Secret("Basic " + b64encode(pair.encode()).decode())


@pytest.mark.parametrize(
    ("written", "auth"),
    [
        ("bearer:abc", Fixed(Secret("Bearer abc"))),
        ("bearer:a:b", Fixed(Secret("Bearer a:b"))),
        ("bearer:env:TOKEN", Fixed(Secret(f"Bearer {CANARY}"))),
        ("basic:user:pass:word", Fixed(basic("user:pass:word"))),
        ("basic:user:env:TOKEN", Fixed(basic(f"user:{CANARY}"))),
        ("basic:env:NAME:env:TOKEN", Fixed(basic(f"probe:{CANARY}"))),
        ("basic:env:TOKEN:", Fixed(basic(f"{CANARY}:"))),
        ("api-key:ApiKeyAuth:env:TOKEN", Fixed(Secret(CANARY), "ApiKeyAuth")),
        ("oauth2:id:env:TOKEN", ClientCredentials("id", Secret(CANARY))),
        ("oauth2:id:env:TOKEN:https://h/t", ClientCredentials("id", Secret(CANARY), "https://h/t")),
        ({"type": "bearer", "token": "env:TOKEN"}, Fixed(Secret(f"Bearer {CANARY}"))),
        ({"type": "basic", "user": "u", "password": ""}, Fixed(basic("u:"))),
        ({"type": "api-key", "scheme": "k", "key": "env:TOKEN"}, Fixed(Secret(CANARY), "k")),
        (
            {"type": "oauth2", "client-id": "id", "client-secret": "env:TOKEN", "scope": ["a", "b"], "client-auth": "body"},
            ClientCredentials("id", Secret(CANARY), "", "a b", "body"),
        ),
        (
            {"type": "login", "path": "/login", "form": {"user": "env:NAME"}, "header": "X-Token", "prefix": "Token"},
            Login(
                "/login",
                headers=(("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")),
                body=b"user=probe",
                header="X-Token",
                prefix="Token",
                secrets=(Secret("probe"),),
            ),
        ),
        (
            {"type": "login", "url": "https://h/x", "headers": {"X-Key": "env:TOKEN"}, "pointer": "/a~1b/0", "expires": "/e"},
            Login(
                "https://h/x",
                "GET",
                (("Accept", "application/json"), ("X-Key", Secret(CANARY))),
                pointer=("a/b", "0"),
                expires=("e",),
                secrets=(Secret(CANARY),),
            ),
        ),
    ],
)
def test_each_form_means_one_way(written: Any, auth: Auth) -> None:
    assert given(written) == (auth,)


def test_a_login_may_set_a_cookie() -> None:
    (login,) = given({"type": "login", "path": "/l", "form": {}, "cookie": "sid"})
    assert isinstance(login, Login)
    assert (login.cookie, login.pointer, login.header) == ("sid", None, "")


def test_several_are_several() -> None:
    assert given(["bearer:a", {"type": "api-key", "scheme": "k", "key": "b"}]) == (
        Fixed(Secret("Bearer a")),
        Fixed(Secret("b"), "k"),
    )


def test_the_body_of_a_login_holds_the_values_and_says_which_are_secret() -> None:
    body = {"user": "probe", "password": "literal", "deep": [{"otp": "123456"}, "env:TOKEN"], "remember": True}
    (login,) = given({"type": "login", "path": "/l", "json": body, "pointer": "/t"})
    assert isinstance(login, Login)
    assert json.loads(login.body or b"") == {**body, "deep": [{"otp": "123456"}, CANARY]}
    assert secrets_of(login) == ("literal", "123456", CANARY)
    assert CANARY not in repr(login)


def test_a_file_is_read_relative_to_its_config_without_the_end_of_its_line(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(CANARY + "\n", encoding="utf-8")
    assert given("bearer:file:token", str(tmp_path)) == (Fixed(Secret(f"Bearer {CANARY}")),)
    assert given(f"bearer:file:{tmp_path}/token") == (Fixed(Secret(f"Bearer {CANARY}")),)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (None, "--auth: t cannot be read: No such file or directory"),
        (b"", "--auth: t is empty"),
        (b"\n", "--auth: t is empty"),
        (b"\xff", "--auth: t cannot be read: it is no text in UTF-8"),
        (b"s3cr3t" * 20_000, "--auth: t is larger than 64 KiB"),
        (
            b"s3cr3t-canary\nsecond",
            "--auth: the value is empty or cannot be sent; "
            "no control characters, and nothing beyond Latin-1 (RFC 9110 section 5.5)",
        ),
    ],
)
def test_a_file_that_gives_no_value_is_one_line(content: bytes | None, line: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "t").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        given("bearer:file:t", str(tmp_path))
    assert caught.value.line() == line


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "t")
    with pytest.raises(ConfigError, match="t is no file"):
        given("bearer:file:t", str(tmp_path))


FORMS = (
    "write bearer:TOKEN, basic:USER:PASSWORD, api-key:SCHEME:KEY or oauth2:CLIENT-ID:CLIENT-SECRET[:TOKEN-URL]; "
    "a value may be env:NAME or file:PATH"
)
NO_FORM = "--auth: it does not begin with bearer:, basic:, api-key: or oauth2:"
UNSENDABLE = "the value is empty or cannot be sent; no control characters, and nothing beyond Latin-1 (RFC 9110 section 5.5)"


@pytest.mark.parametrize(
    ("written", "line"),
    [
        (CANARY, f"{NO_FORM}; {FORMS}"),
        (f"user:{CANARY}", f"{NO_FORM}; {FORMS}"),
        (f"baerer:{CANARY}", f"{NO_FORM}; did you mean bearer? {FORMS}"),
        ("bearer:", f"--auth: {UNSENDABLE}"),
        (f"bearer:{CANARY}\x00", f"--auth: {UNSENDABLE}"),
        ("bearer:env:LINES", f"--auth: {UNSENDABLE}"),
        ("bearer:env:GONE", "--auth: the environment variable GONE is not set"),
        ("bearer:env:EMPTY", "--auth: the environment variable EMPTY is empty"),
        ("bearer:file:a\0b", "--auth: a\0b cannot be read: it is no text in UTF-8"),
        (f"basic:{CANARY}", "--auth: it is cut short; write basic:USER:PASSWORD"),
        ("basic::x", "--auth: it is cut short; write basic:USER:PASSWORD"),
        ("basic:env:COLON:x", "--auth: the name of the user has a colon (RFC 7617 section 2)"),
        (f"api-key:{CANARY}", "--auth: it is cut short; write api-key:SCHEME:KEY"),
        ("oauth2:id", "--auth: it is cut short; write oauth2:CLIENT-ID:CLIENT-SECRET[:TOKEN-URL]"),
        (
            f"oauth2:id:x:https://u:{CANARY}@h/t",
            "--auth: the url must be absolute, without a user in it; write https://host/path",
        ),
        ("oauth2:id:x:http://[", "--auth: the url must be absolute, without a user in it; write https://host/path"),
        ({}, "--auth: it has no type; type is bearer, basic, api-key, oauth2 or login"),
        ({"type": "bearer"}, "--auth: type bearer needs token"),
        ({"type": "bearer", "token": "a", "user": "b"}, "--auth.user: type bearer has no such key; it has token"),
        ({"type": "login", "path": "/l"}, "--auth: type login needs pointer, header or cookie, one of them"),
        ({"type": "login", "pointer": "/t"}, "--auth: type login needs url or path, one of them"),
        ({"type": "login", "path": "l", "pointer": "/t"}, "--auth.path: it does not begin with a slash"),
        (
            {"type": "login", "path": "/l", "pointer": "t"},
            '--auth.pointer: it is no JSON Pointer (RFC 6901); write "/access_token"',
        ),
        (
            {"type": "login", "path": "/l", "pointer": "/t", "json": {}, "form": {}},
            "--auth: type login has one body: json or form",
        ),
        (
            {"type": "login", "path": "/l", "pointer": "/t", "json": {"p": {"q": "env:GONE"}}},
            "--auth.json.p.q: the environment variable GONE is not set",
        ),
        (
            {"type": "login", "path": "/l", "pointer": "/t", "method": "a b"},
            "--auth: method, header and cookie are tokens (RFC 9110 section 5.6.2)",
        ),
    ],
)
def test_what_says_no_way_is_one_line_that_quotes_no_value(written: Any, line: str) -> None:
    with pytest.raises(ConfigError) as caught:
        given(written)
    assert caught.value.line() == line
    assert CANARY not in line
