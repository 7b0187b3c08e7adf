"""Credentials as a user writes them -> data: ``bearer:env:TOKEN`` on the command line, a text or a table in a config.

A value is a text, ``env:NAME`` (a variable of the environment) or ``file:PATH`` (the text of a file). Nothing else is read,
and no message quotes a value, nor a text that may be one.
"""

from __future__ import annotations

import json
import os
import re
import stat
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from errlint.errors import ConfigError
from errlint.load.meant import did_you_mean
from errlint.model.finding import Location
from errlint.model.pointer import parse
from errlint.model.record import field, record
from errlint.probe.auth import Auth, ClientCredentials, Fixed, Login
from errlint.probe.secret import Secret

FORMS = {
    "bearer": "bearer:TOKEN",
    "basic": "basic:USER:PASSWORD",
    "api-key": "api-key:SCHEME:KEY",
    "oauth2": "oauth2:CLIENT-ID:CLIENT-SECRET[:TOKEN-URL]",
}
"""The ways that one text can say."""

KEYS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "bearer": (("token",), ()),
    "basic": (("user", "password"), ()),
    "api-key": (("scheme", "key"), ()),
    "oauth2": (("client-id", "client-secret"), ("token-url", "scope", "client-auth", "scheme")),
    "login": (
        (),
        ("url", "path", "method", "headers", "json", "form", "pointer", "header", "cookie", "expires", "prefix", "scheme"),
    ),
}
"""The keys of a table by its type: (those it must have, those it may have)."""

MOST_BYTES = 64 * 1024
"""Of a file with a value; a token is shorter."""

_SENDABLE = re.compile("[\t\x20-\x7e\xa0-\xff]+")
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONFIDENTIAL = re.compile("pass|secret|token|credential|otp$|key$|(^|[_-])(pin|code)$", re.IGNORECASE)


def nowhere(*tokens: str) -> Location | None:
    """No place: the command line."""
    return None


@record
class Origin:
    """Where a user writes something: its name in words (``--auth``), the variables and the folder that values are read
    from, and the places of the keys below it.
    """

    name: str
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    folder: str = "."
    at: Callable[..., Location | None] = nowhere

    def fault(self, text: str, *tokens: str, hint: str = "") -> ConfigError:
        """What is wrong with it, or with a key below it."""
        return ConfigError(f"{'.'.join((self.name, *tokens))}: {text}", self.at(*tokens), hint)

    def value(self, text: str, *tokens: str) -> str:
        """The value that a text means; one that was read is a Secret. Raises: ConfigError where it cannot be read."""
        kind, colon, name = text.partition(":")
        if colon and kind == "env":
            found = self.environ.get(name)
            if not found:
                raise self.fault(f"the environment variable {name} is {'empty' if found is not None else 'not set'}", *tokens)
            return Secret(found)
        return Secret(self._file(name, tokens)) if colon and kind == "file" else text

    def secret(self, text: str, *tokens: str) -> Secret:
        """The value as one that can stand in a header. Raises: ConfigError."""
        found = Secret(self.value(text, *tokens))
        if not _SENDABLE.fullmatch(found):
            hint = "no control characters, and nothing beyond Latin-1 (RFC 9110 section 5.5)"
            raise self.fault("the value is empty or cannot be sent", *tokens, hint=hint)
        return found

    def _file(self, name: str, tokens: tuple[str, ...]) -> str:
        """The text of a file without the end of its last line. Raises: ConfigError."""
        try:
            path = os.path.join(self.folder, os.path.expanduser(name))
            if not stat.S_ISREG(os.stat(path).st_mode):  # opening a pipe would wait for ever
                raise self.fault(f"{name} is no file", *tokens)
            with open(path, "rb") as file:
                data = file.read(MOST_BYTES + 1)
            text = data.decode("utf-8-sig")
        except (OSError, ValueError) as error:  # a NUL in the name; no UTF-8
            why = getattr(error, "strerror", None) or "it is no text in UTF-8"
            raise self.fault(f"{name} cannot be read: {why}", *tokens) from None
        text = text.removesuffix("\n").removesuffix("\r")
        if not text or len(data) > MOST_BYTES:
            raise self.fault(f"{name} is {'larger than 64 KiB' if text else 'empty'}", *tokens)
        return text


def read_auth(written: Any, origin: Origin) -> tuple[Auth, ...]:
    """All credentials of one identity: a text, a table, or a list of them. Raises: ConfigError."""
    if isinstance(written, (list, tuple)):
        return tuple(_one(item, origin, str(index)) for index, item in enumerate(written))
    return (_one(written, origin),)


def _one(written: Any, origin: Origin, *tokens: str) -> Auth:
    inner = origin if not tokens else _below(origin, tokens)
    return from_text(written, inner) if isinstance(written, str) else from_table(written, inner)


def _below(origin: Origin, tokens: tuple[str, ...]) -> Origin:
    """An item of a list: it has a place of its own, and the list's name."""
    return Origin(origin.name, origin.environ, origin.folder, lambda *more: origin.at(*tokens, *more))


def from_text(text: str, origin: Origin) -> Auth:
    """Credentials in one text; a colon separates its parts. Raises: ConfigError, which does not quote it."""
    kind, colon, rest = text.partition(":")
    if kind not in FORMS or not colon:
        meant = did_you_mean(kind, list(FORMS)) if colon else ""
        raise origin.fault(f"it does not begin with {_listed(f'{name}:' for name in FORMS)}{meant}", hint=_hint())
    if kind == "bearer":
        return _bearer(rest, origin)
    first, separated, rest = _first(rest)
    if not separated or not first:
        raise origin.fault("it is cut short", hint=f"write {FORMS[kind]}")
    if kind == "basic":
        return _basic(first, rest, origin)
    if kind == "api-key":
        return Fixed(origin.secret(rest), first)
    second, _, rest = _first(rest)
    return ClientCredentials(origin.value(first), origin.secret(second), _url(rest, origin) if rest else "")


def _first(text: str) -> tuple[str, str, str]:
    """(the first value, the colon after it, the rest): ``env:`` and ``file:`` belong to a value."""
    before = next((word for word in ("env:", "file:") if text.startswith(word)), "")
    head, colon, rest = text[len(before) :].partition(":")
    return before + head, colon, rest


def _hint() -> str:
    return f"write {_listed(FORMS.values())}; a value may be env:NAME or file:PATH"


def _listed(words: Any) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}"


def from_table(table: Mapping[str, Any], origin: Origin) -> Auth:
    """Credentials in a table that says its type. Raises: ConfigError."""
    kind = str(table.get("type", ""))
    if kind not in KEYS:
        raise origin.fault("it has no type", hint=f"type is {_listed(KEYS)}")
    needed, possible = KEYS[kind]
    for key in table:
        if key not in (*needed, *possible, "type"):
            raise origin.fault(f"type {kind} has no such key", key, hint=f"it has {', '.join((*needed, *possible))}")
    missing = [key for key in needed if key not in table]
    if missing:
        raise origin.fault(f"type {kind} needs {' and '.join(missing)}")
    if kind == "bearer":
        return _bearer(table["token"], origin, "token")
    if kind == "basic":
        return _basic(table["user"], table["password"], origin, "user", "password")
    if kind == "api-key":
        return Fixed(origin.secret(table["key"], "key"), table["scheme"])
    return _client(table, origin) if kind == "oauth2" else _login(table, origin)


def _bearer(text: str, origin: Origin, *tokens: str) -> Fixed:
    return Fixed(Secret(f"Bearer {origin.secret(text, *tokens)}"))


def _basic(user: str, password: str, origin: Origin, *keys: str) -> Fixed:
    """RFC 7617: a user's name holds no colon; both are UTF-8."""
    name = origin.value(user, *keys[:1])
    if ":" in name:
        raise origin.fault("the name of the user has a colon (RFC 7617 section 2)", *keys[:1])
    pair = f"{name}:{origin.value(password, *keys[1:]) if password else ''}"
    return Fixed(Secret("Basic " + b64encode(pair.encode("utf-8", "surrogatepass")).decode()))


def _client(table: Mapping[str, Any], origin: Origin) -> ClientCredentials:
    scope = table.get("scope", "")
    return ClientCredentials(
        origin.value(table["client-id"], "client-id"),
        origin.secret(table["client-secret"], "client-secret"),
        _url(table["token-url"], origin, "token-url") if "token-url" in table else "",
        scope if isinstance(scope, str) else " ".join(scope),
        table.get("client-auth", "basic"),
        table.get("scheme", ""),
    )


def _login(table: Mapping[str, Any], origin: Origin) -> Login:
    for names in (("url", "path"), ("pointer", "header", "cookie")):
        if sum(name in table for name in names) != 1:
            raise origin.fault(f"type login needs {_listed(names)}, one of them")
    if "json" in table and "form" in table:
        raise origin.fault("type login has one body: json or form")
    if not table.get("path", "/").startswith("/"):
        raise origin.fault("it does not begin with a slash", "path")
    if not all(_NAME.fullmatch(table.get(key, "x")) for key in ("method", "header", "cookie")):
        raise origin.fault("method, header and cookie are tokens (RFC 9110 section 5.6.2)")
    secrets: list[Secret] = []
    headers = [("Accept", "application/json")]
    body = None
    if "json" in table:
        headers.append(("Content-Type", "application/json"))
        body = json.dumps(_filled(table["json"], origin, ("json",), secrets), ensure_ascii=False).encode()
    elif "form" in table:
        headers.append(("Content-Type", "application/x-www-form-urlencoded"))
        body = urlencode(_filled(table["form"], origin, ("form",), secrets)).encode()
    headers += read_headers(table.get("headers", {}), origin, "headers")
    secrets += [value for _, value in headers if isinstance(value, Secret)]
    return Login(
        url=_url(table["url"], origin, "url") if "url" in table else table["path"],
        method=table.get("method", "POST" if body is not None else "GET").upper(),
        headers=tuple(headers),
        body=body,
        pointer=_pointer(table, "pointer", origin),
        header=table.get("header", ""),
        cookie=table.get("cookie", ""),
        expires=_pointer(table, "expires", origin),
        prefix=table.get("prefix", "Bearer"),
        scheme=table.get("scheme", ""),
        secrets=tuple(dict.fromkeys(secrets)),
    )


def read_headers(table: Mapping[str, str], origin: Origin, *tokens: str) -> list[tuple[str, str]]:
    """Headers of a config, their values read. Raises: ConfigError."""
    found: list[tuple[str, str]] = []
    for name, text in table.items():
        if not _NAME.fullmatch(name):
            raise origin.fault("the name of a header is no token (RFC 9110 section 5.6.2)", *tokens, name)
        found.append((name, origin.secret(text, *tokens, name)))
    return found


def _filled(value: Any, origin: Origin, tokens: tuple[str, ...], secrets: list[Secret]) -> Any:
    """A body with its values read. What was read is secret, and so is what stands under a name like ``password``."""
    if isinstance(value, dict):
        return {key: _filled(item, origin, (*tokens, key), secrets) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, origin, (*tokens, str(index)), secrets) for index, item in enumerate(value)]
    if not isinstance(value, str):
        return value
    read = origin.value(value, *tokens)
    if isinstance(read, Secret) or _CONFIDENTIAL.search(tokens[-1]):
        secrets.append(Secret(read))
    return str(read)


def _pointer(table: Mapping[str, Any], key: str, origin: Origin) -> Any:
    if key not in table:
        return None
    if not table[key].startswith("/"):
        raise origin.fault("it is no JSON Pointer (RFC 6901)", key, hint='write "/access_token"')
    return parse(table[key])


def _url(text: str, origin: Origin, *tokens: str) -> str:
    """An absolute url without userinfo. Raises: ConfigError, which does not quote it."""
    try:
        parts = urlsplit(text)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        fine = False
    if not fine or "@" in parts.netloc or not text.isprintable() or " " in text:
        raise origin.fault("the url must be absolute, without a user in it", *tokens, hint="write https://host/path")
    return text
