"""Every recipe of .github/CI.md is run, as far as it can be without its platform."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import junitparser
import pytest
import yaml

from errlint import __version__
from errlint.cli.main import run
from tests.ci_page import BROKEN, DOCUMENT, PAGE, ROOT, read, recipe, write
from tests.runner import Runner, Step, commands
from tests.services.lax import Seen, lax, problem
from tests.unit.test_action import installed

LINT = "file: .github/workflows/errlint.yml"
NIGHTLY = "file: .github/workflows/errlint-nightly.yml"


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of a repository whose main has a fault already, on a branch without changes."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    origin.mkdir()
    write(origin)
    git(origin, "init", "--quiet", "--initial-branch", "main")
    git(origin, "add", "--all")
    git(origin, "commit", "--quiet", "--message", "m")
    git(tmp_path, "clone", "--quiet", str(origin), str(clone))
    git(clone, "switch", "--quiet", "--create", "branch")
    return clone


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder for PATH, in which errlint is this one."""
    folder = tmp_path / "tools"
    folder.mkdir()
    script(folder / "errlint", f'exec {shlex.quote(sys.executable)} -m errlint "$@"')
    return folder


def script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/usr/bin/env bash\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def bash(line: str, folder: Path, tools: Path, **environment: str) -> tuple[int, str]:
    """The exit code and the output of a line of a recipe, with ``tools`` before everything else."""
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euc", line], cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT), "PATH": path, **environment},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


PULLED: dict[str, Any] = {"base_ref": "main", "event_name": "pull_request"}
"""What GitHub says of a pull request to main."""


def pull_request(tmp_path: Path, repository: Path, **github: Any) -> list[Step]:
    installed(tmp_path / "temp")
    return Runner(repository, tmp_path / "temp", github).job(recipe(LINT), "errlint")


def test_a_pull_request_shows_what_its_branch_brings(tmp_path: Path, repository: Path) -> None:
    text = BROKEN.replace("NO_TOKEN", "TOKEN_GONE")
    (repository / "openapi.yaml").write_text(text, encoding="utf-8")
    *_, action = steps = pull_request(tmp_path, repository, **PULLED)
    shown = [line for line in commands(action.log) if line.startswith("::error")]

    assert (action.code, action.outputs["errors"]) == (1, "1")
    assert ["TOKEN_GONE" in line for line in shown] == [True]
    assert "github/codeql-action/upload-sarif" not in [step.uses for step in steps]


def test_a_push_to_main_shows_everything(tmp_path: Path, repository: Path) -> None:
    *_, upload, action = pull_request(tmp_path, repository, base_ref="", event_name="push")

    assert (action.code, action.outputs["errors"]) == (1, "1")
    assert upload.uses == "github/codeql-action/upload-sarif"


SERVED = """\
def app(environ, start_response):
    start_response("200 OK", [("content-type", "application/yaml")])
    return [open("made.yaml", "rb").read()] if environ["PATH_INFO"] == "/openapi.yaml" else [b""]
"""


def test_an_application_is_linted_where_it_is_installed(tmp_path: Path, tools: Path) -> None:
    workspace, asked = tmp_path / "workspace", tmp_path / "asked"
    workspace.mkdir()
    write(workspace)
    (workspace / "openapi.yaml").rename(workspace / "made.yaml")
    (workspace / "served.py").write_text(SERVED, encoding="utf-8")
    (workspace / "errlint.toml").write_text('[[document]]\napp = "served:app"\ncatalog = "errors.yaml"\n', encoding="utf-8")
    script(tools / "pip", f'printf "%s\\n" "$*" > {shlex.quote(str(asked))}')
    environment = {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    runner = Runner(workspace, tmp_path / "temp", PULLED, environment)
    *_, lint = runner.job(recipe("application: .github/workflows/errlint.yml"), "errlint")

    assert asked.read_text(encoding="utf-8") == f"install --requirement requirements.txt errlint=={__version__}\n"
    assert (lint.code, sum("ORDER_GONE" in line for line in commands(lint.log))) == (1, 1)
    assert "ORDER_GONE" in lint.summary


# A night: a service, and GitHub's issues.

GH = """\
printf '%s\\n' "$*" >> "$GH_LOG"
[ "$GH_TOKEN$GH_REPO" = "a tokenshop/shop" ] || exit 1
case "$1 $2" in "issue list") cat "$GH_OPEN" ;; "issue create" | "issue edit") cp "${@: -1}" "$GH_BODY" ;; esac
"""


@pytest.fixture
def nightly(tmp_path: Path, tools: Path) -> Any:
    """Runs the nightly job against a service that answers ``code``: (1 if it failed, what gh was asked, the issue's body)."""
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    write(workspace, DOCUMENT)
    installed(tmp_path / "temp")
    script(tools / "gh", GH)

    def run(code: str, opened: str = "", url: str = "") -> tuple[int, list[str], str]:
        log, issues, body = tmp_path / "log", tmp_path / "open", tmp_path / "body"
        for file, text in ((log, ""), (issues, opened), (body, "")):
            file.write_text(text, encoding="utf-8")

        def answer(seen: Seen) -> Any:
            if seen.headers.get("authorization") != "Bearer s3cr3t-of-staging":
                return problem(401, "NO_TOKEN", **{"WWW-Authenticate": "Bearer"})
            return problem(404, code)

        with lax(answer) as (base, _):
            text = recipe(NIGHTLY).replace("https://staging.example/v1", url or base)
            text = text.replace("args: ", "args: |\n            --directed-only\n            --select=COD\n            ")
            environment = {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
            environment |= {"GH_LOG": str(log), "GH_OPEN": str(issues), "GH_BODY": str(body)}
            github = {"token": "a token", "repository": "shop/shop", "server_url": "https://github.example", "run_id": "7"}
            runner = Runner(workspace, tmp_path / "temp", github, environment)
            runner.secrets = {"STAGING_TOKEN": "s3cr3t-of-staging"}
            steps = runner.job(text, "probe")
        everything = "".join(step.log for step in steps) + body.read_text(encoding="utf-8")
        assert "s3cr3t" not in everything
        assert steps[-1].code == 0, steps[-1].log
        return int(runner.failed), log.read_text(encoding="utf-8").splitlines(), body.read_text(encoding="utf-8")

    return run


def test_a_night_with_findings_updates_the_one_issue(nightly: Any) -> None:
    failed, asked, body = nightly("ORDER_GONE", "7\n")

    assert (failed, [line.split(" --")[0] for line in asked]) == (1, ["issue list", "issue edit 7"])
    assert body.startswith("errlint ended with exit code 1: https://github.example/shop/shop/actions/runs/7\n\n")
    assert "ORDER_GONE" in body


def test_a_night_that_finds_no_service_opens_an_issue(nightly: Any) -> None:
    failed, asked, body = nightly("ORDER_UNKNOWN", url="http://127.0.0.1:1/v1")

    assert (failed, [line.split(" --")[0] for line in asked]) == (1, ["issue list", "label create errlint", "issue create"])
    assert body.startswith("errlint ended with exit code 2: ")


def test_a_clean_night_closes_the_issue(nightly: Any) -> None:
    failed, asked, _ = nightly("ORDER_UNKNOWN", "7\n")
    run = "https://github.example/shop/shop/actions/runs/7"

    assert (failed, asked[1:]) == (0, [f"issue close 7 --comment Clean again: {run}"])


# GitLab, Jenkins, Kubernetes, Docker.


def test_gitlab_compares_whole_reports_and_fails_for_what_a_merge_request_brings(repository: Path, tools: Path) -> None:
    job = read("file: .gitlab-ci.yml")["errlint"]
    make, judge = job["script"]
    (repository / "openapi.yaml").write_text(BROKEN.replace("NO_TOKEN", "TOKEN_GONE"), encoding="utf-8")
    reports = job["artifacts"]["reports"]
    assert bash(make, repository, tools) == (0, "")
    issues = (repository / reports["codequality"]).read_text(encoding="utf-8")
    assert [name in issues for name in ("TOKEN_GONE", "ORDER_GONE")] == [True, True]
    assert junitparser.JUnitXml.fromfile(str(repository / reports["junit"])).failures == 1
    for base, found in (("origin/main", [True, False]), ("", [True, True])):
        code, shown = bash(judge, repository, tools, **({"CI_MERGE_REQUEST_DIFF_BASE_SHA": base} if base else {}))
        assert (code, [name in shown for name in ("TOKEN_GONE", "ORDER_GONE")]) == (1, found)


def test_gitlab_fails_where_nothing_could_be_judged_and_still_has_its_reports(repository: Path, tools: Path) -> None:
    job = read("file: .gitlab-ci.yml")["errlint"]
    (repository / "openapi.yaml").write_text("openapi: 3.1.0\ninfo: [", encoding="utf-8")
    code, _ = bash(job["script"][0], repository, tools)
    (issue,) = json.loads((repository / job["artifacts"]["reports"]["codequality"]).read_text(encoding="utf-8"))
    assert (code, issue["severity"], issue["location"]["path"]) == (1, "critical", "openapi.yaml")


def test_jenkins_runs_errlint_in_an_environment_of_its_own(tmp_path: Path, repository: Path, tools: Path) -> None:
    text = recipe("file: Jenkinsfile")
    install, lint = re.findall(r"sh '(.*)'", text)
    script(
        tools / "python3",
        'mkdir -p "$3/bin" && printf \'#!/bin/sh\\necho "$@" > "$WORKSPACE_TMP/pip"\' > "$3/bin/pip" && chmod +x "$3/bin/pip"',
    )
    temp = str(tmp_path / "work space@tmp")
    os.mkdir(temp)
    assert bash(install, repository, tools, WORKSPACE_TMP=temp) == (0, "")
    script(Path(temp, "errlint/bin/errlint"), f'exec "{tools}/errlint" "$@"')

    assert Path(temp, "pip").read_text() == f"install --quiet errlint=={__version__}\n"
    assert bash(lint, repository, tools, WORKSPACE_TMP=temp)[0] == 1
    for name in re.findall(r"junit '(.*)'|pattern: '(.*?)'", text):
        assert (repository / "".join(name)).stat().st_size > 0, name
    assert text.count("{") == text.count("}")


def test_a_pod_probes_as_its_manifest_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = read("file: errlint-cronjob.yaml")["spec"]["jobTemplate"]["spec"]
    (container,) = job["template"]["spec"]["containers"]
    write(tmp_path)
    monkeypatch.chdir("/")  # where the image's user may not write
    for variable in container["env"]:
        monkeypatch.setenv(variable["name"], "s3cr3t-of-staging")
    with lax(lambda seen: problem(404, "ORDER_GONE")) as (base, seen):
        words = [re.sub(r"http://.*", base, one).replace("/contract", str(tmp_path)) for one in container["args"]]
        code = run([*words, "--directed-only"])

    assert (code, {one.headers.get("authorization") for one in seen} >= {"Bearer s3cr3t-of-staging"}) == (1, True)
    assert "s3cr3t" not in "".join(capsys.readouterr())
    assert job["podFailurePolicy"]["rules"][0]["onExitCodes"] == {
        "containerName": "errlint",
        "operator": "In",
        "values": [1, 3],
    }
    assert job["template"]["spec"]["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    mounted = {mount["name"] for mount in container["volumeMounts"]}
    assert mounted == {volume["name"] for volume in job["template"]["spec"]["volumes"]}


def test_the_image_of_the_manifest_is_the_one_that_docker_builds() -> None:
    page = PAGE.read_text(encoding="utf-8")
    (container,) = read("file: errlint-cronjob.yaml")["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    dockerfile = dict(line.split(" ", 1) for line in recipe("file: Dockerfile").splitlines())
    user = read("file: errlint-cronjob.yaml")["spec"]["jobTemplate"]["spec"]["template"]["spec"]["securityContext"]

    assert set(re.findall(r"registry\.example/\S+", page)) == {container["image"]}
    assert dockerfile["USER"] == f"{user['runAsUser']}:{user['runAsGroup']}"
    assert json.loads(dockerfile["ENTRYPOINT"]) == ["errlint"]


# Hooks and the rest.


def test_the_hooks_take_what_they_are_for() -> None:
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    files = re.compile(hooks["errlint"]["files"])
    taken = ["openapi.yaml", "a/b/swagger.json", "openapi.yml"]
    left = ["openapi.txt", "my-openapi.yaml", "openapi.yaml.bak", "openapi/paths.yaml", "errors.yaml"]

    assert [name for name in (*taken, *left) if files.search(name)] == taken
    assert {name: shlex.split(hook["entry"]) for name, hook in hooks.items()} == {name: ["errlint", "lint"] for name in hooks}
    (used,) = read("file: .pre-commit-config.yaml")["repos"]
    assert {hook["id"] for hook in used["hooks"]} <= set(hooks)


def test_a_file_name_that_looks_like_an_option_is_a_file_for_the_hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (hook,) = [one for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")) if "args" in one]
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "--config=x"
    folder.mkdir()
    write(folder)

    assert run([*shlex.split(hook["entry"])[1:], *hook["args"], "--config=x/openapi.yaml"]) == 1


def test_every_recipe_names_this_version() -> None:
    page = PAGE.read_text(encoding="utf-8")
    named = re.findall(r"(?<![/\w])errlint(?:==|@v?|:)(\d+\.\d+\.\d+)|errlint/errlint@v(\S+)|rev: v(\S+)", page)

    assert {"".join(one) for one in named} == {__version__}
    assert len(named) >= 10


def test_every_block_is_whole() -> None:
    blocks = re.findall(r"(?m)^```(\w+)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.S)
    for language, text in blocks:
        if language == "yaml":
            assert yaml.safe_load(text), text
        elif language == "python":
            ast.parse(text)
        elif language == "console":
            assert subprocess.run(["bash", "-n", "-c", text], check=False).returncode == 0, text
    assert {language for language, _ in blocks} == {"toml", "yaml", "python", "groovy", "dockerfile", "console"}


def test_the_conftest_holds_what_a_suite_sees(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "conftest.py").write_text(recipe("file: conftest.py"), encoding="utf-8")
    (tmp_path / "test_shop.py").write_text(
        "from werkzeug.test import Client\nfrom werkzeug.wrappers import Response\n\n\n"
        "def answer(code):\n"
        '    body = \'{"error": {"code": "%s", "message": "m"}}\' % code\n'
        "    return Client(Response(body, status=404, content_type='application/json')).get('/orders/1')\n\n\n"
        "def test_known():\n    assert answer('ORDER_UNKNOWN').status_code == 404\n\n\n"
        "def test_unknown():\n    assert answer('ORDER_GONE').status_code == 404\n"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "errlint.pytest_plugin"], cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert "COD001" in done.stdout


@pytest.mark.parametrize("name", [".github/workflows/errlint.yml", ".pre-commit-config.yaml", "conftest.py"])
def test_the_readme_gives_the_same_file(name):
    assert recipe(f"ci file: {name}", ROOT / "README.md") == recipe(f"file: {name}")
