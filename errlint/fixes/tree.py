"""A text as a tree of places: what stands where, what is to change, and the plain data that the changes make of it.

Pointers always mean the text as it was: what an earlier edit removed, renamed or added moves nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any, Literal

from errlint.errors import EditError
from errlint.fixes.equal import same
from errlint.model.fix import AddItem, AddMember, Edit, Remove, RenameKey, SetValue
from errlint.model.pointer import Pointer
from errlint.model.record import field, mutable

Kind = Literal["scalar", "mapping", "sequence", "alias"]

Undo = list[Callable[[], object]]


ANCHORED = "it stands in an anchored value, which other places use too: change it there"


@mutable
class Part:
    """A value in a text: where it starts (behind its anchor and tag) and where its last character ends.

    ``style`` is a scalar's quote, ``|`` or ``>``; ``flow`` is true of containers in brackets. ``column`` is that of a block
    container's keys or dashes. ``named`` is true where an anchor or a tag precedes it. ``odd`` says why its members cannot
    be changed. ``added`` are new members (key, value) or items (None, value).
    """

    kind: Kind
    start: int
    end: int
    value: Any = None
    style: str = ""
    flow: bool = False
    column: int = 0
    named: bool = False
    odd: str = ""
    target: Part | None = None
    items: list[Item] = field(default_factory=list)
    added: list[tuple[str | None, Any]] = field(default_factory=list)

    @property
    def kept(self) -> list[Item]:
        return [item for item in self.items if not item.gone]

    @property
    def changed(self) -> bool:
        return bool(self.added) or any(item.gone for item in self.items)


@mutable
class Item:
    """A member or an item: it starts ``at`` its key, its dash or its value, its key ends at ``key_end``.

    ``colon`` is the offset behind the colon (or the dash), -1 where there is none. ``merge`` marks YAML's ``<<``.
    """

    key: str | None
    at: int
    key_end: int
    colon: int
    part: Part
    style: str = ""
    merge: bool = False
    gone: bool = False
    renamed: str | None = None
    new: list[Any] | None = None

    @property
    def end(self) -> int:
        return max(self.part.end, self.colon, self.key_end)

    @property
    def name(self) -> str | None:
        return self.key if self.renamed is None else self.renamed


def plain(part: Part) -> Any:
    """The data that the part is, with all changes."""
    if part.kind == "alias":
        return plain(part.target) if part.target is not None else None
    if part.kind == "scalar":
        return part.value
    if part.kind == "sequence":
        return [_of(item) for item in part.kept] + [value for _, value in part.added]
    data: dict[str, Any] = {}
    for item in part.kept:
        if item.merge:
            _merge(data, _of(item))
        elif item.name is not None:
            data[item.name] = _of(item)
    return data | {str(key): value for key, value in part.added}


def _of(item: Item) -> Any:
    return plain(item.part) if item.new is None else item.new[0]


def _merge(data: dict[str, Any], source: Any) -> None:
    for one in source if isinstance(source, list) else [source]:
        if not isinstance(one, dict):
            raise EditError("its merge keys are not understood")
        for key, value in one.items():
            data.setdefault(key, value)


class Tree:
    """A text's tree, to which edits are made and taken back."""

    def __init__(self, root: Part, commented: Callable[[Part], bool]) -> None:
        self.root = root
        self._commented = commented

    def make(self, edit: Edit, undo: Undo) -> None:
        """Makes one edit; ``undo`` gets what takes it back. Raises: EditError."""
        pointer = edit.at.pointer
        if isinstance(edit, AddMember):
            self._add(pointer, edit.key, edit.value, undo)
        elif isinstance(edit, AddItem):
            self._add(pointer, None, edit.value, undo)
        elif not pointer:
            raise EditError("the whole document cannot be replaced")
        else:
            self._change(edit, undo)

    def extent(self, pointer: Pointer) -> tuple[int, int]:
        """The offsets of the member or item at a pointer, or of the nearest one around it that the text has."""
        here = self.root
        found = (here.start, here.end)
        for token in pointer:
            try:
                item = _item(here, token)
            except EditError:
                item = None
            if item is None:
                break
            here, found = item.part, (item.at, item.end)
        return found

    def _change(self, edit: SetValue | RenameKey | Remove, undo: Undo) -> None:
        above = self._at(edit.at.pointer[:-1])
        token = edit.at.pointer[-1]
        if not isinstance(above, Part):
            _in_plain(above, token, edit, undo)
            return
        item = _item(above, token)
        if item is None:
            _in_added(above, token, edit, undo)
        elif isinstance(edit, SetValue):
            self._set(item, edit.value, undo)
        elif isinstance(edit, Remove):
            _refuse_odd(above)
            _assign(item, "gone", True, undo)
        else:
            _rename(above, item, edit.key, undo)

    def _set(self, item: Item, value: Any, undo: Undo) -> None:
        if item.gone or (item.new is not None and not same(item.new[0], value)):
            raise EditError("another fix has changed this place")
        if item.new is not None:
            return
        if item.part.kind in ("mapping", "sequence") and self._commented(item.part):
            raise EditError("comments would be lost")
        _assign(item, "new", [deepcopy(value)], undo)

    def _add(self, pointer: Pointer, key: str | None, value: Any, undo: Undo) -> None:
        target = self._at(pointer)
        if isinstance(target, Part):
            if target.kind != ("sequence" if key is None else "mapping"):
                raise EditError("there is nothing to add to" if target.kind == "scalar" else "it is another kind of value")
            _refuse_odd(target)
            if _stands(target, key, value):
                return
            target.added.append((key, deepcopy(value)))
            undo.append(target.added.pop)
        elif isinstance(target, list) and key is None:
            if not any(same(item, value) for item in target):
                target.append(deepcopy(value))
                undo.append(target.pop)
        elif isinstance(target, dict) and key is not None:
            if key not in target:
                target[key] = deepcopy(value)
                undo.append(lambda: target.pop(key))
            elif not _repeats(target[key], value):
                raise EditError(f"there is a member {key} already")
        else:
            raise EditError("it is another kind of value")

    def _at(self, pointer: Pointer) -> Any:
        """The part at a pointer, or the new data that stands there. Raises: EditError."""
        here: Any = self.root
        for token in pointer:
            if not isinstance(here, Part):
                here = _below(here, token)
                continue
            item = _item(here, token)
            if item is None:
                here = here.added[_added(here, token)][1]
            elif item.gone:
                raise EditError("another fix has removed this place")
            else:
                here = item.part if item.new is None else item.new[0]
        if isinstance(here, Part) and here.kind == "alias":
            raise EditError(ANCHORED)
        return here


def _item(part: Part, token: str) -> Item | None:
    """The member or item that a token names, None where it can only be a new one. Raises: EditError."""
    if part.kind == "alias":
        raise EditError(ANCHORED)
    if part.kind == "sequence":
        if not (token.isascii() and token.isdigit()):
            raise EditError("there is no such place")
        return part.items[int(token)] if int(token) < len(part.items) else None
    found = next((item for item in reversed(part.items) if item.key == token and not item.merge), None)
    if found is None and any(item.merge for item in part.items) and all(key != token for key, _ in part.added):
        raise EditError("it comes from a merge key, which other places use too: change it there")
    return found


def _added(part: Part, token: str) -> int:
    """The number of a new member or item. Raises: EditError."""
    if part.kind == "sequence":
        index = int(token) - len(part.items)
        if 0 <= index < len(part.added):
            return index
    for index, (key, _) in enumerate(part.added):
        if key == token and part.kind == "mapping":
            return index
    raise EditError("there is no such place")


def _below(data: Any, token: str) -> Any:
    try:
        return data[int(token)] if isinstance(data, list) else data[token]
    except (KeyError, IndexError, ValueError, TypeError):
        raise EditError("there is no such place") from None


def _assign(item: Item, name: str, value: Any, undo: Undo) -> None:
    before = getattr(item, name)
    if before is value:
        return
    setattr(item, name, value)
    undo.append(lambda: setattr(item, name, before))


def _rename(part: Part, item: Item, key: str, undo: Undo) -> None:
    if item.renamed == key:
        return
    if item.gone or item.renamed is not None or item.key is None:
        raise EditError("another fix has changed this place")
    _refuse_odd(part)
    if any(other.name == key for other in part.kept) or any(name == key for name, _ in part.added):
        raise EditError(f"there is a member {key} already")
    _assign(item, "renamed", key, undo)


def _refuse_odd(part: Part) -> None:
    if part.odd:
        raise EditError(part.odd)


def _stands(part: Part, key: str | None, value: Any) -> bool:
    """Whether an earlier edit made the same addition. Raises: EditError where a member of this name stands."""
    for name, known in part.added:
        if key is None and same(known, value):
            return True
        if key is not None and name == key:
            if not _repeats(known, value):
                raise EditError(f"there is a member {key} already")
            return True
    if key is not None and any(item.name == key for item in part.kept):
        raise EditError(f"there is a member {key} already")
    return key is None and any(item.new is not None and same(item.new[0], value) for item in part.kept)


def _repeats(known: Any, value: Any) -> bool:
    """Whether a new member is what stands there, or an empty object that was filled since."""
    return same(known, value) or (value == {} and isinstance(known, dict))


def _in_plain(data: Any, token: str, edit: SetValue | RenameKey | Remove, undo: Undo) -> None:
    """An edit inside of what an earlier one made."""
    _below(data, token)
    if not isinstance(edit, SetValue):
        raise EditError("another fix has made this place")
    at: Any = int(token) if isinstance(data, list) else token
    before = data[at]
    data[at] = deepcopy(edit.value)
    undo.append(lambda: data.__setitem__(at, before))


def _in_added(part: Part, token: str, edit: SetValue | RenameKey | Remove, undo: Undo) -> None:
    index = _added(part, token)
    if not isinstance(edit, SetValue):
        raise EditError("another fix has made this place")
    before = part.added[index]
    part.added[index] = (before[0], deepcopy(edit.value))
    undo.append(lambda: part.added.__setitem__(index, before))
