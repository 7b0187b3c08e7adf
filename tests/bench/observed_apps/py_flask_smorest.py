from flask import Flask
from flask_smorest import Api, Blueprint
from marshmallow import Schema, fields

app = Flask(__name__)
app.config.update(API_TITLE="t", API_VERSION="1", OPENAPI_VERSION="3.0.2")
api = Api(app)
blueprint = Blueprint("things", __name__)


class Thing(Schema):
    name = fields.String(required=True)
    n = fields.Integer()


@blueprint.route("/things", methods=["POST"])
@blueprint.arguments(Thing)
@blueprint.response(200, Thing)
def things(thing):
    return thing


@blueprint.route("/boom")
def boom():
    raise ZeroDivisionError


api.register_blueprint(blueprint)
