"""One small shop in each framework: three operations, one secured, one that fails, errors in one shape."""

LITESTAR = """
from dataclasses import dataclass

from litestar import Litestar, get, post
from litestar.exceptions import HTTPException
from litestar.openapi.spec import SecurityRequirement


@dataclass
class Order:
    id: int
    name: str


@get("/orders")
async def list_orders() -> list[Order]:
    return [Order(1, "a")]


@get("/orders/{order_id:int}")
async def get_order(order_id: int) -> Order:
    if order_id > 100:
        raise HTTPException(status_code=404, detail="no such order")
    return Order(order_id, "a")


@post("/orders")
async def create_order(data: Order) -> Order:
    return data


app = Litestar([list_orders, get_order, create_order])
"""

SMOREST = """
import marshmallow as ma
from flask import Flask
from flask.views import MethodView
from flask_smorest import Api, Blueprint, abort

app = Flask(__name__)
app.config.update(API_TITLE="Shop", API_VERSION="1", OPENAPI_VERSION="3.0.3")
api = Api(app)


class OrderSchema(ma.Schema):
    id = ma.fields.Int(dump_only=True)
    name = ma.fields.String(required=True)


blp = Blueprint("orders", "orders", url_prefix="/orders")


@blp.route("/")
class Orders(MethodView):
    @blp.response(200, OrderSchema(many=True))
    def get(self):
        return [{"id": 1, "name": "a"}]

    @blp.arguments(OrderSchema)
    @blp.response(201, OrderSchema)
    def post(self, data):
        return {"id": 2, **data}


@blp.route("/<int:order_id>")
class OneOrder(MethodView):
    @blp.response(200, OrderSchema)
    def get(self, order_id):
        if order_id > 100:
            abort(404, message="no such order")
        return {"id": order_id, "name": "a"}


api.register_blueprint(blp)
"""

APIFLASK = """
from apiflask import APIFlask, Schema, abort
from apiflask.fields import Integer, String

app = APIFlask(__name__)


class OrderIn(Schema):
    name = String(required=True)


class OrderOut(Schema):
    id = Integer()
    name = String()


@app.get("/orders")
@app.output(OrderOut(many=True))
def list_orders():
    return [{"id": 1, "name": "a"}]


@app.get("/orders/<int:order_id>")
@app.output(OrderOut)
def get_order(order_id):
    if order_id > 100:
        abort(404, "no such order")
    return {"id": order_id, "name": "a"}


@app.post("/orders")
@app.input(OrderIn)
@app.output(OrderOut, status_code=201)
def create_order(json_data):
    return {"id": 2, **json_data}
"""

FLASK_OPENAPI3 = """
from flask_openapi3 import Info, OpenAPI
from pydantic import BaseModel


class OrderPath(BaseModel):
    order_id: int


class Order(BaseModel):
    id: int
    name: str


app = OpenAPI(__name__, info=Info(title="Shop", version="1"))


@app.get("/orders", responses={200: Order})
def list_orders():
    return [{"id": 1, "name": "a"}]


@app.get("/orders/<int:order_id>", responses={200: Order})
def get_order(path: OrderPath):
    if path.order_id > 100:
        raise KeyError("no such order")
    return {"id": path.order_id, "name": "a"}


@app.post("/orders", responses={201: Order})
def create_order(body: Order):
    return body.model_dump(), 201
"""

FLASGGER = '''
from flasgger import Swagger
from flask import Flask, jsonify

app = Flask(__name__)
swagger = Swagger(app)


@app.route("/orders")
def list_orders():
    """All orders.
    ---
    responses:
      200:
        description: The orders.
    """
    return jsonify([])


@app.route("/orders/<int:order_id>")
def get_order(order_id):
    """One order.
    ---
    parameters: [{name: order_id, in: path, type: integer, required: true}]
    responses:
      200:
        description: The order.
    """
    if order_id > 100:
        return jsonify({"error": {"code": "SHOP_404", "message": "no such order"}}), 404
    return jsonify({"id": order_id})


@app.route("/orders", methods=["POST"])
def create_order():
    """A new order.
    ---
    responses:
      201:
        description: The order.
    """
    return jsonify({}), 201
'''

RESTX = """
from flask import Flask
from flask_restx import Api, Resource

app = Flask(__name__)
api = Api(app)


@api.route("/orders")
class Orders(Resource):
    def get(self):
        return []

    def post(self):
        return {}, 201


@api.route("/orders/<int:order_id>")
class OneOrder(Resource):
    def get(self, order_id):
        if order_id > 100:
            api.abort(404, "no such order")
        return {"id": order_id}
"""

STARLETTE = '''
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route
from starlette.schemas import SchemaGenerator

schemas = SchemaGenerator({"openapi": "3.0.3", "info": {"title": "Shop", "version": "1"}})


class Orders(HTTPEndpoint):
    async def get(self, request):
        """
        responses:
          200:
            description: The orders.
        """
        return JSONResponse([])

    async def post(self, request):
        """
        responses:
          201:
            description: The order.
        """
        await request.json()
        return JSONResponse({}, 201)


async def get_order(request):
    """
    parameters: [{name: order_id, in: path, required: true, schema: {type: integer}}]
    responses:
      200:
        description: The order.
    """
    return JSONResponse({"id": request.path_params["order_id"]})


def schema(request):
    return schemas.OpenAPIResponse(request=request)


def create_app():
    inner = [Route("/orders", Orders), Route("/orders/{order_id:int}", get_order)]
    return Starlette(routes=[Mount("/v1", routes=inner), Route("/schema", schema, include_in_schema=False)])
'''

CONNEXION = """
import connexion


def list_orders():
    return []


def get_order(order_id):
    if order_id > 100:
        raise connexion.exceptions.ProblemException(status=404, title="no such order")
    return {"id": order_id}


def create_order(body):
    return {}, 201


SPEC = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "/v1"}],
    "paths": {
        "/orders": {
            "get": {"operationId": "shop_app.list_orders", "responses": {"200": {"description": "d"}}},
            "post": {
                "operationId": "shop_app.create_order",
                "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
                "responses": {"201": {"description": "d"}},
            },
        },
        "/orders/{order_id}": {
            "get": {
                "operationId": "shop_app.get_order",
                "parameters": [{"name": "order_id", "in": "path", "required": True, "schema": {"type": "integer"}}],
                "responses": {"200": {"description": "d"}},
            }
        },
    },
}

app = connexion.AsyncApp(__name__)
app.add_api(SPEC)
"""

DJANGO = """
import django
from django.conf import settings

settings.configure(
    SECRET_KEY="x",
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "drf_spectacular"],
    REST_FRAMEWORK={
        "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application
from django.urls import include, path
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers, viewsets
from rest_framework.response import Response
from rest_framework.routers import DefaultRouter


class OrderSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class Orders(viewsets.ViewSet):
    serializer_class = OrderSerializer

    def list(self, request):
        return Response([])

    def create(self, request):
        OrderSerializer(data=request.data).is_valid(raise_exception=True)
        return Response({}, 201)

    @extend_schema(responses={200: OrderSerializer, 404: None})
    def retrieve(self, request, pk):
        return Response({"detail": "no such order"}, 404)


router = DefaultRouter()
router.register("orders", Orders, basename="orders")
urlpatterns = [path("v1/", include(router.urls)), path("api/schema/", SpectacularAPIView.as_view(schema=None))]
application = get_wsgi_application()
"""

FASTAPI = """
from fastapi import APIRouter, FastAPI, HTTPException
from pydantic import BaseModel


class Order(BaseModel):
    id: int
    name: str


router = APIRouter(prefix="/orders")


@router.get("")
def list_orders() -> list[Order]:
    return []


@router.get("/{order_id}")
def get_order(order_id: int) -> Order:
    if order_id > 100:
        raise HTTPException(404, "no such order")
    return Order(id=order_id, name="a")


@router.post("", status_code=201)
async def create_order(order: Order) -> Order:
    return order


app = FastAPI()
app.include_router(router)
"""

SOURCES = {
    "fastapi": (FASTAPI, "app"),
    "starlette": (STARLETTE, "create_app()"),
    "litestar": (LITESTAR, "app"),
    "flask-smorest": (SMOREST, "app"),
    "apiflask": (APIFLASK, "app"),
    "flask-openapi3": (FLASK_OPENAPI3, "app"),
    "flasgger": (FLASGGER, "app"),
    "flask-restx": (RESTX, "app"),
    "django": (DJANGO, "application"),
    "connexion": (CONNEXION, "app"),
}
"""The source of each shop and the name of its application."""
