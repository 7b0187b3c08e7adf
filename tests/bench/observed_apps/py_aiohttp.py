import sys

from aiohttp import web


async def things(request):
    return web.json_response(await request.json())


async def boom(request):
    raise ZeroDivisionError


app = web.Application()
app.add_routes([web.post("/things", things), web.get("/boom", boom)])
if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]))
