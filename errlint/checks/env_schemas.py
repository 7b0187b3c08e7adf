"""ENV005, ENV008, ENV009: what an error schema lets in or leaves out: other layers' bodies, branches, discriminator values."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.checks.env import is_json_type
from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.schema_places import Place, followed
from errlint.checks.subjects import ErrorSchema
from errlint.checks.words import layers, plural, shown
from errlint.match.cube import identity
from errlint.match.domain import variants
from errlint.match.keywords import children, elements
from errlint.match.plan import Plan
from errlint.model.catalog import Envelope
from errlint.model.finding import Location, Severity
from errlint.model.spec import Node, Resolve, Unresolved

OFF, NOTE, WARNING, ERROR = Severity

MOST_CHOICES = 50
"""Schemas with a oneOf, within one error schema, whose branches are held against each other."""


@check("ENV005", "accepts-anything", WARNING, ErrorSchema, applies=lambda subject: not subject.declared.framework)
def accepts_another_layer(subject: ErrorSchema, plan: Plan) -> Iterator[Verdict]:
    """An error schema of one layer that accepts the body of another one: proven by a sample of that one's envelope."""
    declared = subject.declared
    fitting = declared.branches and all(branch.fit == "match" for branch in declared.branches)
    if declared.empty or not fitting or not is_json_type(declared):
        return
    for envelope, sample in _strange(declared.layers, plan):
        if _accepts(subject, sample):
            owners = [layer.id for layer in plan.layers.values() if envelope.id in layer.envelopes]
            yield Hit(
                f"the error schema of {layers(declared.layers)} accepts the body of envelope {envelope.id} ({layers(owners)}): "
                "it requires nothing that tells them apart",
                at=declared.schema.location,
                layer=declared.layers[0] if len(declared.layers) == 1 else None,
                detail=envelope.id,
                shared=True,
            )
            return


def _strange(names: tuple[str, ...], plan: Plan) -> Iterator[tuple[Envelope, object]]:
    """The samples of the other layers' envelopes that are no body of these layers."""
    own = plan.signatures_of(names)
    for signature in plan.signatures_of(layer for layer in plan.layers if layer not in names):
        envelope = signature.envelope
        if signature in own or envelope.generic or envelope.framing != "json":
            continue
        for sample in envelope.samples:
            if sample and not any(mine.strictly(sample) for mine in own):
                yield envelope, sample


def _accepts(subject: ErrorSchema, body: object) -> bool:
    from errlint.match.standalone import CannotValidate, first_error, standalone

    whole = standalone(subject.declared.schema, subject.spec.step, subject.spec.dialect)
    try:
        return whole is not None and first_error(whole, body) is None
    except CannotValidate:
        return False


@check("ENV008", "overlapping-branches", WARNING, ErrorSchema, applies=lambda subject: not subject.declared.framework)
def overlapping_branches(subject: ErrorSchema, plan: Plan) -> Iterator[Verdict]:
    """Two branches of a oneOf that one body meets, which is therefore invalid."""
    choices = 0
    for place in subject.places:
        branches = place.node.value.get("oneOf") if isinstance(place.node.value, dict) else None
        if not isinstance(branches, list) or len(branches) < 2:
            continue
        choices += 1
        if choices > MOST_CHOICES:
            return
        pair = _overlapping(place.node, subject)
        if pair is not None:
            one, other = (_branch(at, place.node) for at in pair)
            told = f"{one} and {other} accept the same {_what(place)}: a oneOf makes each such body invalid"
            first = _literal(f"{one} and {other}")
            every = f"in {{n}} places two branches of a oneOf accept the same error, the first: {first}"
            yield Hit(told, at=_first(place.node, pair, subject), shared=True, merged=every)


def _overlapping(node: Node, subject: ErrorSchema) -> tuple[Location, Location] | None:
    """The branches of a oneOf that surely admit the same body; each oneOf of a document is looked at once."""
    from errlint.match.satisfiable import overlapping  # most documents have no oneOf

    known, at = subject.known.overlaps, (node.uri, node.pointer)
    if at not in known:
        known[at] = overlapping(node, subject.spec.step, subject.spec.dialect)
    return known[at]


def _first(node: Node, pair: tuple[Location, Location], subject: ErrorSchema) -> Location:
    """Where the document has a oneOf of these two branches for the first time: written again, it is the same fault."""
    branches = [branch.value for branch in elements(node, "oneOf") if branch.location in pair]
    key = (node.uri, identity(branches) if branches else pair)
    return subject.known.choices.setdefault(key, Location(node.uri, (*node.pointer, "oneOf")))


def _literal(name: str) -> str:
    return name.replace("{", "{{").replace("}", "}}")


def _what(place: Place) -> str:
    return f"{'.'.join(place.pointer)[:80]}" if place.pointer else "error"


def _branch(at: Location, node: Node) -> str:
    """What a branch is called: the schema that it refers to, else its place."""
    for branch in elements(node, "oneOf"):
        reference = branch.value.get("$ref") if branch.location == at and isinstance(branch.value, dict) else None
        if isinstance(reference, str) and reference.split("/")[-2:-1] in (["schemas"], ["definitions"], ["$defs"]):
            return _named(reference)
    return "/".join(at.pointer[-2:])


def _named(reference: str) -> str:
    return reference.rpartition("/")[2][:80]


@check("ENV009", "discriminator-gap", NOTE, ErrorSchema)
def discriminator_gap(subject: ErrorSchema, plan: Plan) -> Iterator[Verdict]:
    """A discriminator's mapping that leaves out a branch, leads nowhere, or names a code that the catalog does not have."""
    step = subject.spec.step
    for place in subject.places:
        written = place.node.get("discriminator")
        name = written.value.get("propertyName") if written is not None and isinstance(written.value, dict) else None
        entries = children(written, "mapping") if written is not None and isinstance(name, str) else []
        entries = [(key, entry) for key, entry in entries if isinstance(entry.value, str)]
        if not entries or not isinstance(name, str):
            continue
        targets: set[Location] = set()
        for key, entry in entries:
            try:
                target = _target(entry, step)
            except Unresolved:
                message = f"the discriminator {name} leads {shown(key)} to {entry.value[:120]}, which is not there"
                yield Hit(message, at=entry.location, detail=key, shared=True)
            else:
                targets.update([target.location] if target is not None else [])
        yield from _left_out(place.node, name, targets, subject)
        yield from _uncatalogued(place, name, entries, subject, plan)


def _target(entry: Node, step: Resolve) -> Node | None:
    """The schema that a mapping's value means: a reference, or a schema's name. None where nothing tells.

    Raises: Unresolved where there is no such schema.
    """
    text = entry.value
    local = text.startswith("#")
    for reference in (text,) if local else (f"#/components/schemas/{_escaped(text)}", text):
        try:
            return step(Node(entry.uri, entry.pointer, {"$ref": reference}))
        except Unresolved as fault:
            if local or not (fault.cycle or any(char in text for char in "/.:")):
                raise
    return None


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _left_out(node: Node, name: str, targets: set[Location], subject: ErrorSchema) -> Iterator[Hit]:
    """The branches that no value of the mapping leads to. Branches written in place are never chosen by a discriminator."""
    spec = subject.spec
    branches = [branch for keyword in ("oneOf", "anyOf") for branch in elements(node, keyword)]
    missing = []
    for branch in branches:
        if not isinstance(branch.value, dict) or not isinstance(branch.value.get("$ref"), str):
            continue
        target = followed(branch, spec.step)
        if target is not None and target.location not in targets and not _says_its_name(branch, name, subject):
            missing.append(branch)
    if missing and targets:
        told = ", ".join(_named(branch.value["$ref"]) for branch in missing[:4])
        told += f" and {len(missing) - 4} more" if len(missing) > 4 else ""
        message = f"the discriminator {name} leaves out {plural(len(missing), 'branch').replace('branchs', 'branches')}: {told}"
        yield Hit(message, at=missing[0].location, detail=told, shared=True)


def _says_its_name(branch: Node, name: str, subject: ErrorSchema) -> bool:
    """Whether a branch fixes the property to the name of its schema, which is then its implicit value."""
    found = variants(branch, [(name,)], subject.spec.step, subject.spec.dialect)
    values = {value for one in found for value, _ in one.values[(name,)].scalars()}
    return _named(branch.value["$ref"]) in values


def _uncatalogued(
    place: Place, name: str, entries: list[tuple[str, Node]], subject: ErrorSchema, plan: Plan
) -> Iterator[Verdict]:
    """The values that are codes, by their place, and none of the catalog; those that a branch can produce COD001 names."""
    for claim in subject.declared.claims:
        role = plan.signatures[claim.envelope].envelope.roles.get("code")
        if role is None or (*place.pointer, name) not in role.pointers or role.extract is not None:
            continue
        if not plan.closed(claim.layers) or not plan.coded(claim.layers) or plan.guessed(claim.envelope):
            continue
        said = {at for one in subject.declared.claims for _, at in one.code.finite or ()}
        for key, entry in entries:
            if entry.location not in said and not plan.entries(claim.layers, key):
                message = f"the discriminator {name} names {shown(key)}, which is not in the catalog ({layers(claim.layers)})"
                yield Hit(message, at=entry.location, code=key, layer=claim.layer, detail=key, shared=True)
        return
