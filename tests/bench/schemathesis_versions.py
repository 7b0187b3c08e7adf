"""The contract tests of everything that touches Schemathesis, under the oldest and the newest release that errlint allows.

``python -m tests.bench.schemathesis_versions FOLDER [VERSION...]`` makes a venv per version in FOLDER, kept for the next
time, and runs the tests there. Without versions: the lower bound of pyproject.toml, and the newest that it allows.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = ("tests/unit/test_probe_engine.py", "tests/unit/test_probe_stateful.py", "tests/unit/test_st_hooks.py")


def requirement() -> str:
    """What pyproject.toml says of Schemathesis, ``schemathesis>=4.32,<5``."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    return next(one for one in wanted if one.startswith("schemathesis"))


def oldest() -> str:
    """The requirement that gives the first release of the lower bound."""
    found = re.search(r">=\s*([\d.]+)", requirement())
    bound = found.group(1) if found else ""
    return f"schemathesis=={bound}.0" if bound.count(".") == 1 else f"schemathesis=={bound}"


def ran(folder: Path, wanted: str) -> bool:
    """Installs errlint with one Schemathesis and runs the tests; whether they pass."""
    home = folder / re.sub(r"[^\w.]+", "-", wanted)
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    subprocess.run([str(python), "-m", "pip", "install", "-q", "-e", f"{ROOT}[test]", wanted], check=True)
    shown = subprocess.run([str(home / "bin" / "st"), "--version"], check=True, capture_output=True, text=True).stdout.strip()
    done = subprocess.run([str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS], cwd=ROOT, check=False)
    print(f"{shown}: {'passed' if done.returncode == 0 else 'FAILED'}", flush=True)
    return done.returncode == 0


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__)
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [f"schemathesis=={version}" for version in arguments[1:]] or [oldest(), requirement()]
    passed = [ran(folder, one) for one in wanted]  # both, whatever the first says
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
