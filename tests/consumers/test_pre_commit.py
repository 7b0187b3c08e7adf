"""Needs: pre-commit and PyPI. The hooks, installed and run by pre-commit in a repository that copied the page's file."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from errlint import __version__
from tests.ci_page import BROKEN, CATALOG, DOCUMENT, ROOT, recipe, write

PRE_COMMIT = Path(sys.executable).with_name("pre-commit")
PUBLIC = "https://github.com/errlint/errlint"


def run(folder: Path, environment: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        arguments, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which the public repository is a copy of this one with its release's tag."""
    folder = tmp_path_factory.mktemp("public")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    names = {"GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.org"}
    names |= {"GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@example.org"}
    config = {"GIT_CONFIG_COUNT": "2", "GIT_CONFIG_KEY_0": f"url.{folder / 'errlint'}.insteadOf", "GIT_CONFIG_VALUE_0": PUBLIC}
    config |= {"GIT_CONFIG_KEY_1": "safe.directory", "GIT_CONFIG_VALUE_1": "*"}
    made = {**clean, **names, **config, "PRE_COMMIT_HOME": str(folder / "cache")}
    for words in (("clone", "--quiet", str(ROOT), "errlint"), ("-C", "errlint", "tag", "--force", f"v{__version__}")):
        code, told = run(folder, made, "git", *words)
        assert code == 0, told
    return made


@pytest.fixture
def repository(tmp_path: Path, environment: dict[str, str]) -> Path:
    run(tmp_path, environment, "git", "init", "--quiet")
    (tmp_path / ".pre-commit-config.yaml").write_text(recipe("file: .pre-commit-config.yaml"), encoding="utf-8")
    return tmp_path


def hooked(folder: Path, environment: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    run(folder, environment, "git", "add", "--all")
    return run(folder, environment, str(PRE_COMMIT), "run", "--color=never", *arguments)


def test_the_manifest_is_what_pre_commit_takes() -> None:
    assert run(ROOT, os.environ, str(PRE_COMMIT), "validate-manifest", ".pre-commit-hooks.yaml") == (0, "")


def test_a_finding_fails_the_hook_and_a_mended_document_passes(repository: Path, environment: dict[str, str]) -> None:
    write(repository, BROKEN)
    broken = hooked(repository, environment)
    write(repository, DOCUMENT)
    clean = hooked(repository, environment)

    assert broken[0] == 1
    assert "error COD001 undocumented-code: code ORDER_GONE is not in the catalog" in broken[1]
    assert (clean[0], clean[1].rstrip().endswith("Passed")) == (0, True)


def test_services_of_one_commit_are_held_to_their_own_configs(repository: Path, environment: dict[str, str]) -> None:
    for name in ("carts", "orders"):
        (repository / name).mkdir()
        write(repository / name, BROKEN)
    (repository / "carts/errors.yaml").write_text(CATALOG.replace("ORDER_UNKNOWN", "ORDER_GONE"), encoding="utf-8")
    code, told = hooked(repository, environment, "--all-files")

    assert (code, told.count("error COD001"), "orders/openapi.yaml" in told) == (1, 1, True)


def test_a_changed_catalog_lints_the_project(repository: Path, environment: dict[str, str]) -> None:
    config = recipe("file: .pre-commit-config.yaml").replace("id: errlint", "id: errlint-project")
    (repository / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    write(repository, DOCUMENT)
    clean = hooked(repository, environment)
    run(repository, environment, "git", "commit", "--quiet", "--no-verify", "--message", "m")
    (repository / "errors.yaml").write_text(CATALOG.replace("ORDER_UNKNOWN", "ORDER_GONE"), encoding="utf-8")
    broken = hooked(repository, environment)

    assert (clean[0], broken[0]) == (0, 1)
    assert "code ORDER_UNKNOWN is not in the catalog" in broken[1]
