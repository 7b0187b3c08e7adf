import sys

from sanic import Sanic
from sanic.response import json

app = Sanic("observed")


@app.post("/things")
async def things(request):
    return json(request.json)


@app.get("/boom")
async def boom(request):
    raise ZeroDivisionError


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(sys.argv[1]), single_process=True, motd=False)
