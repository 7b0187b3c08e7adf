"""How fast a probe is, against ``st run``: one document, one service, requests counted by the service itself.

python -m tests.bench.throughput                      # 85 operations, both tools, three runs in turn
python -m tests.bench.throughput --operations 1000    # time and memory of errlint alone over many operations
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

SERVICE = r"""
import asyncio, json, sys
ERROR = json.dumps({"error": {"code": "THING_UNKNOWN", "message": "There is no such thing."}}).encode()
WRONG = json.dumps({"error": {"code": "THING_INVALID", "message": "The thing is not valid."}}).encode()
count = 0

def reply(status, body):
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nAllow: GET, POST\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body

def answer(line):
    method, path = line.split(" ")[:2]
    if path == "/count":
        return reply(200, str(count).encode())
    if method in ("TRACE", "ERRLINT", "QUERY", "OPTIONS", "HEAD"):
        return reply(405, b"" if method == "HEAD" else WRONG)
    if method == "GET":
        return reply(200, b"[]") if path.partition("?")[0].count("/") == 1 else reply(404, ERROR)
    return reply(400, WRONG)

class Protocol(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.data = transport, b""

    def data_received(self, data):
        global count
        self.data += data
        while b"\r\n\r\n" in self.data:
            head, _, rest = self.data.partition(b"\r\n\r\n")
            length = 0
            for line in head.lower().split(b"\r\n")[1:]:
                if line.startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            if len(rest) < length:
                return
            self.data = rest[length:]
            text = head.split(b"\r\n")[0].decode("latin-1")
            out = answer(text)
            if " /count " not in text:
                count += 1
            self.transport.write(out)

async def main():
    server = await asyncio.get_running_loop().create_server(Protocol, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)

asyncio.run(main())
"""

CATALOG = """
errlint: 1
service: {name: things}
envelopes:
  things:
    code: {pointer: /error/code, type: string}
    message: {pointer: /error/message, type: string}
layers:
  service: {envelope: things, applies_to: all-operations}
errors:
  - {code: THING_UNKNOWN, status: 404, message: There is no such thing.}
  - {code: THING_INVALID, status: [400, 405], message: The thing is not valid.}
"""


@contextmanager
def service() -> Iterator[str]:
    """The url of a service in a process of its own that costs next to nothing."""
    process = subprocess.Popen([sys.executable, "-c", SERVICE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.communicate()


def document(operations: int) -> dict[str, Any]:
    """Collections with a list, a create, and an item to read, change and delete; five operations each."""
    thing = {
        "type": "object",
        "required": ["name", "kind"],
        "additionalProperties": False,
        "properties": {
            "name": {"type": "string", "minLength": 1, "maxLength": 40},
            "kind": {"type": "string", "enum": ["small", "large"]},
            "size": {"type": "integer", "minimum": 0, "maximum": 1000},
            "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 5},
        },
    }
    told = {"error": {"type": "object", "required": ["error"], "properties": {"error": {"type": "object"}}}}
    error = {"description": "no", "content": {"application/json": {"schema": told["error"]}}}
    answers = {"200": {"description": "yes"}, "400": error, "404": error, "405": error}
    body = {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100}}
    item = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    paths: dict[str, Any] = {}
    for number in range((operations + 4) // 5):
        paths[f"/things{number}"] = {
            "get": {"parameters": [limit], "responses": answers},
            "post": {"requestBody": body, "responses": answers},
        }
        paths[f"/things{number}/{{id}}"] = {
            "parameters": [item],
            "get": {"responses": answers},
            "put": {"requestBody": body, "responses": answers},
            "delete": {"responses": answers},
        }
    info = {"title": "things", "version": "1"}
    return {"openapi": "3.0.3", "info": info, "paths": paths, "components": {"schemas": {"Thing": thing}}}


def measured(words: list[str], url: str, folder: Path) -> tuple[int, float, float, str]:
    """(requests that the service counted, seconds, CPU seconds of the tool and its children, what it printed)."""
    before, used, began = _count(url), _cpu(), time.perf_counter()
    done = subprocess.run(words, capture_output=True, text=True, cwd=folder, check=False)
    seconds, cpu = time.perf_counter() - began, _cpu() - used
    return _count(url) - before, seconds, cpu, done.stdout + done.stderr


def _count(url: str) -> int:
    with urlopen(f"{url}/count", timeout=30) as answer:
        return int(answer.read())


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def commands(folder: Path, url: str) -> dict[str, list[str]]:
    st = str(Path(sys.executable).with_name("st"))
    errlint = [sys.executable, "-m", "errlint", "probe", str(folder / "openapi.json"), "--url", url, "--rate", "unlimited"]
    big = ["--max-requests", "200000", "--max-time", "3600"]
    return {
        "errlint": [*errlint, "--catalog", str(folder / "errors.yaml"), *big],
        "st run": [st, "run", str(folder / "openapi.json"), "--url", url, "--phases", "coverage", "--continue-on-failure"],
    }


def main() -> None:
    """Prints a line for each run, and the median rates."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--operations", type=int, default=85)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--tool", action="append", choices=["errlint", "st run"])
    asked = parser.parse_args()
    os.environ["PYTHONPATH"] = os.getcwd()
    with tempfile.TemporaryDirectory() as name, service() as url:
        folder = Path(name)
        (folder / "openapi.json").write_text(json.dumps(document(asked.operations)))
        (folder / "errors.yaml").write_text(CATALOG)
        rates: dict[str, list[float]] = {}
        for _ in range(asked.runs):
            for tool, words in commands(folder, url).items():
                if asked.tool and tool not in asked.tool:
                    continue
                requests, seconds, cpu, text = measured(words, url, folder)
                rates.setdefault(tool, []).append(requests / seconds)
                told = (re.findall(r"(?m)^Read .*$|^Test cases:\n.*$", text) or [text[-300:]])[-1].replace("\n", " ")
                print(f"{tool:8} {requests:6} requests {seconds:7.2f} s {requests / seconds:7.0f}/s  CPU {cpu:6.2f} s  {told}")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        print(*(f"{tool}: {statistics.median(found):.0f}/s" for tool, found in rates.items()), f"largest process {peak} MiB")


if __name__ == "__main__":
    main()
