from dataclasses import dataclass

from litestar import Litestar, get, post


@dataclass
class Thing:
    name: str
    n: int = 0


@post("/things")
async def things(data: Thing) -> Thing:
    return data


@get("/boom")
async def boom() -> None:
    raise ZeroDivisionError


app = Litestar([things, boom])
