"""A request as one line of curl that a user can paste, without any secret in it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection
from urllib.parse import unquote, urlsplit

from errlint.model.exchange import Request
from errlint.probe.secret import Secret, SecretUrl

LONGEST_BODY = 2048
"""Bytes; a longer body is left out and said so, for a cut one would be another request."""

_OURS = frozenset(("user-agent", "x-errlint-run", "content-length"))
"""Headers that tell who asked, or that curl writes itself."""

_WITH_BODY = frozenset(("POST", "PUT", "PATCH"))

_AUTH_SCHEME = re.compile(r"(Bearer|Basic|Digest|Token|ApiKey) ", re.IGNORECASE)

_PLAIN = re.compile(rb"[\x20-\x7e]*\Z")


def curl(request: Request, secret_headers: Collection[str] = ()) -> str:
    """A runnable line of curl for bash: secrets stand as variables (``$ERRLINT_TOKEN``), a long body is left out.

    Secret are the values of the named headers and every value that the options gave. Userinfo in the url is masked.
    """
    words = ["curl", *_method(request), *_flags(request), _url(request.url)]
    named = {name.lower() for name in secret_headers}
    names = {name.lower() for name, _ in request.headers}
    for name, value in request.headers:
        if name.lower() not in _OURS:
            secret = isinstance(value, Secret) or name.lower() in named
            words += ["-H", _secret(name, value) if secret else _header(name, value)]
    body = request.body
    if body is not None and "content-type" not in names:
        words += ["-H", "'Content-Type:'"]  # curl would claim a form
    if body is None or (not body and request.method not in _WITH_BODY):
        return " ".join(words)
    if len(body) > LONGEST_BODY:
        return " ".join(words) + f"  # body of {len(body)} bytes left out"
    return " ".join([*words, "--data-binary", _data(body)])


def variables(request: Request, secret_headers: Collection[str] = ()) -> tuple[str, ...]:
    """The names of the variables that a user sets before the line runs, without ``$``."""
    return tuple(dict.fromkeys(re.findall(r"\$(ERRLINT_[A-Z0-9_]+)", curl(request, secret_headers))))


def _method(request: Request) -> list[str]:
    """How curl is told the method: not at all where it guesses right."""
    if request.method == "HEAD":
        return ["-I"]
    body = request.body
    sends_data = body is not None and len(body) <= LONGEST_BODY and (bool(body) or request.method in _WITH_BODY)
    guessed = "POST" if sends_data else "GET"
    return [] if request.method == guessed else ["-X", _quoted(request.method.encode())]


def _flags(request: Request) -> list[str]:
    """``-g`` where brackets would be ranges to curl, ``--path-as-is`` where it would fold steps up."""
    path = urlsplit(request.url).path
    flags = ["-g"] if re.search(r"[\[\]{}]", request.url) else []
    return flags + (["--path-as-is"] if ".." in re.sub("(?i)%2e", ".", path) or "/./" in path else [])


def _url(url: str) -> str:
    """The url as one word of bash; a secret in its query is a variable."""
    if not isinstance(url, SecretUrl):
        return _quoted(_without_userinfo(url).encode())
    words = []
    for shown, name in url.pieces():
        words += [_quoted(_without_userinfo(shown).encode()), f'"$ERRLINT_QUERY_{_variable(name)}"' if name else ""]
    return "".join(words)


def _variable(name: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", unquote(name).upper()).strip("_")


def _secret(name: str, value: str) -> str:
    """A header whose secret is a variable; double quotes, so that the shell puts it in."""
    if name.lower() == "authorization":
        scheme = _AUTH_SCHEME.match(value)
        return f'"{name}: {scheme.group(1) + " " if scheme else ""}$ERRLINT_TOKEN"'
    return '"' + re.sub(r'([$`"\\])', r"\\\1", name) + f': $ERRLINT_HEADER_{_variable(name)}"'


def _header(name: str, value: str) -> str:
    """A header for curl; an empty value needs a semicolon, for a colon alone would remove the header."""
    text = f"{name}: {value}" if value else f"{name};"
    return _quoted(text.encode("utf-8", "surrogateescape"))


def _data(body: bytes) -> str:
    """A body for ``--data-binary``, which would read a file after ``@`` and cannot take NUL from an argument."""
    if b"\0" in body:
        escaped = "".join(f"\\{byte:03o}" if byte < 32 or byte > 126 or byte in b"\\'%" else chr(byte) for byte in body)
        return f"@<(printf '{escaped}')"
    if body.startswith(b"@"):
        return f"@<(printf %s {_quoted(body)})"
    return _quoted(body)


def _quoted(data: bytes) -> str:
    """Bytes as one word of bash; anything that is not printable ASCII stands as ``$'..'`` with escapes."""
    if _PLAIN.match(data):
        return shlex.quote(data.decode())
    escapes = {0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t", 0x27: "\\'", 0x5C: "\\\\"}
    text = "".join(escapes.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}") for byte in data)
    return f"$'{text}'"


def _without_userinfo(url: str) -> str:
    """The url with user and password masked."""
    parts = urlsplit(url)
    return url.replace(parts.netloc, "***@" + parts.netloc.rpartition("@")[2], 1) if "@" in parts.netloc else url
