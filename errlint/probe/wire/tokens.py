"""Tokens: the request that asks for one, and what its answer holds. Nothing here quotes what came back."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from errlint.errors import InconclusiveError, ProbeError
from errlint.model.exchange import Request
from errlint.model.pointer import Pointer, get
from errlint.model.record import record
from errlint.probe.auth import ClientCredentials, Login
from errlint.probe.secret import Secret
from errlint.probe.wire.sender import Answer

OAUTH_ERRORS = frozenset(
    ("invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope")
)
"""The error codes of RFC 6749 section 5.2: they can be quoted, for no secret is one of them."""

LONGEST_LIFE = 10.0**9
"""Seconds; a longer lifetime is none."""

_SENDABLE = re.compile(r"[\x21-\x7e]+(?: [\x21-\x7e]+)*")


@record
class Token:
    """What a token endpoint gave: the token, and the seconds that it is good for, None where it did not say."""

    text: Secret
    lifetime: float | None


def question(auth: ClientCredentials | Login, url: str) -> Request:
    """The request for a token; ``url`` is absolute. It counts as a write, so that it is never repeated silently."""
    if isinstance(auth, Login):
        return Request(auth.method, url, auth.headers, auth.body, "token", writes=auth.method != "GET")
    form = {"grant_type": "client_credentials"}
    headers = [("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")]
    if auth.scope:
        form["scope"] = auth.scope
    if auth.style == "basic":
        pair = f"{quote_plus(auth.client_id)}:{quote_plus(auth.client_secret)}"
        headers.append(("Authorization", Secret("Basic " + b64encode(pair.encode()).decode())))
    else:
        form |= {"client_id": auth.client_id, "client_secret": auth.client_secret}
    return Request("POST", url, tuple(headers), urlencode(form).encode(), "token", writes=True)


def token(auth: ClientCredentials | Login, answer: Answer) -> Token:
    """The token in an answer. Raises: ProbeError where none came, InconclusiveError where there is none in it."""
    where = f"the token endpoint {plain(answer.request.url)}"
    if answer.status is None:
        raise ProbeError(f"nothing answers at {where}: {answer.why or answer.failure}")
    told = f"{where} answered {answer.status}"
    if not 200 <= answer.status < 300:
        more = " (a redirect, which is not followed)" if 300 <= answer.status < 400 else _oauth_error(answer)
        raise InconclusiveError(told + more, hint="are its url and the credentials for it right?")
    found: Any
    if isinstance(auth, Login) and auth.cookie:
        found, place = _cookie(auth.cookie, answer.headers.get("set-cookie", "")), f"in the cookie {auth.cookie}"
    elif isinstance(auth, Login) and auth.header:
        found = answer.headers.get(auth.header.lower(), "")
        place = f"in the header {auth.header}"
    else:
        pointer = auth.pointer if isinstance(auth, Login) and auth.pointer is not None else ("access_token",)
        found, place = _at(answer, pointer), f"at /{'/'.join(pointer)}"
    if not isinstance(found, str) or not _SENDABLE.fullmatch(found.strip()):
        raise InconclusiveError(f"{told} without a token {place}")
    return Token(Secret(found.strip()), _lifetime(auth, answer))


def plain(url: str) -> str:
    """A url without user, query and fragment: what a message may show."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _cookie(name: str, headers: str) -> str:
    """The value of a cookie that an answer sets; its Set-Cookie headers are one text, with commas between them."""
    found = re.search(rf'(?:^|, ){re.escape(name)}="?([^;,"\s]*)', headers)
    return found.group(1) if found else ""


def _oauth_error(answer: Answer) -> str:
    code = _at(answer, ("error",))
    return f" ({code})" if isinstance(code, str) and code in OAUTH_ERRORS else ""


def _lifetime(auth: ClientCredentials | Login, answer: Answer) -> float | None:
    """The seconds that a token is good for; a text of digits is a number too, as some services write it."""
    pointer = auth.expires if isinstance(auth, Login) else ("expires_in",)
    value = _at(answer, pointer) if pointer is not None else None
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < LONGEST_LIFE:
        return None
    return float(value)


def _at(answer: Answer, pointer: Pointer) -> Any:
    """The value at a pointer of a JSON answer, None where there is none."""
    try:
        return get(json.loads(answer.body), pointer)
    except (ValueError, KeyError, RecursionError):
        return None
