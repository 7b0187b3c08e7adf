"""A comparison of two versions in words: its totals, and its changelog as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from errlint.checks.words import label
from errlint.model.change import Change, Comparison
from errlint.model.finding import Changes, Finding, Site
from errlint.model.pointer import Pointer
from errlint.model.status import ANY
from errlint.report.visible import visible

LONGEST = 200
"""Letters of a message that a changelog shows."""

SPECIAL = re.compile(r"([\\`*\[\]<>|#~])|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|@(?=\w)")


def totals(changes: Changes) -> str:
    """``3 breaking, 5 compatible changes; version 1.4.0 -> 2.0.0 advised``."""
    number = changes.breaking + changes.compatible
    if not number:
        return "No change that the selected rules tell" if changes.partial else "No change"
    noun = "change" if number == 1 else "changes"
    counts = [(changes.breaking, "breaking"), (changes.compatible, "compatible")]
    told = ", ".join(f"{count} {word}" for count, word in counts if count)
    return f"{told} {noun}{_version(changes)}"


def _version(changes: Changes) -> str:
    old, new = changes.old_version, changes.new_version
    if changes.verdict == "fits":
        return f"; version {old} -> {new} fits"
    if changes.verdict == "too-low":
        return f"; version {old} -> {changes.advised} advised, not {new}"
    if changes.verdict == "advised":
        return f"; version {old} -> {changes.advised} advised"
    return ""


SECTIONS = ("Added", "Changed", "Deprecated", "Removed")

OF_ENTRIES = {"VER001": "Removed", "VER002": "Added", "VER011": "Deprecated"}
"""The rules that speak of entries which came, went or are to go."""

NAMED = 6
"""Codes that a finding names in its message; a changelog names all."""

Index = Mapping[tuple[str, Pointer, str], Change]


def changelog(compared: Comparison, findings: Iterable[Finding]) -> str:
    """A changelog entry in the manner of Keep a Changelog: codes with status and message, breaking changes named so."""
    told: dict[str, list[str]] = {section: [] for section in SECTIONS}
    index = {(one.entry.location.uri, one.entry.location.pointer, label(one.entry)): one for one in compared.changes}
    for finding in findings:
        if finding.breaking is not None and finding.suppressed is None:
            entries = _entries(finding, index)
            section = OF_ENTRIES[finding.rule] if entries else "Changed"
            told[section] += [_item(one, section, finding.breaking) for one in entries] or _sentence(finding, index)
    version = compared.new.version
    head = f"## [{_escaped(version)}]" if version and version != compared.old.version else "## [Unreleased]"
    lines = [head]
    for section in SECTIONS:
        if told[section]:
            lines += ["", f"### {section}", *told[section]]
    return "\n".join(lines if len(lines) > 1 else [head, "", "No change."]) + "\n"


def _entries(finding: Finding, index: Index) -> list[Change]:
    """The entries of a finding that says no more than that they came, went or are to go."""
    found = []
    for site in finding.sites if finding.rule in OF_ENTRIES else ():
        change = _change(site, index)
        if change is None or not _plain(change, finding.rule):
            return []
        found.append(change)
    return found


def _plain(change: Change, rule: str) -> bool:
    if rule == "VER001":
        return change.old is not None and not change.old.removed and (change.new is None or bool(change.new.removed))
    return rule == "VER011" or change.old is None


def _item(change: Change, section: str, breaking: bool) -> str:
    """``- **Breaking:** `ML_1001` (404): Specified model does not exist; use `ML_1002` ``."""
    code = change.old if section == "Removed" and change.old is not None else change.entry
    status = "" if code.statuses.values == ANY.values else f" ({code.statuses})"
    text = code.message.text if code.message is not None else code.description
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    successor = (change.new.replaced_by if change.new is not None else "") or code.replaced_by
    use = f"; use {_code(successor)}" if successor and section != "Added" else ""
    said = f": {_escaped(text)}" if text else ""
    return f"- {'**Breaking:** ' if breaking else ''}{_code(label(code))}{_of(change)}{status}{said}{use}"


def _sentence(finding: Finding, index: Index) -> list[str]:
    """A finding's message, with all its codes below where it does not name them, or not their layers."""
    found = [_change(site, index) for site in finding.sites]
    codes = [f"{_code(site.code)}{_of(change)}" for site, change in zip(finding.sites, found, strict=True) if site.code]
    homes = {change.home for change in found if change is not None}
    below = [f"  - {', '.join(codes)}"] if len(codes) > NAMED or len(homes) > 1 else []
    return [f"- {_escaped(finding.message)}", *below]


def _change(site: Site, index: Index) -> Change | None:
    """The change that a site is about: it stands at the entry or at one of its members."""
    at = site.location
    keys = [(at.uri, pointer, site.code or "") for pointer in (at.pointer, at.pointer[:-1])]
    return next((index[key] for key in keys if key in index), None)


def _of(change: Change | None) -> str:
    return f" {_escaped(change.home)}" if change is not None and change.home else ""


def _code(text: str) -> str:
    return f"`{visible(text).replace('`', '')}`"


def _escaped(text: str) -> str:
    """Text in which nothing is Markdown, HTML or a mention."""
    return SPECIAL.sub(lambda found: "\\" + found[0] if found[0] != "@" else "@\u200b", visible(text))
