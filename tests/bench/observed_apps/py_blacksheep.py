from dataclasses import dataclass

from blacksheep import Application, FromJSON, get, post

app = Application()


@dataclass
class Thing:
    name: str
    n: int = 0


@post("/things")
async def things(data: FromJSON[Thing]):
    return data.value


@get("/boom")
async def boom():
    raise ZeroDivisionError
