"""Codes of the catalog that no document declares (COV001)."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.fixes.cod import above
from errlint.fixes.contract import limited_to
from errlint.fixes.registry import Case, Offer, Skip, bare, fix
from errlint.fixes.responses import declared as declared_at
from errlint.match.declared import reduce
from errlint.model.catalog import Code
from errlint.model.finding import Location
from errlint.model.fix import AddItem, Fix


@fix("COV001", kind="generated")
def declare_the_code(case: Case) -> Iterator[Offer]:
    """The code in the one list of its status; or, where the catalog names its operations, a response of them."""
    from errlint.checks.subjects import documents

    every = [one for spec in case.specs for one in (case.declared if spec is case.spec else reduce(spec, case.plan))]
    lacking = [one for one in documents(case.specs, every, case.plan).promised if not one.declared and not one.open]
    if case.finding.count == 1:
        lacking = [one for one in lacking if one.code.id == case.finding.code and one.code.layer == case.finding.layer]
    elif case.finding.count != len(lacking):
        yield Skip("some of the codes are ignored: which ones, the finding does not say")
        return
    for code in (one.code for one in lacking):
        if not code.operations:
            yield _in_list(case, code)
            continue
        limited = [operation for operation in case.spec.operations if limited_to(code, operation)]
        statuses = [str(status) for status in sorted(code.statuses.values)]
        if len(statuses) != 1 or not limited:
            yield Skip(f"under which status and operation to declare {code.id}, nobody can know")
            continue
        for operation in limited:
            yield declared_at(case, operation, statuses[0]) if statuses[0] not in operation.statuses else _in_list(case, code)


def _in_list(case: Case, code: Code) -> Offer:
    """The code in the one list of codes of its layer that stands under its status, in the whole document."""
    lists: dict[Location, None] = {}
    for declared in case.declared:
        for claim in declared.claims:
            if claim.layers != (code.layer,) or not claim.statuses.values & code.statuses.values or not claim.code.listed:
                continue
            if not declared.declaration.status_key.isdigit():
                continue
            for _, at in claim.code.scalars():
                if len(at.pointer) > 1 and at.pointer[-2] == "enum":
                    lists[bare(above(at))] = None
    if len(lists) != 1:
        return Skip(
            f"which response to declare {code.id} at, nobody can know"
            if lists
            else f"no response lists codes of {code.statuses}"
        )
    return Fix(f"declare {code.id}", (AddItem(next(iter(lists)), code.code),))
