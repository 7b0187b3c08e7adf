"""Options and fixtures of the whole suite."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings

from errlint.probe.engine import known_codecs

# No test depends on a clock or on luck; ``--hypothesis-profile=explore`` looks for new examples.
settings.register_profile("errlint", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=2_000)
settings.load_profile("errlint")

# What a CI says of itself changes what a run prints; the tests about that say it themselves.
for _name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
    os.environ.pop(_name, None)

os.environ["ERRLINT_CACHE_DIR"] = os.devnull  # nothing is kept from one test to the next, nor among the user's caches
# The suite starts hundreds of processes: without bytecode each compiles all of errlint, and each pytest among them its plugins.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

collect_ignore = ["examples/bookings"]  # a service with tests of its own, which errlint is tried on


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regenerate", action="store_true", help="write the golden files anew; review them as a diff")
    parser.addoption("--consumers", metavar="DIR", help="also run tests/consumers, with the tools that .ci/consumers put there")


@pytest.hookimpl(wrapper=True)
def pytest_sessionstart(session: pytest.Session) -> Iterator[None]:
    """Hypothesis tries out a million characters to know what a codec can encode, in each worker of a clean checkout."""
    yield  # before, it counts as slow code of a plugin; no worker has collected anything yet
    if not hasattr(session.config, "workerinput"):
        with suppress(OSError):  # it also goes without
            known_codecs()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Who reads errlint's reports for real needs npm, Debian and a browser: those tests run when somebody brought them."""
    return True if collection_path.name == "consumers" and not config.getoption("--consumers") else None


@pytest.fixture
def regenerate(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--regenerate"))
