"""``module:app`` -> the object, or one line that says why there is none."""

from __future__ import annotations

import ast
import importlib
import os
import pkgutil
import re
import sys
from inspect import Parameter, isclass, iscoroutine, iscoroutinefunction, isfunction, signature
from typing import Any, Literal

from errlint.apps.raised import shown, told
from errlint.apps.screen import screened
from errlint.errors import ConfigError
from errlint.load.meant import did_you_mean
from errlint.model.record import record

FACTORIES = ("create_app", "make_app")
USUAL = ("app", "application", *FACTORIES)
"""Names of applications, and of what makes one, that nobody has to say."""

HINT = "write --app package.module:app, or package.module:factory()"

Kind = Literal["asgi", "asgi2", "wsgi"]

_MODULE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


@record
class Reference:
    """Where an application is: its module, the attribute (dotted) that holds it, and the arguments of a factory."""

    text: str
    module: str
    attribute: str
    arguments: tuple[Any, ...] | None = None


def reference(text: str) -> Reference:
    """Raises: ConfigError for what names no object."""
    head, colon, attribute = text.strip().partition(":")
    module = head.removesuffix(".py").replace("/", ".").replace("\\", ".").lstrip(".") if head.endswith(".py") else head
    if not _MODULE.fullmatch(module) or (colon and not attribute):
        raise ConfigError(f"--app {text[:80]!r} names no application", hint=HINT)
    name, called, rest = attribute.partition("(")
    if attribute and not _MODULE.fullmatch(name):
        raise ConfigError(f"--app {text[:80]!r} names no application", hint=HINT)
    arguments: tuple[Any, ...] | None = None
    if called:
        try:
            arguments = ast.literal_eval(f"({rest[:-1]},)" if rest[:-1].strip() else "()") if rest.endswith(")") else None
        except (ValueError, SyntaxError):
            arguments = None
        if arguments is None:
            raise ConfigError(f"--app {text[:80]!r}: the arguments of {name} are no plain values", hint=HINT)
    return Reference(text.strip(), module, name, arguments)


def found(wanted: Reference, folder: str) -> tuple[Any, Kind, str]:
    """The application, how it is called, and the name that holds it. ``folder`` is searched for its module first.

    Raises: ConfigError in one line for a module that cannot be imported, and for what is no application.
    """
    path = os.path.abspath(folder)
    if not os.path.isdir(path):
        raise ConfigError(f"--app-dir {folder}: there is no such folder")
    if path not in sys.path:
        sys.path.insert(0, path)
    with screened(shown=True, importing=True):
        _refuse_hidden(wanted.module.partition(".")[0], path)
        module = _imported(wanted, path)
        name = wanted.attribute or _usual(wanted, module)
        return *_called(wanted, _attribute(wanted, module, name)), name


def _refuse_hidden(name: str, folder: str) -> None:
    """Raises: ConfigError for a module of the folder that has the name of one of Python's own, which is imported already."""
    file = os.path.join(folder, f"{name}.py")
    known = getattr(sys.modules.get(name), "__file__", None)
    if name in sys.stdlib_module_names and name in sys.modules and os.path.isfile(file) and known != file:
        raise ConfigError(f"{shown(file)} has the name of Python's own module {name}", hint="give it another name")


def _imported(wanted: Reference, folder: str) -> Any:
    try:
        return importlib.import_module(wanted.module)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if wanted.module == missing or wanted.module.startswith(missing + "."):
            gone = _no_module(missing, folder)
            raise ConfigError(gone, hint="" if "; did you mean" in gone else _elsewhere(missing, folder)) from None
        raise ConfigError(
            f"cannot import {wanted.module}: {told(error)}", hint="errlint has to run where the application is installed"
        ) from None
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # the user's code: anything, what asyncio and pytest end a block with too
        raise ConfigError(f"cannot import {wanted.module}: {told(error)}") from None


def _no_module(missing: str, folder: str) -> str:
    parent = missing.rpartition(".")[0]
    package = sys.modules.get(parent) if parent else None
    if parent and not hasattr(package, "__path__"):
        return f"there is no module {missing}: {parent} is no package"
    near = [one.name for one in pkgutil.iter_modules(package.__path__ if package is not None else [folder])]
    meant = did_you_mean(missing, [f"{parent}.{one}" if parent else one for one in near])
    return f"there is no module {missing}{meant}" if parent else f"there is no module {missing} in {shown(folder)}{meant}"


def _elsewhere(module: str, folder: str) -> str:
    """Where the module may be instead."""
    first, dot, _ = module.partition(".")
    if dot:
        return ""
    for name in ("src", "app", "backend", "server", "api"):
        if any(os.path.exists(os.path.join(folder, name, first + end)) for end in ("", ".py")):
            return f"it is in {name}: add --app-dir {name}"
    return "--app-dir says where else to look"


def _usual(wanted: Reference, module: Any) -> str:
    """The name of a module's application, where the user says none."""
    name = next((name for name in USUAL if _has(module, name)), None) or next(iter(_applications(module)), None)
    if name is None:
        raise ConfigError(f"{wanted.module} has no app", hint=f"name it: --app {wanted.module}:NAME")
    return name


def _has(module: Any, name: str) -> bool:
    try:
        return hasattr(module, name)
    except Exception:  # a lazy module attribute is the user's code
        return False


def _attribute(wanted: Reference, module: Any, dotted: str) -> Any:
    held = module
    for name in dotted.split("."):
        try:
            held = getattr(held, name)
        except Exception:  # a lazy module attribute is the user's code
            raise ConfigError(_no_attribute(wanted, module, name)) from None
    return held


def _no_attribute(wanted: Reference, module: Any, name: str) -> str:
    meant = did_you_mean(name, [one for one in vars(module) if not one.startswith("_")])
    has = ", ".join(_applications(module)[:5])
    return f"{wanted.module} has no {name}{meant or (f'; it has {has}' if has else '')}"


def _applications(module: Any) -> list[str]:
    """The names of a module's applications."""
    return [name for name, value in vars(module).items() if not name.startswith("_") and _is_instance(value)]


def _is_instance(value: Any) -> bool:
    return not isclass(value) and not isfunction(value) and kind_of(value) is not None


def _called(wanted: Reference, held: Any) -> tuple[Any, Kind]:
    """The application that an object is, or makes."""
    if wanted.arguments is not None or (kind_of(held) is None and _needs_nothing(held)):
        try:
            held = held(*(wanted.arguments or ()))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # the user's code: anything
            raise ConfigError(f"{wanted.text} cannot be made: {told(error)}") from None
        if iscoroutine(held):
            held.close()
            raise ConfigError(f"{wanted.text} is made by a coroutine", hint="name a factory that is no async def")
    elif missing := _wanting(held):
        raise ConfigError(f"{wanted.text} is made from {', '.join(missing)}", hint="write their values: module:factory('x', 1)")
    kind = kind_of(held)
    if kind is None:
        raise ConfigError(f"{wanted.text} is no ASGI or WSGI application but {_described(held)}", hint=HINT)
    return held, kind


def _described(held: Any) -> str:
    return (
        f"the {type(held).__name__} {held.__name__}" if isclass(held) or isfunction(held) else f"of type {type(held).__name__}"
    )


def _required(call: Any) -> int | None:
    """How many arguments a call needs, None where nobody can say."""
    try:
        parameters = signature(call).parameters.values()
    except Exception:  # what it is wrapped in may be asked, which is the user's code
        return None
    return sum(
        one.default is Parameter.empty and one.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
        for one in parameters
    )


def _wanting(held: Any) -> list[str]:
    """The arguments that a factory needs: a function with one of the usual names for what makes an application."""
    if not isfunction(held) or held.__name__ not in FACTORIES or not _required(held):
        return []
    return [one.name for one in signature(held).parameters.values() if one.default is Parameter.empty]


def _needs_nothing(held: Any) -> bool:
    return callable(held) and _required(held) == 0


def kind_of(held: Any) -> Kind | None:
    """How an object is called as an application, None where it is none."""
    if isclass(held):
        return "asgi2" if _required(held) == 1 and "scope" in signature(held).parameters else None
    if not callable(held):
        return None
    call = held if isfunction(held) else type(held).__call__
    plain = getattr(call, "__wrapped__", call)
    if iscoroutinefunction(call) or iscoroutinefunction(plain):
        return "asgi" if _required(held) in (3, None, 0) and not _is_handler(held) else None
    needed = _required(held)
    if needed == 3:
        return "asgi"  # it returns what is awaited
    return "wsgi" if needed == 2 else None


def _is_handler(held: Any) -> bool:
    return (
        isfunction(held)
        and _required(held) == 0
        and not any(one.kind is Parameter.VAR_POSITIONAL for one in signature(held).parameters.values())
    )
