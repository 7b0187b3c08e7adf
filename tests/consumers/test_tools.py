"""Needs: what ``.ci/consumers`` brings."""

from __future__ import annotations

import shutil


def test_the_tools_are_there(tools):
    commands = ("rdformat-validator", "sarif-multitool-linux")
    assert {name: (tools / "node_modules" / ".bin" / name).exists() for name in commands} == dict.fromkeys(commands, True)
    assert shutil.which("chromium")
