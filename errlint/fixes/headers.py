"""Header fields that a declared error lacks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.fixes.cod import below
from errlint.fixes.registry import Case, Offer, bare, fix
from errlint.model.fix import AddMember, Edit, Fix

WORDS = {
    "WWW-Authenticate": "How to authenticate (RFC 9110 section 11.6.1).",
    "Retry-After": "When to try again, in seconds or as a date (RFC 9110 section 10.2.3).",
    "Allow": "The methods that the resource supports (RFC 9110 section 10.2.1).",
    "Proxy-Authenticate": "How to authenticate to the proxy (RFC 9110 section 11.7.1).",
    "Upgrade": "The protocols to change to (RFC 9110 section 7.8).",
    "Content-Range": "The length of the whole, as in `bytes */1000` (RFC 9110 section 14.4).",
}


@fix("HTP001", "HTP002", "HTP003", "HTP004", kind="generated")
def declare_the_header(case: Case) -> Iterator[Offer]:
    """The field at the response, with its meaning as RFC 9110 has it."""
    places = set(map(bare, case.anchors))
    asked = case.options.get(case.finding.rule, {}).get("headers", {})
    spelled = {name.lower(): name for name in (*WORDS, *(name for names in asked.values() for name in names))}
    seen = set()
    for declaration in case.spec.declarations:
        for hit in case.judged(declaration):
            response, name = declaration.response, spelled.get(hit.detail.lower(), hit.detail)
            if bare(hit.at or declaration.location) not in places or (response.location, name) in seen:
                continue
            seen.add((response.location, name))
            edits: list[Edit] = []
            if response.get("headers") is None:
                edits.append(AddMember(response.location, "headers", {}))
            edits.append(AddMember(below(response.location, "headers"), name, _header(name, case.spec.dialect)))
            yield Fix(f"declare {name}", tuple(edits))


def _header(name: str, dialect: str) -> dict[str, Any]:
    words = {"description": WORDS[name]} if name in WORDS else {}
    return {**words, "type": "string"} if dialect == "2.0" else {**words, "schema": {"type": "string"}}
