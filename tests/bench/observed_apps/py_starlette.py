from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def things(request: Request) -> JSONResponse:
    return JSONResponse(await request.json())


async def boom(request: Request) -> JSONResponse:
    raise ZeroDivisionError


app = Starlette(routes=[Route("/things", things, methods=["POST"]), Route("/boom", boom)])
