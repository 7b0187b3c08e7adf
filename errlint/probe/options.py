"""What a user asks of a probe, and how its secrets are kept out of every text."""

from __future__ import annotations

import html
import json
import math
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, unquote, urlsplit

from errlint.errors import ConfigError
from errlint.model.exchange import Observation
from errlint.model.record import field, record, replace
from errlint.probe.amounts import amounts
from errlint.probe.auth import Auth, secrets_of
from errlint.probe.secret import MASK, Secret, sent_secrets

if TYPE_CHECKING:
    from errlint.apps.calls import Service

Writes = Literal["never", "rejected", "allowed"]

POLITE = 20.0
"""Requests per second to a host that is not this machine, unless told otherwise."""

SLOWEST = 0.001
"""A slower rate would never end."""

LONGEST_TIMEOUT = 3600

SHORTEST = 6
"""Shorter values are no secrets: masking ``1`` or ``true`` would garble a report."""

HARMLESS = frozenset(("accept", "accept-language", "content-type"))
"""The user's headers that certainly carry no credentials."""


@record
class Options:
    """How to probe one service.

    ``headers`` are the user's, credentials among them: their values are secrets, but for a few harmless names. ``rate``
    is requests per second, None for no limit on this machine and 20 elsewhere. ``include`` and ``exclude`` are selectors
    (``[METHOD ]path-glob``, ``tag:x``, ``operationId:x``). ``verify`` may be the path of a CA bundle. Times are seconds.
    ``concurrency`` is the number of requests under way at once, never two to one operation. ``fuzz`` is the number of random
    requests for an operation, ``stateful`` that of sequences of them, in which
    a request takes its ids from answers before. ``only`` are the findings to look at again, as ``FINGERPRINT-HANDLE``.
    Credentials in the url become a Basic header. ``auth`` is how the user is known to the service, ``low_auth`` how a
    second user is who may do less. ``auth_tests`` says how many wrong credentials are tried: a few, or on all operations.
    ``stress`` names limits of the service to try: ``burst``, ``oversize-body=20``.
    ``recipes`` plays the catalog's recipes that write, too. ``path_params`` are ids that exist, by the name of their path
    parameter: reads use them, and writes for what is above the resource that they are about.

    Raises: ConfigError for an option that makes no sense.
    """

    base_url: str
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    seed: int = 0
    writes: Writes = "rejected"
    max_requests: int = 5000
    max_requests_per_operation: int = 60
    rate: float | None = None
    timeout: float = 10.0
    generated: bool = True
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    verify: bool | str = True
    cert: str | tuple[str, str] | None = None
    proxy: str | None = field(default=None, repr=False)
    max_time: float = 600.0
    accept_inconclusive: bool = False
    concurrency: int = 4
    fuzz: int = 0
    only: tuple[str, ...] = ()
    auth: tuple[Auth, ...] = field(default=(), repr=False)
    low_auth: tuple[Auth, ...] = field(default=(), repr=False)
    auth_tests: Literal["few", "all"] = "few"
    stress: tuple[str, ...] = ()
    recipes: bool = False
    stateful: int = 0
    path_params: tuple[tuple[str, str], ...] = ()
    service: Service | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        base, userinfo = _base(self.base_url)
        headers = [_header(name.strip(), value.strip()) for name, value in self.headers]
        if userinfo and not any(name.lower() == "authorization" for name, _ in headers):
            token = b64encode(userinfo.encode("utf-8", "surrogatepass")).decode()
            headers.append(("Authorization", Secret("Basic " + token)))
        if self.writes not in ("never", "rejected", "allowed"):
            raise ConfigError(f"writes cannot be {self.writes!r}", hint="say never, rejected or allowed")
        numbers = (self.max_requests, self.max_requests_per_operation, self.timeout, self.max_time, self.concurrency)
        if not all(0 < number < math.inf for number in numbers):  # false for what is not a number
            raise ConfigError("limits and times of a probe are greater than zero, and finite")
        if self.timeout > LONGEST_TIMEOUT:
            raise ConfigError(f"the timeout is at most {LONGEST_TIMEOUT} seconds")
        if self.rate is not None and not self.rate >= SLOWEST:
            raise ConfigError(f"the rate is at least {SLOWEST} requests per second", hint="inf means no limit")
        if "repeat-create" in amounts(self.stress) and self.writes != "allowed":
            raise ConfigError("repeat-create writes, and writes are not allowed", hint="say writes allowed")
        for name in self.only:
            if not re.fullmatch("[0-9a-f]{16}-[0-9a-f]{6}", name):
                hint = "take it from the report: again (-v, or -f json)"
                raise ConfigError(f"no finding is called {name[:40]!r}, so nothing can be sent again", hint=hint)
        if any(not value or value in (".", "..") for _, value in self.path_params):
            raise ConfigError("a path parameter has no value", hint="write --path-param NAME=VALUE")
        _check_proxy(self.proxy)
        object.__setattr__(self, "base_url", base)
        object.__setattr__(self, "headers", tuple(headers))

    @property
    def target(self) -> str:
        """What is probed, in the user's words: the base url, or the application."""
        return self.base_url if self.service is None else f"{self.service.name} (in process)"

    @property
    def base_path(self) -> str:
        """The path of the base url without a slash at its end; empty for the root."""
        return urlsplit(self.base_url).path

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def loopback(self) -> bool:
        """Whether the service runs on this machine."""
        host = (urlsplit(self.base_url).hostname or "").lower()
        return host in ("localhost", "::1") or host.endswith(".localhost") or host.startswith("127.")

    @property
    def pace(self) -> float | None:
        """Requests per second, None for no limit."""
        if self.rate is not None:
            return None if math.isinf(self.rate) else self.rate
        return None if self.loopback else POLITE

    @property
    def run_id(self) -> str:
        """The name of this run in ``X-Errlint-Run``: the same for the same seed."""
        return sha256(f"errlint:{self.seed}".encode()).hexdigest()[:12]

    @property
    def secrets(self) -> tuple[str, ...]:
        """The texts to mask in every output, longest first: header values, and the tokens and passwords in them."""
        found = {str(value) for _, value in self.headers if isinstance(value, Secret)}
        found |= {str(text) for auth in (*self.auth, *self.low_auth) for text in secrets_of(auth)}
        for value in tuple(found):
            scheme, _, rest = value.partition(" ")
            tokens = value if "=" in scheme or not rest else rest
            parts = [part.partition("=")[2] or part for part in tokens.replace(";", " ").replace(",", " ").split()]
            found |= {text for part in parts for text in (part, part.strip("\"'"))}
            found |= _decoded(rest) if scheme.lower() == "basic" else set()
        if self.proxy and "@" in self.proxy:
            userinfo = urlsplit(self.proxy).netloc.rpartition("@")[0]
            found |= {text for form in (userinfo, unquote(userinfo)) for text in (form, form.partition(":")[2])}
        return tuple(sorted((text for text in found if len(text) >= SHORTEST), key=lambda text: (-len(text), text)))


def _header(name: str, value: str) -> tuple[str, str]:
    """A header that can be sent, its value a secret unless its name says that it is none. Raises: ConfigError.

    No message quotes what may hold a secret: a value, or a name that is none.
    """
    if not _TOKEN.fullmatch(name):
        raise ConfigError("the name of a header is no token (RFC 9110 section 5.6.2)", hint="write -H 'Name: value'")
    if not _VALUE.fullmatch(value):
        raise ConfigError(
            f"the value of the header {name} cannot be sent",
            hint="no control characters, and nothing beyond Latin-1 (RFC 9110 section 5.5)",
        )
    return name, value if name.lower() in HARMLESS else Secret(value)


_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile("[\t\x20-\x7e\xa0-\xff]*")


def _base(url: str) -> tuple[str, str]:
    """(the url without userinfo and slash at its end, the userinfo). Raises: ConfigError, which quotes nothing of the url."""
    try:
        parts = urlsplit(url.strip())
        port = f":{parts.port}" if parts.port else ""
        cut_short = parts.netloc.endswith(":") and "@" in parts.path
    except ValueError:
        raise ConfigError("the base url cannot be read", hint=_PERCENT_ENCODE) from None
    if "?" in url or "#" in url:
        raise ConfigError("the base url has a query or a fragment", hint=f"write http://host/path; {_PERCENT_ENCODE}")
    if cut_short:
        raise ConfigError("the base url cannot be read", hint=_PERCENT_ENCODE)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError("the base url must be absolute", hint="write http://host/path or https://host/path")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    userinfo = unquote(parts.netloc.rpartition("@")[0])
    return f"{parts.scheme}://{host}{port}{parts.path.rstrip('/')}", userinfo


_PERCENT_ENCODE = "percent-encode the password"


def _check_proxy(url: str | None) -> None:
    """Raises: ConfigError for a proxy whose password would be taken for something else, without quoting it."""
    try:
        parts = urlsplit(url or "")
        readable = parts.port is None or parts.port >= 0
    except ValueError:
        readable = False
    if not readable or (url and "@" in url and "@" not in parts.netloc and "://" in url):
        raise ConfigError("the url of the proxy cannot be read", hint=_PERCENT_ENCODE)
    if url and parts.scheme not in ("http", "https"):
        raise ConfigError("the proxy is no http or https url", hint="write http://HOST:PORT; SOCKS is not supported")


def _decoded(token: str) -> set[str]:
    """User, password and both of a Basic token (RFC 7617); empty for anything else."""
    try:
        pair = b64decode(token, validate=True).decode()
    except ValueError:
        return set()
    return {pair, pair.partition(":")[2]}


def redact(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret masked. Pass the longest first, as ``Options.secrets`` does."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, MASK)
    return text


def masked(observation: Observation, secrets: Sequence[str]) -> Observation:
    """The answer with every secret of the user's masked, in the forms that services echo; ``echoes`` says that it held one.

    Beside the text itself: escaped as JSON or HTML, percent-encoded, as base64, in another case, or cut at either end.
    """
    sought = tuple(sorted(text for text in {*secrets, *_sent(observation)} if not _is_phrase(text)))
    body = observation.body.decode("utf-8", "surrogateescape")
    if not _may_echo(sought, "\n".join((body, *observation.headers.values())).lower()):
        return observation
    pattern = _echo(sought)
    if pattern is None:
        return observation
    clean = _without(pattern, body)
    headers = {
        name: value if name == "content-type" else _without(pattern, value) for name, value in observation.headers.items()
    }
    if clean == body and headers == dict(observation.headers):
        return observation
    return replace(observation, body=clean.encode("utf-8", "surrogateescape"), headers=headers, echoes=clean != body)


_WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_.~-")


def _without(pattern: re.Pattern[str], text: str) -> str:
    """The text with each echo masked, and the rest of the word that it stands in."""
    parts: list[str] = []
    end = 0
    for found in pattern.finditer(text):
        start = found.start()
        while start > end and text[start - 1] in _WORD:
            start -= 1
        parts += [text[end:start], MASK]
        end = found.end()
    return "".join([*parts, text[end:]])


def _is_phrase(secret: str) -> bool:
    """Whether a credential reads like prose: ``Bearer`` alone, or ``Bearer token`` of somebody who tries things out."""
    scheme, _, rest = secret.partition(" ")
    return (rest.isalpha() and len(rest) < SHORTEST) or (not rest and scheme.lower() in SCHEMES)


SCHEMES = frozenset((
    "basic", "bearer", "concealed", "digest", "dpop", "gnap", "hoba", "mutual", "negotiate", "oauth", "privatetoken",
    "scram-sha-1", "scram-sha-256", "vapid",
))  # fmt: skip
"""Authentication schemes of IANA's registry, in lower case: their names are no secrets."""


def _may_echo(secrets: Sequence[str], text: str) -> bool:
    """Whether a text in lower case holds an end of any form of a secret: without one there is no echo to mask."""
    return any(end in text for secret in secrets for end in _ends(secret))


@lru_cache(maxsize=1024)
def _ends(secret: str) -> tuple[str, ...]:
    """How an echo of a secret begins or ends, whatever its form, in lower case."""
    found = {end.lower() for form in _forms(secret) for end in (form[:SHORTEST], form[-SHORTEST:])}
    return tuple(sorted(found))


@lru_cache(maxsize=64)
def _echo(secrets: tuple[str, ...]) -> re.Pattern[str] | None:
    """What an echo of these secrets looks like; None where there is none to look for."""
    wanted: set[str] = set()
    for secret in secrets:
        # "Bearer t" is no echo of a short token: every message that speaks of a bearer token holds it.
        scheme, _, rest = secret.partition(" ")
        least = SHORTEST + (len(scheme) + len("%20") if rest else 0)
        for form in _forms(secret):
            most = max(least, 2 * len(form) // 3)
            wanted |= {form, form[:most], form[-most:]}
    if not wanted:
        return None
    longest_first = sorted(wanted, key=lambda text: (-len(text), text))
    # The last third of a secret goes with its first two.
    return re.compile("(?:" + "|".join(map(re.escape, longest_first)) + ")+[A-Za-z0-9+/=_.~-]*", re.IGNORECASE)


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield html.escape(secret)
    yield quote(secret, safe="")
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret)[1:-1].replace("/", "\\/")
    yield "".join(character if character.isalnum() else f"\\u{ord(character):04x}" for character in secret)
    yield b64encode(secret.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def _sent(observation: Observation) -> set[str]:
    """The credentials of this request, made-up ones too: an echo of them is a leak of the same kind."""
    headers = observation.request.headers if observation.request is not None else ()
    values = [str(value) for name, value in headers if name.lower() in ("authorization", "proxy-authorization", "cookie")]
    found = sent_secrets(observation.request) if observation.request is not None else set()
    found |= {part for value in values for part in (value, value.partition(" ")[2])}
    return {text for text in found if len(text) >= SHORTEST}
