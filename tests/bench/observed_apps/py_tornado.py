import asyncio
import json
import sys

from tornado.web import Application, RequestHandler


class Things(RequestHandler):
    def post(self):
        self.write(json.loads(self.request.body))


class Boom(RequestHandler):
    def get(self):
        raise ZeroDivisionError


async def main():
    Application([("/things", Things), ("/boom", Boom)]).listen(int(sys.argv[1]), "127.0.0.1")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
