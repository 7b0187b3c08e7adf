"""errlint, Schemathesis and Prism's proxy over one faulty service, a fault at a time: who names it, what it costs.

    python -m tests.bench.versus FOLDER                        # FOLDER/prism is installed where it is not there yet
    python -m tests.bench.versus FOLDER --only stack-trace --only server-error --tool errlint

The verdict on a tool and a fault is *found* where something that it says of the right operation, and does not say of the
healthy service, holds the words that name the cause; *noticed* where it says something else new of that operation; else
*missed*. What each said is written to FOLDER/versus.json.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench.field_install import installed
from tests.bench.versus_tools import Found, Outcome, errlint, meets, prism, recorded, schemathesis, service

TOOLS = ("errlint", "schemathesis", "prism")

FAULTS = {
    # The demo's fault -> the operation that has it, and what names its cause in any tool's words.
    "undocumented-code": ("GET /training/{jobId}", r"ML_9999|error[./]code"),
    "code-under-wrong-status": ("GET /models/{modelId}", r"ML_1001|error[./]code"),
    "body-status-mismatch": ("GET /endpoints/{endpointId}", r"body says status|error[./]http|properties/http"),
    "missing-message": ("POST /models", r"\bmessage\b.*(?:missing|required)|required.*\bmessage\b"),
    "flat-envelope": ("POST /drift-monitors", r"no member error|\"?error\"? is a required|required property '?error"),
    "error-under-success": ("GET /experiments/{experimentId}", r"an error \(ML_1301\)"),
    "html-as-json": ("POST /endpoints", r"HTML|JSON"),
    "stack-trace": ("POST /experiments", r"stack trace|[Tt]raceback"),
    "undeclared-status": (
        "GET /feature-store/groups/{groupId}",
        r"answered 400|[Uu]ndocumented HTTP status|Unable to match the returned status code",
    ),
    "server-error": ("POST /training", r"answered 500|Server error"),
    "dropped-connection": ("GET /drift-monitors/{monitorId}", r"closed|hang up|[Cc]onnection"),
    "auth-not-enforced": ("GET /experiments", r"no-auth|[Aa]uth"),
}


def judged(outcome: Outcome, healthy: Outcome, fault: str) -> str:
    """found, noticed, missed, or why a run does not count."""
    if outcome.failure:
        return f"failed: {outcome.failure[:60]}"
    operation, words = FAULTS[fault]
    known = {(one.operation, one.kind) for one in healthy.found}
    new = [one for one in outcome.found if meets(one.operation, operation) and (one.operation, one.kind) not in known]
    return "found" if any(re.search(words, one.words) for one in new) else "noticed" if new else "missed"


def runs(asked: argparse.Namespace, faults: list[str], record: Path) -> dict[str, Outcome]:
    """Each tool's outcome over a fresh service with these faults; Prism gets the requests that errlint sent."""
    programs = Path(sys.executable).parent
    outcomes: dict[str, Outcome] = {}
    requests: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "errlint" in asked.tool or "prism" in asked.tool:
            with service(Path(sys.executable), record, faults) as url:
                outcome = errlint(programs / "errlint", url, folder)
            outcomes["errlint"], requests = recorded(record, outcome)
        if "schemathesis" in asked.tool:
            with service(Path(sys.executable), record, faults) as url:
                outcome = schemathesis(programs / "st", url, folder, asked.examples)
            outcomes["schemathesis"], _ = recorded(record, outcome)
        if "prism" in asked.tool:
            program = installed(asked.folder.resolve(), "prism") / "node_modules/.bin/prism"
            with service(Path(sys.executable), record, faults) as url:
                outcomes["prism"] = prism(program, url, folder, requests)
    return outcomes


def cell(outcome: Outcome, verdict: str) -> str:
    return f"{verdict} ({outcome.seconds:.0f} s, {outcome.requests})"


def main() -> None:
    parser = argparse.ArgumentParser(description="errlint, Schemathesis and Prism's proxy over one faulty service.")
    parser.add_argument("folder", type=Path, help="where Prism is installed, and where versus.json goes")
    parser.add_argument("--only", action="append", choices=sorted(FAULTS), help="this fault; repeats")
    parser.add_argument("--tool", action="append", choices=TOOLS, help="this tool; repeats")
    parser.add_argument(
        "--examples", type=int, default=20, help="cases an operation in Schemathesis' fuzzing (its own default: 100)"
    )
    asked = parser.parse_args()
    asked.tool = asked.tool or list(TOOLS)
    asked.folder.mkdir(parents=True, exist_ok=True)
    record = asked.folder.resolve() / "versus-requests.jsonl"
    print("| fault | " + " | ".join(f"{tool} (s, requests)" for tool in asked.tool) + " |")
    print("|---|" + "---|" * len(asked.tool))
    healthy = runs(asked, [], record)
    cells = [cell(healthy[tool], f"{len(_kinds(healthy[tool]))} said") for tool in asked.tool]
    print("| *none: the healthy service* | " + " | ".join(cells) + " |", flush=True)
    told: dict[str, Any] = {"healthy": {tool: asdict(outcome) for tool, outcome in healthy.items()}}
    score = dict.fromkeys(asked.tool, 0)
    faults = asked.only or list(FAULTS)
    for fault in faults:
        outcomes = runs(asked, [fault], record)
        verdicts = {tool: judged(outcomes[tool], healthy[tool], fault) for tool in asked.tool}
        score = {tool: score[tool] + (verdicts[tool] == "found") for tool in asked.tool}
        told[fault] = {tool: {"verdict": verdicts.get(tool), **asdict(outcome)} for tool, outcome in outcomes.items()}
        print(f"| {fault} | " + " | ".join(cell(outcomes[tool], verdicts[tool]) for tool in asked.tool) + " |", flush=True)
    print(f"| **found of {len(faults)}** | " + " | ".join(f"**{score[tool]}**" for tool in asked.tool) + " |")
    (asked.folder / "versus.json").write_text(json.dumps(told, indent=1), encoding="utf-8")


def _kinds(outcome: Outcome) -> set[tuple[str, str]]:
    return {(one.operation, one.kind) for one in outcome.found if isinstance(one, Found)}


if __name__ == "__main__":
    main()
