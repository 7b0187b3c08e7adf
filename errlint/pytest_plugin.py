"""errlint as a plugin of pytest (entry point ``pytest11``): the fixture ``error_contract`` and the options ``--errlint-*``.

Every pytest run with errlint installed imports this module: everything else is imported where somebody uses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from errlint.testing.fixture import ErrorContract

SESSION = "errlint-session"
"""The name of the plugin that does the work, where there is any."""

OPTIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("catalog", "FILE", {"action": "append", "help": "hold errors to this catalog, a file or builtin:NAME; repeats"}),
    ("spec", "FILE", {"help": "the OpenAPI document: it says which operation a request meets, and what that one declares"}),
    (
        "check",
        "{called,seen}",
        {
            "choices": ("called", "seen"),
            "help": "which answers fail their test: those passed to error_contract.check (called, the default), "
            "or all that the suite's clients get (seen)",
        },
    ),
    (
        "fail-on",
        "{error,warning,note}",
        {"choices": ("error", "warning", "note"), "help": "the mildest finding that fails a test; default: error"},
    ),
    ("record", "FILE", {"help": "write a catalog of the errors that the suite saw; what somebody edited is kept"}),
    (
        "min-coverage",
        "[LAYER=]PERCENT",
        {"action": "append", "help": "fail where fewer of the catalog's codes were seen, in all or of one layer; repeats"},
    ),
    (
        "url",
        "URL",
        {"action": "append", "help": "count answers of this host, too, not only in-process and local ones; repeats"},
    ),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("errlint", "error contract (errlint)")
    for name, metavar, how in OPTIONS:
        key = f"errlint_{name.replace('-', '_')}"
        group.addoption(f"--errlint-{name}", dest=key, metavar=metavar, default=None, **how)
        if how.get("action") == "append":
            parser.addini(key, f"as --errlint-{name}", type="args", default=[])
        else:
            parser.addini(key, f"as --errlint-{name}", type="string", default="")


def pytest_configure(config: pytest.Config) -> None:
    _as_it_is(config)
    keys = (f"errlint_{name.replace('-', '_')}" for name, _, _ in OPTIONS)
    if any(config.getoption(key, None) or config.getini(key) for key in keys):
        _session(config)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: Any) -> None:
    """Takes over what a worker of xdist saw."""
    told = (getattr(node, "workeroutput", None) or {}).get("errlint")
    if told is not None or node.config.pluginmanager.hasplugin(SESSION):
        _session(node.config).include(told)


@pytest.fixture(scope="session")
def error_contract(pytestconfig: pytest.Config) -> ErrorContract:
    """Holds answers to the error contract: ``error_contract.check(client.get("/models/zz"))``."""
    from errlint.testing.fixture import ErrorContract

    return ErrorContract(_session(pytestconfig))


def _as_it_is(config: pytest.Config) -> None:
    """Has errlint imported as any library is.

    pytest rewrites the asserts of all modules of a plugin's distribution. There are none here, and where no bytecode may be
    written that would take seconds at every run. pytest has no public way to say so; without this one it is slower, no more.
    """
    marked = getattr(getattr(config.pluginmanager, "rewrite_hook", None), "_must_rewrite", None)
    if isinstance(marked, set):
        marked.discard(__package__)


def _session(config: pytest.Config) -> Any:
    """The plugin that does the work; it is there from now on. Raises: pytest.UsageError."""
    found = config.pluginmanager.get_plugin(SESSION)
    if found is None:
        from errlint.testing.session import started

        found = started(config)
        config.pluginmanager.register(found, SESSION)
    return found
