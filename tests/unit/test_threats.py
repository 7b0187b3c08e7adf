"""The threats of .github/SECURITY.md: each row names tests that exist; those that have no better place stand here."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from errlint.cli.main import run
from tests.services.lax import lax

ROOT = Path(__file__).parents[2]
ROWS = re.findall(r"(?m)^\| (?!Threat|---)(.+?) \| (.+?) \| (.+?) \|$", (ROOT / ".github/SECURITY.md").read_text("utf-8"))


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize(("threat", "rule", "held"), ROWS, ids=[row[0] for row in ROWS])
def test_every_threat_names_tests_that_exist(threat: str, rule: str, held: str) -> None:
    named = [one.split("::") for one in re.findall(r"`([^`]+)`", held)]
    assert named
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []


def test_the_table_of_threats_is_whole() -> None:
    assert len(ROWS) >= 12


# What libraries would open by themselves


def test_nothing_that_documents_and_catalogs_name_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("secret.json").write_text('{"enum": ["CANARY"]}')
    Path("in").mkdir()
    monkeypatch.chdir("in")
    with lax() as (url, seen):
        properties = {
            "code": {"type": "string", "$schema": f"{url}/dialect"},
            "a": {"$ref": f"{url}/ref"},
            "b": {"$ref": (tmp_path / "secret.json").as_uri()},
            "c": {"$dynamicRef": f"{url}/dynamic"},
            "d": {"$id": f"{url}/id", "$ref": "beside"},
        }
        schema = {"type": "object", "required": ["code"], "properties": properties, "$schema": f"{url}/root"}
        examples = {"e": {"value": {"code": "A", "a": 1, "b": 2}}, "f": {"externalValue": f"{url}/external"}}
        content = {"application/json": {"schema": schema, "examples": examples}}
        answers = {"404": {"description": "d", "content": content}, "400": {"$ref": f"{url}/response"}}
        paths = {"/a": {"get": {"responses": answers}}, "/b": {"$ref": f"{url}/path"}}
        head = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "$schema": f"{url}/s", "$self": f"{url}/self"}
        Path("openapi.json").write_text(json.dumps({**head, "paths": paths}))
        for name, one in {"plain": {"type": "object", "properties": {"code": properties["code"]}}, "whole": schema}.items():
            envelope = {"code": {"pointer": "/code", "type": "string"}, "schema": one}
            catalog = {"errlint": 1, "service": {"name": "s"}, "envelopes": {"e": envelope}}
            Path(f"{name}.json").write_text(json.dumps({**catalog, "errors": [{"code": "A", "status": 404}]}))
        codes = [
            run(["lint", "openapi.json", "--profile", "strict", "--show", "all"]),
            run(["lint", "openapi.json", "--catalog", "plain.json"]),
            run(["lint", "openapi.json", "--catalog", "whole.json"]),
            run(["catalog", "check", "whole.json"]),
            run(["catalog", "export", "plain.json", "--to", "openapi", "--into", "openapi.json"]),
        ]
    assert codes == [1, 1, 2, 1, 0]
    assert seen == []


# What takes too long

LIMITED = """
import json, sys
from errlint.cli.main import run
try:
    import resource
    resource.setrlimit(resource.RLIMIT_CPU, (4, 4))  # seconds of the processor, start-up and all of the runs together
except ImportError:  # Windows has no such limit: there the parent's is left
    pass
print(json.dumps([run(arguments) for arguments in json.loads(sys.argv[1])]))
"""


def limited(folder: Path, *runs: list[str]) -> list[int]:
    """The exit codes of runs in a process that has four seconds of the processor for all of them."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, json.dumps(runs)], capture_output=True, text=True, cwd=folder, timeout=120, check=False
    )
    assert done.returncode == 0, f"killed: {done.returncode} {done.stderr[-300:]}"
    codes: list[int] = json.loads(done.stdout.splitlines()[-1])
    return codes


def test_hostile_input_is_refused_within_two_seconds(tmp_path: Path) -> None:
    aliases = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))
    texts = {
        "elements.json": b"[" + b"1," * 3_000_000 + b"1]",
        "paths.json": b'{"openapi": "3.1.0", "paths": [' + b"1," * 3_000_000 + b"1]}",
        "large.json": b'"' + b"a" * (65 * 1024 * 1024) + b'"',
        "deep.json": b'{"a":' * 200_000,
        "deep.yaml": b"- " * 100_000,
        "bomb.yaml": b"a0: &a0 [x]\n" + aliases.encode(),
    }
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text)
    assert limited(tmp_path, *(["lint", name] for name in texts)) == [2] * len(texts)


def test_no_pattern_makes_a_run_hang(tmp_path: Path) -> None:
    evil, word = "^(a+)+$", "a" * 40 + "!"
    code = {"type": "string", "pattern": evil, "enum": [word]}
    schema = {"type": "object", "required": ["code"], "properties": {"code": code}, "patternProperties": {evil: {}}}
    content = {"application/json": {"schema": schema, "example": {"code": word, word: 1}}}
    operation = {"responses": {"404": {"description": "d", "content": content}}}
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {f"/{word}": {"get": operation}}}
    place = {"pointer": "/code", "type": "string", "extract": evil}
    entry = {"code": word, "status": 404, "category": "c", "message": {"regex": evil, "example": word}}
    catalog: dict[str, Any] = {"errlint": 1, "service": {"name": "s"}, "envelopes": {"e": {"code": place, "schema": schema}}}
    catalog |= {"categories": {"c": {"title": "C", "pattern": evil}}, "errors": [entry]}
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    (tmp_path / "errors.json").write_text(json.dumps(catalog))
    (tmp_path / "errlint.toml").write_text(f'[[ignores]]\nrule = "COD"\npath = "/{"*a" * 30}b"\nreason = "r"\n')
    runs = (["lint", "openapi.json"], ["lint", "openapi.json", "--catalog", "errors.json"], ["catalog", "check", "errors.json"])
    assert set(limited(tmp_path, *runs)) <= {0, 1}


# What would be run


def test_no_config_runs_code_where_a_document_or_a_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("there").mkdir()
    Path("there/evil.py").write_text("open('ran', 'w').close()\napp = None\n")
    Path("there/errlint.toml").write_text('[[document]]\napp = "evil:app"\n')
    Path("there/openapi.yaml").write_text("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n")
    for arguments in (["lint", "there/openapi.yaml"], ["lint", "there"], ["init", "there/openapi.yaml", "--dry-run"]):
        assert run(arguments) == 0, capsys.readouterr().err
    assert list(tmp_path.rglob("ran")) == []


# The supply chain

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
LOCKED = {
    "requirements": PROJECT["project"]["dependencies"],
    "develop": [*PROJECT["project"]["dependencies"], *EXTRAS["test"], *EXTRAS["dev"]],
    "build": PROJECT["build-system"]["requires"],
    "security": ["pip-audit", "zizmor"],
}


@pytest.mark.parametrize("name", LOCKED)
def test_a_lock_file_names_every_dependency_with_hashes_and_no_index(name: str) -> None:
    text = (ROOT / f".github/locked/{name}.txt").read_text(encoding="utf-8")
    entries = re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^ ;\\]+)(.*(?:\n    .*)*)", text)
    versions: dict[str, list[str]] = {}
    for package, version, rest in entries:
        versions.setdefault(package.lower(), []).append(version)
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", rest), package
    for requirement in map(Requirement, LOCKED[name]):
        found = versions.get(requirement.name.lower(), [])
        assert found, f"{requirement.name} is not locked: .ci/lock"
        assert all(requirement.specifier.contains(one, prereleases=True) for one in found), f"{requirement}: .ci/lock"
    assert "://" not in text
    assert not re.search(r"(?m)^--?[a-z]", text)


def test_every_action_is_pinned_and_no_workflow_has_rights_by_default() -> None:
    workflows = sorted((ROOT / ".github/workflows").glob("*.yml"))
    assert workflows
    for path in workflows:
        text = path.read_text(encoding="utf-8")
        assert yaml.safe_load(text)["permissions"] == {}, path.name
        for action in re.findall(r"uses: *(\S+)", text):
            assert re.fullmatch(r"\./|[\w./-]+@[0-9a-f]{40}", action), f"{path.name}: {action}"
