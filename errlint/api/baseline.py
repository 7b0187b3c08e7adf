"""A baseline: the sites of findings that are known, so that only new ones fail."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from errlint.checks.suppress import ALWAYS_TOLD
from errlint.errors import LoadError
from errlint.load.source import MAX_BYTES
from errlint.model.finding import Location, Report
from errlint.model.ignore import Known, KnownSite
from errlint.model.record import record

FORMAT = "errlint-baseline"
VERSION = 1
REASON = "baseline"
MEMBERS = ("fingerprint", "rule", "document", "operation", "message")


@record
class Baseline:
    """The known sites, one entry a fingerprint, sorted by document, rule, operation and fingerprint."""

    path: str
    entries: tuple[KnownSite, ...] = ()

    @property
    def known(self) -> Known:
        """What ``lint_all`` takes: known sites are suppressed, and entries that no longer occur are told (CFG004)."""
        reasons = {entry.fingerprint: REASON for entry in self.entries}
        return Known(reasons, self.entries, Location(self.path, (), 1, 1))


def read_baseline(path: str) -> Baseline:
    """The baseline in a file. Raises: LoadError where there is none, or none that this version reads."""
    where = Location(path, ())
    try:
        data = json.loads(_bytes(path, where).decode())
    except FileNotFoundError:
        from errlint.load.nearby import nearby

        raise LoadError("no such baseline", where, nearby(path) or "--baseline-update writes it") from None
    except OSError as error:
        raise LoadError(f"cannot be read: {error.strerror or error}", where) from None
    except (ValueError, RecursionError):  # no JSON, no UTF-8, a path with a NUL
        raise LoadError("is no baseline: not valid JSON", where) from None
    version = data.get(FORMAT) if isinstance(data, dict) else None
    if version is None or isinstance(version, bool) or not isinstance(version, int):
        raise LoadError(f'is no baseline: it has no "{FORMAT}": {VERSION}', where)
    if version != VERSION:
        raise LoadError(f"is a baseline of format {version}, this version of errlint reads {VERSION}", where)
    entries = data.get("entries")
    if not isinstance(entries, list):
        raise LoadError("is no baseline: entries must be an array", where)
    return Baseline(path, _sorted(_entry(path, number, item) for number, item in enumerate(entries)))


def _bytes(path: str, where: Location) -> bytes:
    """The bytes of a baseline. Raises: LoadError, OSError, ValueError."""
    if not stat.S_ISREG(os.stat(path).st_mode):  # opening a pipe would wait for ever
        raise LoadError("is no file", where)
    with open(path, "rb") as file:
        text = file.read(MAX_BYTES + 1)
    if len(text) > MAX_BYTES:
        raise LoadError(f"is larger than {MAX_BYTES // 1024 // 1024} MiB", where)
    return text


def _entry(path: str, number: int, item: Any) -> KnownSite:
    at = Location(path, ("entries", str(number)))
    if not isinstance(item, dict) or not item.get("fingerprint"):
        raise LoadError(f"is no baseline: entry {number} has no fingerprint", at)
    values = [item.get(name) or "" for name in MEMBERS]
    wrong = next((name for name, value in zip(MEMBERS, values, strict=True) if not isinstance(value, str)), None)
    if wrong is not None:
        raise LoadError(f"is no baseline: {wrong} of entry {number} must be text", at)
    return KnownSite(*values)


def write_baseline(baseline: Baseline | Report, path: str) -> None:
    """Writes a baseline, or the one that a report makes; a reader sees the old file or the new one, never a part.

    Equal entries give equal bytes. Raises: LoadError where the file cannot be written.
    """
    held = updated(Baseline(path), baseline) if isinstance(baseline, Report) else baseline
    entries = [
        {name: value for name in MEMBERS if (value := getattr(entry, name)) or name == "fingerprint"}
        for entry in _sorted(held.entries)
    ]
    text = json.dumps({FORMAT: VERSION, "entries": entries}, indent=1, ensure_ascii=True) + "\n"
    import tempfile  # only those who write a baseline pay for it

    temporary = ""
    try:
        target = os.path.realpath(path)
        if os.path.lexists(target) and not os.path.isfile(target):
            raise LoadError("is no file", Location(path, ()))
        descriptor, temporary = tempfile.mkstemp(prefix=".errlint-", dir=os.path.dirname(target))
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except (OSError, ValueError) as error:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        raise LoadError(f"cannot be written: {getattr(error, 'strerror', None) or error}", Location(path, ())) from None


def _mode(path: str) -> int:
    """The permissions of the file that is replaced; those of any new file where there is none."""
    try:
        return os.stat(path).st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def updated(baseline: Baseline, report: Report, locked: Collection[str] = ()) -> Baseline:
    """The baseline with all sites that count in a report, without those that it covered and that are gone.

    What the report did not cover, other documents and rules that were off, stays. Of rules that are ``locked``, by their ids,
    it has no sites: nothing suppresses these.
    """
    kept = pruned(baseline, report).entries
    every = (entry for entry in (*_current(report), *kept) if entry.rule not in locked)
    return Baseline(baseline.path, _sorted(every))


def pruned(baseline: Baseline, report: Report) -> Baseline:
    """The baseline without the entries that the report covered and that no longer occur; nothing is added."""
    gone = frozenset(report.stale)
    return Baseline(baseline.path, tuple(entry for entry in baseline.entries if entry.fingerprint not in gone))


def _current(report: Report) -> Iterator[KnownSite]:
    for finding in report.findings:
        if finding.suppressed is None and finding.rule not in ALWAYS_TOLD:
            for site in finding.sites:
                document = report.homes.get(site.fingerprint, "")
                yield KnownSite(site.fingerprint, finding.rule, document, site.operation or "", finding.message)


def _sorted(entries: Iterable[KnownSite]) -> tuple[KnownSite, ...]:
    """The entries in their order, each fingerprint once: of two the first."""
    table: dict[str, KnownSite] = {}
    for entry in entries:
        table.setdefault(entry.fingerprint, entry)
    return tuple(sorted(table.values(), key=lambda one: (one.document, one.rule, one.operation, one.fingerprint)))
