"""Without a catalog: the error answers that came, grouped by how they look. It describes, and judges nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from errlint.match.answer import Answer
from errlint.match.looks import Look, Looks
from errlint.model.catalog import Envelope
from errlint.model.finding import Seen
from errlint.model.record import replace
from errlint.probe.tally import STRAY

MOST_CODES = 100
"""Distinct codes of one status and shape: what has more is no code, but an id or a text."""

MOST_SHAPES = 2
"""Distinct shapes of one status, code and top level: what has more echoes what was sent."""


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
    groups = _folded(groups)
    rows = [
        Seen(look.code, status, media_type, look.shape, tuple(operations), sum(operations.values()), look.envelope)
        for (status, media_type, look), operations in _without_ids(groups).items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.status, row.code, row.media_type, row.shape)))


Groups = dict[tuple[str, str, Look], dict[str, int]]


def _folded(groups: Groups) -> Groups:
    """The groups, as one where many differ only in what stands inside their members: it is what was sent, and no shape."""
    shapes: dict[tuple[str, str, Look], set[str]] = {}
    for status, media_type, look in groups:
        shapes.setdefault((status, media_type, replace(look, shape="")), set()).add(look.shape)
    found: Groups = {}
    for (status, media_type, look), operations in groups.items():
        if look.top and len(shapes[status, media_type, replace(look, shape="")]) > MOST_SHAPES:
            look = replace(look, shape=look.top)
        into = found.setdefault((status, media_type, look), {})
        for label, count in operations.items():
            into[label] = into.get(label, 0) + count
    return found


def _without_ids(groups: Groups) -> Groups:
    """The groups, as one without a code where too many differ in their code only."""
    distinct: dict[tuple[str, str, str], int] = {}
    for status, media_type, look in groups:
        kind = (status, media_type, look.shape)
        distinct[kind] = distinct.get(kind, 0) + 1
    found: Groups = {}
    for (status, media_type, look), operations in groups.items():
        many = distinct[status, media_type, look.shape] > MOST_CODES
        into = found.setdefault((status, media_type, Look(look.shape, look.envelope, top=look.top) if many else look), {})
        for label, count in operations.items():
            into[label] = into.get(label, 0) + count
    return found
