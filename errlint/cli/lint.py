"""``errlint lint``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from errlint.cli.options import FAIL_ON, catalog_option, finish, judging, output, root_option, settings

if TYPE_CHECKING:
    from errlint.load.source import Document


@click.command("lint")
@click.argument("documents", nargs=-1, metavar="SPEC...")
@catalog_option
@root_option
@judging
def command(
    documents: Sequence[str],
    catalogs: Sequence[str],
    root: str | None,
    select: Sequence[str],
    extend_select: Sequence[str],
    ignore: Sequence[str],
    severity: Sequence[str],
    fail_on: str,
    **shown: Any,
) -> int:
    """Judge what OpenAPI documents (2.0 to 3.2, YAML or JSON; - is stdin) declare about their errors."""
    from errlint import api
    from errlint.errors import ConfigError

    out = output(**shown)
    rules = settings(select, extend_select, ignore, severity)
    if not documents:
        raise ConfigError("no document to lint", hint="name an OpenAPI document: errlint lint openapi.yaml")
    return finish(
        "lint",
        out,
        lambda: api.lint([_source(name) for name in documents], catalogs, rules, root=root, fail_on=FAIL_ON[fail_on]),
    )


def _source(name: str) -> Document:
    """The named document; ``-`` is standard input."""
    from errlint.load.source import load, read

    return load(sys.stdin.buffer.read(), "-") if name == "-" else read(name)
