"""Catalogs and documents as a run takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from errlint.checks.catalog_file import CatalogFile
from errlint.load.source import Document, read
from errlint.match.plan import Plan
from errlint.model.catalog import Code, Envelope
from errlint.model.finding import CodeCoverage, Judged
from errlint.model.spec import Spec


def contract(references: Sequence[str]) -> CatalogFile | None:
    """The one contract that several catalogs make; None without a catalog. Raises: LoadError."""
    if not references:
        return None
    from errlint.load import catalog as catalogs  # start-up: a run without a catalog does not owe it

    files = [catalogs.read_catalog(reference) for reference in references]
    return files[0] if len(files) == 1 else catalogs.merge(files)


def compiled(file: CatalogFile | None) -> Plan:
    """The contract, compiled for judging."""
    return Plan(file.catalog if file else None, _shipped)


def _shipped() -> Mapping[str, Envelope]:
    from errlint.load.envelopes import shipped_envelopes

    return shipped_envelopes()


def document(source: str | Document) -> Document:
    return read(source) if isinstance(source, str) else source


def as_judged(spec: Spec, app: str, owner: str, catalogs: Sequence[str]) -> Judged:
    """What a report tells of a document that was judged."""
    errors = {(one.operation.label, one.status_key) for one in spec.declarations if one.error}
    info = spec.root.value.get("info") if isinstance(spec.root.value, Mapping) else None
    title = info.get("title") if isinstance(info, Mapping) else None
    return Judged(
        spec.uri,
        title if isinstance(title, str) else "",
        spec.version,
        tuple(operation.label for operation in spec.operations),
        len(errors),
        app,
        owner,
        tuple(catalogs),
    )


def covered(
    code: Code,
    plan: Plan,
    declared: Mapping[tuple[str, str], tuple[str, ...]],
    observed: Mapping[tuple[str, str], tuple[str, ...]],
) -> CodeCoverage:
    identity = (code.layer, code.id)
    return CodeCoverage(
        code="" if code.code is None else str(code.code),
        id=code.id,
        layer=code.layer,
        statuses=str(code.statuses),
        declared=declared.get(identity, ()),
        observed=observed.get(identity, ()),
        name=code.name,
        category=plan.category(code),
        message=code.message.shown if code.message is not None else "",
    )
