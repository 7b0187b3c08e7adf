"""What ``-f`` takes, and what it says to those who meant something else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from errlint.cli.formats import parsed, refuse_forgotten
from errlint.cli.main import run
from errlint.errors import ConfigError
from errlint.report import FORMATS

USE = f"use {', '.join(list(FORMATS)[:-1])} or {list(FORMATS)[-1]}"


def test_formats_go_to_files_or_standard_output():
    assert parsed(["text", "json:-", "junit:C:\\out.xml"][1:]) == (("json", None), ("junit", "C:\\out.xml"))
    assert parsed(["text", "github", "json:a", "json:b"]) == (("text", None), ("github", None), ("json", "a"), ("json", "b"))


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["markdwon"], f"'markdwon' is no format; did you mean markdown? {USE}"),
        (["JSON"], f"'JSON' is no format; did you mean json? {USE}"),
        (["md:x.md"], f"'md:x.md' is no format; did you mean markdown:x.md? {USE}"),
        (["nonsense"], f"'nonsense' is no format; {USE}"),
        ([""], f"'' is no format; {USE}"),
        (["out.md"], "'out.md' is no format; write the format first: -f markdown:out.md"),
        (["json=out.json"], "'json=out.json' is no format; write -f json:out.json"),
        (["text,junit:x"], "'text,junit:x' is no format; write -f text -f junit:x"),
        (["json:"], "-f json: names no file; is a variable empty? -f json is standard output"),
        (["text", "json"], "two reports go to standard output; give one a file of its own: -f json:FILE"),
        (["github", "github"], "two reports go to standard output; give one a file of its own: -f github:FILE"),
        (["json:a", "junit:./a"], "two reports go to ./a; give one a file of its own: -f junit:FILE"),
    ],
)
def test_a_slip_is_told_with_what_to_write(texts, said):
    with pytest.raises(ConfigError) as raised:
        parsed(texts)
    assert raised.value.line() == said


@pytest.mark.parametrize(
    ("texts", "name", "said"),
    [
        (["markdown"], "old.md", "old.md is no document; a report's file follows a colon: -f markdown:old.md"),
        (["text", "junit"], "out.xml", "out.xml: {missing}; a report's file follows a colon: -f junit:out.xml"),
        (["json"], "out.json", "out.json: {missing}; meant for the report? -f json:out.json"),
    ],
)
def test_a_blank_for_the_colon_is_told(texts, name, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("old.md").write_text("# old\n")
    with pytest.raises(ConfigError) as raised:
        refuse_forgotten(texts, [name])
    assert raised.value.line() == said.format(missing="cannot be read: No such file or directory")


def test_documents_are_no_reports(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("openapi.json").write_text("{}")
    os.mkdir("api.md")
    refuse_forgotten(["json"], ["openapi.json", "https://a.example/x.json", "builtin:eventml", "api/*.json", "-"])
    refuse_forgotten(["markdown"], ["api.md"])
    refuse_forgotten(["text", "json:out.json"], ["none.json"])


def test_a_format_of_the_config_is_held_to_the_same(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("errlint.toml").write_text('format = ["text", "jsno:out.json"]\n')
    Path("openapi.json").write_text('{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}')
    assert run(["lint", "openapi.json"]) == 2
    told = f"errlint: format in the config: 'jsno:out.json' is no format; did you mean json:out.json? {USE}\n"
    assert capsys.readouterr().err == told
