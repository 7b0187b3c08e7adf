"""The contract that a suite is held to: what it says of one answer."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence

from errlint.api.answering import Answers, Told
from errlint.config import Effective
from errlint.draft.suite import LONGEST_BODY, Kind, Shown
from errlint.load.envelopes import shipped_envelopes
from errlint.load.source import read
from errlint.match.answer import Answer
from errlint.match.looks import Looks
from errlint.match.route import path_of
from errlint.model.exchange import Observation, Request
from errlint.model.record import record
from errlint.probe.redaction import kept, sent
from errlint.probe.tally import Identity, identities, in_words
from errlint.testing.adapters import Exchange
from errlint.testing.binding import Binder, is_word, secrets
from errlint.testing.templates import guessed

_TELLING = re.compile(r"content-type|.*(?:error|code|reason).*")
"""Headers that may be part of an envelope."""


@record
class Verdict:
    """What an answer is, and what is wrong with it. ``kind`` is None for a success.

    ``codes`` are those that it carries in words: the ids of catalog entries, else what stands there. ``unknown`` is true
    where a code stands there that the catalog does not have. ``observation`` is None where errlint failed to look.
    """

    observation: Observation | None
    told: tuple[Told, ...] = ()
    kind: Kind | None = None
    shown: Shown | None = None
    entries: tuple[Identity, ...] = ()
    codes: tuple[str, ...] = ()
    unknown: bool = False


class Contract:
    """Judges answers by what holds for a suite: its catalogs, its document (a path, None for none), its settings.

    Raises: LoadError for a catalog or a document that cannot be read.
    """

    def __init__(self, held: Effective, spec: str | None) -> None:
        self._answers = Answers(held.catalogs, held.settings)
        self._fail_on = held.fail_on
        self._document = spec is not None
        loaded = self._answers.holds(read(spec), held.root, bodies=True) if spec is not None else None
        self._binder = Binder(loaded.spec if loaded is not None else None)
        self._looks = Looks(shipped_envelopes)
        self._lock = threading.Lock()  # an application under test may answer in several threads
        self.plan = self._answers.plan
        self.servers = _servers(loaded.spec.root.value) if loaded is not None else ()
        self.notes = tuple(one.message for one in self._answers.about)
        places = [envelope.roles.get("code") for envelope in (one.envelope for one in self.plan.signatures.values())]
        tokens = {str(pointer[0]) for place in places if place is not None for pointer in place.pointers if pointer}
        self._words = tuple(f'"{token}"'.encode() for token in tokens)

    def may_tell(self, exchange: Exchange) -> bool:
        """Whether an answer can be about an error at all: most successes cannot, and are not read."""
        told = exchange.status >= 400 or exchange.status < 100
        return (
            told or any(word in exchange.body for word in self._words) or "problem" in exchange.headers.get("content-type", "")
        )

    def judge(self, exchange: Exchange, operation: str | None, test: str) -> Verdict:
        """What an answer is and what is wrong with it. Where nobody knows whether its request was stray, the milder one holds.

        Raises: ConfigError for an operation that does not exist.
        """
        with self._lock:
            observation, *strays = self._binder.observations(exchange, operation, test)
            answer, told = self._read(observation)
            # A router may have answered by itself. Nobody knows that of a request without a route; an envelope says otherwise.
            if told and answer.signature is None and exchange.status in (404, 405):
                for stray in strays:
                    observation = stray
                    answer, told = self._read(stray)
            return self._verdict(observation, answer, told)

    def _read(self, observation: Observation) -> tuple[Answer, tuple[Told, ...]]:
        answer, told = self._answers.read(observation, self._fail_on)
        # Without a document no operation declares anything.
        return answer, told if self._document else tuple(one for one in told if not one.finding.rule.startswith("COV"))

    def _verdict(self, observation: Observation, answer: Answer, told: tuple[Told, ...]) -> Verdict:
        entries = tuple(dict.fromkeys(identities(answer.claims)))
        named = in_words(answer).split(" ", 1)[1:] if answer.claims else []
        unknown = any(not claim.candidates and claim.failed == "code" for claim in answer.claims) and bool(named)
        if not answer.error:
            return Verdict(observation, told, entries=entries, codes=tuple(named), unknown=unknown)
        look = self._looks.at(answer)
        code = named[0] if named else look.code
        label = observation.label or _asked(observation)
        kind = Kind(
            label, observation.status or 0, observation.media_type, code, look.shape or look.top, observation.operation is None
        )
        return Verdict(observation, told, kind, _shown(observation), entries, (code,) if code else (), unknown)


def _asked(observation: Observation) -> str:
    request = observation.request
    return f"{request.method} {guessed(request.url)}" if request is not None else ""


def _shown(observation: Observation) -> Shown | None:
    """What is kept of an answer, None where it is too long."""
    if len(observation.body) > LONGEST_BODY:
        return None
    request = observation.request
    clean = kept(observation, (*secrets(request), *_told(request)) if request is not None else ())
    headers = tuple((name, value) for name, value in sorted(clean.headers.items()) if _TELLING.fullmatch(name))
    path = path_of(clean.request.url) if clean.request is not None else ""
    return Shown(path, headers, clean.body.decode("utf-8", "surrogateescape"))


def _told(request: Request) -> list[str]:
    """The credentials in a request's url and body; the words that tests send for some are none."""
    return [one for one in sent(request) if not is_word(one)]


def _servers(document: object) -> Sequence[str]:
    """The urls at which a document says that its service stands."""
    servers = document.get("servers") if isinstance(document, dict) else None
    found = [one.get("url") for one in servers if isinstance(one, dict)] if isinstance(servers, list) else []
    return tuple(url for url in found if isinstance(url, str))
