"""Single answers, judged as they come: for tools that send their own requests."""

from __future__ import annotations

from collections.abc import Sequence

from errlint.api.inputs import compiled, contract
from errlint.api.sheet import Sheet, about_words
from errlint.checks.beside import Declared
from errlint.checks.prints import fingerprint_of
from errlint.checks.units import of_observation
from errlint.config import Settings
from errlint.load.openapi import Loaded, read_spec
from errlint.load.source import Document
from errlint.match.answer import Answer
from errlint.match.plan import Plan
from errlint.model.exchange import Observation
from errlint.model.finding import Finding, Severity
from errlint.model.record import record


@record
class Told:
    """A finding about one answer. ``key`` is rule, code, status, layer and detail: the same wherever and whenever it is."""

    finding: Finding
    key: str


class Answers:
    """The judge of single answers against catalogs, and against a document once there is one.

    ``about`` is what errlint finds about the settings themselves: words that mean no rule.

    Raises: LoadError for a catalog or a document that cannot be read.
    """

    def __init__(self, catalogs: Sequence[str] = (), settings: Settings | None = None) -> None:
        self._settings = settings or Settings()
        file = contract(catalogs)
        self.plan: Plan = compiled(file)
        self._severities = self._settings.severities(with_catalog=file is not None)
        self._sheet = Sheet()
        self._sheet.holds(file)
        about_words(self._sheet, self._settings, self.plan, self._severities)
        self._loaded: Loaded | None = None
        self._declared: Declared | None = None
        self.about = tuple(self._taken())

    def holds(self, document: Document, root: str | None = None, *, bodies: bool = False) -> Loaded:
        """What follows is judged beside what this document declares, and its ignores are heeded. Raises: LoadError.

        ``bodies`` are held against their declared schemas, too.
        """
        self._loaded = read_spec(document, root=root)
        if bodies:
            from errlint.bind.bodies import Bodies  # openapi-core: Schemathesis validates bodies by itself

            self._declared = Declared(self._loaded.spec, Bodies(self._loaded.spec).held)
        else:
            self._declared = Declared(self._loaded.spec)
        self._sheet.sources.update(self._loaded.references.documents)
        return self._loaded

    def judge(self, observation: Observation, fail_on: Severity = Severity.ERROR) -> tuple[Told, ...]:
        """The findings about an answer from that level on, none for OFF. What somebody accepts or ignores is left out."""
        return self.read(observation, fail_on)[1]

    def read(self, observation: Observation, fail_on: Severity = Severity.ERROR) -> tuple[Answer, tuple[Told, ...]]:
        """An answer as it was read, and the findings about it as ``judge`` gives them."""
        unit, answer = of_observation(observation, self.plan, lambda request: "", self._declared)
        uri = self._loaded.spec.uri if self._loaded is not None else observation.location.uri
        verdicts = self._sheet.judge([unit], self.plan, self._severities, uri, self._settings.options, self._loaded)
        details = {fingerprint_of(raised): raised.hit.detail for raised in verdicts.raised}
        return answer, tuple(
            Told(one, _key(one, details.get(one.fingerprint, "")))
            for one in self._taken()
            if one.severity >= fail_on > Severity.OFF and one.suppressed is None
        )

    def _taken(self) -> list[Finding]:
        """What was found since the last time. Nothing is kept: a long run has many answers."""
        found = list(self._sheet.findings)
        self._sheet.findings.clear()
        self._sheet.unknown.clear()
        self._sheet.homes.clear()
        return found


def _key(finding: Finding, detail: str) -> str:
    return "|".join((finding.rule, finding.code or "", finding.status or "", finding.layer or "", detail))
