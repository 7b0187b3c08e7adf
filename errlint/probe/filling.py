"""A step of a recipe and the values known so far -> the request: every placeholder filled in and quoted for its place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit
from uuid import UUID

from errlint.match import budget
from errlint.model import pointer as pointers
from errlint.model.exchange import ABSENT
from errlint.model.placeholder import ESCAPED, FRESH, PLACEHOLDER
from errlint.model.recipe import Saved, Step
from errlint.probe.values import segment

FORM = "application/x-www-form-urlencoded"

LONGEST = 4096
"""Characters of a saved value: more is no id, and no header or path takes it."""


class NoValueError(Exception):
    """A request cannot be made, or an answer has no value to save: in words that end a sentence."""


class Values:
    """The values of one recipe by name: saved ones, and fresh ones that depend on the seed and the recipe only."""

    def __init__(self, dice: Callable[[str], Random]) -> None:
        self._dice = dice
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        """The value of a placeholder. Raises: NoValueError."""
        if name not in self._known:
            kind = FRESH.fullmatch(name)
            if kind is None:
                raise NoValueError(f"${{{name}}} has no value")
            self._known[name] = _fresh(kind.group(1), self._dice(name))
        return self._known[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._known[name] = value

    def text(self, name: str) -> str:
        """The value as a text, as JSON writes it where it is none. Raises: NoValueError."""
        value = self[name]
        return value if isinstance(value, str) else json.dumps(value)

    def filled(self, text: str, quoted: Callable[[str], str] = str, plain: Callable[[str], str] = str) -> str:
        """A text with its placeholders filled in; ``quoted`` is for the values, ``plain`` for what stands around them."""
        parts: list[str] = []
        end = 0
        for found in PLACEHOLDER.finditer(text):
            parts.append(plain(text[end : found.start()]))
            parts.append(plain("${") if found.group() == ESCAPED else quoted(self.text(found.group(1) or "")))
            end = found.end()
        return "".join([*parts, plain(text[end:])])

    def inside(self, value: Any) -> Any:
        """JSON data with its placeholders filled in: a text that is one placeholder becomes the value itself."""
        if isinstance(value, str):
            whole = PLACEHOLDER.fullmatch(value)
            return self[whole.group(1)] if whole is not None and whole.group(1) is not None else self.filled(value)
        if isinstance(value, dict):
            return {self.filled(key): self.inside(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.inside(item) for item in value]
        return value


def _fresh(kind: str, rng: Random) -> Any:
    if kind == "uuid":
        return str(UUID(int=rng.getrandbits(128), version=4))
    if kind == "int":
        return rng.randrange(1, 2**31)
    return "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(12))


def url(step: Step, values: Values, base: str) -> str:
    """The address of a step. Raises: NoValueError where it would leave the host of the base url."""
    whole = PLACEHOLDER.fullmatch(step.path)
    if whole is not None and whole.group(1) is not None:
        address = _given(values.text(whole.group(1)), base)
    else:
        path, mark, query = step.path.partition("?")
        path = values.filled(path, segment, _around)
        address = base + ("" if path.startswith("/") else "/") + path
        address += mark + values.filled(query, _query, _around)
    if _host(address) != _host(base):
        raise NoValueError("its address is on another host")
    pairs = [(name, value) for name, item in step.query.items() for value in _listed(item)]
    filled = [(values.filled(name), values.filled(_text(value))) for name, value in pairs]
    return address + ("&" if "?" in address else "?") + urlencode(filled) if filled else address


def _given(text: str, base: str) -> str:
    """The address that a service gave, absolute or not (RFC 3986 section 5). Raises: NoValueError."""
    try:
        return urljoin(base + "/", quote(text, safe="/?:@!$&'()*+,;=~%-._[]", errors="surrogatepass")).partition("#")[0]
    except ValueError:
        raise NoValueError("its address cannot be read") from None


def _host(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        raise NoValueError("its address cannot be read") from None
    return parts.scheme, parts.netloc


def _around(text: str) -> str:
    return quote(text, safe="/?:@!$&'()*+,;=~%-._")


def _query(text: str) -> str:
    return quote(text, safe="")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    """A scalar as a request carries it; true and false as JSON writes them."""
    return value if isinstance(value, str) else json.dumps(value)


_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def headers(step: Step, values: Values) -> list[tuple[str, str]]:
    """The headers that a step sets. Raises: NoValueError for a value that no header can hold (RFC 9110 section 5.5)."""
    found = [(name, values.filled(_text(value)).strip()) for name, value in step.headers.items()]
    for name, value in found:
        if _CONTROL.search(value) or not value.isprintable():
            raise NoValueError(f"the value of its header {name} holds characters that no header can hold")
    return found


def body(step: Step, values: Values, content_type: str) -> bytes | None:
    """The body of a step, None where it has none."""
    if step.body is ABSENT:
        return None
    if isinstance(step.body, str):
        return values.filled(step.body).encode("utf-8", "surrogatepass")
    data = values.inside(step.body)
    if isinstance(data, dict) and content_type.partition(";")[0].strip().lower() == FORM:
        return urlencode([(name, _text(item)) for name, value in data.items() for item in _listed(value)]).encode()
    return json.dumps(data).encode()


def save(name: str, saved: Saved, headers: Mapping[str, str], body: bytes) -> Any:
    """The value that a step saves from an answer. Raises: NoValueError."""
    if saved.header:
        where, value = f"the header {saved.header}", headers.get(saved.header.lower(), ABSENT)
    else:
        where = f"a member {pointers.text(saved.pointer or ())}" if saved.pointer else "JSON in its body"
        value = _at(body, saved.pointer or ())
    if value is ABSENT:
        raise NoValueError(f"{where} is missing, {name} cannot be saved")
    if saved.extract:
        match = budget.search(saved.extract, value) if isinstance(value, str) else None
        value = match.group(1) if match is not None else None
        if value is None:
            raise NoValueError(f"{where} does not hold what {name} is taken from")
    if len(value if isinstance(value, str) else json.dumps(value)) > LONGEST:
        raise NoValueError(f"the value of {name} is too long")
    return value


def _at(body: bytes, pointer: pointers.Pointer) -> Any:
    try:
        return pointers.get(json.loads(body), pointer)
    except (KeyError, ValueError, RecursionError):
        return ABSENT
