"""Requests per second of a probe's sender: an application in process, and the same behind uvicorn on loopback.

``python -m tests.bench.apps_speed``; the figures of one run belong together, those of two machines do not.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from errlint.apps.application import load_app, running
from errlint.model.exchange import Request
from errlint.probe.options import Options
from errlint.probe.wire.sender import Sender

SOURCE = """
from fastapi import FastAPI
from pydantic import BaseModel


class Order(BaseModel):
    id: int


app = FastAPI()


@app.get("/orders/{order_id}")
async def get_order(order_id: int) -> Order:
    return Order(id=order_id)
"""
REQUESTS = 4000


def rate(options: Options, threads: int) -> float:
    """Requests per second over so many threads."""
    sender = Sender(options)

    def work() -> None:
        for _ in range(REQUESTS // threads):
            answer = sender.send(Request("GET", f"{options.base_url}/orders/1", ()))
            assert answer.status == 200, answer

    workers = [threading.Thread(target=work) for _ in range(threads)]
    started = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sender.close()
    return REQUESTS / (time.perf_counter() - started)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "speed_app.py").write_text(SOURCE)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "uvicorn", "speed_app:app", "--port", str(port), "--log-level", "critical"]
        server = subprocess.Popen(command, cwd=folder)
        try:
            with running(load_app("speed_app:app", folder).service()) as service:
                while socket.socket().connect_ex(("127.0.0.1", port)):
                    time.sleep(0.1)
                print("| threads | in process | over a socket |\n|---|---|---|")
                for threads in (1, 4):
                    inside = [rate(Options("http://localhost", service=service), threads) for _ in range(3)]
                    outside = [rate(Options(f"http://127.0.0.1:{port}"), threads) for _ in range(3)]
                    print(f"| {threads} | {sorted(inside)[1]:.0f}/s | {sorted(outside)[1]:.0f}/s |")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
