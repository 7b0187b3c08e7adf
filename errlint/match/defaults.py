"""The error bodies that frameworks and servers send by default, so that a finding can say what it is looking at.

They are data: ``schemas/defaults.json``, each held against recorded answers of the version that it names.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from errlint import resources
from errlint.match.framing import Framed
from errlint.model.record import record

LONGEST = 4000
"""Characters of a text that are looked at: a default body is known by its start."""


@record
class Page:
    """A default body that is a text or HTML: whose it is, and how it begins."""

    name: str
    text: re.Pattern[str]


@record
class Body:
    """A default body that is a JSON object: whose it is, the members it has and may have, and what stands at some.

    ``texts`` are what a member's text begins with, ``lists`` the members of every object in a list. Of an ``open`` one nobody
    knows all members.
    """

    name: str
    members: frozenset[str]
    known: frozenset[str]
    texts: tuple[tuple[str, re.Pattern[str]], ...]
    lists: tuple[tuple[str, frozenset[str]], ...]
    open: bool

    def fits(self, body: dict[str, Any]) -> bool:
        """Whether a body is this one."""
        if not self.members <= body.keys() or not (self.open or body.keys() <= self.known):
            return False
        return all(isinstance(body[name], str) and text.match(body[name][:LONGEST]) for name, text in self.texts) and all(
            _is_list_of(body[name], members) for name, members in self.lists
        )


def _is_list_of(value: Any, members: frozenset[str]) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) and members <= one.keys() for one in value)


@cache
def _written() -> dict[str, Any]:
    """The table as it is written, read where it is first asked for: most runs need none."""
    found: dict[str, Any] = json.loads(resources.schema_text("defaults.json"))
    return found


@cache
def pages() -> tuple[Page, ...]:
    """The default bodies that are texts, in the order in which they are tried."""
    return tuple(Page(one["name"], re.compile(one["text"])) for one in _written()["pages"])


@cache
def bodies() -> tuple[Body, ...]:
    """The default bodies that are JSON, in the order in which they are tried."""
    return tuple(
        Body(
            one["name"],
            frozenset(one["members"]),
            frozenset((*one["members"], *one.get("optional", ()))),
            tuple((name, re.compile(text)) for name, text in one.get("texts", {}).items()),
            tuple((name, frozenset(members)) for name, members in one.get("lists", {}).items()),
            one.get("open", False),
        )
        for one in _written()["bodies"]
    )


def framework(framed: Framed) -> str | None:
    """The framework whose default error body this is, None where it is nobody's."""
    if framed.kind == "json":
        body = framed.values[0] if framed.values else None
        return next((one.name for one in bodies() if one.fits(body)), None) if isinstance(body, dict) else None
    text = framed.text[:LONGEST]
    return next((one.name for one in pages() if one.text.match(text)), None)


def frameworks(name: str) -> tuple[str, ...]:
    """The frameworks that one name stands for: ``Fastify, hapi or NestJS``."""
    return tuple(re.split(", | or ", name)) if name else ()


def named(framed: Framed) -> str:
    """`` (the default body of FastAPI)`` where the body is a framework's, to end a message with; else nothing."""
    name = framework(framed)
    return f" (the default body of {name})" if name else ""
