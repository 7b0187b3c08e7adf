"""``errlint init`` over real documents: every code that they enumerate is in the written catalog, and ``lint`` agrees with it.

    python -m tests.bench.init FOLDER [--others N] [--only TEXT] [--show]

The codes are found by plain loops over the JSON that know nothing of errlint: below the schemas of error responses, the values
of ``enum`` and ``const`` at members whose names say that they hold a code.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.corpus import METHODS, follow, is_error, welcome

NAMES = re.compile(r"(err(or)?|fault|exception|problem)?_?-?(code|id|type|key|name)|error|reason|status_?code", re.IGNORECASE)
AROUND = re.compile(
    r"errors?|faults?|exceptions?|problems?|details?|items?|data|result|response|messages?|body|meta|\\*", re.IGNORECASE
)
"""What an error stands in; below anything else they are those of a resource."""

DEEPEST = 7


def is_code_place(at: tuple[str, ...]) -> bool:
    """Whether the names on the way to a member say that it holds a code."""
    names = [name for name in at if name != "*"]
    if not names or not NAMES.fullmatch(names[-1]):
        return False
    return all(AROUND.fullmatch(name) for name in names[:-1])


def schemas(document: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """(status key, schema) of every error response, references not yet followed."""
    for path, item in (document.get("paths") or {}).items():
        item = follow(document, item) if isinstance(item, dict) else None
        for method in METHODS if isinstance(item, dict) and not path.startswith("x-") else ():
            operation = item.get(method)
            responses = operation.get("responses") if isinstance(operation, dict) else None
            if not isinstance(responses, dict):
                continue
            responses = {str(key): one for key, one in responses.items() if not str(key).startswith("x-")}
            for key, written in responses.items():
                if not is_error(key) or (key == "default" and welcome(document, responses)):
                    continue
                response = follow(document, written)
                content = response.get("content") if isinstance(response, dict) else None
                for media in content.values() if isinstance(content, dict) else ():
                    media = follow(document, media)
                    if isinstance(media, dict) and "schema" in media:
                        yield key, media["schema"]


def enumerated(document: dict[str, Any], schema: Any) -> dict[tuple[str, ...], set[Any]]:
    """The enumerated values at members named like codes, by the path of their names."""
    found: dict[tuple[str, ...], set[Any]] = {}

    def walk(value: Any, at: tuple[str, ...], above: tuple[int, ...]) -> None:
        value = follow(document, value)
        if not isinstance(value, dict) or id(value) in above or len(at) > DEEPEST or len(above) > 14:
            return
        above = (*above, id(value))
        if is_code_place(at):
            listed = value.get("enum") if isinstance(value.get("enum"), list) else []
            listed = [*listed, value["const"]] if "const" in value else listed
            codes = {one for one in listed if isinstance(one, (str, int)) and not isinstance(one, bool) and str(one).strip()}
            if codes:
                found.setdefault(at, set()).update(codes)
        for key in ("allOf", "oneOf", "anyOf"):
            for part in value.get(key) or () if isinstance(value.get(key), list) else ():
                walk(part, at, above)
        properties = value.get("properties")
        for name, part in properties.items() if isinstance(properties, dict) else ():
            walk(part, (*at, name), above)
        if isinstance(value.get("items"), dict):
            walk(value["items"], (*at, "*"), above)

    walk(schema, (), ())
    return found


def expected(document: dict[str, Any]) -> dict[tuple[str, ...], set[Any]]:
    """All that a document enumerates at members named like codes, by their path."""
    found: dict[tuple[str, ...], set[Any]] = {}
    known: dict[str, dict[tuple[str, ...], set[Any]]] = {}
    for _, schema in schemas(document):
        text = json.dumps(schema, sort_keys=True)
        if text not in known:
            known[text] = enumerated(document, schema)
            for at, codes in known[text].items():
                found.setdefault(at, set()).update(codes)
    return found


def written(path: Path, folder: Path) -> tuple[Path, set[Any], float]:
    """The catalog that ``init`` writes for a document, its codes, and the seconds that it took."""
    import yaml

    from errlint.api import starting
    from errlint.load.library import Library
    from errlint.load.source import read

    begun = time.perf_counter()
    made = starting.started([read(str(path))], Library())
    took = time.perf_counter() - begun
    catalog = folder / "errors.yaml"
    catalog.write_text(made.text)
    codes = {entry.get("code") for entry in yaml.load(made.text, yaml.CSafeLoader)["errors"]}
    return catalog, codes, took


def judged(path: Path, catalog: Path) -> tuple[list[Any], list[Any]]:
    """(what lint says with the catalog and not without one, what catalog check says as errors)."""
    from errlint import api
    from errlint.model.finding import Severity

    alone = {(one.rule, one.message) for one in api.lint([str(path)]).findings}
    new = [one for one in api.lint([str(path)], [str(catalog)]).findings if (one.rule, one.message) not in alone]
    checked = [one for one in api.check_catalog([str(catalog)]).findings if one.severity >= Severity.WARNING]
    return [one for one in new if one.severity >= Severity.WARNING], checked


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--others", type=int, default=0, help="Also this many documents that enumerate nothing.")
    parser.add_argument("--only", default="", help="Only documents whose path holds this.")
    parser.add_argument("--show", action="store_true", help="Every finding that only the catalog brings.")
    arguments = parser.parse_args()
    rules: Counter[str] = Counter()
    problems: list[str] = []
    times: list[float] = []
    listing = others = codes_found = codes_wanted = complete = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(arguments.folder.rglob("*.json")):
            text = path.read_bytes()
            if arguments.only not in str(path) or path.name == "package.json":
                continue
            document = json.loads(text)
            wanted = expected(document) if b'"enum"' in text or b'"const"' in text else {}
            if not wanted and others >= arguments.others:
                continue
            listing, others = listing + bool(wanted), others + (not wanted)
            name = str(path.relative_to(arguments.folder))
            try:
                catalog, codes, took = written(path, Path(folder))
                new, checked = judged(path, catalog)
            except Exception as error:
                problems.append(f"CRASH {name}: {type(error).__name__}: {str(error)[:200]}")
                continue
            times.append(took)
            missing = {at: found for at, values in wanted.items() if (found := {v for v in values if v not in codes})}
            total = sum(map(len, wanted.values()))
            codes_wanted += total
            codes_found += total - sum(map(len, missing.values()))
            complete += bool(wanted) and not missing
            for at, values in missing.items():
                shown = ", ".join(map(str, sorted(values, key=str)[:5]))
                problems.append(f"MISSING {name}: {'/'.join(at)} ({len(values)}: {shown})")
            rules.update(f"{one.rule} {one.severity}" for one in (*new, *checked))
            for one in (*new, *checked):
                if arguments.show or one.rule in ("COD001", "COD002", "CAT001"):
                    problems.append(f"{one.rule} {name}: {one.message[:200]}")
            if took > 5:
                problems.append(f"SLOW {name}: {took:.1f} s")
    print("\n".join(problems))
    print(dict(rules.most_common()))
    print(
        json.dumps({"listing": listing, "complete": complete, "wanted": codes_wanted, "found": codes_found, "others": others})
    )
    if times:
        print(f"seconds a document: median {median(times):.2f}, most {max(times):.1f}")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
