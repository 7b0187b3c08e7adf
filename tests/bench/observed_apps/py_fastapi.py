from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Thing(BaseModel):
    name: str
    n: int = 0


@app.post("/things")
def things(thing: Thing) -> Thing:
    return thing


@app.get("/boom")
def boom() -> None:
    raise ZeroDivisionError
