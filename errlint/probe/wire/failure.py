"""What it means that no answer came, in words that quote neither the server nor a secret."""

from __future__ import annotations

import re
from collections.abc import Sequence
from http.client import HTTPException, ImproperConnectionState, InvalidURL, RemoteDisconnected
from ssl import SSLCertVerificationError, SSLError
from typing import Literal

from errlint.probe.options import redact

Failure = Literal["", "dropped", "garbled", "timeout", "unreachable", "refused-by-client"]
"""``dropped``: the connection ended without an answer. ``garbled``: what came is no HTTP. ``timeout``: nothing whole came in
time. ``unreachable``: no connection was made. ``refused-by-client``: the request cannot be put on the wire at all.
"""

LONGEST = 200
"""Characters of the words."""


def failure(error: Exception, secrets: Sequence[str]) -> tuple[Failure, str]:
    """(what kind of failure an exception is, why in one short line)."""
    from urllib3 import exceptions as known

    chain = _chain(error)
    cause = chain[-1]
    why = _words(cause, secrets)
    if any(isinstance(one, (known.LocationParseError, known.LocationValueError, InvalidURL)) for one in chain):
        return "refused-by-client", "its address cannot be sent"
    if any(isinstance(one, known.NewConnectionError) for one in chain):
        return "unreachable", why
    if any(isinstance(one, known.ConnectTimeoutError) for one in chain):
        return "unreachable", "no connection in time"
    if any(isinstance(one, (known.ReadTimeoutError, TimeoutError)) for one in chain):
        return "timeout", "no answer in time"
    if any(isinstance(one, (known.SSLError, SSLError)) for one in chain):
        return ("unreachable", f"TLS: {why}") if _shaking_hands(chain) else ("dropped", f"TLS: {why}")
    if any(isinstance(one, known.ProxyError) for one in chain):
        return "unreachable", why
    if isinstance(cause, UnicodeError):
        return "refused-by-client", why
    if any(isinstance(one, HTTPException) and not isinstance(one, _NO_ANSWER) for one in chain):
        return "garbled", "what came is no HTTP"
    if isinstance(cause, ValueError) and not isinstance(error, known.HTTPError):
        return "refused-by-client", why
    if any(isinstance(one, (known.ProtocolError, OSError)) for one in chain):
        return "dropped", why
    return ("garbled", "what came is no HTTP") if isinstance(cause, known.HTTPError) else ("refused-by-client", why)


_NO_ANSWER = (RemoteDisconnected, InvalidURL, ImproperConnectionState)
"""Errors of http.client that are not about what came."""


def _chain(error: BaseException) -> list[BaseException]:
    """The error and its causes, the innermost last: urllib3's errors wrap http.client's, and those the socket's."""
    found = [error]
    while True:
        inner = [item for item in (*error.args, getattr(error, "reason", None)) if isinstance(item, BaseException)]
        following = error.__cause__ or (inner[0] if inner else None) or error.__context__
        if following is None or any(following is one for one in found):
            return found
        found.append(following)
        error = following


def _shaking_hands(chain: Sequence[BaseException]) -> bool:
    """Whether TLS failed before a request was sent: in the handshake, not while an answer was awaited."""
    if any(isinstance(one, SSLCertVerificationError) for one in chain):
        return True
    for error in chain:
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_name in ("do_handshake", "connect"):
                return True
            trace = trace.tb_next
    return False


def _words(cause: BaseException, secrets: Sequence[str]) -> str:
    """What went wrong: the system's own words, or ours. Those of other exceptions may quote what came or what was sent."""
    if isinstance(cause, RemoteDisconnected):
        return "remote end closed connection without response"
    if isinstance(cause, UnicodeError):
        return "its address or a header holds characters that cannot be sent"
    if isinstance(cause, InvalidURL):
        return "its address cannot be sent"
    if isinstance(cause, SSLError):
        return _clean(cause.verify_message if hasattr(cause, "verify_message") else cause.reason or "", secrets, cause)
    if isinstance(cause, OSError):
        tunnel = re.match(r"Tunnel connection failed: (\d{3})\b", str(cause))
        return f"the proxy answered {tunnel.group(1)}" if tunnel else _clean(cause.strerror or "", secrets, cause)
    if isinstance(cause, ValueError):
        return "its address or a header cannot be sent"
    return type(cause).__name__


def _clean(words: str, secrets: Sequence[str], cause: BaseException) -> str:
    """The words without secrets, which are masked before anything is cut or changed."""
    return " ".join(redact(str(words), secrets).split())[:LONGEST].lower() or type(cause).__name__
