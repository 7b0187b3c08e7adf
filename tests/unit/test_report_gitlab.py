"""GitLab's Code Quality report."""

from __future__ import annotations

import json

from errlint.checks.prints import digest
from errlint.report import gitlab
from tests.unit.report_cases import EMPTY, FAILED, FULL, written


def test_what_counts_is_an_entry_and_what_is_suppressed_is_none() -> None:
    assert json.loads(written(gitlab, FULL)) == [
        {
            "description": "DEC005 bad-status-key: '4xx' is no status code, range or default; did you mean 4XX?",
            "check_name": "DEC005",
            "fingerprint": "00000000000000aa",
            "severity": "major",
            "location": {"path": "api/openapi.yaml", "lines": {"begin": 9}},
        },
        {
            "description": "COD001 undocumented-code: code <ML_9999> & co\\x1b[31m is not in the catalog\ufffe",
            "check_name": "COD001",
            "fingerprint": "00000000000000bb",
            "severity": "minor",
            "location": {"path": "svc.example/v1/openapi.json", "lines": {"begin": 3}},
        },
        {
            "description": "CFG005 unknown-rule: no rule is called XYZ999 (--select)",
            "check_name": "CFG005",
            "fingerprint": "00000000000000cc",
            "severity": "info",
            "location": {"path": "api/openapi.yaml", "lines": {"begin": 1}},
        },
    ]


def test_a_run_that_failed_is_an_entry_and_an_empty_one_is_none() -> None:
    assert json.loads(written(gitlab, EMPTY)) == []
    assert json.loads(written(gitlab, FAILED)) == [
        {
            "description": "errlint probe could not finish (unreachable): api/openapi.yaml: nobody answers\\nthere",
            "check_name": "errlint",
            "fingerprint": digest(("probe", "unreachable", FAILED.reason)),
            "severity": "critical",
            "location": {"path": "api/openapi.yaml", "lines": {"begin": 4}},
        }
    ]
