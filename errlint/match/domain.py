"""Which values can stand at places of an instance of a schema, jointly: the claims that a schema can produce.

A schema is read into a choice of cubes (``lattice``), and the cubes at the asked places into variants (``variety``). It is
always an over-approximation: an instance of the schema is admitted by some variant. ``exact`` says where it is no wider than
the schema. Decisions where the standards leave room, or where authors do:

- ``properties`` without ``type`` mean an object, and ``items`` an array, but for presence only: so a required member of
  such a schema is "required", although the schema also admits 5.
- oneOf is read as anyOf: an author who lists a code in a branch declares it, even where branches overlap. It is exact only
  where a body can have it and meet no other branch (``disjoint``).
- Keywords of later drafts (const, if, prefixItems ...) count in all dialects: who writes them means them.
- Members that were not asked for are looked at one level deep, so that two constants of a discriminating member exclude
  each other. Lengths and numeric bounds sift listed values; an open set stays open.
- A ``discriminator`` narrows the branches of a oneOf or anyOf, but never empties one. Beside neither, its mapping names
  the schemas that inherit from this one by allOf: a reference to it means them too.
- A pointer token ``*`` stands for one element at a time: pointers that share it speak of the same element.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

from errlint.match.constants import listed
from errlint.match.cube import ARRAY, EACH, HERE, OBJECT, UNKNOWN, Choice, Cube, Tails, index_of, split, stamped
from errlint.match.discriminator import Discriminator
from errlint.match.disjoint import apart
from errlint.match.keywords import ARRAYS, COMBINED, OBJECTS, SPOKEN, WIDENED, bounds, children, elements, subschema, types_of
from errlint.match.lattice import MOST_CUBES, common, few, meet, narrowed, settled
from errlint.match.negation import refuted
from errlint.match.patterns import found_in
from errlint.match.variety import read
from errlint.model.claim import JSON_TYPES, Variant
from errlint.model.pointer import Pointer
from errlint.model.spec import Node, Resolve, Unresolved

DEEPEST = 60
"""Schemas within schemas at one place, before the rest is unknown: below what Python's stack bears."""
MOST_ASIDE = 4
"""Cubes kept for a member that was not asked for."""


def variants(schema: Node, pointers: Sequence[Pointer], resolve: Resolve, dialect: str) -> tuple[Variant, ...]:
    """The ways in which a schema can be met: what may stand at each pointer, jointly; none where it admits no object.

    ``dialect`` is ``2.0``, ``3.0`` or ``3.1``. At most 256 variants; those beyond are joined into the last. The values
    stand with their places in the document that holds them.
    """
    return read(Reader(resolve, dialect).choice(schema, tuple(pointers), True), pointers)


class Reader:
    """Reads the schemas of one document into cubes, each schema once for the same pointers."""

    def __init__(self, resolve: Resolve, dialect: str) -> None:
        self.resolve = resolve
        self.dialect = dialect
        self._memo: dict[tuple[str, Pointer, Tails, bool, bool], Choice] = {}
        self._active: set[tuple[str, Pointer, Tails, bool, bool]] = set()

    def choice(self, node: Node, tails: Tails, whole: bool, alone: bool = False) -> Choice:
        """What may stand where this schema holds.

        ``whole``: its members are looked at, else only the value itself. ``alone``: without the schemas that inherit from it.
        """
        name = (node.uri, node.pointer, tails, whole, alone)
        found = self._memo.get(name)
        if found is not None:
            return found
        if name in self._active or len(self._active) >= DEEPEST:
            return UNKNOWN
        self._active.add(name)
        try:
            found = self._read(node, tails, whole, alone)
        finally:
            self._active.discard(name)
        self._memo[name] = found
        return found

    def _read(self, node: Node, tails: Tails, whole: bool, alone: bool) -> Choice:
        value = node.value
        if not isinstance(value, dict):
            return () if value is False else (Cube(where=node.location, exact=value is True),)
        if "$ref" not in value:
            return self._keywords(node, tails, whole, alone)
        target = self.follow(node)
        found = UNKNOWN if target is None else self.choice(target, tails, whole, alone)
        if self.dialect == "3.1" and not SPOKEN.isdisjoint(value):
            found = meet(self._keywords(node, tails, whole, alone), found)
        return found

    def follow(self, node: Node) -> Node | None:
        """What a ``$ref`` leads to, None where it leads nowhere."""
        try:
            # Alone, so that its siblings do not keep a resolver from following it.
            target = self.resolve(Node(node.uri, node.pointer, {"$ref": node.value["$ref"]}))
        except Unresolved:
            return None
        return None if target.location == node.location else target

    def _keywords(self, node: Node, tails: Tails, whole: bool, alone: bool) -> Choice:
        """What may stand by the keywords of a schema object, its ``$ref`` aside."""
        value = node.value
        found = self.own(node, tails, whole)
        parts = list(elements(node, "allOf"))
        # A lone part without siblings is a reference in disguise: there heirs are meant.
        inherits = alone or len(parts) > 1 or not OBJECTS.isdisjoint(value)
        for child in parts:
            found = meet(found, self.choice(child, tails, whole, inherits))
        for keyword in ("oneOf", "anyOf"):
            # An empty list is no choice, and standards forbid it.
            if isinstance(value.get(keyword), list) and value[keyword]:
                found = self._branches(node, keyword, found, tails, whole)
        if "if" in value and ("then" in value or "else" in value):
            found = meet(found, self._condition(node, tails, whole))
        if "not" in value:
            found = meet(found, refuted(self, node.child("not"), tails, whole))
        if whole and not alone and "discriminator" in value and "oneOf" not in value and "anyOf" not in value:
            found = few([*found, *self._heirs(node, tails)])
        return found

    def _branches(self, node: Node, keyword: str, beside: Choice, tails: Tails, whole: bool) -> Choice:
        """One of the branches beside the other keywords, each cube with the place of its innermost branch."""
        found: list[Choice] = []
        names = Discriminator.of(node, self.resolve) if whole else None
        for branch in elements(node, keyword):
            cubes = self.choice(branch, tails, whole)
            if names is not None:
                cubes = names.narrow(branch, cubes)
            found.append(tuple(cube if cube.branch else stamped(cube, branch.location) for cube in cubes))
        if len(beside) * sum(map(len, found)) > MOST_CUBES:
            if keyword == "oneOf":
                found = apart(found, tails)
            return meet(beside, few([cube for choice in found for cube in choice]))
        # What stands beside the branches may tell them apart, or leave no way past one.
        found = [meet(beside, choice) for choice in found]
        if keyword == "oneOf":
            found = apart(found, tails)
        return tuple(cube for choice in found for cube in choice)

    def _heirs(self, node: Node, tails: Tails) -> list[Cube]:
        """What the schemas admit that inherit from one by allOf and that its discriminator maps to (OpenAPI 3.0.3, 4.7.25)."""
        names = Discriminator.of(node, self.resolve)
        if names is None:
            return []
        heirs = names.heirs(node)
        return [cube for heir in heirs for cube in names.narrow_heir(heir, self.choice(heir, tails, True, True))]

    def _condition(self, node: Node, tails: Tails, whole: bool) -> Choice:
        """``if`` and ``then``, or ``else`` without ``if``."""
        positive = self.choice(node.child("if"), tails, whole)
        negative = refuted(self, node.child("if"), tails, whole)
        if "then" in node.value:
            positive = meet(positive, self.choice(node.child("then"), tails, whole))
        if "else" in node.value:
            negative = meet(negative, self.choice(node.child("else"), tails, whole))
        return few([*positive, *negative])

    def own(self, node: Node, tails: Tails, whole: bool) -> Choice:
        """What may stand by type, values, bounds, members and elements."""
        value = node.value
        types = types_of(value, self.dialect)
        plain = COMBINED.isdisjoint(value)
        cube = Cube(
            types=JSON_TYPES if types is None else types,
            bounds=bounds(node),
            loose=value.get("unevaluatedProperties", True) not in (True, {}),
            exact=types is not None and WIDENED.isdisjoint(value),
            where=node.location if plain or "type" in value or "pattern" in value else None,
        )
        if not OBJECTS.isdisjoint(value):
            self._object(cube, node, tails, whole)
        if not ARRAYS.isdisjoint(value):
            self._array(cube, node, tails)
        lists = [] if "const" not in value else [listed([node.child("const")], tails, whole)]
        if isinstance(value.get("enum"), list):
            lists.append(listed(elements(node, "enum"), tails, whole))
        cube.finite = reduce(common, (scalars for scalars, fixed in lists if not fixed), None)
        own = settled(cube)
        found: Choice = () if own is None else (own,)
        for scalars, fixed in lists:
            if fixed:
                found = meet(found, few([*([Cube(finite=scalars)] if scalars else []), *fixed]))
        return found

    def _object(self, cube: Cube, node: Node, tails: Tails, whole: bool) -> None:
        """Fill in what the keywords of an object say."""
        required = node.value.get("required")
        cube.shaped |= OBJECT
        cube.demands = (
            frozenset(name for name in required if isinstance(name, str)) if isinstance(required, list) else frozenset()
        )
        if not whole:
            return
        extra = subschema(node, "additionalProperties")
        if extra is not None and extra.value not in (True, {}):
            cube.rest = narrowed(self.choice(extra, HERE, False), MOST_ASIDE)
        properties = dict(children(node, "properties"))
        named = children(node, "patternProperties")
        cube.named = tuple((pattern, narrowed(self.choice(child, HERE, False), MOST_ASIDE)) for pattern, child in named)
        asked = split(tails)
        members: dict[str, Choice] = {}
        for name in dict.fromkeys((*properties, *asked)):
            found = self._member(properties.get(name), named, extra, name, asked.get(name, HERE))
            if found is not None and name != EACH:
                members[name] = found if name in asked else narrowed(found, MOST_ASIDE)
        if EACH in asked:
            members |= self._any([*properties.values(), *(child for _, child in named)], extra, asked[EACH])
        cube.members = members
        cube.listed = frozenset(name for name in properties if members.get(name) != ())

    def _member(
        self, listed: Node | None, named: Sequence[tuple[str, Node]], extra: Node | None, name: str, tails: Tails
    ) -> Choice | None:
        """What may stand at one member, None for anything."""
        verdicts = [(found_in(pattern, name), child) for pattern, child in named]
        schemas = [child for verdict, child in verdicts if verdict]
        if listed is not None:
            schemas.append(listed)
        doubt = any(verdict is None for verdict, _ in verdicts)
        if not schemas and not doubt and extra is not None:
            schemas.append(extra)
        choices = [self.choice(schema, tails, any(tails)) for schema in schemas]
        if doubt:
            choices.append(UNKNOWN)
        return reduce(meet, choices) if choices else None

    def _any(self, schemas: Sequence[Node], extra: Node | None, tails: Tails) -> Mapping[str, Choice]:
        """What may stand at ``*``: by any of these schemas, or by the one for all others, None for anything."""
        choices = [self.choice(schema, tails, any(tails)) for schema in schemas]
        if not choices and extra is None:
            return {}
        choices.append((Cube(),) if extra is None else self.choice(extra, tails, any(tails)))
        cubes = [cube for choice in choices for cube in choice]
        if sum(map(bool, choices)) > 1:
            # A later meet pairs also what stands at different names.
            cubes = [stamped(cube) for cube in cubes]
        return {EACH: few(cubes)}

    def _array(self, cube: Cube, node: Node, tails: Tails) -> None:
        """Fill in what the keywords of an array say. A list of ``items`` is what draft 4 calls ``prefixItems``."""
        value = node.value
        cube.shaped |= ARRAY
        fewest, most = value.get("minItems"), value.get("maxItems")
        cube.fewest = fewest if isinstance(fewest, int) else 0
        first = [*elements(node, "prefixItems"), *elements(node, "items")]
        other = subschema(node, "additionalItems" if isinstance(value.get("items"), list) else "items")
        items: dict[str, Choice] = {}
        for token, rest in split(tails).items():
            index = index_of(token)
            if index is None:
                continue
            if isinstance(most, int) and index >= most:
                items[token] = ()
            elif token == EACH:
                items |= self._any(first, other, rest)
            elif schema := first[index] if index < len(first) else other:
                items[token] = self.choice(schema, rest, any(rest))
        cube.items = items
