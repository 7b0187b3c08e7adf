"""Version numbers: whether a new one is high enough for what changed, by semantic versioning or by date."""

from __future__ import annotations

import re

from errlint.model.change import Versions
from errlint.model.finding import Verdict
from errlint.model.record import record

_NUMBER = re.compile(r"v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:[-+][0-9A-Za-z.+-]{1,80})?")
_DATE = re.compile(r"(20\d\d|19\d\d)[-.]?(0?[1-9]|1[0-2])(?:[-.]?(0?[1-9]|[12]\d|3[01]))?")


@record
class Advice:
    """The lowest version that the changes ask for, in words where it is a date, and what the new number is against it.

    ``odd`` is the version that is neither a number nor a date, where the verdict is ``unknown``.
    """

    advised: str
    verdict: Verdict
    odd: str = ""


def advice(versions: Versions) -> Advice:
    """What the changes ask of the new version number.

    A breaking change needs a new major version (a minor one where the major is 0), an addition a minor one, anything else a
    patch. Of dates any later one will do. Numbers that are neither are compared with nothing.
    """
    if not versions.breaking + versions.added + versions.other:
        return Advice("", "none")
    old, new = _dated(versions.old), _dated(versions.new)
    if old is not None and (new is not None or not versions.new):
        verdict: Verdict = "advised" if new is None else "fits" if new > old else "too-low"
        return Advice("a later date", verdict)
    before, after = _numbered(versions.old), _numbered(versions.new)
    if before is None or (after is None and versions.new):
        return Advice("", "unknown", versions.old if before is None else versions.new)
    wanted = _wanted(before, versions)
    prefix = "v" if versions.old.startswith("v") else ""
    verdict = "advised" if after is None else "fits" if after >= wanted else "too-low"
    return Advice(prefix + ".".join(map(str, wanted)), verdict)


def _wanted(old: tuple[int, int, int], versions: Versions) -> tuple[int, int, int]:
    major, minor, patch = old
    if versions.breaking and major:
        return major + 1, 0, 0
    if versions.breaking or versions.added:
        return major, minor + 1, 0
    return major, minor, patch + 1


def _numbered(version: str) -> tuple[int, int, int] | None:
    found = _NUMBER.fullmatch(version.strip())
    return (int(found[1]), int(found[2] or 0), int(found[3] or 0)) if found else None


def _dated(version: str) -> tuple[int, int, int] | None:
    found = _DATE.fullmatch(version.strip())
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None
