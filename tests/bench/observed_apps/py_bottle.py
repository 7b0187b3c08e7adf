import sys

from bottle import default_app, get, post, request, run


@post("/things")
def things():
    return request.json


@get("/boom")
def boom():
    raise ZeroDivisionError


app = default_app()
if __name__ == "__main__":
    run(host="127.0.0.1", port=int(sys.argv[1]), quiet=True)
