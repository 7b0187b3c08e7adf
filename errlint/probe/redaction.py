"""What is kept of an exchange beyond a run: no credentials, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, unquote, urlsplit

from errlint.checks import leaks
from errlint.model.exchange import Observation, Request
from errlint.model.record import replace
from errlint.probe.options import SHORTEST, masked, redact
from errlint.probe.secret import MASK, Secret, SecretUrl

_WORDS = (
    r"pass(?:word|wd|phrase|code)?|pwd|secret|credentials?|auth(?:orization)?|(?:x[-_.]?)?api[-_.]?key|access[-_.]?key(?:[-_.]?id)?"
    r"|private[-_.]?key|signature|sig|session(?:[-_.]?id)?|jwt|csrf|xsrf|otp|cookie"
    r"|(?:[\w-]{0,40}[-_.]?)?(?:token|secret|password|credential)"
)
SENSITIVE = re.compile(f"(?:{_WORDS})", re.IGNORECASE)
"""Names whose values are credentials, of headers, parameters and members."""

_HEADER = re.compile(r"auth|cookie|token|secret|api-?key|session|signature|password|csrf|xsrf|jwt|credential", re.IGNORECASE)
_NO_SECRET = frozenset(("www-authenticate", "proxy-authenticate", "authentication-info", "set-cookie"))
_PARAMETER = re.compile(rf"(?<=[?&;])((?:{_WORDS})=)[^&;#]*", re.IGNORECASE)
_FORM = re.compile(rf"(^|&)((?:{_WORDS})=)[^&\s]*", re.IGNORECASE)
_MEMBER = re.compile(rf'("(?:{_WORDS})"\s{{0,20}}:\s{{0,20}}")([^"\\]*(?:\\.[^"\\]*)*)', re.IGNORECASE | re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,20}(?= )")
_BLANK = re.compile(
    r"(?:[A-Za-z-]{1,20} )?[\[<({*]*\s*(?:\*{3,}|x{6,}|(?:filtered|redacted|removed|masked|hidden|secret)\b)?\s*[\])}>*]*",
    re.IGNORECASE,
)


def is_secret_header(name: str) -> bool:
    """Whether a header of that name carries credentials."""
    return name.lower() not in _NO_SECRET and _HEADER.search(name) is not None


def is_blank(value: str) -> bool:
    """Whether a value was masked by whoever kept it: ``***``, ``Bearer ***``, ``[Filtered]``."""
    return _BLANK.fullmatch(value.strip()) is not None


def sent(request: Request) -> tuple[str, ...]:
    """The credentials in a request, longest first: in its headers, its url, and the members of its body that are named so."""
    url, body = str(request.url), (request.body or b"").decode("utf-8", "replace")
    found = set(_userinfo(url))
    for value in (value for name, value in request.headers if is_secret_header(name)):
        found |= {value, value.partition(" ")[2], *(part.partition("=")[2] for part in value.split("; "))}
    for text in (url.partition("?")[2], body if not body.lstrip().startswith(("{", "[")) else ""):
        found |= {value for name, value in parse_qsl(text) if SENSITIVE.fullmatch(name)}
    found |= {value for _, value in _MEMBER.findall(body)}
    return tuple(sorted((one for one in found if len(one) >= SHORTEST), key=lambda one: (-len(one), one)))


def _userinfo(url: str) -> tuple[str, ...]:
    try:
        return tuple(unquote(urlsplit(url).password or "").split())
    except ValueError:
        return ()


def kept_request(request: Request, secrets: Sequence[str]) -> Request:
    """A request without credentials; of a header that carries some the scheme stays."""
    headers = tuple((name, _header(name, value, secrets)) for name, value in request.headers)
    body = _bytes(request.body, secrets) if request.body else request.body
    url = request.url.masked if isinstance(request.url, SecretUrl) else request.url
    return replace(request, url=kept_url(redact(url, secrets)), headers=headers, body=body)


def kept(observation: Observation, secrets: Sequence[str]) -> Observation:
    """An answer without the credentials that were sent, those that it hands out, and those that it leaks.

    What it leaks is of the same kind as before: the same rules speak of it.
    """
    clean = masked(observation, secrets)
    request = kept_request(clean.request, secrets) if clean.request is not None else None
    headers = {name: _answered(name, value) for name, value in clean.headers.items()}
    return replace(clean, request=request, headers=headers, body=_bytes(clean.body, ()))


def kept_url(url: str) -> str:
    """A url without userinfo, and with the values of its sensitive parameters masked."""
    try:
        netloc = urlsplit(url).netloc
    except ValueError:
        netloc = ""
    if "@" in netloc:
        url = url.replace(netloc, f"{MASK}@{netloc.rpartition('@')[2]}", 1)
    return leaks.disguised(_PARAMETER.sub(rf"\g<1>{MASK}", url))


def _header(name: str, value: str, secrets: Sequence[str]) -> str:
    if not isinstance(value, Secret) and not is_secret_header(name):
        return leaks.disguised(redact(value, secrets))
    scheme = _SCHEME.match(value) if name.lower() in ("authorization", "proxy-authorization") else None
    return f"{scheme.group()} {MASK}" if scheme is not None else MASK


def _answered(name: str, value: str) -> str:
    """A header of an answer; a cookie keeps its name and attributes."""
    if name == "set-cookie":
        return re.sub(r"(^|, )([^=;,\s]{1,200}=)[^;]*", rf"\g<1>\g<2>{MASK}", value)
    return MASK if is_secret_header(name) else leaks.disguised(kept_url(value) if name == "location" else value)


def _bytes(body: bytes, secrets: Sequence[str]) -> bytes:
    """A body without credentials, whatever it is."""
    text = redact(body.decode("utf-8", "surrogateescape"), secrets)
    text = _MEMBER.sub(rf"\g<1>{MASK}", text)
    if "=" in text and not text.lstrip().startswith(("{", "[", "<")):
        text = _FORM.sub(rf"\g<1>\g<2>{MASK}", text)
    return leaks.disguised(text).encode("utf-8", "surrogateescape")
