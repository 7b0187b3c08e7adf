"""The version number against what changed (VER009)."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.checks import words
from errlint.checks.registry import Hit, Unsure, Verdict, check
from errlint.match.versions import advice
from errlint.model.change import Comparison, Versions
from errlint.model.finding import Severity


@check("VER009", "version-too-low", Severity.WARNING, Versions)
def version_too_low(versions: Versions, compared: Comparison) -> Iterator[Verdict]:
    """A version number that promises less change than there is."""
    found = advice(versions)
    if found.verdict == "unknown" and versions.old and versions.new:
        yield Unsure(f"the version {words.shown(found.odd)} is neither a number (1.2.0) nor a date", versions.location)
    if found.verdict != "too-low":
        return
    stays = versions.old == versions.new
    said = (
        f"the version stays {words.cut(versions.old)}"
        if stays
        else f"the version is {words.cut(versions.new)} after {words.cut(versions.old)}"
    )
    yield Hit(
        f"{said}, with {_counted(versions)}; {words.cut(found.advised)} is due",
        versions.location,
        owner="version",
        severity=None if versions.breaking else Severity.NOTE,
    )


def _counted(versions: Versions) -> str:
    if versions.breaking:
        return words.plural(versions.breaking, "breaking change")
    if versions.added:
        return words.plural(versions.added, "addition")
    return words.plural(versions.other, "change")
