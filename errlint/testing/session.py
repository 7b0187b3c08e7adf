"""One pytest session with errlint in it: what is watched, counted, judged, and told at the end."""

from __future__ import annotations

import contextlib
import os
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from errlint.draft.suite import OUTSIDE, Breach, Sighting, Sightings
from errlint.errors import ConfigError, ErrlintError
from errlint.model.finding import Finding
from errlint.report.visible import visible
from errlint.testing.adapters import Exchange, exchange_of
from errlint.testing.contract import Contract, Verdict
from errlint.testing.failures import failure
from errlint.testing.watch import Watch, in_words
from errlint.testing.wishes import Wishes, wishes


def started(config: pytest.Config) -> Session:
    """The session's plugin. Raises: pytest.UsageError for options, a catalog or a document that cannot be used."""
    try:
        asked = wishes(config)
        contract = Contract(asked.held, asked.spec)
        for layer, _ in asked.least:
            if layer and layer not in contract.plan.layers:
                hint = f"it has {', '.join(contract.plan.layers)}"
                raise ConfigError(f"--errlint-min-coverage: the catalog has no layer {layer}", hint=hint)
        return Session(config, asked, contract)
    except ErrlintError as error:
        raise pytest.UsageError(f"errlint: {error.line()}") from None


class Session:
    """The plugin. In a worker of xdist it only counts; the controller sums up, tells and writes."""

    def __init__(self, config: pytest.Config, asked: Wishes, contract: Contract) -> None:
        self.config = config
        self.wishes = asked
        self.contract = contract
        self.sightings = Sightings()
        self.watch = Watch(self._see, (*asked.urls, *contract.servers))
        self.lost = 0
        self.told: list[str] = []
        """The lines about coverage and record that the end of the session came to, failures first."""
        self._known: weakref.WeakKeyDictionary[Any, Exchange] = weakref.WeakKeyDictionary()
        self._broken: list[tuple[Any, Verdict, str]] = []

    # What is seen

    def checked(self, response: object, operation: str | None) -> Verdict:
        """The verdict on an answer that a test asks about. Raises: UnreadableError, ConfigError."""
        test = _test()
        exchange = self._watched(response) or exchange_of(response)
        try:
            verdict = self.contract.judge(exchange, operation, test)
            if self._first_time(response, exchange):
                self._count(verdict, test)
        except ErrlintError:
            raise
        except Exception as error:  # our own failure is told at the end, and fails nobody's test
            self.watch.faults[in_words(error)] += 1
            return Verdict(None)
        self._broken = [one for one in self._broken if one[0] is not response]
        return verdict

    def _see(self, response: object, exchange: Exchange) -> None:
        """Counts an answer that a client got."""
        if not self._first_time(response, exchange):
            return
        if not self.contract.may_tell(exchange):
            self.sightings.answers += 1
            return
        test = _test()
        verdict = self.contract.judge(exchange, None, test)
        self._count(verdict, test)
        if verdict.told:
            self._broken.append((response, verdict, test))

    def _watched(self, response: object) -> Exchange | None:
        """The exchange of an answer that was seen before: its route is known."""
        try:
            return self._known.get(response)
        except TypeError:  # it cannot be remembered
            return None

    def _first_time(self, response: object, exchange: Exchange) -> bool:
        if self._watched(response) is not None:
            return False
        with contextlib.suppress(TypeError):
            self._known[response] = exchange
        return True

    def _count(self, verdict: Verdict, test: str) -> None:
        seen = self.sightings
        seen.answers += 1
        if verdict.kind is not None:
            seen.error(verdict.kind, test, verdict.shown)
            if verdict.unknown:
                seen.unknown.setdefault(verdict.kind, Sighting()).add(test)
        for entry in verdict.entries:
            seen.entries.setdefault(entry, Sighting()).add(test)

    @contextlib.contextmanager
    def _ours(self) -> Iterator[None]:
        """A block of our own work: what goes wrong in it is told at the end, and fails nobody's test."""
        try:
            yield
        except Exception as error:
            self.watch.faults[in_words(error)] += 1

    def _taken(self) -> str:
        """Why the test that ran fails: answers that broke the contract since the last time and that no test asked about."""
        taken, self._broken = self._broken, []
        with self._ours():
            if self.wishes.every:
                return "\n\n".join(dict.fromkeys(failure(verdict) for _, verdict, _ in taken))
            for _, verdict, test in taken:
                for told in verdict.told:
                    self.sightings.breaches.setdefault(_breach(told.finding), Sighting()).add(test)
        return ""

    # Hooks of pytest

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> None:
        if self.wishes.watch and not self.config.option.collectonly:
            with self._ours():
                self.watch.start()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        with self._ours():
            self.watch.catch_up()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        with self._ours():
            self.watch.catch_up()
        try:
            yield
        except BaseException:
            if why := self._taken():
                item.add_report_section("call", "error contract", why)
            raise
        if why := self._taken():
            pytest.fail(why, pytrace=False)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Iterator[None]:
        yield
        if why := self._taken():
            pytest.fail(why, pytrace=False)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        with self._ours():
            self.watch.stop()
        self._taken()
        for own, seen in (
            (self.sightings.elsewhere, self.watch.elsewhere),
            (self.sightings.unread, self.watch.unread),
            (self.sightings.faults, self.watch.faults),
        ):
            own.update(seen)
        output = getattr(self.config, "workeroutput", None)
        if output is not None:
            output["errlint"] = self.sightings.text()
        elif exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and not self.config.option.collectonly:
            self._end(session, exitstatus)
        elif self.wishes.record is not None and not self.config.option.collectonly:
            ran = exitstatus != pytest.ExitCode.NO_TESTS_COLLECTED
            self.told.append(f"nothing was recorded: {'the run did not come to its end' if ran else 'no test ran'}")

    def _end(self, session: pytest.Session, exitstatus: int) -> None:
        """Holds the coverage against what is asked, and writes the record."""
        from errlint.testing.recording import record
        from errlint.testing.summary import shortfalls

        try:
            missing = shortfalls(self.contract.plan, self.sightings, self.wishes.least)
        except Exception as error:  # the user's run must not end with a traceback of ours
            missing = [f"FAIL the coverage is not known: errlint failed: {in_words(error)}"]
        self.told += missing
        lines, failed = record(self.wishes.record, self.sightings) if self.wishes.record is not None else ([], False)
        self.told += lines
        if (missing or failed) and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if hasattr(self.config, "workerinput") or self.config.option.collectonly:
            return
        from errlint.testing.summary import lines

        verbose = self.config.option.verbose > 0
        try:
            every = self.wishes.every and self.wishes.record is None
            summed = list(lines(self.contract.plan, self.sightings, lost=self.lost, verbose=verbose, every=every))
        except Exception as error:  # as above
            summed = [f"errlint failed: {visible(in_words(error))}"]
        told = [*map(visible, (*self.wishes.notes, *self.contract.notes)), *summed, *map(visible, self.told)]
        if told:
            terminalreporter.section("error contract", sep="-")
            for line in told:
                terminalreporter.write_line(line)

    def pytest_unconfigure(self) -> None:
        with self._ours():
            self.watch.stop()

    def include(self, told: str | None) -> None:
        """Adds what a worker saw; None where it crashed before it could say."""
        if told is None:
            self.lost += 1
        else:
            with self._ours():
                self.sightings.include(told)


def _breach(finding: Finding) -> Breach:
    label = finding.operation or "outside the document's operations"
    return Breach(str(finding.severity), finding.rule, finding.name, finding.message, label)


def _test() -> str:
    """The test that runs, without its parameters."""
    told = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
    return told.partition("[")[0] or OUTSIDE
