"""Files that commands write: nothing that is read, no link, no device is replaced."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from errlint.api.writing import save
from errlint.cli.main import run
from errlint.errors import ConfigError

CATALOG = "errlint: 1\nservice: {name: shop}\nerrors:\n- {code: E1, status: 404}\n"


def test_a_link_is_followed_whether_its_target_is_there_or_not(tmp_path: Path):
    for name in ("there", "missing"):
        (tmp_path / f"{name}.link").symlink_to(tmp_path / name)
    (tmp_path / "there").write_text("old")
    for name in ("there", "missing"):
        save(str(tmp_path / f"{name}.link"), b"new")
        assert ((tmp_path / f"{name}.link").is_symlink(), (tmp_path / name).read_text()) == (True, "new")


def test_what_is_no_file_is_written_to_not_replaced(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "link").symlink_to(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    save(str(tmp_path / "link"), b"new")
    reader.join(10)
    assert (got, pipe.is_fifo()) == ([b"new"], True)


def test_a_read_only_file_and_an_empty_name_are_refused(tmp_path: Path):
    held = tmp_path / "held"
    held.write_text("old")
    held.chmod(0o444)
    with pytest.raises(ConfigError, match="it is read-only"):
        save(str(held), b"new")
    with pytest.raises(ConfigError, match="has no name"):
        save("", b"new")
    assert held.read_text() == "old"


def test_no_command_writes_onto_what_it_reads(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("errors.yaml").write_text(CATALOG)
    Path("codes.csv").write_text("code,status\nE1,404\n")
    refused = "is what is read here: it would be lost; write to another file\n"
    assert run(["catalog", "export", "errors.yaml", "--to", "csv", "-o", "./errors.yaml"]) == 2
    assert run(["catalog", "import", "codes.csv", "--force", "-o", "codes.csv"]) == 2
    assert capsys.readouterr().err == f"errlint: ./errors.yaml {refused}errlint: codes.csv {refused}"
    assert (Path("errors.yaml").read_text(), Path("codes.csv").read_text()) == (CATALOG, "code,status\nE1,404\n")


def test_a_dash_is_standard_output(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("errors.yaml").write_text(CATALOG)
    assert run(["catalog", "export", "errors.yaml", "--to", "csv", "-o", "-"]) == 0
    assert (capsys.readouterr().out[:7], os.listdir(".")) == ('"layer"', ["errors.yaml"])


def test_no_report_is_written_onto_what_is_judged(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    document = '{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}'
    Path("errors.yaml").write_text(CATALOG)
    Path("openapi.json").write_text(document)
    for command in (
        ["lint", "openapi.json", "-f", "json:openapi.json"],
        ["lint", "openapi.json", "--catalog", "errors.yaml", "-f", "json:errors.yaml"],
        ["catalog", "check", "errors.yaml", "-f", "text:errors.yaml"],
        ["catalog", "diff", "errors.yaml", "builtin:eventml", "-f", "json:errors.yaml"],
        ["probe", "openapi.json", "--url", "http://127.0.0.1:9", "-f", "json:openapi.json"],
    ):
        assert run(command) == 2
        assert capsys.readouterr().err.endswith(" is what is read here: it would be lost; write to another file\n")
    assert (Path("errors.yaml").read_text(), Path("openapi.json").read_text()) == (CATALOG, document)


def test_no_report_is_written_onto_what_a_config_or_the_document_names(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    texts = {
        "errlint.toml": 'catalog = "errors.yaml"\nbaseline = "known.json"\n',
        "errors.yaml": CATALOG,
        "known.json": '{"errlint-baseline": 1, "entries": []}',
        "openapi.yaml": "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /x: {$ref: part.yaml}\n",
        "part.yaml": "get: {responses: {}}\n",
        "swagger.json": '\ufeff{ "swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": {}}',
    }
    for name, text in texts.items():
        Path(name).write_text(text)
    kinds = ["a config", "a catalog", "a baseline", "an OpenAPI document", "what is read here", "an OpenAPI document"]
    for name, kind in zip(texts, kinds, strict=True):
        assert run(["lint", "-f", f"json:{name}", "-f", "text:out.txt"]) == 2
        assert capsys.readouterr().err == f"errlint: {name} is {kind}: it would be lost; write to another file\n"
    assert run(["lint", "-q", "--fail-on=never", "-f", "json:out.txt"]) == 0
    assert {name: Path(name).read_text() for name in texts} == texts


def test_a_broken_config_is_no_place_for_the_report_about_it(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("errlint.toml").write_text("[rules\n")
    assert run(["catalog", "check", "builtin:maas", "-f", "json:errlint.toml", "-f", "sarif:out.sarif"]) == 2
    assert capsys.readouterr().err.startswith("errlint: errlint.toml:1:")
    assert (Path("errlint.toml").read_text(), sorted(os.listdir("."))) == ("[rules\n", ["errlint.toml", "out.sarif"])


def test_no_record_is_written_onto_a_catalog_or_a_report(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("errors.yaml").write_text(CATALOG)
    Path("openapi.json").write_text('{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}')
    probe = ["probe", "openapi.json", "--url", "http://127.0.0.1:9"]
    assert run([*probe, "--catalog", "errors.yaml", "--record", "errors.yaml"]) == 2
    assert run([*probe, "--record", "./same", "-f", "json:same"]) == 2
    assert capsys.readouterr().err == (
        "errlint: errors.yaml is a catalog: it would be lost; write to another file\n"
        "errlint: a report and the record go to ./same; give one a file of its own\n"
    )
    assert (Path("errors.yaml").read_text(), sorted(os.listdir("."))) == (CATALOG, ["errors.yaml", "openapi.json"])
