"""What a run's answers came to, counted in one pass: by operation, by code, and by what was tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from errlint.match.answer import Answer
from errlint.model.claim import Claim
from errlint.model.record import field, mutable
from errlint.probe.observed import Observed
from errlint.probe.played import Played

Identity = tuple[str, str]
"""A catalog entry: (layer, id)."""

STRAY = "outside the document's operations"

LONGEST_CODE = 40


@mutable
class Tally:
    """The counts. Operations are texts (``GET /models/{id}``), stray requests stand under STRAY.

    ``statuses`` counts the statuses of each operation, ``codes`` the catalog's entries there, ``observed`` the operations
    of each entry; ``dropped`` are the operations that closed a connection without an answer. ``got`` says what the requests
    of each kind were answered (``400 ML_1800``), by operation, with the sum over all under ``""``. ``misplaced`` counts
    the statuses that an entry came with and is not documented for.
    """

    seen: Observed
    statuses: dict[str, Counter[str]] = field(default_factory=dict)
    codes: dict[str, Counter[Identity]] = field(default_factory=dict)
    observed: dict[Identity, dict[str, None]] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    got: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    misplaced: dict[Identity, Counter[str]] = field(default_factory=dict)
    played: dict[Identity, list[Played]] = field(default_factory=dict)

    def add(self, answer: Answer) -> None:
        """Counts one answer."""
        observation = answer.observation
        label, told = observation.label or STRAY, in_words(answer)
        if observation.status is not None:
            self.statuses.setdefault(label, Counter())[str(observation.status)] += 1
        else:
            self.dropped.add(label)
        for claim in answer.claims:
            for code in claim.candidates if claim.failed == "status" else ():
                self.misplaced.setdefault((code.layer, code.id), Counter())[str(claim.statuses)] += 1
        for identity in identities(answer.claims):
            self.codes.setdefault(label, Counter())[identity] += 1
            self.observed.setdefault(identity, {})[label] = None
        if observation.request is not None:
            by_operation = self.got.setdefault(observation.request.stimulus, {})
            for key in (label, ""):
                by_operation.setdefault(key, Counter())[told] += 1

    def limited(self, labels: Iterable[str]) -> str:
        """``41 of the 61`` where much of what some operations answered, or all where none is named, was 429; else nothing."""
        found: Counter[str] = sum((self.statuses.get(one, Counter()) for one in labels or self.statuses), Counter())
        return f"{found['429']} of the {found.total()}" if 3 * found["429"] > found.total() else ""


def tally(answers: Iterable[Answer], seen: Observed) -> Tally:
    """All answers of a run, counted."""
    counts = Tally(seen)
    for answer in answers:
        counts.add(answer)
    for played in seen.played:
        counts.played.setdefault(played.owner, []).append(played)
    return counts


def identities(claims: Iterable[Claim]) -> Iterator[Identity]:
    """The catalog's entries that an answer shows."""
    for claim in claims:
        if claim.failed in (None, "message"):
            yield from ((code.layer, code.id) for code in claim.candidates)


def in_words(answer: Answer) -> str:
    """What an answer is, in a few words: ``404 ML_1001``, ``405``, ``no answer``."""
    status = answer.observation.status
    names = [name for claim in answer.claims for name in _names(claim)]
    return " ".join([str(status) if status is not None else "no answer", *dict.fromkeys(names)])


def _names(claim: Claim) -> Sequence[str]:
    found = [code.id for code in claim.candidates]
    return found or [str(value)[:LONGEST_CODE] for value, _ in claim.code.scalars()]


def most(counts: Mapping[str, int], few: int = 2) -> str:
    """The most frequent of some words, and how many others there are."""
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    rest = len(ranked) - few
    return ", ".join(ranked[:few]) + (f" and {rest} other answers" if rest > 1 else " and another answer" if rest == 1 else "")
