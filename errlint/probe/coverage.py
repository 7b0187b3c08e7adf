"""What a probe covered: which documented codes were seen, which operations were reached, and why not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from errlint.match.answer import Answer
from errlint.match.plan import Plan
from errlint.model.catalog import Code
from errlint.model.finding import CodeCoverage, OperationCoverage
from errlint.model.spec import Operation
from errlint.probe.observe import Observed

Identity = tuple[str, str]
"""A catalog entry: (layer, id)."""

STRAY = "outside the document's operations"


def codes(plan: Plan, answers: Iterable[Answer], declared: Mapping[Identity, tuple[str, ...]]) -> tuple[CodeCoverage, ...]:
    """The table of all documented codes: where each is declared, where it was observed, and why it was not."""
    seen: dict[Identity, list[str]] = {}
    for answer in answers:
        for claim in answer.claims:
            if claim.failed in (None, "message"):
                for code in claim.candidates:
                    seen.setdefault((code.layer, code.id), []).append(answer.observation.label or STRAY)
    sent = {answer.observation.request.stimulus for answer in answers if answer.observation.request is not None}
    return tuple(_row(code, declared, seen, sent) for code in plan.codes)


def _row(
    code: Code, declared: Mapping[Identity, tuple[str, ...]], seen: Mapping[Identity, list[str]], sent: Collection[str]
) -> CodeCoverage:
    identity = (code.layer, code.id)
    observed = tuple(dict.fromkeys(seen.get(identity, ())))
    return CodeCoverage(
        code="" if code.code is None else str(code.code),
        id=code.id,
        layer=code.layer,
        statuses=str(code.statuses),
        declared=declared.get(identity, ()),
        observed=observed,
        why="" if observed else why_unseen(code, sent),
    )


def why_unseen(code: Code, sent: Collection[str]) -> str:
    """Why a probe did not see a code, as far as the catalog knows; ``sent`` are the names of the requests that were tried."""
    if code.reachable == "fault":
        return "needs a fault inside the service"
    if code.reachable == "never":
        return "not reachable from outside"
    if any(not isinstance(provoke, str) for provoke in code.provoke):
        return "its recipe is not sent yet"
    named = [provoke for provoke in code.provoke if isinstance(provoke, str)]
    tried = [name for name in named if name in sent]
    if tried:
        return f"{' and '.join(tried)} got another answer"
    if named == ["low-auth"]:
        return "low-auth was not tried: it needs a second user (--low-auth)"
    if named:
        return f"{' and '.join(named)} was not tried"
    return "needs a state that only business requests reach"


def operations(known: Sequence[Operation], observed: Observed, answers: Iterable[Answer]) -> tuple[OperationCoverage, ...]:
    """How far the probe came with each operation of the document."""
    beyond: dict[str, bool] = {}
    for answer in answers:
        label, status = answer.observation.label, answer.observation.status
        if label is not None:
            open_to_all = answer.observation.operation is not None and not answer.observation.operation.secured
            beyond[label] = beyond.get(label, False) or (open_to_all or status not in (401, 403))
    return tuple(_reached(operation.label, observed, beyond) for operation in known)


def _reached(label: str, observed: Observed, beyond: Mapping[str, bool]) -> OperationCoverage:
    sent = observed.requests.get(label, 0)
    if label in observed.excluded:
        return OperationCoverage(label, "not-probed", sent, "left out by the user")
    if label in observed.not_probed or not sent:
        return OperationCoverage(label, "not-probed", sent, observed.not_probed.get(label, "the run ended before it"))
    if not beyond.get(label, False):
        return OperationCoverage(label, "unreached", sent, "every answer was 401 or 403")
    return OperationCoverage(label, "reached", sent)
