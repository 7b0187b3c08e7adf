"""What ``errlint detect`` found, as text and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from errlint.model.detected import Detected, Group, Match
from errlint.report.visible import visible

VERSION = 1
MOST_GROUPS = 12
LONGEST = 60


def as_json(found: Detected) -> str:
    """``{version, matches: [{envelope, score, why}]}``, best first; ``fits`` is false for those that are only near."""
    document: dict[str, Any] = {
        "version": VERSION,
        "file": found.name,
        "kind": found.kind,
        "matches": [_entry(one, number < found.ties) for number, one in enumerate(found.matches)],
        "default_body_of": found.framework or None,
    }
    if found.kind != "body":
        document["errors"] = found.errors
        document["groups"] = [
            {"envelopes": list(one.envelopes), "shape": one.shape, "count": one.count, "example": one.example}
            for one in found.groups
        ]
    return json.dumps(document, indent=2) + "\n"


def _entry(one: Match, best: bool) -> dict[str, Any]:
    return {
        "envelope": one.envelope,
        "title": one.title,
        "score": one.score,
        "best": best,
        "fits": one.fits,
        "why": "; ".join(one.why),
        "against": "; ".join(one.against),
    }


def as_text(found: Detected) -> str:
    """The answer in lines for a reader: the envelope, why, the runner-up, and the line that a catalog needs."""
    lines = _of_body(found) if found.kind == "body" else _of_many(found)
    return "".join(f"{visible(line)}\n" for line in lines)


def _of_body(found: Detected) -> Iterator[str]:
    best = found.matches[: found.ties]
    default = f", the default body of {found.framework}" if found.framework else ""
    if not best:
        yield f"{found.name}: no envelope: {found.looks}{default}" if default or not found.matches else _nearest(found)
        if found.own:
            places = ", ".join(f"{role}: {{pointer: {pointer}}}" for role, pointer in found.own)
            yield "  in a catalog it is one of your own:"
            yield f"    envelopes: {{service: {{{places}}}}}"
        return
    names = " or ".join(one.envelope for one in best)
    told = f"score {best[0].score}"
    told = f"{told}, nothing tells them apart" if len(best) > 1 else f"{best[0].title}, {told}" if best[0].title else told
    yield f"{found.name}: {names} ({told}){default}"
    yield f"  why      {'; '.join(best[0].why)}"
    if best[0].against:
        yield f"  but      {'; '.join(best[0].against)}"
    for role, value in found.roles:
        yield f"  {role.replace('_', ' '):<9}{value[:LONGEST]}"
    for one in found.matches[found.ties : found.ties + 1]:
        reason = one.against[0] if one.against else "it fits too, and less speaks for it"
        yield f"  next     {one.envelope} (score {one.score}): {reason}"
    yield from _lines(best[0])


def _nearest(found: Detected) -> str:
    nearest = found.matches[0]
    why = "; ".join(nearest.against) or "a value is not as its schema says"
    return f"{found.name}: no envelope fits {found.looks}; the nearest is {nearest.envelope}: {why}"


def _of_many(found: Detected) -> Iterator[str]:
    what = "declared error responses" if found.kind == "document" else "error answers"
    bodies = found.errors - found.left
    have = "has" if found.left == 1 else "have"
    what_not = "schema" if found.kind == "document" else "body"
    missing = f", {found.left} more {have} no {what_not} to look at" if found.left else ""
    yield f"{found.name}: {bodies} {what}, by the shape of their body{missing}"
    yield from _rows(found.groups[:MOST_GROUPS])
    if len(found.groups) > MOST_GROUPS:
        rest = sum(group.count for group in found.groups[MOST_GROUPS:])
        yield f"  and {len(found.groups) - MOST_GROUPS} more shapes ({rest})"
    if found.ties == 1:
        yield from _lines(found.matches[0])
    elif found.ties:
        best = [one.envelope for one in found.matches[: found.ties]]
        if any(set(best) <= set(group.envelopes) for group in found.groups):
            yield f"  nothing tells {' and '.join(best)} apart; one of them:"
            yield from _lines(found.matches[0])
        else:
            yield f"  {', '.join(best[:-1])} and {best[-1]} are as frequent; in a catalog each is the envelope of a layer"


def _rows(groups: tuple[Group, ...]) -> Iterator[str]:
    names = [" or ".join(group.envelopes) or "no envelope" for group in groups]
    width = max(map(len, names), default=0)
    for name, group in zip(names, groups, strict=True):
        shape = group.shape if len(group.shape) <= LONGEST else group.shape[: LONGEST - 1] + "…"
        yield f"  {group.count:>5}  {name:<{width}}  {shape}  e.g. {group.example}"


def _lines(match: Match) -> Iterator[str]:
    """The lines of a catalog that name a shipped envelope."""
    if match.shipped:
        yield "  in a catalog:"
        yield f"    envelopes: {{{match.envelope}: {{use: {match.envelope}}}}}"
