"""Whose credentials a request carries: put on right before it is sent, renewed before they expire, kept out of every text."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from urllib.parse import quote, quote_plus, unquote_plus, urljoin, urlsplit

from errlint.errors import ConfigError, ProbeError
from errlint.load.meant import did_you_mean
from errlint.model.exchange import Request
from errlint.model.record import mutable, replace
from errlint.model.spec import Spec
from errlint.probe.auth import Auth, ClientCredentials, Fixed, Login
from errlint.probe.options import SHORTEST, Options
from errlint.probe.secret import Secret, SecretUrl
from errlint.probe.security import Scheme, schemes, token_urls
from errlint.probe.trial import Trial
from errlint.probe.wire.sender import Answer
from errlint.probe.wire.tokens import plain, question, token

MARGIN = 30.0
"""Seconds before its end at which a token is renewed; for short lives a fifth of them."""

MOST_RENEWALS = 5
"""Renewals because of a 401 in one run: an operation may answer 401 whatever the token, and each renewal is a login."""

AUTHORIZATION = Scheme("", "header", "Authorization")

FRAMING = frozenset(
    ("accept", "connection", "content-length", "content-type", "content-encoding", "host", "te", "transfer-encoding", "upgrade")
)
"""Headers that say what a request is: credentials in them would make it another one than the write gate let through."""


@mutable
class _Held:
    """One of an identity's credentials, and what is known of its token; ``due`` is when it is renewed, by the clock."""

    auth: Auth
    place: Scheme
    url: str = ""
    value: str = ""
    due: float = math.inf
    worked: bool = False
    lost: str = ""


class Credentials:
    """The credentials of a run, for several threads.

    ``send`` is called by one thread at a time. ``notes`` are lines for the user; nothing in them is secret.
    """

    def __init__(
        self, options: Options, spec: Spec, send: Callable[[Request], Answer], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``clock`` is seconds. Raises: ConfigError for credentials that have no place in the document, or two for one."""
        self.notes: list[str] = []
        self._options = options
        self._send = send
        self._clock = clock
        self._lock = Lock()
        self._tokens: set[str] = set()
        self._renewed_for: set[str] = set()
        self._renewals = 0
        known, urls = schemes(spec), token_urls(spec)
        self._held: Mapping[str, list[_Held]] = {
            "user": [_held(auth, known, urls, options) for auth in options.auth],
            "low": [_held(auth, known, urls, options) for auth in options.low_auth],
        }
        _refuse_doubles([one.place for one in self._held["user"]], [name for name, _ in options.headers])
        _refuse_doubles([one.place for one in self._held["low"]], [])

    def ready(self) -> None:
        """Fetches every token, so that wrong credentials end a run before it begins. Raises: ProbeError, InconclusiveError."""
        with self._lock:
            for held in (*self._held["user"], *self._held["low"]):
                self._current(held)

    def dressed(self, trial: Trial) -> Request:
        """The request with its identity's current credentials. Nobody's and garbage ones stay as they are.

        Raises: ProbeError, InconclusiveError where a token is needed and none comes.
        """
        if trial.identity not in ("user", "low"):
            return trial.request
        with self._lock:
            worn = [(held.place, self._current(held)) for held in self._held[trial.identity]]
        return _worn(trial.request, worn)

    def saw(self, trial: Trial, status: int | None, sent: Request) -> bool:
        """Takes note of the status that came for a request, ``sent`` being what ``dressed`` made of it.

        Whether the request may be sent once more: true where a 401 came for the user's token, and there is a newer one now.
        One renewal for an operation, a few in a run, none after one that failed: ``lost`` then says why.
        """
        renewable = [held for held in self._held["user"] if not isinstance(held.auth, Fixed)]
        if trial.identity != "user" or not renewable:
            return False
        with self._lock:
            worn = _worn(trial.request, [(held.place, held.value) for held in self._held["user"]])
            newer = worn != sent
            if status != 401:
                if trial.operation is not None and trial.operation.secured and _accepted(status) and not newer:
                    for held in renewable:
                        held.worked = True
                return False
            return newer or self._renewed(trial.label or "", renewable)

    def _renewed(self, label: str, renewable: Sequence[_Held]) -> bool:
        """Whether all tokens could be renewed after a 401."""
        if label in self._renewed_for or self._renewals >= MOST_RENEWALS or any(held.lost for held in renewable):
            return False
        if self._renewals and not all(held.worked for held in renewable):
            return False  # what came from the last renewal was refused too: the token is not what is wrong
        self._renewals += 1
        self._renewed_for.add(label)
        return all(self._fetch(held) for held in renewable)

    @property
    def lost(self) -> str:
        """Why the user's credentials are no good any more: a renewal failed. Empty while they are."""
        return next((held.lost for held in self._held["user"] if held.lost), "")

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret so far, as text and as it stands in a url, longest first."""
        found = {*self._options.secrets, *self._tokens}
        found |= {form for text in found for form in (quote(text, safe=""), quote_plus(text))}
        return tuple(sorted((text for text in found if len(text) >= SHORTEST), key=lambda text: (-len(text), text)))

    def _current(self, held: _Held) -> str:
        """The value that goes in its place; a token is fetched first where there is none, or where its end is near."""
        if not held.value or (self._clock() >= held.due and not held.lost):
            self._fetch(held)
        return held.value

    def _fetch(self, held: _Held) -> bool:
        """Gets a token. Whether one came; raises where there was none before. Raises: ProbeError, InconclusiveError."""
        if isinstance(held.auth, Fixed):
            held.value = held.auth.value
            return True
        asked = self._clock()
        try:
            got = token(held.auth, self._send(question(held.auth, held.url)))
        except ProbeError as error:
            if not held.value:
                raise
            held.lost = f"the token could not be renewed: {error.message}"
            self.notes.append(held.lost)
            return False
        held.value, held.worked = _behind(held, got.text), False
        held.due = math.inf if got.lifetime is None else asked + got.lifetime - min(MARGIN, got.lifetime / 5)
        self._tokens = self._tokens | {got.text, held.value}  # a new set: others may be reading the old one
        return True


def _held(auth: Auth, known: Mapping[str, Scheme], urls: Mapping[str, str], options: Options) -> _Held:
    """Credentials with their place. Raises: ConfigError."""
    if isinstance(auth, Fixed):
        return _Held(auth, _named(auth.scheme, known, ("api-key",)) if auth.scheme else AUTHORIZATION, value=auth.value)
    cookie = Scheme("", "cookie", auth.cookie) if isinstance(auth, Login) and auth.cookie else None
    place = _named(auth.scheme, known, ("api-key", "token")) if auth.scheme else cookie or AUTHORIZATION
    if isinstance(auth, Login):
        return _Held(auth, place, options.base_url + auth.url if auth.url.startswith("/") else auth.url)
    return _Held(auth, place, auth.token_url or _flow(auth, urls, options))


def _named(name: str, known: Mapping[str, Scheme], kinds: Sequence[str]) -> Scheme:
    """The document's security scheme of that name, or with a parameter of that name. Raises: ConfigError."""
    fitting = {id_: one for id_, one in known.items() if not one.prefix or ("token" in kinds and one.prefix != "Basic")}
    parameters = {one.name: one for one in reversed(fitting.values())}
    found = fitting.get(name) or parameters.get(name)
    what = "API key" if kinds == ("api-key",) else "security scheme that takes a token"
    if found is None:
        has = f"it has {', '.join(fitting)}" if fitting else "it has none"
        raise ConfigError(f"the document has no {what} called {name}{did_you_mean(name, fitting)}", hint=has)
    if found.where == "header" and found.name.lower() in FRAMING:
        raise ConfigError(f"the scheme {found.id} stands in the header {found.name}, which cannot carry credentials")
    return found


def _flow(auth: ClientCredentials, urls: Mapping[str, str], options: Options) -> str:
    """The token url that the document says. Raises: ConfigError where it says none, several, or one on another host.

    The secret goes there: a host that only the document names is one that the user has not agreed to.
    """
    found = {auth.scheme: urls[auth.scheme]} if auth.scheme in urls else {} if auth.scheme else dict(urls)
    distinct = {_absolute(url, options) for url in found.values()}
    if len(distinct) != 1:
        told = f"several token urls ({', '.join(found)})" if distinct else "no token url for client credentials"
        raise ConfigError(f"the document has {told}", hint="give one: oauth2:ID:SECRET:TOKEN-URL, or token-url in a config")
    (url,) = distinct
    if not url:
        raise ConfigError("the document's token url cannot be used", hint="give one: oauth2:ID:SECRET:TOKEN-URL")
    if urlsplit(url).hostname != urlsplit(options.base_url).hostname:
        told = f"the document's token url is on another host than the service: {plain(url)}"
        raise ConfigError(told, hint="if the client secret may go there, give the url: oauth2:ID:SECRET:TOKEN-URL")
    return url


def _absolute(url: str, options: Options) -> str:
    """A url of the document, which may be relative to the service; empty where it is none that can be asked."""
    try:
        whole = urljoin(f"{options.base_url}/", url)
        parts = urlsplit(whole)
        fine = parts.scheme in ("http", "https") and "@" not in parts.netloc and bool(parts.hostname)
        return whole if fine and whole.isprintable() and (parts.port is None or parts.port > 0) else ""
    except ValueError:
        return ""


def _refuse_doubles(places: Sequence[Scheme], headers: Sequence[str]) -> None:
    """Raises: ConfigError where two credentials would stand in one place."""
    taken = {("header", name.lower()): "-H" for name in headers}
    for place in places:
        key = (place.where, place.name.lower() if place.where == "header" else place.name)
        if key in taken:
            with_what = " and -H" if taken[key] else ""
            raise ConfigError(f"two credentials for one place: {place.where} {place.name} (auth{with_what})", hint="give one")
        taken[key] = ""


def _behind(held: _Held, text: str) -> str:
    """A token as it stands in its place, behind the name of its authentication scheme."""
    if held.place.name.lower() != "authorization" or held.place.where != "header":
        return text
    prefix = held.place.prefix or ("" if held.place.id else held.auth.prefix if isinstance(held.auth, Login) else "Bearer")
    return text if not prefix or text.lower().startswith(f"{prefix.lower()} ") else f"{prefix} {text}"


_BEFORE = frozenset((401, 403, 407, 429))


def _accepted(status: int | None) -> bool:
    """Whether an answer may say that the token was accepted: neither a refusal to know the user, nor a broken service."""
    return status is not None and status < 500 and status not in _BEFORE


def _worn(request: Request, worn: Sequence[tuple[Scheme, str]]) -> Request:
    """A request with credentials in their places, instead of what stands there."""
    for place, value in worn:
        if place.where == "query":
            request = replace(request, url=_in_query(request.url, place.name, value))
        elif place.where == "cookie":
            request = replace(request, headers=_in_cookie(request.headers, place.name, value))
        else:
            request = replace(request, headers=_in_header(request.headers, place.name, value))
    return request


def _in_header(headers: tuple[tuple[str, str], ...], name: str, value: str) -> tuple[tuple[str, str], ...]:
    return (*(pair for pair in headers if pair[0].lower() != name.lower()), (name, Secret(value)))


def _in_cookie(headers: tuple[tuple[str, str], ...], name: str, value: str) -> tuple[tuple[str, str], ...]:
    """Cookies are one header (RFC 6265 section 5.4); the others in it stay."""
    given = "; ".join(text for header, text in headers if header.lower() == "cookie")
    others = [part.strip() for part in given.split(";") if part.strip() and part.partition("=")[0].strip() != name]
    return _in_header(headers, "Cookie", "; ".join((*others, f"{name}={value}")))


def _in_query(url: str, name: str, value: str) -> SecretUrl:
    base, _, query = url.partition("?")
    others = [part for part in query.split("&") if part and unquote_plus(part.partition("=")[0]) != name]
    written = quote(name, safe="")
    names = url.names if isinstance(url, SecretUrl) else ()
    pairs = [*others, f"{written}={quote(value, safe='')}"]
    return SecretUrl(f"{base}?{'&'.join(pairs)}", (*names, written))
