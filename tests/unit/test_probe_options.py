"""The user's options: what is refused, and what no text may show."""

from __future__ import annotations

from typing import Any

import pytest

from errlint.errors import ConfigError
from errlint.probe.options import Options, redact
from errlint.probe.secret import Secret


@pytest.mark.parametrize(
    "members",
    [
        {"base_url": "127.0.0.1:80"},
        {"base_url": "ftp://h/"},
        {"base_url": "http://h:port/"},
        {"base_url": "http://"},
        {"writes": "some"},
        {"rate": 0.0},
        {"timeout": 0.0},
        {"max_requests": 0},
        {"headers": (("", "x"),)},
        {"headers": (("A", "b\r\nC: d"),)},
        {"headers": (("A B", "c"),)},
        {"headers": (("A(", "c"),)},
        {"headers": (("Größe", "c"),)},
        {"headers": (("A", "\u20ac"),)},
        {"headers": (("A", "b\x07c"),)},
        {"headers": (("A", "b\ud800"),)},
        {"base_url": "http://h/v1?q=1"},
        {"base_url": "http://h/v1#f"},
        {"base_url": "http://h/v1?"},
        {"base_url": "http://["},
        {"proxy": "http://me:pa/ss@proxy:1"},
        {"proxy": "http://me:12/ss@proxy:1"},
        {"proxy": "http://["},
        {"timeout": 3601.0},
        {"rate": -1.0},
        {"rate": 1e-320},
        *({name: value} for name in ("timeout", "max_time", "max_requests") for value in (float("nan"), float("inf"), -1)),
        {"max_requests_per_operation": float("inf")},
        {"rate": float("nan")},
    ],
)
def test_what_makes_no_sense_is_refused(members: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        Options(**{"base_url": "http://h/v1", **members})


@pytest.mark.parametrize(
    ("url", "base", "path"),
    [
        ("http://h", "http://h", ""),
        ("http://h/", "http://h", ""),
        ("https://H:8443/v1/", "https://h:8443/v1", "/v1"),
        ("http://[::1]:80/a/", "http://[::1]:80/a", "/a"),
        ("http://user:secret@h/v1", "http://h/v1", "/v1"),
    ],
)
def test_the_base_url_is_plain(url: str, base: str, path: str) -> None:
    options = Options(url)
    assert (options.base_url, options.base_path) == (base, path)


@pytest.mark.parametrize(
    "members",
    [
        {"base_url": "http://user:hun/ter2@h/v1"},
        {"base_url": "http://user:/hunter2@h/v1"},
        {"base_url": "http://user:hun#ter2@h/v1"},
        {"base_url": "http://user:12#hunter2@h/v1"},
        {"base_url": "http://user:12?hunter2@h/v1"},
        {"base_url": "http://h/v1?key=hunter2"},
        {"base_url": "http://user:hunter2@[h/v1"},
        {"base_url": "http://user:hunter2@h:port/v1"},
        {"base_url": "http://user:hunter2@h\u2100/v1"},
        {"base_url": "hunter2"},
        {"headers": (("Authorization Bearer hunter2", "x"),)},
        {"headers": (("Authorization", "hunter2\nx"),)},
        {"proxy": "http://me:hun/ter2@proxy:1"},
    ],
)
def test_no_refusal_quotes_a_secret(members: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as caught:
        Options(**{"base_url": "http://h/v1", **members})
    said = f"{caught.value} {caught.value.hint} {caught.value!r}"
    assert "ter2" not in said
    assert "hun" not in said
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_numbers_at_their_limits_are_taken() -> None:
    options = Options("http://h", timeout=3600, rate=float("inf"), max_requests=10**400)
    assert (options.timeout, options.pace) == (3600, None)


def test_a_value_in_latin_1_is_taken() -> None:
    assert Options("http://h", (("X-Size", "größe\t1"),)).headers[0][1] == "größe\t1"


def test_userinfo_becomes_a_basic_header_unless_one_is_given() -> None:
    assert Options("http://user:p%40ss@h").headers == (("Authorization", "Basic dXNlcjpwQHNz"),)
    given = (("authorization", "Bearer abcdef"),)
    assert Options("http://user:pass@h", given).headers == given


@pytest.mark.parametrize(
    ("url", "rate", "pace"),
    [
        ("http://localhost:1", None, None),
        ("http://127.0.0.2", None, None),
        ("http://[::1]", None, None),
        ("http://example.com", None, 20.0),
        ("http://example.com", 5.0, 5.0),
        ("http://example.com", float("inf"), None),
        ("http://127.0.0.1", 3.0, 3.0),
    ],
)
def test_other_hosts_are_asked_slowly(url: str, rate: float | None, pace: float | None) -> None:
    assert Options(url, rate=rate).pace == pace


def test_secrets_are_masked_in_every_form() -> None:
    options = Options(
        "http://h",
        (("Authorization", "Basic dXNlcjpwYXNzd29yZA=="), ("X-Key", "k-123456"), ("Cookie", "sid=abcdefgh; b=1")),
        proxy="http://me:hidden@proxy:1",
    )
    said = "Basic dXNlcjpwYXNzd29yZA== user:password password k-123456 abcdefgh me:hidden 1"
    assert redact(said, options.secrets) == "*** *** *** *** *** *** 1"
    for secret in ("dXNlcjpwYXNzd29yZA", "password", "k-123456", "abcdefgh", "hidden"):
        assert secret not in repr(options)


def test_a_secret_is_a_text_that_no_repr_shows() -> None:
    secret = Secret("abc")
    assert (repr((secret,)), f"{secret}", secret == "abc", hash(secret)) == ("('***',)", "abc", True, hash("abc"))


def test_a_run_is_named_by_its_seed() -> None:
    assert Options("http://h", seed=1).run_id == Options("http://g", seed=1).run_id != Options("http://h", seed=2).run_id
