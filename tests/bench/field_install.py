"""Installs what the field benchmark runs into one folder: nothing outside of it is changed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

PYTHON = {
    "jupyter": ("jupyter-server==2.21.1", "ipykernel==7.4.0"),
    "mlserver": ("mlserver==1.7.1",),
    "chroma": ("chromadb==1.5.9",),
}
DEBIAN = {
    "powerdns": ("pdns-server", "pdns-backend-sqlite3"),
    "registry": ("docker-registry",),
    "alertmanager": ("prometheus-alertmanager",),
}
NODE = {"prism": ("@stoplight/prism-cli@5.16.0",)}


def installed(folder: Path, name: str) -> Path:
    """The folder that holds a service: its venv, its unpacked Debian packages or its node_modules; made if it is not there."""
    home = folder / name
    done = home / ".installed"
    if not done.exists():
        home.mkdir(parents=True, exist_ok=True)
        if name in PYTHON:
            python(home, PYTHON[name])
        elif name in DEBIAN:
            debian(home, DEBIAN[name])
        else:
            node(home, NODE[name])
        done.touch()
    return home


def python(home: Path, packages: tuple[str, ...]) -> None:
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    subprocess.run([home / "bin/python", "-m", "pip", "install", "-q", *packages], check=True, stdout=sys.stderr)


def debian(home: Path, packages: tuple[str, ...]) -> None:
    """Downloads the packages and what they need beyond this machine's, and unpacks them.

    Unpacked, not installed: an installed one starts its own service.
    """
    apt = shutil.which("apt-get")
    if apt is None:
        raise SystemExit("apt-get is not here, so the Debian packages cannot be: leave these services out with --only")
    archives = home / "archives"
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    options = ["-y", "-q", "--no-install-recommends", "--download-only", "-o", f"Dir::Cache::archives={archives}"]
    subprocess.run([apt, *options, "install", *packages], check=True, stdout=sys.stderr)
    for archive in sorted(archives.glob("*.deb")):
        subprocess.run(["dpkg", "-x", archive, home], check=True)


def node(home: Path, packages: tuple[str, ...]) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is not here (Debian: apt-get install npm): leave this service out with --only")
    options = ["--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run([npm, "install", *options, "--prefix", home, *packages], check=True, stdout=sys.stderr)
