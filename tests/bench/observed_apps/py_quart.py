from quart import Quart, request

app = Quart(__name__)


@app.post("/things")
async def things():
    return await request.get_json()


@app.get("/boom")
async def boom():
    raise ZeroDivisionError
