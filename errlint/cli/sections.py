"""The help of commands that have many options: under headings, as wide as the terminal is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

WIDEST = 100
"""Columns of a help text at the most: longer lines are hard to read."""

LONGEST_NAMES = 30
"""Columns of an option's names that its help stands beside; below longer ones."""

SECTIONS = {
    "Documents": "apps app_dir catalogs root allow_remote against",
    "Service": "url origin env headers path_params auth low_auth auth_tests ca insecure cert key proxy",
    "Requests": "writes include exclude generated recipes stress fuzz stateful seed only dry_run",
    "Limits": "max_requests max_requests_per_operation rate timeout max_time concurrency",
    "Recordings": "record replay",
    "Versions": "changelog",
    "Rules": "select extend_select ignore severity profile preview fail_on min_coverage inconclusive",
    "Known findings": "baseline baseline_update baseline_prune since",
    "Fixes": "fix unsafe_fixes diff",
    "Output": "formats show verbose quiet statistics color",
    "Many documents": "jobs no_cache cache_dir",
    "Configuration": "config isolated",
}
"""The parameters of commands by heading; the others stand below Options, the last."""


class Sectioned(click.Command):
    """A command whose options stand under headings."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the options, each section with its heading and all with one width of their names."""
        told = {
            heading: [line for one in parameters if (line := one.get_help_record(ctx)) is not None]
            for heading, parameters in _sections([one for one in self.get_params(ctx) if not isinstance(one, click.Argument)])
        }
        width = max(len(names) for lines in told.values() for names, _ in lines if len(names) <= LONGEST_NAMES)
        for heading, lines in told.items():
            if lines:
                with formatter.section(heading):
                    formatter.write_dl([(names.ljust(width), words) for names, words in lines], col_max=width)


def _sections(parameters: Sequence[click.Parameter]) -> Iterator[tuple[str, list[click.Parameter]]]:
    by_name = {one.name: one for one in parameters}
    for heading, names in SECTIONS.items():
        yield heading, [by_name.pop(name) for name in names.split() if name in by_name]
    yield "Options", list(by_name.values())
