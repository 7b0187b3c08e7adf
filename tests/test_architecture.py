"""The house keeps its shape: layers, lazy imports, data folders without code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[1]
HEAVY = ("schemathesis", "openapi_core", "hypothesis", "requests", "rich", "pytest", "werkzeug")


def test_imports_go_one_way(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename="pyproject.toml", no_cache=True) == EXIT_STATUS_SUCCESS


def loaded_by(*arguments: str) -> set[str]:
    """The top-level packages that a command of errlint has imported when it ends."""
    script = (
        "import sys, json\n"
        "from errlint.cli.main import run\n"
        "code = run(sys.argv[1:])\n"
        "print(json.dumps([code, sorted({name.partition('.')[0] for name in sys.modules})]))\n"
    )
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True, cwd=ROOT)
    code, names = json.loads(done.stdout.splitlines()[-1])
    assert code in (0, 1), done.stderr
    return set(names)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("lint", "--help"),
        ("lint", "errlint/demo/openapi.yaml"),
        ("lint", "errlint/demo/openapi.yaml", "--catalog", "builtin:eventml", "-f", "json"),
        ("catalog", "check", "builtin:maas"),
        ("explain", "COD002", "ML_1001"),
    ],
    ids=" ".join,
)
def test_a_command_without_a_network_imports_no_heavy_library(arguments):
    assert loaded_by(*arguments) & set(HEAVY) == set()


def test_a_replay_imports_no_library_that_makes_requests_up():
    arguments = ("probe", "errlint/demo/openapi.yaml", "--replay", "tests/recorded/schemathesis.har")
    assert loaded_by(*arguments) & {"schemathesis", "hypothesis", "pytest", "rich"} == set()


def test_help_and_version_read_no_yaml_and_no_schema_library():
    assert loaded_by("--help") & {"yaml", "yamlrocks", "jsonschema", "jsonschema_rs", "regex"} == set()


def test_rules_and_schemas_hold_data_only():
    code = [path for folder in ("rules", "schemas") for path in (ROOT / folder).rglob("*.py")]
    assert code == []


def test_json_documents_need_no_yaml_library(tmp_path):
    path = tmp_path / "openapi.json"
    path.write_text('{"openapi": "3.1.0", "info": {}, "paths": {}}', encoding="utf-8")
    assert loaded_by("lint", str(path)) & {"yaml", "yamlrocks"} == set()
