"""One GET, without surprises: no redirect is followed, addresses are checked before a byte is sent, and it ends in time."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import zlib
from base64 import b64encode
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit, urlunsplit
from urllib.request import (
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    ProxyHandler,
    Request,
    build_opener,
    getproxies,
    proxy_bypass,
)

from errlint import __version__
from errlint.errors import LoadError
from errlint.model.record import record

TIMEOUT = 10.0
"""Seconds that a server may be silent."""

LONGEST = 60.0
"""Seconds that one answer may take in all."""

REDIRECTS = frozenset((301, 302, 303, 307, 308))
_SAFE = "%/:=&?~+!$,;'@()*[]"


@record
class Gate:
    """Where one request may go: to ``private`` networks, to ``loopback``, through the ``proxies`` of the environment."""

    private: bool = False
    loopback: bool = False
    proxies: bool = False


@record
class Answer:
    """A server's answer: its status, its body (empty for a redirect) and where it redirects to."""

    status: int
    text: bytes = b""
    location: str = ""


def ask(url: str, gate: Gate, limit: int, *, credentials: bool) -> Answer:
    """The answer of a server; a body longer than ``limit`` is cut after one byte more.

    Raises: LoadError for what cannot be reached.
    """
    parts = urlsplit(url)
    conversation = Conversation(gate)
    try:
        request = Request(_sent(parts))  # noqa: S310 - http and https only
        request.add_header("User-Agent", f"errlint/{__version__}")
        request.add_header("Accept", "application/json, application/yaml, text/yaml, */*;q=0.5")
        request.add_header("Accept-Encoding", "identity")
        if credentials and "@" in parts.netloc:
            pair = b":".join(unquote_to_bytes(one or "") for one in (parts.username, parts.password))
            request.add_header("Authorization", "Basic " + b64encode(pair).decode())
        with conversation, _opener(url, gate, conversation).open(request, timeout=TIMEOUT) as response:
            answer = _answer(response, limit)
        if conversation.expired:
            raise LoadError(f"the answer takes longer than {LONGEST:g} seconds")
        return answer
    except (OSError, HTTPException, ValueError, zlib.error) as error:
        raise LoadError(f"cannot be fetched: {_reason(error)}") from None


def _sent(parts: SplitResult) -> str:
    """The address as it is sent: the host in ASCII, the rest percent-encoded, no credentials and no fragment."""
    host = (parts.hostname or "").encode("idna").decode() if ":" not in (parts.hostname or "") else f"[{parts.hostname}]"
    netloc = f"{host}:{parts.port}" if parts.port else host
    return urlunsplit((parts.scheme, netloc, quote(parts.path or "/", _SAFE), quote(parts.query, _SAFE), ""))


class Conversation:
    """The sockets of one request, which are closed when it takes too long: a timeout counts from byte to byte only."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(LONGEST, self._end)
        self._timer.daemon = True
        self.expired = False

    def __enter__(self) -> Conversation:
        self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self.expired = True
        for one in self._sockets:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:  # it has ended
                continue

    def connect(self, host: str, port: int) -> socket.socket:
        """A connection to an address that was checked: the name is resolved once, so that it cannot change in between."""
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if not all(_allowed(address, self._gate) for address in found):
            raise OSError(f"{host} is an address of a private network")
        last: OSError | None = None
        for address in found:
            try:
                made = socket.create_connection((address, port), TIMEOUT)
            except OSError as error:
                last = error
                continue
            self._sockets.append(made)
            return made
        raise last or OSError("the host has no address")


def _answer(response: HTTPResponse, limit: int) -> Answer:
    location = response.headers.get("location", "") if response.status in REDIRECTS else ""
    if location or response.status != 200:
        return Answer(response.status, location=location)
    chunks: list[bytes] = []
    size = 0
    while size <= limit and (chunk := response.read1(65536)):
        chunks.append(chunk)
        size += len(chunk)
    length = response.headers.get("content-length", "")
    if length.isdecimal() and size < min(int(length[:20]), limit):
        raise LoadError("the answer ended early")
    text = b"".join(chunks)[: limit + 1]
    if response.headers.get("content-encoding", "").lower() in ("gzip", "x-gzip"):  # some servers know nothing else
        text = zlib.decompressobj(31).decompress(text, limit + 1)
    return Answer(response.status, text)


def _reason(error: Exception) -> str:
    inner = getattr(error, "reason", error)
    if isinstance(inner, (TimeoutError, socket.timeout)):
        return f"no answer within {TIMEOUT:g} seconds"
    return str(getattr(inner, "strerror", None) or inner or type(inner).__name__)[:200]


class _AsIs(HTTPErrorProcessor):
    """Answers of every status as they are: what a redirect means is not for urllib to decide."""

    def http_response(self, request: Request, response: HTTPResponse) -> HTTPResponse:
        return response

    https_response = http_response


def _opener(url: str, gate: Gate, conversation: Conversation) -> Any:
    host = urlsplit(url).hostname or ""
    if gate.proxies and urlsplit(url).scheme in getproxies() and not proxy_bypass(host):
        if not gate.private:
            _refuse_literal(host)  # the proxy resolves the name
        return build_opener(_AsIs())
    return build_opener(ProxyHandler({}), _Plain(conversation), _Secure(conversation), _AsIs())


class _Plain(HTTPHandler):
    def __init__(self, conversation: Conversation) -> None:
        super().__init__()
        self._conversation = conversation

    def http_open(self, req: Request) -> HTTPResponse:
        conversation = self._conversation

        class Connection(HTTPConnection):
            def connect(self) -> None:
                self.sock = conversation.connect(self.host, self.port)

        return self.do_open(Connection, req)


class _Secure(HTTPSHandler):
    def __init__(self, conversation: Conversation) -> None:
        super().__init__()
        self._conversation = conversation

    def https_open(self, req: Request) -> HTTPResponse:
        conversation, context = self._conversation, ssl.create_default_context()

        class Connection(HTTPSConnection):
            def connect(self) -> None:
                self.sock = context.wrap_socket(conversation.connect(self.host, self.port), server_hostname=self.host)

        return self.do_open(Connection, req)


def _allowed(address: str, gate: Gate) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    return gate.private or (gate.loopback and ip.is_loopback) or is_public(ip)


def is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is reachable for everybody, also one that another address carries inside."""
    if isinstance(ip, ipaddress.IPv6Address):
        inner = [ip.ipv4_mapped, ip.sixtofour, ip.teredo[1] if ip.teredo else None]
        if not all(is_public(one) for one in inner if one is not None):
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def is_loopback(host: str) -> bool:
    """Whether a host's name means this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse_literal(host: str) -> None:
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
            raise LoadError(f"{host} is an address of a private network") from None
        return
    if not is_public(ip):
        raise LoadError(f"{host} is an address of a private network")
