"""The options that commands share, as data, and what those of judging commands ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from errlint.cli.table import option
from errlint.config import FAIL_ON, SHOW, Asked, Settings, level
from errlint.errors import ConfigError
from errlint.model.finding import Severity
from errlint.report import FORMATS

CATALOG = option(
    "--catalog",
    target="catalogs",
    multiple=True,
    metavar="FILE|builtin:NAME",
    help="Catalog of error codes; repeat for several.",
    complete="catalogs",
)
ROOT = option("--root", metavar="DIR", help="Folder that $ref may not leave.  [default: the document's]")

APPLICATION = (
    option(
        "--app",
        target="apps",
        multiple=True,
        metavar="MODULE:APP",
        help="Application to import: FastAPI, Starlette, Litestar, Flask, any ASGI or WSGI; factory() works too.",
    ),
    option("--app-dir", metavar="DIR", help="Folder to import it from.  [default: this one]"),
)
"""The options of every command that takes an application in the place of a document."""

CONFIGURED = (
    option("--config", metavar="FILE", help="This config, whatever else is nearest.  [default: errlint.toml]"),
    option("--isolated", flag=True, help="Read no config."),
)
"""The options of every command that reads a config."""

RULES: dict[str, Any] = {"multiple": True, "metavar": "RULES", "complete": "rules"}
LEVELS: dict[str, Any] = {"multiple": True, "metavar": "RULE=LEVEL", "complete": "severities"}
COLOR = option("--color", choices=("auto", "always", "never"), default="auto", help="Colours: auto is on a terminal.")

JUDGING = (
    option(
        "--select", multiple=True, complete="rules", metavar="RULES", help="Only these rules: ids, prefixes (COD) or names."
    ),
    option("--extend-select", multiple=True, complete="rules", metavar="RULES", help="These rules too."),
    option("--ignore", multiple=True, complete="rules", metavar="RULES", help="Not these rules."),
    option(
        "--severity",
        multiple=True,
        complete="severities",
        metavar="RULE=LEVEL",
        help="Change a rule: error, warning, note or off.",
    ),
    option("--profile", choices=("default", "strict"), help="strict: also what is off by default."),
    option("--preview", flag=True, help="Preview rules speak at their own severity."),
    option("--fail-on", choices=tuple(FAIL_ON), help="What makes exit 1.  [default: error]"),
    option("--show", choices=tuple(SHOW), help="What the text report shows.  [default: warnings]"),
    option(
        "-f",
        "--format",
        target="formats",
        multiple=True,
        metavar="FORMAT[:FILE]",
        complete="formats",
        help=f"Report, to FILE or standard output; repeat for several: {', '.join(FORMATS)}.  "
        "[default: text; in GitHub Actions github too]",
    ),
    option("-v", "--verbose", flag=True, help="Every place of a finding."),
    option("-q", "--quiet", flag=True, help="Only errors, nothing beside them: no totals, no progress."),
    option("--statistics", flag=True, help="Also print how many findings each rule has."),
    COLOR,
)
"""The options of every command that judges."""


def asked(
    select: Sequence[str],
    extend_select: Sequence[str],
    ignore: Sequence[str],
    severity: Sequence[str],
    profile: str | None,
    preview: bool,
    fail_on: str | None,
    **others: Any,
) -> Asked:
    """What the command line asks for; ``others`` are catalogs, root and baseline. Raises: ConfigError for an unknown level."""
    levels: dict[str, Severity] = {}
    for item in severity:
        rule, equals, word = item.partition("=")
        if not equals:
            raise ConfigError(f"--severity {item!r} has no level", hint="write RULE=error, warning, note or off")
        levels[rule] = level(word)
    return Asked(
        settings=Settings(_words(select), _words(extend_select), _words(ignore), levels),
        profile="strict" if profile == "strict" else "default" if profile else None,
        preview=preview,
        fail_on=FAIL_ON[fail_on] if fail_on else None,
        **others,
    )


def _words(values: Sequence[str]) -> tuple[str, ...]:
    """Options may repeat, and hold several words with commas between them."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())
