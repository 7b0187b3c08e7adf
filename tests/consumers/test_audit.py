"""Needs: zizmor (PyPI). It audits all that GitHub reads of this repository: workflows, action, Dependabot, hooks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ZIZMOR = Path(sys.executable).with_name("zizmor")


def test_nothing_is_found_in_the_whole_repository() -> None:
    done = subprocess.run([ZIZMOR, "--offline", "--format=json", str(ROOT)], capture_output=True, text=True, check=False)
    assert [(one["ident"], one["desc"]) for one in json.loads(done.stdout)] == []
    read = done.stderr
    for name in ("dependabot.yml", "security.yml", "pages.yml", "release.yml", "test.yml", "action.yml"):
        assert name in read, f"zizmor did not look at {name}"
