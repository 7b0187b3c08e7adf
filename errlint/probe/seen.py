"""Without a catalog: the error answers that came, grouped by how they look. It describes, and judges nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from errlint.match.answer import Answer
from errlint.match.looks import Look, Looks
from errlint.model.catalog import Envelope
from errlint.model.finding import Seen
from errlint.probe.tally import STRAY

MOST_CODES = 100
"""Distinct codes of one status and shape: what has more is no code, but an id or a text."""


def seen(answers: Iterable[Answer], shipped: Callable[[], Mapping[str, Envelope]]) -> tuple[Seen, ...]:
    """The error answers by code, status, media type and shape, ordered by status and code."""
    looks = Looks(shipped)
    groups: dict[tuple[str, str, Look], dict[str, int]] = {}
    for answer in answers:
        status = answer.observation.status
        if status is None or not answer.error or not answer.expects_body:
            continue
        key = (str(status), answer.observation.media_type, looks.at(answer))
        operations = groups.setdefault(key, {})
        label = answer.observation.label or STRAY
        operations[label] = operations.get(label, 0) + 1
    rows = [
        Seen(look.code, status, media_type, look.shape, tuple(operations), sum(operations.values()), look.envelope)
        for (status, media_type, look), operations in _without_ids(groups).items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.status, row.code, row.media_type, row.shape)))


Groups = dict[tuple[str, str, Look], dict[str, int]]


def _without_ids(groups: Groups) -> Groups:
    """The groups, as one without a code where too many differ in their code only."""
    distinct: dict[tuple[str, str, str], int] = {}
    for status, media_type, look in groups:
        kind = (status, media_type, look.shape)
        distinct[kind] = distinct.get(kind, 0) + 1
    found: Groups = {}
    for (status, media_type, look), operations in groups.items():
        many = distinct[status, media_type, look.shape] > MOST_CODES
        into = found.setdefault((status, media_type, Look(look.shape, look.envelope) if many else look), {})
        for label, count in operations.items():
            into[label] = into.get(label, 0) + count
    return found
