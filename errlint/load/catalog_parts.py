"""One catalog file's data -> its nouns. The data fits the format; what the format cannot say is checked here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from errlint.load import envelopes
from errlint.load.catalog_format import Problem
from errlint.load.dialect import typed
from errlint.load.meant import did_you_mean
from errlint.model import pointer as pointers
from errlint.model.catalog import ROLES, Accepted, Catalog, Category, Code, Envelope, Layer, Message, MessageCheck, Variant
from errlint.model.finding import Location
from errlint.model.pointer import Pointer
from errlint.model.record import field, mutable, replace
from errlint.model.status import Statuses, union

if TYPE_CHECKING:
    from errlint.model.recipe import Recipe

DEFAULT_LAYER = "service"
KIND = {"envelopes": "envelope", "categories": "category"}
DIALECTS = ("literal", "prefix", "printf", "braces", "regex")
MODELLED = frozenset(
    (
        *("id", "code", "name", "status", "layer", "category", "message", "description", "resolution", "match", "variants"),
        *("retry", "headers", "operations", "deprecated", "provoke", "reachable", "replaced_by", "removed", "owner"),
    )
)


@mutable
class Build:
    """One file on its way to a catalog: its data and uri, what it inherits, and the problems found on the way.

    ``fetch`` reads a schema file beside it. Raises: LoadError. ``refusals`` are what keeps a catalog from being used and
    what a rule of its own says where the catalog itself is checked.
    """

    uri: str
    data: Mapping[str, Any]
    inherited: Catalog | None
    fetch: Callable[[str, Pointer], Any]
    problems: list[Problem] = field(default_factory=list)
    refusals: list[Problem] = field(default_factory=list)

    def at(self, *tokens: str) -> Location:
        return Location(self.uri, tokens)

    def section(self, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        yield from self.data.get(name, {}).items()

    @property
    def check(self) -> MessageCheck:
        found: MessageCheck = self.data.get("defaults", {}).get("message_check", "advise")
        return found


def catalog(build: Build) -> Catalog:
    """The file's own catalog, without what it inherits but for the layers and envelopes that its entries need."""
    service = build.data["service"]
    layer_of, layers = _layers(build)
    codes = tuple(_code(build, index, entry, layer_of) for index, entry in _entries(build, "errors"))
    found = _envelopes(build)
    for id_, layer in layers.items():
        if not layer.envelopes and id_ not in build.data.get("layers", {}):
            found = found or envelopes.plausible(code.code for code in codes)
            layers[id_] = replace(layer, envelopes=tuple(found))
    return Catalog(
        service=service["name"],
        envelopes={**_shipped(layers, found, build.inherited), **found},
        layers=layers,
        categories={id_: _category(build, id_, written) for id_, written in build.section("categories")},
        codes=codes,
        title=service.get("title", ""),
        version=service.get("version", ""),
        expect_count=service.get("expect_count"),
        expect_categories=service.get("expect_categories"),
        accepted=tuple(_accepted(item) for _, item in _entries(build, "accepted")),
        uri=build.uri,
        location=build.at(),
    )


def _entries(build: Build, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The entries of a list with their positions; those that break the format were emptied and are not there."""
    for index, entry in enumerate(build.data.get(name, [])):
        if entry is not None:
            yield index, entry


def _accepted(item: Mapping[str, Any]) -> Accepted:
    return Accepted(item["rule"], item.get("code"), item["reason"])


def _shipped(layers: Mapping[str, Layer], own: Mapping[str, Envelope], inherited: Catalog | None) -> dict[str, Envelope]:
    """The shipped envelopes that layers name although the catalog does not list them."""
    wanted = {id_ for layer in layers.values() for id_ in layer.envelopes} - own.keys()
    wanted -= inherited.envelopes.keys() if inherited else set()
    return {id_: envelopes.shipped_envelopes()[id_] for id_ in sorted(wanted) if id_ in envelopes.shipped_envelopes()}


def _layers(build: Build) -> tuple[str, dict[str, Layer]]:
    """The layer of entries that name none (empty: none can be meant), and the layers of this file.

    A file without layers gets one, unless it inherits one of that name; its envelopes are filled in later.
    """
    own = {id_: _layer(build, id_, written) for id_, written in build.section("layers")}
    known = [*(build.inherited.layers if build.inherited else ()), *own]
    named: str | None = build.data.get("defaults", {}).get("layer")
    if not own and (named or DEFAULT_LAYER) not in known and _needs_layer(build, named, known):
        implied = named or DEFAULT_LAYER
        return implied, {implied: Layer(implied, (), location=build.at())}
    if named is not None:
        return named, own
    if len(own) == 1:
        return next(iter(own)), own
    if DEFAULT_LAYER in known:
        return DEFAULT_LAYER, own
    return (known[0] if len(known) == 1 else ""), own


def _needs_layer(build: Build, named: str | None, known: list[str]) -> bool:
    """Whether the layer that nobody wrote is meant: nothing is inherited, or an entry names no layer or this one."""
    if not known:
        return True
    return any(entry.get("layer", named or DEFAULT_LAYER) == (named or DEFAULT_LAYER) for _, entry in _entries(build, "errors"))


def _layer(build: Build, id_: str, written: Mapping[str, Any]) -> Layer:
    named, applies = written["envelope"], written.get("applies_to", "declared-operations")
    return Layer(
        id_,
        tuple(named) if isinstance(named, list) else (named,),
        title=written.get("title", ""),
        applies_to=tuple(applies) if isinstance(applies, list) else applies,
        in_spec=written.get("in_spec", "required"),
        closed=written.get("codes", "closed") == "closed",
        location=build.at("layers", id_),
    )


def _envelopes(build: Build) -> dict[str, Envelope]:
    found = {}
    for id_, written in build.section("envelopes"):
        envelope = _envelope(build, id_, written)
        if envelope is not None:
            found[id_] = envelope
    return found


def _envelope(build: Build, id_: str, written: Mapping[str, Any]) -> Envelope | None:
    place = ("envelopes", id_)
    for role in ROLES:
        value = written.get(role)
        parts = value if isinstance(value, dict) else {}
        for key in ("pattern", "extract"):
            _expression(build, parts.get(key), (*place, role, key))
    shipped = envelopes.shipped_envelopes()
    if "use" in written:
        base = shipped.get(written["use"])
        if base is None:
            meant = did_you_mean(written["use"], shipped) or "; errlint detect --list names them"
            build.problems.append(
                Problem(f"envelope {id_}: there is no shipped envelope {written['use']}{meant}", (*place, "use"))
            )
            return None
        own = replace(base, id=id_, location=build.at(*place))
        _compiles(build, id_, written.get("schema", True), (*place, "schema"))
        return envelopes.overridden(replace(own, schema=written["schema"], samples=()) if "schema" in written else own, written)
    if "schema_file" in written:
        document = build.fetch(written["schema_file"], (*place, "schema_file"))
        if not isinstance(document, dict):
            return None
        described = envelopes.described(id_, document, build.at(*place))
        _compiles(build, id_, described.schema, (*place, "schema_file"), written["schema_file"])
        return envelopes.overridden(described, written)
    _compiles(build, id_, written.get("schema", True), (*place, "schema"))
    return envelopes.written_envelope(id_, written, written.get("schema"), build.at(*place))


def _compiles(build: Build, id_: str, schema: Any, at: Pointer, file: str = "") -> None:
    """Notes a schema of the catalog's own that does not work; in a ``file`` its place is told in words."""
    found = envelopes.fault(schema) if not isinstance(schema, bool) else None
    if found is not None:
        inside = f" ({file})" if file else ""
        build.refusals.append(Problem(f"envelope {id_} {found.text}{inside}", at if file else (*at, *found.at)))


def _expression(build: Build, pattern: str | None, at: Pointer) -> None:
    """Notes a user's pattern that is no regular expression (the richer dialect of ``regex`` counts)."""
    if pattern is None:
        return
    try:
        re.compile(pattern)
    except re.error:
        import regex

        try:
            regex.compile(pattern)
        except regex.error as error:
            build.problems.append(Problem(f"{KIND[at[0]]} {at[1]}: {pattern} is no regular expression: {error}", at))


def _category(build: Build, id_: str, written: Mapping[str, Any]) -> Category:
    _expression(build, written.get("pattern"), ("categories", id_, "pattern"))
    span = written.get("range")
    if span and span[0] > span[1]:
        build.problems.append(Problem(f"category {id_}: the range ends before it starts", ("categories", id_, "range")))
    return Category(
        id_,
        written["title"],
        prefix=written.get("prefix", ""),
        range=(int(span[0]), int(span[1])) if span else None,
        pattern=written.get("pattern"),
        statuses=_statuses(written["statuses"]) if "statuses" in written else None,
        location=build.at("categories", id_),
    )


def _statuses(written: Any) -> Statuses:
    return union(
        int(item) if isinstance(item, float) else item for item in (written if isinstance(written, list) else [written])
    )


def message_of(written: Any, check: MessageCheck) -> Message | None:
    """The template that a catalog writes, None where it writes none."""
    if written is None:
        return None
    if isinstance(written, str):
        kind, text, example = typed(written)
        return Message(kind, text, check, example)
    own: MessageCheck = written.get("check", check)
    for dialect in DIALECTS:
        if dialect in written:
            return Message(dialect, written[dialect], own, written.get("example"))  # type: ignore[arg-type]  # one of DIALECTS
    return Message("literal", written["example"], own) if "example" in written else None


def _variant(written: Mapping[str, Any], check: MessageCheck) -> Variant:
    return Variant(
        _statuses(written["status"]),
        message_of(written.get("message"), check),
        written.get("description", ""),
        written.get("resolution", ""),
    )


def _code(build: Build, index: int, written: Mapping[str, Any], layer: str) -> Code:
    value = written.get("code")
    code = int(value) if isinstance(value, float) else value
    message = message_of(written.get("message"), build.check)
    literal = message.text if message is not None and message.kind == "literal" else ""
    provoke = written.get("provoke", [])
    id_, owner_layer, place = written.get("id", str(code)), written.get("layer", layer), build.at("errors", str(index))
    return Code(
        id=id_,
        code=code,
        statuses=_statuses(written["status"]),
        layer=owner_layer,
        name=written.get("name", ""),
        message=message,
        description=written.get("description", literal),
        resolution=written.get("resolution", ""),
        category=written.get("category", ""),
        match={pointers.parse(text): constant for text, constant in written.get("match", {}).items()},
        variants=tuple(_variant(item, build.check) for item in written.get("variants", [])),
        retry=written.get("retry", ""),
        headers=tuple(written.get("headers", ())),
        operations=tuple(written.get("operations", ())),
        provoke=tuple(provoke) if isinstance(provoke, list) else (provoke,),
        recipes=_recipes(provoke, (owner_layer, id_), place),
        reachable=written.get("reachable", "probe"),
        deprecated=written.get("deprecated", False),
        removed=written.get("removed", ""),
        replaced_by=written.get("replaced_by", ""),
        owner=written.get("owner", build.data["service"].get("owner", "")),
        extra={key: item for key, item in written.items() if key not in MODELLED},
        location=place,
    )


def _recipes(provoke: Any, owner: tuple[str, str], place: Location) -> tuple[Recipe, ...]:
    if isinstance(provoke, str) or not any(
        isinstance(item, dict) for item in ([provoke] if isinstance(provoke, dict) else provoke)
    ):
        return ()
    from errlint.load.recipes import recipes  # start-up: few catalogs have some

    return recipes(provoke, owner, place)
