"""Which members of JSON or YAML data are which fields of an entry: pointers that a user gives, or that the data suggest.

A path is an RFC 6901 pointer whose token ``*`` walks an array or the members of an object; ``@key`` as the last token is
the name of the member that the ``*`` before it chose: ``code=/errors/*/@key``. A path without ``*`` starts at the entry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from errlint.draft.tables import headers
from errlint.errors import ConfigError
from errlint.load.meant import did_you_mean
from errlint.model import pointer as pointers
from errlint.model.pointer import Pointer
from errlint.model.record import record

KEY = "@key"
FIELDS = (
    *("code", "id", "status", "name", "layer", "category", "message", "description", "resolution", "retry"),
    *("operations", "owner", "since", "deprecated", "links", "tags"),
)
INSTEAD = {
    "id": "code",
    "title": "message",
    "httpStatusCode": "status",
    "http_status_code": "status",
    "links": "links",
    "tags": "tags",
}
"""Members that mean a field where no better one is there."""

MOST = 300_000
"""Values that are looked at for a mapping."""

DEEPEST = 12


@record
class Mapped:
    """Where entries stand (patterns of pointers), and where in each its fields are (pointers from there, or ``@key``)."""

    rows: tuple[Pointer, ...]
    fields: Mapping[str, Pointer]

    def told(self) -> str:
        """The mapping as the option takes it: ``--map code=/errors/*/id``."""
        first = self.rows[0]
        return " ".join(f"--map {field}={pointers.text((*first, *at))}" for field, at in self.fields.items())


def parsed(options: Sequence[str]) -> dict[str, Pointer]:
    """The fields and pointers of ``--map`` options. Raises: ConfigError."""
    found: dict[str, Pointer] = {}
    for option in options:
        field, equals, path = option.partition("=")
        if not equals:
            raise ConfigError(f"--map {option} has no path", hint="write FIELD=/path, such as code=/errors/*/id")
        if field not in FIELDS:
            raise ConfigError(f"--map {field}: no field of an entry{did_you_mean(field, list(FIELDS))}")
        if field in found:
            raise ConfigError(f"--map {field} is there twice", hint=f"keep one path of {field}")
        if path == KEY:
            path = f"/{KEY}"
        if path and not path.startswith("/"):
            raise ConfigError(
                f"--map {field}={path} is no JSON Pointer (RFC 6901)",
                hint=f"write {field}=/{path.strip('$.').replace('.', '/')}",
            )
        found[field] = pointers.parse(path)
        if KEY in found[field][:-1]:
            raise ConfigError(f"--map {field}={path}: {KEY} stands last: it is the name that the * before it chose")
    if found and "code" not in found:
        raise ConfigError("--map says nothing of the code", hint="add --map code=/path")
    return found


def given(data: Any, paths: Mapping[str, Pointer]) -> Mapped | None:
    """The mapping of a user's paths; where the code's has no ``*`` the entries are looked for. None where none is found."""
    code = paths["code"]
    if "*" in code:
        row = code[: len(code) - code[::-1].index("*")]
        return Mapped((row,), {field: _relative(path, row) for field, path in paths.items()})
    best = [row for row, items in _collections(data).items() if any(_has(item, code) or code == (KEY,) for item in items)]
    return Mapped((best[0],), paths) if best else None


def _relative(path: Pointer, row: Pointer) -> Pointer:
    if path[: len(row)] == row:
        return path[len(row) :]
    if "*" in path:
        raise ConfigError(
            f"--map {pointers.text(path)} does not lie below the entries, {pointers.text(row)}",
            hint="all paths go through the same *",
        )
    return path


def _has(item: Any, path: Pointer) -> bool:
    return any(True for _ in pointers.walk(item, path))


def guessed(data: Any) -> Mapped | None:
    """The mapping that the data suggest: objects with a member for a code and one for a status or a text; else None."""
    best: tuple[tuple[int, int], Pointer, dict[str, Pointer]] | None = None
    collections = _collections(data)
    for row, items in collections.items():
        fields = _fields(row, items)
        if fields is not None:
            score = (len(fields) + ("status" in fields), len(items))
            if best is None or score > best[0]:
                best = (score, row, fields)
    if best is None:
        return None
    _, first, fields = best
    rows = [row for row, items in collections.items() if row != first and _fields(row, items) == fields]
    return Mapped((first, *rows), fields)


def _collections(data: Any) -> dict[Pointer, list[Any]]:
    """The objects that stand beside each other, by the pattern of their place, in document order."""
    found: dict[Pointer, list[Any]] = {}
    left = [MOST]

    def look(value: Any, at: Pointer) -> None:
        left[0] -= 1
        if left[0] < 0 or len(at) > DEEPEST:
            return
        if isinstance(value, list):
            items = [item for item in value if isinstance(item, dict)]
            if items:
                found.setdefault((*at, "*"), []).extend(items)
            for item in value:
                look(item, (*at, "*"))
        elif isinstance(value, dict):
            keyed = len(value) > 1 and all(isinstance(item, dict) for item in value.values()) and _alike(list(value.values()))
            if keyed:
                found.setdefault((*at, "*"), []).extend({**item, KEY: key} for key, item in value.items())
            for key, item in value.items():
                look(item, (*at, "*" if keyed else str(key)))

    look(data, ())
    return found


def _alike(items: Sequence[Mapping[str, Any]]) -> bool:
    """Whether objects have a member in common, as entries of one kind do."""
    names = Counter(name for item in items for name in item)
    return any(count * 2 > len(items) and headers.meant(str(name)) for name, count in names.items())


def _fields(row: Pointer, items: Sequence[Mapping[str, Any]]) -> dict[str, Pointer] | None:
    names = Counter(str(name) for item in items for name in item)
    usual = [name for name, count in names.items() if count * 3 >= len(items) and name != KEY]
    fields: dict[str, Pointer] = {}
    for name in usual:
        field = headers.meant(name)
        if field is not None and field not in fields and _fits(field, items, name):
            fields[field] = (name,)
    for name in usual:
        field = INSTEAD.get(name)
        if field is not None and field not in fields and _fits(field, items, name):
            fields[field] = (name,)
    if "code" not in fields and KEY in names:
        fields["code"] = (KEY,)
    elif "code" not in fields and "name" in fields:
        fields["code"] = fields.pop("name")
    telling = fields.keys() & {"status", "message", "description", "resolution"}
    if "code" not in fields or not telling or len(items) < 2:
        return None
    codes = [str(item.get(fields["code"][0])) for item in items]
    return {field: fields[field] for field in FIELDS if field in fields} if len(set(codes)) * 2 > len(codes) else None


def _fits(field: str, items: Sequence[Mapping[str, Any]], name: str) -> bool:
    """Whether the member holds what the field does: one word or a number for a code, a status for a status."""
    from errlint.draft.statuses import in_text, is_status

    values = [item[name] for item in items if item.get(name) is not None][:200]
    if field == "status":
        return any(is_status(value) or (isinstance(value, str) and in_text(value)) for value in values)
    if field == "code":
        return all(isinstance(value, str | int) and not isinstance(value, bool) and " " not in str(value) for value in values)
    if field in ("links", "tags", "operations"):
        return all(isinstance(value, list) for value in values)
    return all(isinstance(value, str | int | bool) for value in values)


def rows(data: Any, mapped: Mapped) -> Iterator[tuple[Pointer, dict[str, Any]]]:
    """Each entry's place and the values of its fields."""
    for pattern in mapped.rows:
        for at, item in pointers.walk(data, pattern):
            found: dict[str, Any] = {}
            for field, path in mapped.fields.items():
                if path == (KEY,):
                    found[field] = at[-1]
                    continue
                value = next((value for _, value in pointers.walk(item, path)), None)
                if value is not None:
                    found[field] = value
            yield at, found
