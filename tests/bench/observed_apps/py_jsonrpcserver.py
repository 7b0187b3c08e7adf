from jsonrpcserver import Success, async_dispatch, method
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


@method
async def ping():
    return Success("pong")


@method
async def boom():
    raise ZeroDivisionError


async def rpc(request: Request) -> Response:
    return Response(await async_dispatch((await request.body()).decode()), media_type="application/json")


app = Starlette(routes=[Route("/", rpc, methods=["POST"])])
