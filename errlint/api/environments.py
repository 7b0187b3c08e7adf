"""The options of a probe: what the command line says, before what an ``[env.NAME]`` of the config says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from errlint.errors import ConfigError
from errlint.model.record import replace

if TYPE_CHECKING:
    from errlint.config.environment import Environment
    from errlint.probe.options import Options

PLAIN = ("writes", "rate", "concurrency", "timeout", "max-time", "max-requests", "max-requests-per-operation", "auth-tests")
"""Keys of an environment that are options of the same name and value."""

AUTH = {"auth": "auth", "low-auth": "low_auth"}


def probe_options(
    line: Mapping[str, Any],
    defaults: Mapping[str, Any],
    environ: Mapping[str, str],
    environment: Environment | None = None,
) -> Options:
    """The options of a probe.

    ``line`` are members of Options that the command line gave, with ``auth`` and ``low_auth`` as texts
    (``bearer:env:TOKEN``); ``defaults`` hold where nobody says otherwise. Selectors of ``exclude`` add up, a header of the
    command line beats the one of the environment. ``environ`` is where ``env:NAME`` is looked up.

    Raises: ConfigError, with the place in the config where it is there.
    """
    from errlint.probe.auth_given import Origin, read_auth
    from errlint.probe.options import Options

    said = {name: value for name, value in line.items() if value not in (None, (), "")}
    for option, key in AUTH.items():
        if key in said:
            said[key] = read_auth(tuple(said[key]), Origin(f"--{option}", environ))
    held = of_environment(environment, environ) if environment is not None else {}
    if "base_url" not in said and "base_url" not in held:
        where = environment.at() if environment is not None else None
        raise ConfigError("no url to probe", where, "give --url BASE, or --env NAME for a url in the config")
    if environment is not None:
        _located(held, environment)
    for member, combined in (("headers", _headers), ("exclude", _both), ("path_params", _by_name)):
        if member in said and member in held:
            said[member] = combined(held[member], said[member])
    return Options(**{**defaults, **held, **said})


def of_environment(environment: Environment, environ: Mapping[str, str]) -> dict[str, Any]:
    """The members of Options that an environment sets; its paths are relative to its config. Raises: ConfigError."""
    from errlint.probe.auth_given import Origin, read_auth, read_headers

    data, file = environment.data, environment.file
    origin = Origin(f"env.{environment.name}", environ, file.folder, environment.at)
    found: dict[str, Any] = {key.replace("-", "_"): data[key] for key in PLAIN if key in data}
    found |= {key: _words(data[key]) for key in ("include", "exclude") if key in data}
    if "url" in data:
        found["base_url"] = origin.value(data["url"], "url")
    if "headers" in data:
        found["headers"] = tuple(read_headers(data["headers"], origin, "headers"))
    if "ca" in data:
        found["verify"] = file.path(data["ca"])
    if "path-params" in data:
        found["path_params"] = tuple((str(name), str(value)) for name, value in data["path-params"].items())
    if "proxy" in data:
        found["proxy"] = origin.value(data["proxy"], "proxy")
    for option, key in AUTH.items():
        if option in data:
            below = replace(origin, name=f"{origin.name}.{option}", at=_at(environment, option))
            found[key] = read_auth(data[option], below)
    return found


def _at(environment: Environment, option: str) -> Any:
    return lambda *tokens: environment.at(option, *tokens)


def _located(held: Mapping[str, Any], environment: Environment) -> None:
    """Raises: ConfigError, with its place, for an environment that makes no sense by itself."""
    from errlint.probe.options import Options

    try:
        Options(**{"base_url": "http://localhost", **held})
    except ConfigError as error:
        key = next((key for word, key in (("base url", "url"), ("proxy", "proxy")) if word in error.message), None)
        raise ConfigError(error.message, environment.at(*((key,) if key else ())), error.hint) from None


def _words(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _both(held: tuple[str, ...], said: Sequence[str]) -> tuple[str, ...]:
    return (*held, *said)


def _headers(held: Sequence[tuple[str, str]], said: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    names = {name.lower() for name, _ in said}
    return (*(pair for pair in held if pair[0].lower() not in names), *said)


def _by_name(held: Sequence[tuple[str, str]], said: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple({**dict(held), **dict(said)}.items())
