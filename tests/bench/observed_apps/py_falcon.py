import falcon
import falcon.asgi
from falcon.media.validators import jsonschema

SCHEMA = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "n": {"type": "integer"}}}


class Things:
    @jsonschema.validate(SCHEMA)
    async def on_post(self, req, resp):
        resp.media = await req.get_media()


class Boom:
    async def on_get(self, req, resp):
        raise ZeroDivisionError


app = falcon.asgi.App()
app.add_route("/things", Things())
app.add_route("/boom", Boom())
