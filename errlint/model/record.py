"""Value classes at the price of a class statement: what ``@dataclass(frozen=True, slots=True)`` gives, built when first used.

Forty dataclasses cost a third of a short run: ``dataclasses`` imports ``inspect`` and compiles five methods a class, and each
instance pays ``object.__setattr__`` for every member. Here a class costs its slots, ``__init__`` is compiled at the first
instance, and type checkers see a frozen dataclass (PEP 681).
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")

_NONE: Any = object()


class _Field:
    """How a member is made and compared, where a plain default does not say it."""

    __slots__ = ("compare", "default", "factory", "repr")

    def __init__(self, default: Any, factory: Callable[[], Any] | None, compare: bool, repr: bool) -> None:  # noqa: A002
        self.default = default
        self.factory = factory
        self.compare = compare
        self.repr = repr


def field(
    *,
    default: Any = _NONE,
    default_factory: Callable[[], Any] | None = None,
    compare: bool = True,
    repr: bool = True,  # noqa: A002
) -> Any:
    """A member with a default that is made anew for each instance, or that is no part of the value or its text."""
    return _Field(default, default_factory, compare, repr)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """A class of immutable values: slots, compared and hashed by their members."""
    return _built(cls, frozen=True)


@dataclass_transform(eq_default=False, field_specifiers=(field,))
def mutable(cls: type[T]) -> type[T]:
    """A class whose instances gather something: slots, each equal to itself only."""
    return _built(cls, frozen=False)


def replace(value: T, /, **changes: Any) -> T:
    """The value with some members changed. Raises: TypeError for a member that it does not have."""
    names: tuple[str, ...] = value.__match_args__  # type: ignore[attr-defined]
    return type(value)(**{name: getattr(value, name) for name in names if name not in changes}, **changes)


def _built(cls: type[T], *, frozen: bool) -> type[T]:
    names = tuple(getattr(cls, "__annotations__", {}))  # a record has no record above it
    space = {key: value for key, value in cls.__dict__.items() if key not in (*names, "__dict__", "__weakref__")}
    fields = {name: _as_field(cls.__dict__.get(name, _NONE)) for name in names}
    cached = any(type(value).__name__ == "cached_property" for value in space.values())
    space["__slots__"] = (*names, "__dict__") if cached else names
    space["__match_args__"] = names
    space["__fields__"] = fields
    space["__init__"] = _first
    space.setdefault("__repr__", _text)
    space["__reduce__"] = _reduced
    if frozen:
        compared = [name for name, one in fields.items() if one.compare]
        key = attrgetter(*compared) if compared else _nothing
        space.update(__setattr__=_refuse, __delattr__=_refuse)
        space.setdefault("__eq__", _equality(key))
        space.setdefault("__hash__", lambda self: hash(key(self)))
    made: type[T] = type(cls.__name__, cls.__bases__, space)
    return made


_PLAIN = _Field(_NONE, None, True, True)


def _as_field(default: Any) -> _Field:
    if default is _NONE:
        return _PLAIN
    return default if isinstance(default, _Field) else _Field(default, None, True, True)


def _nothing(value: Any) -> tuple[()]:
    return ()


def _equality(key: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    def equal(self: Any, other: Any) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self is other or key(self) == key(other)

    return equal


def _first(self: Any, *values: Any, **named: Any) -> None:
    """The constructor of a class that has no instance yet: makes the real one and calls it."""
    cls = type(self)
    cls.__init__ = _constructor(cls)
    cls.__init__(self, *values, **named)


def _constructor(cls: Any) -> Callable[..., None]:
    """``__init__`` compiled from the members; a frozen class sets its slots behind ``__setattr__``."""
    frozen = cls.__setattr__ is _refuse
    space: dict[str, Any] = {"_none": _NONE}
    parameters, body = [], []
    for name, one in cls.__fields__.items():
        value = name
        if one.factory is not None:
            space[f"_make_{name}"] = one.factory
            parameters.append(f"{name}=_none")
            value = f"_make_{name}() if {name} is _none else {name}"
        elif one.default is not _NONE:
            space[f"_default_{name}"] = one.default
            parameters.append(f"{name}=_default_{name}")
        else:
            parameters.append(name)
        if frozen:
            space[f"_set_{name}"] = cls.__dict__[name].__set__
            body.append(f" _set_{name}(self, {value})")
        else:
            body.append(f" self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append(" self.__post_init__()")
    exec(f"def __init__({', '.join(['self', *parameters])}):\n" + "\n".join(body or [" pass"]), space)  # noqa: S102
    made: Callable[..., None] = space["__init__"]
    return made


def _refuse(self: Any, name: str, *value: Any) -> NoReturn:
    raise AttributeError(f"{type(self).__name__} is immutable: {name} cannot be set")


def _text(self: Any) -> str:
    shown = (f"{name}={getattr(self, name)!r}" for name, one in self.__fields__.items() if one.repr)
    return f"{type(self).__name__}({', '.join(shown)})"


def _reduced(self: Any) -> tuple[Any, tuple[Any, ...]]:
    return type(self), tuple(getattr(self, name) for name in self.__match_args__)
