"""A faulty document for each safe fix."""

from __future__ import annotations

from tests.unit.fix_cases import (
    CODE,
    ENVELOPE,
    EXAMPLE,
    GET,
    OK,
    OPTIONAL,
    PROBLEM,
    R404,
    S404,
    Fault,
    answer,
    body,
    catalog_of,
    document,
    near,
    schema,
)

SAFE = [
    Fault("COD001", near(schema_=schema({"enum": ["SHOP-204"]})), OPTIONAL, {f"{CODE}/enum": ["SHOP-2004"]}),
    Fault("COD001", near(example=body("SHOP-204")), OPTIONAL, {f"{EXAMPLE}/error/code": "SHOP-2004"}),
    Fault("COD002", near(schema_=schema({"enum": ["SHOP-1000", "SHOP-2004"]})), OPTIONAL, {f"{CODE}/enum": ["SHOP-2004"]}),
    Fault("COD003", near(example=body(status=400)), OPTIONAL, {f"{EXAMPLE}/error/status": 404}),
    Fault(
        "COD003",
        near(schema_=schema(status={"const": 400})),
        OPTIONAL,
        {f"{S404}/properties/error/properties/status": {"const": 404}},
    ),
    Fault("COD005", near(schema_=schema({"enum": ["shop-2004"]})), OPTIONAL, {CODE: {"enum": ["SHOP-2004"]}}),
    Fault(
        "COD005",
        near(schema_=schema({"type": "integer", "format": "int32", "enum": [1, 2]})),
        catalog_of({"code": "1", "status": 404}, {"code": "2", "status": 404}),
        {CODE: {"type": "string", "enum": ["1", "2"]}},
    ),
    Fault("COD005", near(example=body("Shop-2004")), OPTIONAL, {f"{EXAMPLE}/error/code": "SHOP-2004"}),
    Fault(
        "COD010",
        document(
            {"200": OK, "4XX": answer(schema({"$ref": "#/components/schemas/Code"}))},
            components={"schemas": {"Code": {"type": "string", "enum": ["A1", "B2", "C3", "D4", "E5", "Strange"]}}},
        ),
        catalog_of(*({"code": code, "status": 404} for code in ("A1", "B2", "C3", "D4", "E5", "F6", "G7"))),
        {"/components/schemas/Code/enum": ["A1", "B2", "C3", "D4", "E5", "F6", "G7"]},
    ),
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
        "ENV003",
        near(schema_=schema(required=["status"])),
        OPTIONAL,
        {f"{S404}/properties/error/required": ["status", "code", "message"]},
    ),
    Fault(
        "ENV003",
        near(schema_=schema({"type": ["string", "null"], "enum": ["SHOP-2004", None]})),
        OPTIONAL | {"envelopes": {"shop": {**ENVELOPE, "code": {"pointer": "/error/code", "type": "string"}}}},
        {CODE: {"type": "string", "enum": ["SHOP-2004"]}},
    ),
    Fault(
        "ENV003",
        document(
            {"200": OK, "404": answer(schema({"type": "string", "enum": ["SHOP-2004", None], "nullable": True}))},
            openapi="3.0.3",
        ),
        OPTIONAL | {"envelopes": {"shop": {**ENVELOPE, "code": {"pointer": "/error/code", "type": "string"}}}},
        {CODE: {"type": "string", "enum": ["SHOP-2004"]}},
    ),
    Fault("MSG001", near(example=body(message="No")), OPTIONAL, {f"{EXAMPLE}/error/message": "There is no such thing"}),
    Fault("PRB001", near(schema_=PROBLEM), None, {f"{R404}/content": {"application/problem+json": {"schema": PROBLEM}}}),
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
    Fault(
        "PRB004",
        document(
            {"200": OK, "404": answer(PROBLEM, "application/problem+json", example={"type": "about:blank", "title": "t"})}
        ),
        None,
        {f"{R404}/content/application~1problem+json/example/title": "Not Found"},
    ),
]
