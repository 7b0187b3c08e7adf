"""Answers that a service gave -> a draft: the envelopes of its errors, its codes, and how often each was seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from errlint.checks.words import plural
from errlint.draft.induce import Body, induced
from errlint.draft.merge import MAIN, merged
from errlint.draft.recognised import Known
from errlint.draft.wording import wording
from errlint.load.envelopes import described_by
from errlint.match.defaults import framework
from errlint.match.envelope import BLANK, elements, read
from errlint.match.framing import frame
from errlint.match.looks import outline
from errlint.match.route import path_of
from errlint.model.catalog import Envelope
from errlint.model.draft import Draft, Entry, Evidence
from errlint.model.exchange import ABSENT, Observation
from errlint.model.record import field, mutable, record

Scalar = str | int | None

OWN = "own "
"""What the id of an envelope starts with that is neither known nor shipped; no id of the format holds a blank."""


@record
class Seen:
    """One error: its answer, its body as data, and the framework whose default body it is, empty where it is nobody's."""

    answer: Observation
    value: Any
    framework: str = ""


@mutable
class Told:
    """What all answers with one code have in common."""

    statuses: dict[int, None] = field(default_factory=dict)
    messages: dict[str, None] = field(default_factory=dict)
    given: dict[str, None] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)


def of_answers(answers: Iterable[Observation], known: Mapping[str, Mapping[str, Any]] | None = None) -> Draft:
    """The draft that answers make; successes say nothing. ``known`` are envelopes by id, as format 1 writes
    them, which are tried before the shipped ones.

    The envelope with the most codes is the service's own, layer ``service``, closed; every other one is a layer of its own,
    whose codes are open. ``Observation.name`` may hold where it was seen: a test's id.
    """
    errors: list[Seen] = []
    odd: dict[str, int] = {}
    number = 0
    for answer in answers:
        number += 1
        if answer.status is None or answer.status < 400:
            continue
        framed = frame(answer)
        value = framed.values[0] if framed.values and framed.kind == "json" else ABSENT
        if isinstance(value, dict):
            errors.append(Seen(answer, value, framework(framed) or ""))
        elif answer.method != "HEAD":
            told = f"{answer.media_type or 'no media type'} under {answer.status}"
            odd[told] = odd.get(told, 0) + 1
    return _drafted(_grouped(errors, known or {}), known or {}, odd, number, len(errors) + sum(odd.values()))


def _grouped(errors: Sequence[Seen], known: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Seen]]:
    """The errors by envelope: a known or shipped one by its id, else what bodies of one kind have in common."""
    groups: dict[str, list[Seen]] = {}
    strange: dict[str, list[Seen]] = {}
    recogniser = Known(described_by(id_, written) for id_, written in known.items())
    for seen in errors:
        id_ = recogniser.of(seen.value, seen.answer.media_type, seen.framework)
        if id_ is None:
            strange.setdefault(outline(seen.value), []).append(seen)
        else:
            groups.setdefault(id_, []).append(seen)
    for kind in _kinds(strange):
        groups[f"{OWN}{len(groups) + 1}"] = kind
    return groups


def _kinds(shapes: Mapping[str, list[Seen]]) -> Iterable[list[Seen]]:
    """Shapes that have code and message at the same places are one envelope with optional members."""
    kinds: dict[str, list[Seen]] = {}
    for seen in shapes.values():
        written = induced(_bodies(seen))
        kinds.setdefault(repr((written["code"], written.get("message"))), []).extend(seen)
    return kinds.values()


def _bodies(errors: Sequence[Seen]) -> list[Body]:
    return [Body(seen.value, seen.answer.status, seen.answer.media_type) for seen in errors]


def _drafted(
    groups: Mapping[str, list[Seen]], known: Mapping[str, Mapping[str, Any]], odd: Mapping[str, int], answers: int, errors: int
) -> Draft:
    parts = []
    for id_, seen in groups.items():
        written = _written(id_, seen, known)
        parts.append((id_, written, _told(seen, described_by(id_, written))))
    routed = any(one.answer.operation is not None for seen in groups.values() for one in seen)
    stray = {id_ for id_, seen in groups.items() if routed and any(_is_stray(one.answer, known) for one in seen)}
    parts.sort(key=lambda part: -sum(code is not None for code, _ in part[2]))
    envelopes: dict[str, Mapping[str, Any]] = {}
    layers: dict[str, dict[str, Any]] = {}
    entries: list[Entry] = []
    for number, (id_, written, told) in enumerate(parts):
        own = MAIN if number == 0 else f"other-{number + 1}"
        name = own if id_.startswith(OWN) else id_
        coded = any(code is not None for code, _ in told)
        layer = own if number == 0 else name if coded else "framework"
        envelopes[name] = written
        held = layers.setdefault(layer, {"envelope": [], "codes": "closed" if coded and number == 0 else "open"})
        held["envelope"].append(name)
        if number:
            held["in_spec"] = "optional"
        if id_ in stray:
            held["applies_to"] = "all-operations"
        entries += [_entry(code, layer, one) for (code, _), one in told.items()]
    doubts = tuple(
        f"{plural(n, 'error')} without a JSON object ({told}), in no entry: is that meant?" for told, n in odd.items()
    )
    count = plural(errors, "error answer") if errors == answers else f"{plural(answers, 'answer')}, {plural(errors, 'error')}"
    draft = Draft(tuple(entries), envelopes=envelopes, layers=layers, doubts=doubts, read=(count,))
    return merged([draft])  # two frameworks may answer without a code under one status


def _is_stray(answer: Observation, known: Mapping[str, Any]) -> bool:
    """Whether an answer to no operation shows who answers unknown paths; a 405 does so only beside what a document declares."""
    return answer.operation is None and (answer.status != 405 or bool(known))


def _written(id_: str, seen: Sequence[Seen], known: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """A group's envelope as format 1 writes it."""
    return induced(_bodies(seen)) if id_.startswith(OWN) else known.get(id_, {"use": id_})


def _told(errors: Sequence[Seen], envelope: Envelope) -> dict[tuple[Scalar, int], Told]:
    """What was seen of each code, in order; of an error that carries none, of each status."""
    found: dict[tuple[Scalar, int], Told] = {}
    for seen in errors:
        place = envelope.roles.get("code")
        for bound in elements(place, seen.value):
            code = read(place, seen.value, seen.answer.headers, bound).value
            if not isinstance(code, str | int) or isinstance(code, bool) or code == BLANK:
                code = None
            status = seen.answer.status or 0
            told = found.setdefault((code, status if code is None else 0), Told())
            told.statuses[status] = None
            message = read(envelope.roles.get("message"), seen.value, seen.answer.headers, bound).value
            if isinstance(message, str):
                told.messages[message] = None
            told.given.update(dict.fromkeys(_given(seen.answer)))
            where = _where(seen.answer)
            told.places[where] = told.places.get(where, 0) + 1
    return found


def _entry(code: Scalar, layer: str, told: Told) -> Entry:
    statuses = sorted(told.statuses)
    fields: dict[str, Any] = {"code": code, "status": statuses[0] if len(statuses) == 1 else statuses, "layer": layer}
    if code is None:
        fields["id"] = f"{layer}-{statuses[0]}"
    message = wording(told.messages, told.given)
    if message is not None:
        fields["message"] = message
    doubts = []
    if len(statuses) > 1:
        doubts.append(f"seen under {' and '.join(map(str, statuses))}: are all of them meant?")
    if message is None and code is not None and told.messages:
        doubts.append(f"{len(told.messages)} different messages: what is its message?")
    times = sum(told.places.values())
    what = "seen once" if times == 1 else f"seen {times} times"
    return Entry(fields, tuple(Evidence(what, where) for where in told.places), tuple(doubts))


def _given(answer: Observation) -> Iterable[str]:
    """The values that stood in the request's path where the operation has a parameter; any segment where none is known."""
    if answer.request is None:
        return
    sent = [unquote(part) for part in path_of(answer.request.url).split("/") if part]
    declared = [part for part in answer.operation.path.split("/") if part] if answer.operation else []
    for index, part in enumerate(reversed(sent)):
        if index < len(declared):
            if declared[-1 - index].startswith("{"):
                yield part
        elif not declared and any(char.isdigit() for char in part):
            yield part


def _where(answer: Observation) -> str:
    request = answer.request
    label = answer.label or (f"{request.method} {path_of(request.url)}" if request is not None else "")
    return f"{label} ({answer.name})" if answer.name and label else label or answer.name
