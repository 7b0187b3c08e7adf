"""Documents behind a URL: one that the user typed, and those that ``$ref`` may reach on hosts that the user allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, urljoin, urlsplit, urlunsplit

from errlint.errors import ConfigError, LoadError
from errlint.load.source import MAX_BYTES, Document, load
from errlint.load.transport import Answer, Gate, ask, is_loopback
from errlint.model.finding import Location

MOST_FILES = 50
"""Files that the references of one run may fetch."""

MOST_REDIRECTS = 5
MASK = "***"

_SECRET = re.compile(r"(?i)token|key|secret|passw|pwd|auth|sig|cred|session|code|jwt|sas|cookie")
_LONG = 24
"""A longer value in a query is masked whatever its name: it looks like a secret."""


def is_url(name: str) -> bool:
    """Whether a user means an address by it."""
    return name[:8].lower().startswith(("http://", "https://"))


def shown(url: str) -> str:
    """The address as reports show it: without credentials, without a fragment, the query's secrets masked."""
    parts = urlsplit(url)
    query = "&".join(f"{quote(name)}={_masked(name, value)}" for name, value in parse_qsl(parts.query, True))
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))


def _masked(name: str, value: str) -> str:
    return MASK if value and (_SECRET.search(name) or len(value) > _LONG) else quote(value)


def typed(url: str) -> tuple[Document, str]:
    """The document at an address that the user typed, and the address that it came from after redirects.

    Its uri is the address without its secrets. Raises: LoadError.
    """
    try:
        parts = urlsplit(url)
        uri, host = shown(url), parts.hostname
        _ = parts.port  # raises for what is none
    except ValueError as error:
        raise LoadError(f"this is no URL: {error}", None, "write https://host/openapi.json") from None
    if not host:
        raise LoadError("this is no URL: it names no host", None, "write https://host/openapi.json")
    text, final = _fetched(url, uri, _Typed(host), MAX_BYTES)
    return load(text, uri), final


class _Typed:
    """The user's own address is consent for its host; where that redirects to is no business of a private network."""

    def __init__(self, host: str) -> None:
        self._host = host

    def gate(self, url: str, before: str) -> Gate:
        """How a hop may be made. Raises: LoadError."""
        host = urlsplit(url).hostname or ""
        if before and urlsplit(before).scheme == "https" and urlsplit(url).scheme != "https" and not is_loopback(host):
            raise LoadError(f"redirects from https to {shown(url)}")
        return Gate(private=host == self._host, proxies=True)


class Remote:
    """The hosts that ``$ref`` may reach, and what was fetched from them: each address once, 50 files and 64 MiB in all.

    A host is spoken to by https only, this machine by http too. Addresses of private networks are refused, after redirects
    and name resolution as well; loopback is allowed where it is the host that the user named.
    """

    def __init__(self, hosts: Iterable[str] = ()) -> None:
        self._hosts = frozenset(_host(one) for one in hosts)
        self._found: dict[str, Document | LoadError] = {}
        self._finals: dict[str, str] = {}
        self._bytes = MAX_BYTES
        self._files = MOST_FILES

    def allows(self, url: str) -> bool:
        """Whether the user named the host of an address."""
        try:
            parts = urlsplit(url)
            return bool({parts.hostname, f"{parts.hostname}:{parts.port}"} & self._hosts)
        except ValueError:
            return False

    def absolute(self, uri: str, target: str) -> str | None:
        """The address that a reference in a document means, None where its host is not allowed.

        It is relative to where the document came from in the end.
        """
        try:
            url = urljoin(self._finals.get(uri, uri if is_url(uri) else "https:"), target)
        except ValueError:
            return None
        return url if is_url(url) and self.allows(url) else None

    def came_from(self, uri: str, final: str) -> None:
        """Notes where a document really came from."""
        self._finals[uri] = final

    def document(self, url: str) -> Document:
        """The document at an address on a host that is allowed. Raises: LoadError."""
        found = self._found.get(url)
        if found is None:
            try:
                found = self._new(url)
            except LoadError as error:
                found = error
            self._found[url] = found
        if isinstance(found, LoadError):
            raise found
        return found

    def _new(self, url: str) -> Document:
        if self._files == 0:
            raise LoadError(f"more than {MOST_FILES} remote files")
        self._files -= 1
        text, final = _fetched(url, shown(url), self, self._bytes)
        self._bytes -= len(text)
        self.came_from(shown(url), final)
        return load(text, shown(url))

    def gate(self, url: str, before: str) -> Gate:
        """How a hop may be made. Raises: LoadError."""
        if not self.allows(url):
            raise LoadError(f"redirects to {shown(url)}, and --allow-remote does not name this host")
        parts = urlsplit(url)
        loopback = is_loopback(parts.hostname or "")
        if parts.scheme != "https" and not loopback:
            raise LoadError("only https is followed")
        return Gate(loopback=loopback)


def _host(text: str) -> str:
    """A host as ``--allow-remote`` names it, with a port or without. Raises: ConfigError."""
    plain = text.strip().lower()
    try:
        parts = urlsplit(f"//{plain}")
        sound = bool(parts.hostname) and parts.netloc == plain and "@" not in plain and "*" not in plain
        port = parts.port
    except ValueError:
        sound, port = False, None
    if not sound:
        raise ConfigError(f"--allow-remote {text!r} is no host", hint="write the host alone: schemas.example.com")
    return f"{parts.hostname}:{port}" if port else str(parts.hostname)


def _fetched(url: str, uri: str, keeper: _Typed | Remote, limit: int) -> tuple[bytes, str]:
    """The text at an address and where it came from, after at most five redirects. Raises: LoadError at the uri."""
    where = Location(uri, ())
    before = ""
    try:
        for _ in range(MOST_REDIRECTS + 1):
            same = not before or _origin(before) == _origin(url)
            answer = ask(url, keeper.gate(url, before), limit, credentials=same)
            if not answer.location:
                return _document(answer, limit), url
            before, url = url, urljoin(url, answer.location)
            if not is_url(url):
                raise LoadError(f"redirects to {url.partition(':')[0][:20]}:, which is not followed")
    except LoadError as error:
        raise LoadError(error.message, where, error.hint) from None
    except ValueError:
        raise LoadError("redirects to what is no URL", where) from None
    raise LoadError(f"redirects more than {MOST_REDIRECTS} times", where)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _document(answer: Answer, limit: int) -> bytes:
    """The text of an answer that may hold a document. Raises: LoadError."""
    if answer.status != 200:
        raise LoadError(f"the server answers {answer.status}")
    if len(answer.text) > limit:
        raise LoadError(f"is larger than {limit // 1024 // 1024} MiB")
    if answer.text.lstrip()[:1] == b"<":
        raise LoadError("is a web page, no document", None, "give the address of the file itself")
    return answer.text
