"""Fingerprints: what makes a fault the same one tomorrow, wherever it has moved to."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from errlint.checks.raised import Raised
from errlint.model import pointer as pointers
from errlint.model.finding import Finding, Location
from errlint.model.pointer import Pointer
from errlint.model.record import replace

LIVE = ("live", "test", "traffic")

DOCUMENTS = "documents"
"""How the owner of what is said of a set of documents begins."""


def digest(parts: Iterable[str]) -> str:
    """Sixteen hexadecimal digits that stand for these words in this order."""
    try:
        from _blake2 import blake2b  # where hashlib has it from, without loading OpenSSL
    except ImportError:
        from hashlib import blake2b
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def fingerprint_of(raised: Raised) -> str:
    """Rule, document, owner, status, media type, layer, code, detail, never a line: it survives moves and blank lines."""
    hit, unit = raised.hit, raised.unit
    owner = hit.owner or unit.owner
    if hit.shared and hit.at is not None:
        owner = f"{tidy(hit.at.uri)}#{pointers.text(_steady(hit.at.pointer))}"
    elif owner.startswith(f"{unit.location.uri}#"):
        owner = tidy(unit.location.uri) + owner[len(unit.location.uri) :]
    media_type = "" if hit.shared else unit.media_type
    live = unit.witness if unit.witness in LIVE else ""
    told = (live, owner, status_of(raised) or "", media_type, hit.layer or "", hit.code or "", hit.detail)
    uri = hit.at.uri if hit.shared and hit.at is not None else unit.location.uri
    # A set of documents is not one of them: its faults are the same when others join.
    home = unit.owner if unit.witness == "schema" and unit.owner.startswith(DOCUMENTS) else tidy(uri)
    return digest((raised.rule.id, home, *told))


def tidy(uri: str) -> str:
    """A uri as the user wrote it, without what says nothing: ``./a/../b.yaml`` is ``b.yaml``."""
    return posixpath.normpath(uri) if "./" in uri or "//" in uri else uri


def _steady(pointer: Pointer) -> Pointer:
    """A pointer without the index of a listed value: the value says it better, and survives when others join the list."""
    return pointer[:-1] if pointer[-2:-1] == ("enum",) else pointer


def prints(raised: Raised) -> tuple[str, ...]:
    """The fingerprints of the sites that one hit stands for: one for each use, or its own."""
    fingerprint = fingerprint_of(raised)
    if not raised.unit.uses:
        return (fingerprint,)
    return tuple(print_of(fingerprint, operation, at) for operation, at in raised.unit.uses)


def print_of(fingerprint: str, operation: str, at: Location) -> str:
    return digest((fingerprint, operation, tidy(at.uri), pointers.text(at.pointer)))


def status_of(raised: Raised) -> str | None:
    if raised.hit.shared:
        return raised.hit.status
    return raised.hit.status or raised.unit.status


def apart(found: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, no fingerprint twice: of a fault that counts here and is suppressed there, the copies get their own.

    The first that counts keeps it: whether a finding is suppressed, and where else it is, does not change what it is.
    """
    everything = list(found)
    ordered = sorted(range(len(everything)), key=lambda index: everything[index].suppressed is not None)
    taken: set[str] = set()
    for index in ordered:
        finding = everything[index]
        number, fingerprint = 0, finding.fingerprint
        while fingerprint in taken:
            number += 1
            fingerprint = digest((finding.fingerprint, finding.suppressed or "", tidy(finding.location.uri), str(number)))
        taken.add(fingerprint)
        everything[index] = finding if number == 0 else replace(finding, fingerprint=fingerprint)
    yield from everything
