"""COV: what is declared, and what was seen, of what the catalog promises."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.checks.dec import covers_errors
from errlint.checks.registry import Hit, Unsure, Verdict, check
from errlint.checks.subjects import Documents, Promised, Run
from errlint.checks.words import label
from errlint.match.answer import Answer
from errlint.match.plan import Plan
from errlint.model.catalog import Code
from errlint.model.finding import OperationCoverage, Related, Severity
from errlint.model.spec import Operation
from errlint.model.status import NONE, one

OFF, NOTE, WARNING, ERROR = Severity


@check("COV001", "undeclared-code", WARNING, Promised, alone=OFF, folds=True)
def undeclared_code(promised: Promised, plan: Plan) -> Iterator[Verdict]:
    """A catalogued code that no operation declares; silent where an open code domain may hold it (COD007 says that)."""
    code = promised.code
    if not promised.declared and not promised.open:
        yield Hit(
            f"no operation declares {label(code)} ({code.statuses})",
            at=promised.location,
            code=code.id,
            layer=code.layer,
            owner=f"{code.layer}/{code.id}",
            related=(Related(code.location, "its entry in the catalog"),) if code.location.uri else (),
            merged="{share} codes that the documents must declare are declared by no operation: {codes}",
        )


MOST_STATUSES = 20
"""A code under more statuses than this is documented for a class (``5XX``): one declared status of it is enough."""


@check("COV002", "undeclared-layer-status", NOTE, Documents, alone=OFF)
def undeclared_layer_status(documents: Documents, plan: Plan) -> Iterator[Verdict]:
    """A status that the catalog has for a layer, and no operation declares."""
    promised: dict[tuple[str, str], tuple[frozenset[int], list[Code]]] = {}
    for code in plan.codes:
        if code.removed or code.layer not in plan.layers or plan.layers[code.layer].in_spec != "required":
            continue
        values = code.statuses.values
        kinds = [(str(code.statuses), values)] if len(values) > MOST_STATUSES else [(str(s), frozenset((s,))) for s in values]
        for text, each in kinds:
            promised.setdefault((code.layer, text), (each, []))[1].append(code)
    declared = _declared_statuses(documents, plan) if promised else {}
    missing: dict[str, dict[str, list[Code]]] = {}
    misplaced = {(one.code.layer, one.code.id) for one in documents.promised if one.open}  # COD002, COD005
    for (layer, text), (values, codes) in sorted(promised.items()):
        told = all((code.layer, code.id) in misplaced for code in codes)
        if values.isdisjoint(declared.get(layer, frozenset())) and not told:
            missing.setdefault(layer, {})[text] = codes
    for layer, statuses in missing.items():
        every = f"no operation declares {', '.join(statuses)} of layer {layer}".replace("{", "{{").replace("}", "}}")
        for text, codes in statuses.items():
            names = ", ".join(map(label, codes[:6])) + (f" and {len(codes) - 6} more" if len(codes) > 6 else "")
            message = f"no operation declares {text} of layer {layer} ({names})"
            entries = tuple(Related(code.location, "its entry in the catalog") for code in codes if code.location.uri)
            yield Hit(message, layer=layer, owner=f"{layer}/{text}", merged=every, related=entries)


def _declared_statuses(documents: Documents, plan: Plan) -> dict[str, frozenset[int]]:
    """The statuses that each layer's errors are declared under; a response whose shape says nothing may be of any layer."""
    found: dict[str, set[int]] = {}
    for response in documents.declared:
        known = [layer for claim in response.claims for layer in claim.layers]
        for layer in known or response.layers:
            found.setdefault(layer, set()).update((response.declaration.statuses or NONE).values)
    for spec in documents.specs:
        for declaration in spec.declarations:
            if declaration.error and declaration.schema is None and declaration.statuses is not None:
                operation = declaration.operation
                for layer in plan.covering(operation, operation.method, operation.path, declaration.layer):
                    found.setdefault(layer, set()).update(declaration.statuses.values)
    return {layer: frozenset(statuses) for layer, statuses in found.items()}


@check("COV010", "never-observed-code", NOTE, Run, alone=OFF, folds=True)
def never_observed_code(run: Run, plan: Plan) -> Iterator[Verdict]:
    """Fewer codes seen than the run was asked to see; without that wish the table says it."""
    counted = [code for code in run.coverage.codes if code.counted]
    if run.min_coverage is None or not counted:
        return
    seen = sum(1 for code in counted if code.observed)
    share = 100 * seen / len(counted)
    if share >= run.min_coverage:
        return
    if run.ended:
        yield Unsure(f"whether enough codes were observed: {run.ended}")
        return
    others = len(run.coverage.codes) - len(counted)
    reachable = f"{len(counted)} codes that the probe could reach were" if others else f"{len(counted)} codes"
    message = f"{seen} of {reachable} observed ({_percent(share)} %), asked for were {run.min_coverage:g} %"
    more = f" ({others} {'other does' if others == 1 else 'others do'} not count)" if others else ""
    yield Hit(message + more, severity=ERROR, owner="run")


def _percent(share: float) -> str:
    """The share in whole percent, rounded down: 99.7 is not yet 100."""
    return str(int(share))


def _key(operation: Operation, status: int) -> str | None:
    """The declared key that covers a status: explicit beats range beats default."""
    text = str(status)
    for candidate in (text, f"{text[0]}XX", "default"):
        if candidate in operation.statuses:
            return candidate
    return None


@check("COV011", "undeclared-status", ERROR, Answer, folds=True)
def undeclared_status(answer: Answer, plan: Plan) -> Iterator[Verdict]:
    """A live status that the operation does not declare; a note where a layer that need not be declared answered."""
    observation = answer.observation
    operation, status = observation.operation, observation.status
    if operation is None or status is None or observation.witness == "example" or _key(operation, status) is not None:
        return
    claims = answer.claims if answer.signature is not None else ()  # else they are about parts of the answer
    layer = claims[0].layer if claims else None
    elsewhere = bool(claims) and all(
        claim.candidates and plan.layers[claim.candidates[0].layer].in_spec != "required" for claim in claims
    )
    codes = {code.id for code in claims[0].candidates} if claims else set()
    told = f" (with {codes.pop()})" if len(codes) == 1 and layer else ""  # an error without a code may be any of several
    declared = ", ".join(key for key in operation.statuses if covers_errors(key) or status < 400) or "no error"
    yield Hit(
        f"{operation.label} answered {status}{told}, it declares {declared}",
        status=str(status),
        layer=layer,
        detail=str(one(status)) if 100 <= status <= 599 else str(status),
        severity=NOTE if elsewhere or 300 <= status < 400 else None,  # a redirect is no error
        merged="{n} operations answered " + str(status) + " that they do not declare",
        aside=told,
    )


@check("COV012", "unreached-operation", WARNING, OperationCoverage, folds=True)
def unreached_operation(operation: OperationCoverage, plan: Plan) -> Iterator[Verdict]:
    """An operation that a probe did not get to, and why; not where the user ended the run before it."""
    if operation.cut:
        yield Unsure("whether an operation can be reached: the run was interrupted before it")
    elif operation.state != "reached":
        beyond = "never answered beyond authentication" if "401" in operation.why or not operation.why else "was not reached"
        state = "was not probed" if operation.state == "not-probed" else beyond
        why = f": {operation.why}" if operation.why else ""
        yield Hit(f"{operation.operation} {state}{why}", merged="{n} of the {total} operations were not reached")
