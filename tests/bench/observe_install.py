"""Installs what is observed into one folder: a venv, node_modules, and a Debian of its own that is never installed."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

PYTHON = (
    *(
        "fastapi",
        "uvicorn",
        "flask",
        "django",
        "djangorestframework",
        "litestar",
        "connexion[flask,uvicorn]",
        "aiohttp",
        "falcon",
    ),
    *("sanic", "tornado", "bottle", "quart", "pyramid", "cherrypy", "flask-smorest", "flask-restx", "apiflask", "django-ninja"),
    *("strawberry-graphql", "ariadne", "jsonrpcserver", "waitress", "blacksheep", "jsonschema"),
)
NODE = (
    *("express@5", "express4@npm:express@4", "koa", "koa-router", "koa-bodyparser", "fastify", "@hapi/hapi", "@nestjs/core"),
    *("@nestjs/common", "@nestjs/platform-express", "reflect-metadata", "rxjs", "hono", "@hono/node-server"),
    *("@apollo/server", "graphql", "graphql-yoga", "jayson"),
)
DEBIAN = (
    *("nginx-light", "apache2-bin", "haproxy", "lighttpd", "caddy", "docker-registry", "etcd-server", "tomcat10"),
    *("default-jre-headless", "php-laravel-framework", "php-cli", "php-xml", "php-mbstring", "ruby-rails", "ruby-sinatra"),
    *("puma", "ruby-sqlite3", "bash", "coreutils"),
)


def packages(folder: Path, kind: str) -> Path:
    """The folder of the Python or Node packages, installed if they are not there."""
    home = folder / ("js" if kind == "node" else "py")
    if not home.exists() and kind == "node":
        home.mkdir(parents=True)
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", home, *NODE], check=True)
    elif not home.exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([home / "bin/python", "-m", "pip", "install", "-q", *PYTHON], check=True)
    return home


def debian_root(folder: Path) -> Path:
    """A root folder with the Debian packages and all that they need, unpacked: nothing of it starts by itself.

    It is entered by chroot, which wants root.
    """
    root, archives = folder / "root", folder / "debs"
    if not root.exists():
        (archives / "partial").mkdir(parents=True, exist_ok=True)
        (folder / "status").touch()
        where = ["-o", f"Dir::State::status={folder / 'status'}", "-o", f"Dir::Cache::archives={archives}"]
        options = ["-y", "-q", "--no-install-recommends", "--download-only", "-o", "Debug::NoLocking=true", *where]
        subprocess.run(["apt-get", *options, "install", *DEBIAN], check=True)
        root.mkdir()
        for archive in sorted(archives.glob("*.deb")):
            subprocess.run(["dpkg", "-x", archive, root], check=True)
        shutil.copy("/etc/passwd", root / "etc/passwd")
        shutil.copy("/etc/group", root / "etc/group")
        for name, number in (("null", 3), ("random", 8), ("urandom", 9)):
            os.mknod(root / "dev" / name, 0o666 | stat.S_IFCHR, os.makedev(1, number))
    return root


def package_version(home: Path, package: str) -> str:
    code = f"from importlib.metadata import version; print(version({package!r}))"
    return subprocess.run([home / "bin/python", "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def npm_version(home: Path, package: str) -> str:
    return str(json.loads((home / "node_modules" / package / "package.json").read_text())["version"])


def version_in(root: Path, package: str) -> str:
    """The version of an unpacked Debian package, without Debian's own revision."""
    (archive,) = (root.parent / "debs").glob(f"{package}_*.deb")
    return archive.name.split("_")[1].replace("%3a", ":").rpartition(":")[2].rpartition("-")[0].partition("+dfsg")[0]
