from flask import Flask, request

app = Flask(__name__)


@app.post("/things")
def things():
    return request.get_json()


@app.get("/boom")
def boom():
    raise ZeroDivisionError
