"""One ``[env.NAME]`` of a config: a service to probe, and where each of its keys stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from errlint.config.file import ConfigFile
from errlint.errors import ConfigError
from errlint.load.meant import did_you_mean
from errlint.model.finding import Location
from errlint.model.record import field, record


@record
class Environment:
    """What a config says of a service: ``data`` is the checked table."""

    name: str
    file: ConfigFile
    data: Mapping[str, Any] = field(repr=False)

    def at(self, *tokens: str) -> Location:
        """The location of a key in it."""
        return self.file.at(("env", self.name, *tokens))


def chosen(environments: Mapping[str, Environment], name: str) -> Environment:
    """The environment of that name. Raises: ConfigError."""
    if name in environments:
        return environments[name]
    if not environments:
        raise ConfigError(f"there is no environment {name}: no config has one", hint=f"write [env.{name}] in errlint.toml")
    meant = did_you_mean(name, environments)
    raise ConfigError(f"there is no environment {name}{meant}", hint=f"the config has {', '.join(environments)}")
