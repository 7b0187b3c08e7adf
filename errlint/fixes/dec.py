"""Fixes of how an operation declares its errors: status keys, bodies that cannot be, schemas written inline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.fixes.cod import below
from errlint.fixes.components import shared
from errlint.fixes.registry import Case, Offer, Skip, bare, fix
from errlint.model import pointer as pointers
from errlint.model.fix import Edit, Fix, Remove, RenameKey, SetValue

BODILESS = ("204", "205", "304")


@fix("DEC005")
def rename_the_key(case: Case) -> Iterator[Offer]:
    """The key that was meant, where one was and it is not there yet."""
    meant = {bare(bad.location): bad.meant for bad in case.spec.bad_keys}
    for at in case.anchors:
        wanted = meant.get(bare(at), "")
        siblings = case.value(type(at)(at.uri, at.pointer[:-1]))
        if not wanted or " " in wanted:
            yield Skip(f"nobody can know what {at.pointer[-1]!r} means")
        elif wanted in siblings:
            yield Skip(f"there is a {wanted} already")
        else:
            yield Fix(f"write {wanted} for {at.pointer[-1]}", (RenameKey(at, wanted),))


@fix("DEC006")
def take_the_body_away(case: Case) -> Iterator[Offer]:
    """No content under a status that cannot have any; a HEAD's describes that of GET and stays."""
    for declaration in case.declarations_at(case.anchors):
        response = declaration.response
        sharing = {other.status_key for other in case.sharing(response)}
        if not sharing.issubset(BODILESS):
            yield Skip("other statuses or HEAD share the response")
            continue
        names = ("schema", "examples") if case.spec.dialect == "2.0" else ("content",)
        edits = tuple(Remove(below(response.location, name)) for name in names if response.get(name) is not None)
        if edits:
            yield Fix(f"take the content of {declaration.status_key} away", edits)


@fix("DEC007", kind="unsafe")
def share_the_schema(case: Case) -> Iterator[Offer]:
    """An inline schema moved to the components, and a reference in its place."""
    seen = set()
    for declared, _ in case.hits():
        node = declared.schema
        if node.location in seen or not isinstance(node.value, dict) or "$ref" in node.value:
            continue
        seen.add(node.location)
        if node.uri != case.spec.uri:
            yield Skip("it stands in another file")
        elif _referred(case.documents[node.uri].data, "#" + pointers.text(node.pointer)):
            yield Skip("references lead into it")
        else:
            wanted = _title(node.value) or _named(case, declared)
            place = shared(case, "schemas", wanted, node.value)
            edits: list[Edit] = [*place.edits, SetValue(node.location, {"$ref": place.ref})]
            yield Fix(f"share the schema as {place.name}", tuple(edits))


def _title(schema: dict[str, Any]) -> str:
    title = schema.get("title")
    words = title.replace("_", " ").split() if isinstance(title, str) else []
    name = "".join(word[:1].upper() + word[1:] for word in words)
    return name if name.isascii() and name.isalnum() and name[:1].isalpha() else ""


def _named(case: Case, declared: Any) -> str:
    return f"{declared.layers[0].title().replace('-', '')}Error" if len(declared.layers) == 1 else "Error"


def _referred(data: Any, start: str) -> bool:
    """Whether some reference of a document leads to or below a pointer."""
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            ref = value.get("$ref")
            if isinstance(ref, str) and (ref == start or ref.startswith(start + "/")):
                return True
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return False
