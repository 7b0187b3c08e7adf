"""``--app`` against real frameworks: each is installed outside of the repository, linted and probed.

Of each: does the document come, do the findings stand in its source, and does a probe reach its three operations.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench.apps_sources import SOURCES

PACKAGES = {
    "fastapi": ["fastapi"],
    "starlette": ["starlette", "pyyaml"],
    "litestar": ["litestar"],
    "flask-smorest": ["flask-smorest"],
    "apiflask": ["apiflask"],
    "flask-openapi3": ["flask-openapi3"],
    "flasgger": ["flasgger"],
    "flask-restx": ["flask-restx", "setuptools<81"],
    "django": ["django", "djangorestframework", "drf-spectacular"],
    "connexion": ["connexion[flask,uvicorn]"],
}
ROOT = Path(__file__).parents[2]


def environment(home: Path, name: str) -> Path:
    """The Python of a virtual environment with errlint and one framework in it."""
    folder = home / f"env-{name}"
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        command = [str(python), "-m", "pip", "install", "-q", "-e", str(ROOT), *PACKAGES[name]]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return python


def ran(python: Path, folder: Path, *arguments: str) -> tuple[dict[str, Any], str]:
    """The JSON report of errlint, empty where none came, and what stood on stderr."""
    command = [str(python), "-m", "errlint", *arguments, "-f", "json", "-q", "--isolated"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    try:
        return json.loads(done.stdout), done.stderr
    except ValueError:
        return {}, done.stderr


def tried(home: Path, name: str) -> str:
    """One line about a framework."""
    text, attribute = SOURCES[name]
    folder = home / f"shop-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "shop_app.py").write_text(text.lstrip())
    python = environment(home, name)
    app = f"shop_app:{attribute}"
    linted, told = ran(python, folder, "lint", "--app", app)
    if not linted.get("findings"):
        return f"| {name} | {(linted.get('summary', {}).get('reason') or told.strip() or 'nothing found')[-150:]} | | |"
    places = [site["location"] for finding in linted["findings"] for site in finding["sites"]]
    own = [place for place in places if place["uri"] == "shop_app.py" and place["line"]]
    lines = " ".join(sorted({f"{place['line']}" for place in own}, key=int))
    probed, told = ran(python, folder, "probe", "--app", app, "--directed-only")
    if not probed.get("coverage"):
        reason = probed.get("summary", {}).get("reason") or told.strip()
        return f"| {name} | {len(own)} of {len(places)} | {lines} | {reason[-150:]} |"
    reached = sum(one["state"] == "reached" for one in probed["coverage"]["operations"])
    whole = f"{reached} of {len(probed['coverage']['operations'])} operations, {len(probed['findings'])} findings"
    return f"| {name} | {len(own)} of {len(places)} | {lines} | {whole} |"


def main() -> None:
    home = Path(sys.argv[1]).resolve()
    print("| framework | places in its source | lines | probed |\n|---|---|---|---|")
    for name in sys.argv[2:] or SOURCES:
        print(tried(home, name), flush=True)


if __name__ == "__main__":
    main()
