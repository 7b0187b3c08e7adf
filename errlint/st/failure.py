"""A finding as a failure of Schemathesis."""

from __future__ import annotations

from functools import cache

from errlint.api.answering import Told
from errlint.model.finding import Severity as Level
from errlint.st.names import Failure, Severity

CHECK = "ErrlintContract"


class ErrlintFailure(Failure):
    """One finding. Each rule has a class of its own, for a class has one code and failures of one class are compared by key."""

    code = "errlint"
    checks = (CHECK,)
    kind_title = "Error contract"

    def __init__(self, *, operation: str, message: str, severity: Severity, key: str) -> None:
        # The oldest releases ask for the title and know no code.
        super().__init__(operation=operation, title=self.kind_title, message=message, severity=severity)
        self.key = key

    @property
    def _unique_key(self) -> str:
        return self.key


def failure(told: Told, operation: str) -> ErrlintFailure:
    """The failure that a finding is for an operation, ``GET /models/{id}``."""
    finding = told.finding
    text = f"{finding.message}\n\nWhat to do: errlint explain {finding.rule}"
    return _kind(finding.rule, finding.name)(operation=operation, message=text, severity=_severity(told), key=told.key)


def crashed(error: Exception, operation: str) -> ErrlintFailure:
    """The failure that says that errlint itself failed."""
    words = " ".join(str(error).split())[:200]
    text = f"errlint could not judge this answer and judges no more: {type(error).__name__}: {words}"
    return _kind("CFG006", "rule-crashed")(operation=operation, message=text, severity=Severity.LOW, key="crash")


@cache
def _kind(rule: str, name: str) -> type[ErrlintFailure]:
    words = name.replace("-", " ")
    members = {"code": f"errlint:{rule}", "kind_title": words[:1].upper() + words[1:], "__module__": __name__}
    return type(f"Errlint{rule}", (ErrlintFailure,), members)


def _severity(told: Told) -> Severity:
    """Leaks are critical; else as bad as errlint finds it."""
    if told.finding.rule.startswith("SEC") and told.finding.severity == Level.ERROR:
        return Severity.CRITICAL
    return {Level.ERROR: Severity.HIGH, Level.WARNING: Severity.MEDIUM}.get(told.finding.severity, Severity.LOW)
