"""``errlint lint``."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from errlint.checks.words import plural
from errlint.cli.formats import refuse_forgotten
from errlint.cli.options import APPLICATION, CATALOG, CONFIGURED, JUDGING, ROOT, asked
from errlint.cli.output import output, wished
from errlint.cli.reporting import checked, finish, reported
from errlint.cli.streams import standard_output, tell
from errlint.cli.table import option
from errlint.model.record import mutable, replace
from errlint.report import SUGGESTING
from errlint.report.text import FEW

if TYPE_CHECKING:
    from errlint.api.baseline import Baseline
    from errlint.api.spreading import Spread
    from errlint.api.tasks import Work
    from errlint.cli.output import Output
    from errlint.cli.printouts import Printouts
    from errlint.load.library import Library
    from errlint.model.finding import Report

RULES = ("select", "extend_select", "ignore", "severity", "profile", "preview", "fail_on")
"""The options that every judging command has."""


WRITING = ("fix", "unsafe_fixes", "diff", "baseline_update", "baseline_prune")
"""The options that write something else than reports."""

DOCUMENTS = "[SPEC|GLOB|DIR|URL|-]..."

OPTIONS = (
    *APPLICATION,
    CATALOG,
    ROOT,
    option("--allow-remote", multiple=True, metavar="HOST", help="Host that $ref may reach; repeat for several."),
    *CONFIGURED,
    option("--baseline", metavar="FILE", help="Known findings, which do not count."),
    option("--baseline-update", flag=True, help="Write what is found now to the baseline."),
    option("--baseline-prune", flag=True, help="Take what is gone out of the baseline."),
    option("--since", metavar="REF|FILE", help="Only what is new since a commit, or an older version of the document."),
    option("--fix", flag=True, help="Mend what can be mended safely, then lint again."),
    option("--unsafe-fixes", flag=True, help="With --fix or --diff: also what may change a meaning."),
    option("--diff", flag=True, help="Print what --fix would change, and change nothing."),
    option("--jobs", metavar="N", help="Processes to judge many documents with.  [default: as many as pay]"),
    option("--no-cache", flag=True, help="Judge many documents anew, and keep nothing."),
    option(
        "--cache-dir",
        metavar="DIR",
        help="Folder that keeps what came of many documents.  [default: errlint in your own cache folder]",
    ),
    *JUDGING,
)


def run(
    documents: Sequence[str],
    formats: Sequence[str],
    show: str | None,
    verbose: bool,
    quiet: bool,
    color: str,
    statistics: bool,
    **options: Any,
) -> int:
    """Judge what OpenAPI documents (2.0 to 3.2, YAML or JSON) declare about their errors.

    Documents are files, globs, folders, URLs or standard input (-). Without any, those that the config names are judged, or
    openapi.* and swagger.* in this folder, docs/ and api/. With --app the document is what an application makes of itself,
    and findings stand at its handlers and models.
    """
    out = output(formats, show, verbose, quiet, color, (*documents, *options["catalogs"], options["baseline"]), statistics)
    reported("lint", out, lambda: refuse_forgotten(formats, documents))
    _together(documents, options)
    if options["diff"] and formats:
        from errlint.errors import ConfigError

        raise ConfigError("--diff is printed instead of a report", hint="leave out -f, or run it once more")
    checked("lint", out)
    job = Lint(documents, options)
    work = reported("lint", out, job.planned)
    out = wished(out, work.formats, work.show)
    if not verbose and all(name == "text" for name, _ in out.formats):
        job.sites = FEW  # the lines of others are not shown, so they are not looked for
    job.suggests = any(name in SUGGESTING for name, _ in out.formats)
    if options["diff"]:
        return job.differs(work, quiet)
    kept = reported("lint", out, lambda: job.kept(work, out))
    if kept is None:
        return finish("lint", out, lambda: job.report(work, quiet))
    known = kept.again()
    if known is not None:
        return known
    out = replace(out, copies=[])
    code = finish("lint", out, lambda: job.report(work, quiet))
    if code < 2:
        kept.keep(code, out.copies or ())
    return code


def _together(documents: Sequence[str], options: Mapping[str, Any]) -> None:
    """Refuses what makes no sense together. Raises: ConfigError."""
    from errlint.errors import ConfigError

    if not all(documents) or not all(options["catalogs"]):
        raise ConfigError("a document or catalog has no name", hint="is a variable empty?")
    if options["unsafe_fixes"] and not (options["fix"] or options["diff"]):
        raise ConfigError("--unsafe-fixes fixes nothing by itself", hint="add --fix, or --diff to see what it would do")
    fixing = next((name for name in ("fix", "diff") if options[name]), "")
    if options["apps"] and fixing:
        raise ConfigError(f"--{fixing} and --app: no source is edited", hint="each finding says what to write there")
    if options["apps"] and options["since"] and not os.path.isfile(options["since"]):
        hint = "--since FILE compares with its older document"
        raise ConfigError(f"--since {options['since']} and --app: an application is imported as it is now", hint=hint)
    if options["isolated"] and options["config"]:
        raise ConfigError("--isolated reads no config, --config names one", hint="leave one of them out")


@mutable
class Lint:
    """One run of ``errlint lint``: its options, and the last report that it made."""

    names: Sequence[str]
    options: Mapping[str, Any]
    sites: int | None = None
    suggests: bool = False
    last: Report | None = None
    _library: Library | None = None
    _stdin: bytes | None = None
    _spreads: Spread | None = None

    def planned(self) -> Work:
        """What is linted, and by what; everything is read anew. Raises: LoadError, ConfigError."""
        from errlint import api
        from errlint.load.library import Library

        options = self.options
        rules = {
            key: options[key] for key in ("select", "extend_select", "ignore", "severity", "profile", "preview", "fail_on")
        }
        line = asked(**rules, catalogs=tuple(options["catalogs"]), root=options["root"], baseline=options["baseline"])
        self._library = Library()
        if options["allow_remote"]:
            from errlint.load.remote import Remote

            self._library.remote = Remote(options["allow_remote"])
        return api.Planner(line, self._library, options["config"], options["isolated"], self._input).work(
            self.names, options["apps"], options["app_dir"] or "."
        )

    def _input(self) -> bytes:
        """What standard input holds; it can be read only once."""
        if self._stdin is None:
            from errlint.load.source import MAX_BYTES

            self._stdin = sys.stdin.buffer.read(MAX_BYTES + 1)
        return self._stdin

    def report(self, work: Work, quiet: bool) -> Report:
        """The report, after the fixes and the baseline that the user asked for. Raises: LoadError, ConfigError."""
        self.last = self._judged(work)
        if self.options["fix"]:
            from errlint.api import fixing

            fixed = fixing.fixed(work.tasks, self.last, unsafe=self.options["unsafe_fixes"], library=self._library)
            written = fixing.write(fixed)
            done = f"{plural(len(fixed.applied), 'fault')} fixed in {plural(len(written), 'file')}{_held(fixed.held)}."
            _say(done + _made(self.last), quiet)
            if written:
                work = self.planned()
                self.last = self._judged(work)
        if self.options["baseline_update"] or self.options["baseline_prune"]:
            self._write_baseline(work, self.last, quiet)
            self.last = self._judged(work)
        if self.suggests and self.last.outcome != "invalid-input":  # an unread document may need what others would change
            from errlint.api.suggesting import suggested

            self.last = suggested(work.tasks, self.last, self._library)
        return self.last

    def differs(self, work: Work, quiet: bool) -> int:
        """Prints what fixing would change; 1 where that is something."""
        from errlint.api import fixing

        report = self._judged(work)
        fixed = fixing.fixed(work.tasks, report, unsafe=self.options["unsafe_fixes"], library=self._library)
        with standard_output() as out:
            out.write(fixing.diff(fixed))
        _say(f"{plural(len(fixed.applied), 'fault')} can be fixed{_held(fixed.held)}.{_made(report)}", quiet)
        return 1 if fixed.changes else 0

    def _judged(self, work: Work) -> Report:
        from errlint import api

        known, notes = self._known(work)
        spread = self._spread(work)
        strict = any(self.options[name] for name in WRITING)  # what is written is right for all, or not
        report = api.lint_all(work.tasks, library=self._library, known=known, sites=self.sites, divide=spread, strict=strict)
        return replace(report, notes=(*notes, *report.notes)) if notes else report

    def _spread(self, work: Work) -> Spread | None:
        """How many documents are judged in parts; None for few. Raises: ConfigError."""
        jobs = self.options["jobs"]
        if jobs is not None and not (jobs.isascii() and jobs.isdigit() and 0 < int(jobs[:9]) < 1000):
            from errlint.errors import ConfigError

            raise ConfigError(f"--jobs {jobs!r} is no number of processes", hint="1 is this one alone")
        if not work.many or any(self.options[name] for name in WRITING):
            return None  # who mends a text needs it
        if self._spreads is not None:
            return self._spreads
        from errlint.cli.many import spread  # runs over many documents only

        self._spreads = spread(self.options)
        return self._spreads

    def kept(self, work: Work, out: Output) -> Printouts | None:
        """The reports of many documents that may be known already. Raises: LoadError, ConfigError."""
        spread = self._spread(work)
        if spread is None or spread.cache is None:
            return None
        from errlint.cli.printouts import printouts  # runs over many documents only

        return printouts(spread, out, work.tasks, *self._known(work), self.sites)

    def _known(self, work: Work) -> tuple[Mapping[str, str], tuple[str, ...]]:
        """Why findings are not new, by fingerprint: of the baselines and of an earlier version; and what to say of these."""
        known: Any = {}
        notes: tuple[str, ...] = ()
        for path in work.baselines:
            baseline = self._baseline(path)
            known = baseline.known | known if known else baseline.known
        if self.options["since"] is not None:
            from errlint.api.since import since

            earlier = since(work.tasks, self.options["since"])
            known, notes = known | earlier.known if known else earlier.known, earlier.notes
        return known, notes

    def _baseline(self, path: str) -> Baseline:
        """The baseline in a file; an empty one where there is none yet and it will be written."""
        from errlint.api.baseline import Baseline, read_baseline

        if self.options["baseline_update"] and not os.path.lexists(path):
            return Baseline(path)
        return read_baseline(path)

    def _write_baseline(self, work: Work, report: Report, quiet: bool) -> None:
        from errlint.api.baseline import pruned, updated, write_baseline
        from errlint.errors import ConfigError

        if len(work.baselines) != 1:
            told = "there is no baseline to write" if not work.baselines else f"there are {len(work.baselines)} baselines"
            raise ConfigError(told, hint="name the one to write: --baseline FILE")
        path = work.baselines[0]
        before = self._baseline(path)
        locked = tuple(dict.fromkeys(rule for task in work.tasks for rule in task.settings.locked))
        after = updated(before, report, locked) if self.options["baseline_update"] else pruned(before, report)
        write_baseline(after, path)
        _say(f"{path}: {plural(len(after.entries), 'known finding')}, {len(before.entries)} before.", quiet)


def _say(text: str, quiet: bool) -> None:
    """Tells what was done, beside the report."""
    if not quiet:
        from errlint.report.visible import visible

        tell(visible(text) + "\n")


def _held(number: int) -> str:
    return f", {number} more with --unsafe-fixes" if number else ""


def _made(report: Report) -> str:
    """That nothing edits the source of applications."""
    apps = [document.app for document in report.sources.values() if document.app]
    return f" The source of {', '.join(apps)} is not edited: each finding says what to write there." if apps else ""
