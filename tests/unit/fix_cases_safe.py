"""A faulty document for each safe fix."""

from __future__ import annotations

from tests.unit.fix_cases import (
    CODE,
    EXAMPLE,
    GET,
    OK,
    OPTIONAL,
    PROBLEM,
    R404,
    Fault,
    answer,
    body,
    catalog_of,
    document,
    near,
    schema,
)

SAFE = [
    Fault("COD005", near(schema_=schema({"enum": ["shop-2004"]})), OPTIONAL, {CODE: {"enum": ["SHOP-2004"]}}),
    Fault(
        "COD005",
        near(schema_=schema({"type": "integer", "format": "int32", "enum": [1, 2]})),
        catalog_of({"code": "1", "status": 404}, {"code": "2", "status": 404}),
        {CODE: {"type": "string", "enum": ["1", "2"]}},
    ),
    Fault("COD005", near(example=body("Shop-2004")), OPTIONAL, {f"{EXAMPLE}/error/code": "SHOP-2004"}),
    Fault(
        "DEC005",
        document({"200": OK, "4xx": answer(schema({"enum": ["SHOP-1000"]}))}),
        OPTIONAL,
        {f"{GET}/responses/4XX": answer(schema({"enum": ["SHOP-1000"]}))},
    ),
    Fault(
        "DEC006",
        document({"204": answer({"type": "object"}), "404": answer()}),
        None,
        {f"{GET}/responses/204": {"description": "It went wrong"}},
    ),
    Fault(
        "DEC006",
        document(
            {"204": {"description": "d", "schema": {"type": "object"}}, "404": {"description": "d", "schema": schema()}},
            openapi="2.0",
        ),
        None,
        {f"{GET}/responses/204": {"description": "d"}},
    ),
    Fault(
        "PRB002",
        document(
            {
                "200": OK,
                "404": answer(PROBLEM, "application/problem+json", example={"type": "/a", "title": "t", "status": "404"}),
            }
        ),
        None,
        {f"{R404}/content/application~1problem+json/example/status": 404},
    ),
    Fault(
        "PRB002",
        document(
            {
                "200": OK,
                "404": answer(
                    {**PROBLEM, "properties": {**PROBLEM["properties"], "status": {"type": "string", "example": "404"}}},
                    "application/problem+json",
                ),
            }
        ),
        None,
        {f"{R404}/content/application~1problem+json/schema/properties/status": {"type": "integer", "example": 404}},
    ),
]
