"""Where the tools are that read errlint's reports: ``.ci/consumers DIR`` brings them, ``--consumers DIR`` names the folder."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def tools(pytestconfig: pytest.Config) -> Path:
    """The folder of the tools; npm's commands are in ``node_modules/.bin`` below it."""
    return Path(pytestconfig.getoption("--consumers")).resolve()


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of reports: ``RUN.FORMAT`` of every run in ``runs.py``, in the formats for machines."""
    from tests.consumers.runs import made

    return made(tmp_path_factory.mktemp("runs"))
