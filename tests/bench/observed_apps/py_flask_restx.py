from flask import Flask
from flask_restx import Api, Resource, fields

app = Flask(__name__)
api = Api(app)
thing = api.model("Thing", {"name": fields.String(required=True), "n": fields.Integer})


@api.route("/things")
class Things(Resource):
    @api.expect(thing, validate=True)
    def post(self):
        return api.payload


@api.route("/boom")
class Boom(Resource):
    def get(self):
        raise ZeroDivisionError
