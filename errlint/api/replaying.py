"""``errlint probe --replay``: judges recorded exchanges, without a network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast, get_args
from urllib.parse import urlsplit

from errlint.api.judging import Case, judged, notes_of, prepared, units_of
from errlint.checks.words import plural
from errlint.config import Settings
from errlint.errors import InconclusiveError
from errlint.load.source import Document
from errlint.model.exchange import ABSENT, Observation, Request
from errlint.model.finding import Location, Report, Severity
from errlint.model.record import mutable, replace
from errlint.model.spec import Declaration, Operation

if TYPE_CHECKING:
    from errlint.bind.har import Archive, Exchange
    from errlint.bind.route import Router
    from errlint.probe.observed import Observed
    from errlint.probe.played import Played

# fmt: off
_BROWSER = frozenset((
    "accept-encoding", "accept-language", "cache-control", "connection", "content-length", "dnt", "host", "origin",
    "pragma", "priority", "referer", "te", "upgrade-insecure-requests", "user-agent", "x-errlint-run",
    "x-schemathesis-testcaseid"
))
# fmt: on
"""Headers of whoever sent a request, which a reproduction can do without."""


def replay(
    source: str | Document,
    record: str,
    catalog: Sequence[str] = (),
    settings: Settings | None = None,
    *,
    base_url: str | None = None,
    fail_on: Severity = Severity.ERROR,
    min_coverage: float | None = None,
    root: str | None = None,
) -> Report:
    """Judges the exchanges of an HTTP Archive against a document.

    Of an archive that errlint wrote each is judged as it was when it was recorded; of others only what an answer shows by
    itself. ``base_url`` says which entries are the service's, and where it stands.

    Raises: LoadError, ConfigError for a base url that is none, InconclusiveError where no entry is an answer of the service.
    """
    from errlint.bind.har import read

    archive = read(record)
    case = prepared(source, catalog, settings, root)
    bound = _Bound(archive, case, base_url)
    answers = units_of(bound.observations, case)
    told = [f"{plural(len(bound.observations), 'answer')} of {record}"]
    if not bound.observations:
        raise InconclusiveError("no entry is an answer of the service" + bound.why(), Location(record, ()))
    unseen = "it is not in the record" if archive.told is None else ""
    return judged(case, bound.seen(), answers, told, bound.notes(), fail_on=fail_on, min_coverage=min_coverage, unseen=unseen)


def observed(
    source: str | Document, record: str, *, base_url: str | None = None, root: str | None = None
) -> tuple[Observation, ...]:
    """The answers of an HTTP Archive, each bound to the operation of a document that it is of; nothing is judged.

    Raises: LoadError, ConfigError for a base url that is none, InconclusiveError where no entry is an answer of the service.
    """
    from errlint.bind.har import read

    bound = _Bound(read(record), prepared(source, (), None, root), base_url)
    if not bound.observations:
        raise InconclusiveError("no entry is an answer of the service" + bound.why(), Location(record, ()))
    return bound.observations


@mutable
class _Left:
    """How many entries are not judged, and why."""

    elsewhere: int = 0
    outside: int = 0
    pages: int = 0
    unanswered: int = 0
    bodiless: int = 0


class _Bound:
    """The exchanges of an archive, each bound to the operation that it met."""

    def __init__(self, archive: Archive, case: Case, base_url: str | None) -> None:
        self.archive = archive
        self.spec = case.loaded.spec
        self.own = archive.told
        self.base_url = _checked(base_url) if base_url is not None else None
        self.left = _Left()
        self.router = self._router()
        self._operations = {operation.label: operation for operation in self.spec.operations}
        self._declared: dict[str, list[Declaration]] = {}
        for one in self.spec.declarations:
            self._declared.setdefault(one.operation.label, []).append(one)
        self.observations = tuple(self._observed())

    def _router(self) -> Router:
        """The router under whose base path any entry meets an operation: the user's, the document's, or none."""
        from errlint.bind.route import Router

        given = self.base_url or str((self.own or {}).get("base_url") or "")
        bases = [urlsplit(given).path] if given else []
        routers = [*(Router(self.spec, base) for base in bases), Router(self.spec), Router(self.spec, "")]
        urls = list({one.request.url.partition("?")[0]: None for one in self.archive.exchanges if self._is_here(one)})
        return next((router for router in routers if any(map(router.knows, urls))), routers[0])

    def _is_here(self, exchange: Exchange) -> bool:
        """Whether an entry is of the host that the user named, or of any."""
        return self.base_url is None or _origin(exchange.request.url) == _origin(self.base_url)

    def _observed(self) -> Iterable[Observation]:
        hosts = self._hosts()
        for one in self.archive.exchanges:
            told = one.told if self.own is not None else None
            operation, host = self._operation(one, told), _origin(one.request.url)
            elsewhere = operation is None and told is None and host not in hosts
            if not host or not self._is_here(one) or elsewhere:
                self.left.elsewhere += 1
            elif operation is None and told is None and not self.router.stands_above(one.request.url):
                self.left.outside += 1
            elif operation is None and one.of_page:
                self.left.pages += 1
            elif one.status is None and not (told or {}).get("dropped"):
                self.left.unanswered += 1
            elif one.body is None and told is None:
                self.left.bodiless += 1
            else:
                yield self._observation(one, operation, told)

    def _hosts(self) -> set[str]:
        """The hosts of which any entry meets a path of the document."""
        urls: dict[str, dict[str, None]] = {}
        for one in self.archive.exchanges:
            urls.setdefault(_origin(one.request.url), {})[one.request.url.partition("?")[0]] = None
        return {host for host, paths in urls.items() if host and any(map(self.router.knows, paths))}

    def _operation(self, exchange: Exchange, told: Mapping[str, Any] | None) -> Operation | None:
        label = told.get("operation", ABSENT) if told is not None else ABSENT
        if label is None or (isinstance(label, str) and label in self._operations):
            return self._operations[label] if label is not None else None
        return self.router.operation(exchange.request.method, exchange.request.url)

    def _observation(self, exchange: Exchange, operation: Operation | None, told: Mapping[str, Any] | None) -> Observation:
        from errlint.probe.observed import declared_types

        label = operation.label if operation is not None else ""
        seen = Observation(
            witness="live" if told is not None else "traffic",
            location=operation.location if operation is not None else Location(self.spec.uri, ("paths",)),
            status=exchange.status,
            headers=exchange.headers,
            body=exchange.body or b"",
            operation=operation,
            media_types=declared_types(self._declared.get(label, ()), exchange.status),
            request=exchange.request,
            started=exchange.started,
            elapsed=exchange.elapsed,
        )
        return self._restored(seen, told) if told is not None else _clean(seen)

    def _restored(self, seen: Observation, told: Mapping[str, Any]) -> Observation:
        """An observation as it was when errlint recorded it."""
        request = seen.request
        if request is not None:
            request = replace(
                _without_values(request),
                near=self._known(told.get("near")),
                stimulus=told["stimulus"] if isinstance(told.get("stimulus"), str) else "",
                rejected=told.get("rejected") is True,
                fault=told["fault"] if isinstance(told.get("fault"), str) else "",
                writes=told.get("writes") is True,
            )
        fields = [("dropped", bool), ("echoes", bool), ("long", bool), ("layer", str), ("cut", str)]
        known = [name for name, kind in fields if name in Observation.__match_args__ and isinstance(told.get(name), kind)]
        return replace(seen, request=request, **{name: told[name] for name in known})

    def _known(self, label: Any) -> Operation | None:
        return self._operations.get(label) if isinstance(label, str) else None

    def seen(self) -> Observed:
        """What the archive shows, in the terms of a run. What others never asked for is not held against the service."""
        from errlint.probe.observed import Observed, StoppedBy

        own = self.own or {}
        counted = Counter(one.operation.label for one in self.observations if one.operation is not None)
        absent = [label for label in self._operations if label not in counted]
        known = "requests" in own
        stopped = own.get("stopped_by", "") if own.get("stopped_by") in get_args(StoppedBy) else ""
        return Observed(
            observations=self.observations,
            requests={**counted, **_numbers(own.get("requests"))},
            not_probed=_texts(own.get("not_probed")) if known else dict.fromkeys(absent, "it is not in the record"),
            withheld=_numbers(own.get("withheld")),
            may_have_written=tuple(_strings(own.get("may_have_written"))),
            notes=tuple(_strings(own.get("notes"))),
            failed_writes=tuple(_strings(own.get("failed_writes"))),
            stopped=str(own.get("stopped") or ""),
            stopped_by=cast(StoppedBy, stopped),
            excluded=frozenset(_strings(own.get("excluded")) if known else absent),
            writes="never" if own.get("writes") == "never" else "rejected",
            played=tuple(_played(own.get("recipes"))),
            given=frozenset(_strings(own.get("given"))) if "given" in own else None,
        )

    def notes(self) -> list[str]:
        """What was left out of the judgement, in lines."""
        return [*notes_of(self.seen()), *(f"{line}." for line in self._lines())]

    def why(self) -> str:
        """What was left out, in words that go on a line."""
        lines = self._lines()
        return (": " + "; ".join(lines) if lines else "") + ("" if self.base_url else "; say --url where it stands")

    def _lines(self) -> list[str]:
        left, total = self.left, len(self.archive.exchanges)
        told = (
            (left.elsewhere, "of other hosts"),
            (left.outside, "outside of the base path"),
            (left.pages, "part of a page, outside the document's operations"),
            (left.unanswered, "without an answer"),
            (left.bodiless, "without the body of its answer"),
        )
        entries = "1 entry" if total == 1 else f"{total} entries"
        lines = [f"{number} of {entries} {'is' if number == 1 else 'are'} {what}" for number, what in told if number]
        if self.archive.odd:
            lines.append(f"{self.archive.odd} more are no exchanges")
        return lines


def _checked(base_url: str) -> str:
    from errlint.probe.options import Options

    return Options(base_url=base_url).base_url


def _origin(url: str) -> str:
    """Scheme, host and port of a url, empty where it is no address of a service."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return ""
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}" if parts.scheme in ("http", "https") else ""


def _clean(seen: Observation) -> Observation:
    """An observation of others without credentials, those in the answer masked."""
    from errlint.probe.options import masked
    from errlint.probe.redaction import is_blank, is_secret_header, kept_request

    request = seen.request
    if request is None:
        return seen
    named = [(name, value) for name, value in request.headers if not is_blank(value)]
    secrets = [value for name, value in named if is_secret_header(name) and len(value) > 5]
    clean = masked(replace(seen, request=replace(request, headers=tuple(named))), secrets)
    return replace(clean, request=_without_values(kept_request(request, ())))


def _without_values(request: Request) -> Request:
    """A request as a reproduction shows it: credentials as secrets, and nothing of who sent it."""
    from errlint.probe.redaction import is_secret_header
    from errlint.probe.secret import Secret

    headers = [
        (name, Secret(value) if is_secret_header(name) or value == "***" else value)
        for name, value in request.headers
        if name.lower() not in _BROWSER and not name.lower().startswith("sec-")
    ]
    return replace(request, headers=tuple(headers))


def _strings(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _texts(value: Any) -> dict[str, str]:
    return {name: one for name, one in value.items() if isinstance(one, str)} if isinstance(value, dict) else {}


def _played(value: Any) -> list[Played]:
    from errlint.probe.played import read

    found = map(read, value) if isinstance(value, list) else ()
    return [one for one in found if one is not None]


def _numbers(value: Any) -> dict[str, int]:
    return {name: one for name, one in value.items() if isinstance(one, int)} if isinstance(value, dict) else {}
