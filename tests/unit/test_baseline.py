"""Baselines: only what is new counts, fingerprints survive edits, the file is stable and never half written."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from errlint.api.baseline import Baseline, pruned, read_baseline, updated, write_baseline
from errlint.api.linting import Task, lint_all
from errlint.config import Settings
from errlint.errors import LoadError
from errlint.load.source import load
from errlint.model.finding import Report, Severity
from errlint.model.ignore import Known, KnownSite

RULES = ("DEC001", "DEC004", "ENV005", "CFG004", "CFG001")


def bare(*names: str, **declared: Any) -> dict[str, Any]:
    """A document whose operations of these names declare no error, and others with these responses."""
    silent = {name: {"get": {"responses": {"200": {"description": "d"}}}} for name in names}
    others = {name: {"get": {"responses": responses}} for name, responses in declared.items()}
    return {"openapi": "3.1.0", "info": {}, "paths": {f"/{name}": one for name, one in (silent | others).items()}}


def linted(*documents: Any, known: Any = None, select: tuple[str, ...] = RULES, name: str = "openapi.json") -> Report:
    read = []
    for number, one in enumerate(documents):
        text = one if isinstance(one, bytes) else json.dumps(one).encode()
        read.append(load(text, name.replace("openapi", f"openapi{number or ''}")))
    return lint_all(
        [Task(tuple(read), (), Settings(select=select))], known=known or {}, today="2026-01-01", fail_on=Severity.NOTE
    )


def of(report: Report, path: str = "b.json") -> Baseline:
    return updated(Baseline(path), report)


def told(report: Report) -> list[tuple[str, str, str | None]]:
    return [(finding.rule, finding.message, finding.suppressed) for finding in report.findings]


def prints(report: Report) -> set[str]:
    return {site.fingerprint for finding in report.findings for site in finding.sites}


def test_what_a_baseline_knows_does_not_count():
    first = linted(bare("a", "b", "c", "d"))
    again = linted(bare("a", "b", "c", "d"), known=of(first).known)
    assert (first.outcome, again.outcome) == ("findings", "clean")
    assert told(again) == [("DEC001", "all 4 operations declare no error response", "baseline")]


def test_one_new_site_of_a_folded_finding_fails():
    known = of(linted(bare("a", "b", "c", "d"))).known
    report = linted(bare("a", "b", "c", "d", "new"), known=known)
    assert {f.suppressed: (f.message, f.severity, f.operations) for f in report.findings} == {
        None: ("GET /new declares no error response (1 new of 5 places)", Severity.NOTE, ("GET /new",)),
        "baseline": (
            "4 of the 5 operations declare no error response",
            Severity.NOTE,
            ("GET /a", "GET /b", "GET /c", "GET /d"),
        ),
    }
    assert report.outcome == "findings"


def test_several_new_sites_are_one_finding_that_says_how_many_are_new():
    known = of(linted(bare(*"abcdef"))).known
    report = linted(bare(*"abcdefxyz", ok={"404": {"$ref": "#/nowhere"}}), known=known)
    assert [f.message for f in report.findings if f.rule == "DEC001" and f.suppressed is None] == [
        "3 of the 10 operations declare no error response (3 new of 9 places)"
    ]


def test_a_new_use_of_a_shared_fault_fails_alone():
    def document(*names: str) -> dict[str, Any]:
        answer = {"404": {"$ref": "#/components/responses/E"}}
        content = {"application/json": {"schema": {"type": "object"}}}
        return bare(**dict.fromkeys(names, answer)) | {
            "components": {"responses": {"E": {"description": "d", "content": content}}}
        }

    report = linted(document("a", "b", "new"), known=of(linted(document("a", "b"))).known)
    assert {f.suppressed: f.operations for f in report.findings} == {None: ("GET /new",), "baseline": ("GET /a", "GET /b")}
    assert len({f.fingerprint for f in report.findings}) == 2


MANY = bare("a", "b", "c", d={"404": {"description": "d", "content": {"application/json": {"schema": {"type": "object"}}}}})
"""Faults of an operation, a response and a schema."""


def moved(data: dict[str, Any]) -> dict[str, Any]:
    return {key: dict(reversed(one.items())) if key == "paths" else one for key, one in reversed(data.items())}


@pytest.mark.parametrize(
    ("documents", "name"),
    [
        ((json.dumps(MANY, indent=7).replace("\n", "\n\n").encode(),), "openapi.json"),
        ((moved(MANY),), "openapi.json"),
        ((MANY, bare("x")), "openapi.json"),
        ((MANY,), "./openapi.json"),
        ((MANY,), ".//openapi.json"),
        ((MANY,), "x/../openapi.json"),
    ],
    ids=["blank lines", "reordering", "another document", "./", ".//", ".."],
)
def test_a_baseline_survives(documents, name):
    first = linted(MANY)
    assert len(prints(first)) == 4
    report = linted(*documents, known=of(first).known, name=name)
    left = {site.operation for f in report.findings if f.suppressed is None for site in f.sites}
    assert left == ({"GET /x"} if len(documents) > 1 else set())
    assert "CFG004" not in {f.rule for f in report.findings}


def test_a_baseline_survives_another_document_first_in_the_run(tmp_path):
    a, b = load(json.dumps(bare("a")).encode(), "a.json"), load(json.dumps(bare("b")).encode(), "b.json")
    settings = Settings(select=("COV001",))

    def report(*documents: Any) -> Report:
        return lint_all([Task(documents, ("builtin:eventml",), settings)], today="2026-01-01")

    assert prints(report(b)) == prints(report(a, b))


def test_the_same_fault_in_two_documents_is_two_sites():
    def document(name: str) -> Any:
        content = {"application/json": {"schema": {"$ref": "errors.json#/E"}}}
        return load(json.dumps(bare(a={"404": {"description": "d", "content": content}})).encode(), name)

    assert prints(linted(bare("a"))) != prints(linted(bare("a"), name="other.json"))


def test_a_shared_file_used_by_two_documents_has_a_site_for_each(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "errors.json").write_text('{"E": {"type": "object"}}')
    content = {"application/json": {"schema": {"$ref": "errors.json#/E"}}}
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps(bare(a={"404": {"description": "d", "content": content}})))
    settings = Settings(select=("ENV005",))
    only_a = lint_all([Task(("a.json",), (), settings)])
    both = lint_all([Task(("a.json", "b.json"), (), settings)], known=of(only_a).known)
    assert sorted((f.location.uri, f.sites[0].location.uri, f.suppressed or "") for f in both.findings) == [
        ("errors.json", "a.json", "baseline"),
        ("errors.json", "b.json", ""),
    ]


def test_a_listed_code_keeps_its_fingerprint_when_others_join_the_list():
    def document(*codes: str) -> dict[str, Any]:
        properties = {"code": {"enum": list(codes)}, "message": {"type": "string"}, "http": {"const": 404}}
        error = {"type": "object", "required": ["code", "message", "http"], "properties": properties}
        schema = {"type": "object", "required": ["error"], "properties": {"error": error}}
        return bare(a={"404": {"description": "d", "content": {"application/json": {"schema": schema}}}})

    def report(*codes: str) -> Report:
        source = load(json.dumps(document(*codes)).encode(), "openapi.json")
        return lint_all([Task((source,), ("builtin:eventml",), Settings(select=("COD001",)))])

    assert prints(report("ML_9999")) < prints(report("ML_9998", "ML_9999"))


# --- stale entries


def test_entries_that_no_longer_occur_are_told_once_and_pruned():
    baseline = of(linted(bare("a", "b", "c")))
    report = linted(bare("a"), known=baseline.known)
    assert told(report) == [
        ("CFG004", "2 of 3 entries of the baseline no longer occur", None),
        ("DEC001", "GET /a declares no error response", "baseline"),
    ]
    assert (report.findings[0].location.uri, report.findings[0].location.line) == ("b.json", 1)
    left = pruned(baseline, report)
    assert [entry.operation for entry in left.entries] == ["GET /a"]
    assert [f.rule for f in linted(bare("a"), known=left.known).findings] == ["DEC001"]


def test_pruning_adds_nothing():
    baseline = of(linted(bare("a")))
    assert pruned(baseline, linted(bare("a", "new"), known=baseline.known)) == baseline


@pytest.mark.parametrize(
    ("document", "select"),
    [(bare("a"), ("DEC004", "CFG004")), (bare(), ("CFG004", "DEC004"))],
    ids=["the rule is off", "the rule is off and the place is gone"],
)
def test_what_a_run_did_not_cover_is_not_called_stale(document, select):
    baseline = of(linted(bare("a")))
    report = linted(document, known=baseline.known, select=select)
    assert (told(report), pruned(baseline, report), updated(baseline, report)) == ([], baseline, baseline)


def test_entries_of_documents_that_were_not_judged_stay():
    baseline = of(linted(bare("a"), bare("b")))
    report = linted(bare(), known=baseline.known)
    assert [f.message for f in report.findings] == ["1 of 2 entries of the baseline no longer occurs"]
    assert [entry.document for entry in updated(baseline, report).entries] == ["openapi1.json"]


def test_an_entry_that_an_ignore_covers_now_still_occurs():
    data = bare("a")
    baseline = of(linted(data))
    data["x-errlint"] = {"ignore": [{"rule": "DEC001", "reason": "legacy"}]}
    report = linted(data, known=baseline.known)
    assert (told(report), report.stale) == ([("DEC001", "GET /a declares no error response", "legacy")], ())


def test_what_an_ignore_covers_is_not_written():
    data = bare("a", "b") | {"x-errlint": {"ignore": [{"rule": "DEC001", "reason": "baseline"}]}}
    assert of(linted(data)).entries == ()


def test_updating_keeps_what_is_known_adds_what_is_new_and_drops_what_is_gone():
    baseline = of(linted(bare("a", "gone")))
    report = linted(bare("a", "new"), known=baseline.known)
    assert [entry.operation for entry in updated(baseline, report).entries] == ["GET /a", "GET /new"]


# --- the file


ENTRY = {"fingerprint": "f1", "rule": "DEC001", "document": "a.json", "operation": "GET /a", "message": "m"}


def test_a_baseline_is_read_as_it_was_written(tmp_path):
    path = str(tmp_path / "baseline.json")
    baseline = of(linted(MANY), path)
    write_baseline(baseline, path)
    assert read_baseline(path) == baseline
    first = Path(path).read_bytes()
    write_baseline(linted(moved(MANY)), path)
    assert Path(path).read_bytes() == first
    assert os.listdir(tmp_path) == ["baseline.json"]


def test_the_bytes_of_a_baseline():
    report = linted(bare("a"))
    (site,) = (site for finding in report.findings for site in finding.sites)
    (entry,) = of(report).entries
    assert entry == KnownSite(site.fingerprint, "DEC001", "openapi.json", "GET /a", "GET /a declares no error response")


def test_a_baseline_keeps_the_permissions_of_the_file_and_follows_a_link(tmp_path):
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_text("{}")
    real.chmod(0o640)
    link.symlink_to(real)
    write_baseline(Baseline("x"), str(link))
    assert (link.is_symlink(), real.stat().st_mode & 0o777) == (True, 0o640)
    assert json.loads(real.read_text()) == {"errlint-baseline": 1, "entries": []}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no baseline: not valid JSON"),
        ("[" * 100_000, "is no baseline: not valid JSON"),
        ("\\xff", "is no baseline: not valid JSON"),
        ("[]", 'is no baseline: it has no "errlint-baseline": 1'),
        ("{}", 'is no baseline: it has no "errlint-baseline": 1'),
        ('{"errlint-baseline": true}', 'is no baseline: it has no "errlint-baseline": 1'),
        ('{"errlint-baseline": 2}', "is a baseline of format 2, this version of errlint reads 1"),
        ('{"errlint-baseline": 1}', "is no baseline: entries must be an array"),
        ('{"errlint-baseline": 1, "entries": [1]}', "is no baseline: entry 0 has no fingerprint"),
        ('{"errlint-baseline": 1, "entries": [{"rule": "A"}]}', "is no baseline: entry 0 has no fingerprint"),
        ('{"errlint-baseline": 1, "entries": [{"fingerprint": 1}]}', "is no baseline: fingerprint of entry 0 must be text"),
        ('{"errlint-baseline": 1, "entries": [{"fingerprint": "a", "rule": []}]}', None),
        (
            '{"errlint-baseline": 1, "entries": [{"fingerprint": "a", "rule": {"a": 1}}]}',
            "is no baseline: rule of entry 0 must be text",
        ),
    ],
)
def test_a_file_that_is_no_baseline_is_refused(text, message, tmp_path):
    path = tmp_path / "b.json"
    path.write_bytes(text.encode("latin-1").replace(b"\\xff", b"\xff"))
    if message is None:
        assert read_baseline(str(path)).entries == (KnownSite("a", "", "", "", ""),)
        return
    with pytest.raises(LoadError) as caught:
        read_baseline(str(path))
    assert caught.value.message == message


def test_a_missing_baseline_is_refused_with_what_writes_it(tmp_path):
    with pytest.raises(LoadError) as caught:
        read_baseline(str(tmp_path / "none.json"))
    assert (caught.value.message, caught.value.hint) == ("no such baseline", "--baseline-update writes it")


@pytest.mark.parametrize("name", ["missing/b.json", "", "a\0b"])
def test_a_baseline_that_cannot_be_written_is_refused_and_leaves_nothing(name, tmp_path):
    with pytest.raises(LoadError):
        write_baseline(Baseline("x"), str(tmp_path / name))
    assert os.listdir(tmp_path) == []


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "b.json"
    path.write_text("old")

    def fails(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(LoadError):
        write_baseline(Baseline("x"), str(path))
    assert (path.read_text(), os.listdir(tmp_path)) == ("old", ["b.json"])


def test_a_fingerprint_that_stands_twice_is_one_entry(tmp_path):
    path = tmp_path / "b.json"
    path.write_text(json.dumps({"errlint-baseline": 1, "entries": [ENTRY, {**ENTRY, "message": "other"}]}))
    assert read_baseline(str(path)).entries == (KnownSite("f1", "DEC001", "a.json", "GET /a", "m"),)


def test_known_sites_of_two_sources_are_one():
    entry = KnownSite("f1", "DEC001", "a.json", "GET /a", "m")
    baseline = Baseline("b.json", (entry,)).known
    since = Known({"f1": "since main", "f2": "since main"})
    together = baseline | since
    assert (dict(together), together.entries) == ({"f1": "baseline", "f2": "since main"}, (entry,))
    other = since | baseline
    assert (dict(other), other.entries, other.where) == ({"f1": "since main", "f2": "since main"}, (entry,), baseline.where)


def test_a_baseline_that_is_no_file_is_refused(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (str(pipe), "/dev/null", str(tmp_path)):
        with pytest.raises(LoadError, match="is no file"):
            read_baseline(path)
        with pytest.raises(LoadError, match="is no file"):
            write_baseline(Baseline(path), path)


def test_a_baseline_that_is_too_large_is_refused(tmp_path):
    path = tmp_path / "large.json"
    with open(path, "wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    with pytest.raises(LoadError, match="is larger than 64 MiB"):
        read_baseline(str(path))


def test_sites_of_locked_rules_are_not_taken_up():
    report = linted(MANY)
    rules = {entry.rule for entry in of(report).entries}
    assert {entry.rule for entry in updated(of(report), report, ("DEC001",)).entries} == rules - {"DEC001"}
