from apiflask import APIFlask, Schema
from apiflask.fields import Integer, String

app = APIFlask(__name__)


class Thing(Schema):
    name = String(required=True)
    n = Integer()


@app.post("/things")
@app.input(Thing)
def things(json_data):
    return json_data


@app.get("/boom")
def boom():
    raise ZeroDivisionError
