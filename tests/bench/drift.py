"""Two versions of botocore, each as one catalog with a layer a service, compared: is it readable, and how long does it take?

``python -m tests.bench.drift FOLDER 1.34.0 1.44.8`` downloads what is not there into the folder, and prints the report.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MODEL = re.compile(r"botocore/data/([^/]+)/([^/]+)/service-2\.json(\.gz)?")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("versions", nargs=2, metavar="VERSION")
    parser.add_argument("rest", nargs="*", metavar="-- OPTION", help="options of errlint catalog diff")
    given = parser.parse_args()
    files = [catalog_of(given.folder, version) for version in given.versions]
    before = time.perf_counter()
    line = [sys.executable, "-m", "errlint", "catalog", "diff", "--isolated", *map(str, files), *given.rest]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - before
    print(done.stdout + done.stderr, end="")
    print(f"{len(done.stdout.splitlines())} lines, {seconds:.1f} s, exit {done.returncode}")
    return 0 if done.returncode in (0, 1) else 1


def catalog_of(folder: Path, version: str) -> Path:
    """The catalog of one version, written anew."""
    folder.mkdir(parents=True, exist_ok=True)
    wheels = list(folder.glob(f"botocore-{version}-*.whl"))
    if not wheels:
        install = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), f"botocore=={version}"]
        subprocess.run(install, check=True)
        wheels = list(folder.glob(f"botocore-{version}-*.whl"))
    entries = list(entries_of(wheels[0]))
    place = {"code": {"pointer": "/__type", "type": "string"}, "message": {"pointer": "/message"}}
    catalog = {
        "errlint": 1,
        "service": {"name": "aws", "version": version},
        "envelopes": {"aws": place},
        "layers": {entry["layer"]: {"envelope": "aws"} for entry in entries},
        "errors": entries,
    }
    path = folder / f"botocore-{version}.json"
    path.write_text(json.dumps(catalog, indent=1), encoding="utf-8")
    return path


def entries_of(wheel: Path) -> Iterator[dict[str, Any]]:
    """An entry for each error shape of the newest model of each service; what names no status is the client's fault, or 500."""
    with zipfile.ZipFile(wheel) as archive:
        newest = {}
        for name in sorted(archive.namelist()):
            if found := MODEL.fullmatch(name):
                newest[found[1].lower()] = name
        for service, name in newest.items():
            text = archive.read(name)
            shapes = json.loads(gzip.decompress(text) if name.endswith(".gz") else text)["shapes"]
            for shape, facts in shapes.items():
                if facts.get("exception"):
                    yield entry_of(service, shape, facts)


def entry_of(service: str, shape: str, facts: dict[str, Any]) -> dict[str, Any]:
    error = facts.get("error", {})
    status = error.get("httpStatusCode") or (500 if facts.get("fault") else 400)
    told = re.sub("<[^>]+>", "", facts.get("documentation", "")).strip()
    entry = {"id": shape, "code": error.get("code", shape), "status": status, "layer": service, "name": shape}
    return {**entry, "description": told} if told else entry


if __name__ == "__main__":
    sys.exit(main())
