"""What frameworks and servers really sent (``tests/observed``, recorded by ``tests/bench/observe``) is recognised."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from errlint.api.detecting import detect

RECORDS = Path(__file__).parents[1] / "observed"
# (the envelope that detect answers, whose default body it says that it is): the statuses it says this of
EXPECTED = {
    "aiohttp": {("", "aiohttp"): [404, 404, 405, 500, 500, 500]},
    "apache-httpd": {("", "Apache httpd"): [404, 503, 400, 403]},
    "apiflask": {("apiflask", "APIFlask"): [404, 404, 405, 400, 422, 422, 500]},
    "apollo-server": {("graphql", ""): [400, 400, 200], ("", "Express"): [400]},
    "ariadne": {("graphql", ""): [400, 400, 400], ("", "Ariadne"): [400]},
    "blacksheep": {("", "BlackSheep"): [404, 404, 404, 400, 400], ("", ""): [400], ("", "Starlette and others"): [500]},
    "bottle": {("", "Bottle"): [404, 404, 405, 400, 500]},
    "caddy": {("", "Go net/http"): [400]},
    "cherrypy": {("", "CherryPy"): [404, 404, 405, 400, 415, 500]},
    "connexion": {("problem-json", "Connexion"): [404, 404, 405, 415, 500], ("problem-json", ""): [400, 400]},
    "django-ninja": {
        ("", "Django"): [404, 404, 500],
        ("", ""): [405],
        ("drf-detail or fastapi-detail", "Django Ninja"): [400, 400],
        ("fastapi-detail", "FastAPI"): [422],
    },
    "django-rest-framework": {
        ("", "Django"): [404, 404, 500],
        ("drf-detail", "Django REST framework"): [405, 400, 415, 404, 403],
        ("drf-validation", ""): [400],
    },
    "django": {("", "Django"): [404, 404, 500, 500, 500]},
    "docker-registry": {("oci-registry", ""): [404, 404], ("", "Go net/http"): [404, 404]},
    "express-4": {("", "Express"): [404, 404, 404, 400, 500]},
    "express-5": {("", "Express"): [404, 404, 404, 400, 500]},
    "falcon": {("falcon", "Falcon"): [404, 405, 400, 415, 400, 500]},
    "fastapi": {("fastapi-detail", "FastAPI"): [404, 404, 405, 422, 422, 422], ("", "Starlette and others"): [500]},
    "fastify": {
        ("fastify", "Fastify"): [404, 404, 400, 400, 400, 400],
        ("fastify or hapi or nestjs", "Fastify, hapi or NestJS"): [500],
    },
    "flask-restx": {
        ("", "Werkzeug"): [404, 404],
        ("flask-restx", "Flask-RESTX"): [405, 400, 415, 400],
        ("aws-apigateway or docker-engine or flask-restx or laravel", ""): [500],
    },
    "flask-smorest": {("flask-smorest", "flask-smorest"): [404, 404, 405, 400, 422, 422, 500]},
    "flask": {("", "Werkzeug"): [404, 404, 405, 400, 415, 500]},
    "graphql-yoga": {("graphql", ""): [200, 200, 200, 400]},
    "grpc-gateway-etcd": {("", ""): [404], ("grpc-gateway", ""): [400, 400], ("", "Go net/http"): [405]},
    "hapi": {("hapi", "hapi"): [404, 404, 404, 400, 415, 400, 500]},
    "haproxy": {("", "HAProxy"): [503, 503, 503, 503, 403]},
    "hono": {("", "Hono"): [404, 404, 404], ("", "Starlette and others"): [500, 500, 500]},
    "jayson": {("jsonrpc", ""): [200, 200], ("", ""): [400]},
    "jsonrpcserver": {("jsonrpc", ""): [200, 200, 200, 200]},
    "koa": {("", "Starlette and others"): [404, 404, 405, 500], ("", ""): [400]},
    "laravel": {
        ("aws-apigateway or docker-engine or flask-restx or laravel", ""): [404, 500],
        ("", "Laravel"): [404],
        ("laravel", "Laravel"): [405, 422, 422, 422],
    },
    "lighttpd": {("", "lighttpd"): [404, 503, 404, 403]},
    "litestar": {("litestar", "Litestar"): [404, 404, 405, 400, 400, 400, 500]},
    "nestjs": {
        ("nestjs", "NestJS"): [404, 404, 404, 500],
        ("fastify or hapi or nestjs", "Fastify, hapi or NestJS"): [400],
        ("nestjs", "Fastify, hapi or NestJS"): [400, 400],
    },
    "nginx": {("", "nginx"): [404, 405, 502, 400, 403]},
    "pyramid": {("pyramid", "Pyramid"): [404, 404], ("", "Pyramid"): [404], ("", "waitress"): [500, 500, 500]},
    "quart": {("", "Werkzeug"): [404, 404, 405, 400, 500, 500]},
    "rails": {("rails", ""): [404, 404, 400, 400, 400, 500]},
    "sanic": {("sanic", "Sanic"): [404, 405, 400, 400, 500], ("", "Sanic"): [404]},
    "sinatra": {("", "Sinatra"): [404, 404, 404, 500, 500, 500]},
    "starlette": {("", "Starlette and others"): [404, 404, 405, 500, 500, 500]},
    "strawberry": {("graphql", ""): [200, 200, 200], ("", "Strawberry"): [400]},
    "tomcat": {("", "Tomcat"): [404, 404, 405, 404, 404, 404, 404]},
    "tornado": {("", "Tornado"): [404, 404, 405, 500, 500, 500]},
}


@pytest.mark.parametrize("name", sorted(path.stem for path in RECORDS.glob("*.json")))
def test_an_observed_answer_is_recognised(name):
    found: dict[tuple[str, str], list[int]] = {}
    for answer in json.loads((RECORDS / f"{name}.json").read_text(encoding="utf-8"))["answers"]:
        if not answer["body"] or (answer["status"] < 400 and '"error' not in answer["body"]):
            continue
        headers = {"content-type": answer["media_type"], **answer["headers"]}
        seen = detect(answer["body"].encode(), "x", status=answer["status"], headers=headers)
        best = " or ".join(one.envelope for one in seen.matches[: seen.ties])
        found.setdefault((best, seen.framework), []).append(answer["status"])
    assert found == EXPECTED[name]
