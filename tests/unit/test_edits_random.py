"""Random edits of random texts: they read back as asked, and what they are not about stays byte for byte."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from errlint.fixes.edits import Workspace
from errlint.load.source import load
from errlint.model import pointer as pointers
from errlint.model.finding import Location
from errlint.model.fix import AddItem, AddMember, Edit, Fix, Remove, RenameKey, SetValue
from tests.unit.edited_texts import Written, json_text, yaml_text

URI = "openapi.yaml"

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1000, 1000),
    st.sampled_from(
        ["a", "no", "404", "x: y", "a # b", "", "it's", "é", "😀", "two\nlines", "- a", "1e3", "long " * 5 + "x", "\u2028"]
    ),
)
KEYS = st.sampled_from(["a", "b", "c", "404", "4XX", "x y", "é", "no", "a/b", "~c", "$ref", "long-key_1"])
DATA = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(KEYS, below, max_size=4),
    max_leaves=14,
)
ROOTS = st.dictionaries(KEYS, DATA, min_size=1, max_size=5)


def places(data: Any, pointer: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    found = [(pointer, data)]
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in below:
        found += places(value, (*pointer, str(key)))
    return found


@st.composite
def random_edits(draw: Any, data: Any) -> list[Edit]:
    """Some edits of places that exist."""
    known = places(data)
    found: list[Edit] = []
    for _ in range(draw(st.integers(1, 4))):
        pointer, value = draw(st.sampled_from(known))
        place = Location(URI, pointer)
        kinds = ["set", "remove"] if pointer else []
        if pointer and isinstance(pointers.get(data, pointer[:-1]), dict):
            kinds.append("rename")
        kinds += ["member"] if isinstance(value, dict) else ["item"] if isinstance(value, list) else []
        kind = draw(st.sampled_from(kinds or ["set"]))
        new = draw(DATA)
        fresh = "new" + draw(st.sampled_from(["1", "2", " 3"]))
        by_kind: dict[str, Edit] = {
            "set": SetValue(place, new),
            "remove": Remove(place),
            "rename": RenameKey(place, fresh),
            "member": AddMember(place, fresh, new),
            "item": AddItem(place, new),
        }
        if pointer or kind in ("member", "item"):
            found.append(by_kind[kind])
    return found


def boxed(data: Any) -> Any:
    """The data with lists as numbered objects, so that taking one item away moves no other."""
    if isinstance(data, list):
        return {"[]": {str(index): boxed(item) for index, item in enumerate(data)}, "n": len(data)}
    return {"{}": {key: [key, boxed(value)] for key, value in data.items()}} if isinstance(data, dict) else data


def unboxed(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    if "[]" in data:
        return [unboxed(item) for item in data["[]"].values()]
    return {key: unboxed(value) for key, value in data["{}"].values()}


def asked(data: Any, edits: list[Edit]) -> Any:
    """What edits make of plain data: an oracle that shares nothing with the code under test."""
    root = ["", boxed(data)]
    for edit in edits:
        above, here = None, root
        for token in edit.at.pointer:
            above = here
            here = above[1]["{}"][token] if "{}" in above[1] else ["", above[1]["[]"][token]]
        token = edit.at.pointer[-1] if edit.at.pointer else ""
        if isinstance(edit, AddMember):
            here[1]["{}"][edit.key] = [edit.key, boxed(edit.value)]
        elif isinstance(edit, AddItem):
            here[1]["[]"][f"new{len(here[1]['[]'])}"] = boxed(edit.value)
        elif isinstance(edit, RenameKey):
            here[0] = edit.key
        elif above is not None and "[]" in above[1]:
            _change(above[1]["[]"], token, edit)
        elif isinstance(edit, Remove) and above is not None:
            del above[1]["{}"][token]
        elif isinstance(edit, SetValue):
            here[1] = boxed(edit.value)
    return unboxed(root[1])


def _change(items: dict[str, Any], token: str, edit: Edit) -> None:
    if isinstance(edit, Remove):
        del items[token]
    elif isinstance(edit, SetValue):
        items[token] = boxed(edit.value)


def check(written: Written, data: Any, edits: list[Edit]) -> None:
    document = load(written.text.encode(), URI)
    assert document.data == data
    workspace = Workspace({URI: document})
    why = workspace.make([Fix("x", (edit,)) for edit in edits])
    made = [edit for edit, reason in zip(edits, why, strict=True) if reason is None]
    new = workspace.texts().get(URI, document.text)
    again = load(new, URI).data
    if not _overlap(made):
        assert again == asked(deepcopy(data), made)
    touched = {edit.at.pointer for edit in made}
    left = iter(new.decode().split("\n"))
    for line, about in written.lines:
        if line.strip() and not any(_near(pointer, place) for pointer in about for place in touched):
            assert any(found == line for found in left), f"{line!r} was not asked for"


def _near(pointer: tuple[str, ...], place: tuple[str, ...]) -> bool:
    """Whether a line about one pointer may change by an edit at another: above it, below it, or its neighbour."""
    short = min(len(pointer), len(place))
    if pointer[-1:] == ("#",):  # a comment goes with the value that it stands in
        return pointer[: len(place)] == place
    return pointer[:short] == place[:short] or pointer[:-1] == place[:-1]


def _overlap(made: list[Edit]) -> bool:
    """Whether two edits meet: at one place, or one inside of what the other writes or takes away."""
    for index, edit in enumerate(made):
        for earlier in made[:index]:
            one, two = edit.at.pointer, earlier.at.pointer
            if (one == two and (type(edit) is type(earlier) or isinstance(edit, (SetValue, Remove)))) or (
                one[: len(two)] == two and isinstance(earlier, (SetValue, Remove))
            ):
                return True
            if two[: len(one)] == one and isinstance(edit, (SetValue, Remove)):
                return True
            if isinstance(edit, AddItem) and isinstance(earlier, SetValue) and two[:-1] == one:
                return True  # a value that was just written there is not added again
    return False


QUIET = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@QUIET
@given(st.data())
def test_random_edits_of_random_json_read_back_as_asked(data: Any) -> None:
    value = data.draw(ROOTS)
    check(data.draw(json_text(value)), value, data.draw(random_edits(value)))


@QUIET
@given(st.data())
def test_random_edits_of_random_yaml_read_back_as_asked(data: Any) -> None:
    value = data.draw(ROOTS)
    check(data.draw(yaml_text(value)), value, data.draw(random_edits(value)))


@QUIET
@given(st.data())
def test_most_edits_of_random_yaml_are_made(data: Any) -> None:
    value = data.draw(ROOTS)
    written = data.draw(yaml_text(value))
    pointer, _ = data.draw(st.sampled_from(places(value)[1:]))
    workspace = Workspace({URI: load(written.text.encode(), URI)})
    why = workspace.make([Fix("x", (SetValue(Location(URI, pointer), data.draw(SCALARS)),))])
    assert why in ([None], ["comments would be lost"], ["comments stand in the way"])
