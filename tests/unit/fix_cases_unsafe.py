"""A faulty document for each fix that may change the contract, or that the catalog tells."""

from __future__ import annotations

from tests.unit.fix_cases import (
    CATALOG,
    CODE,
    CODES,
    ENVELOPE,
    EXAMPLE,
    GET,
    ID,
    OK,
    OPTIONAL,
    PROBLEM,
    QUERY,
    R404,
    S404,
    SECURE,
    Fault,
    answer,
    body,
    catalog_of,
    document,
    near,
    schema,
    shared,
)

UNSAFE = [
    Fault("COD001", near(schema_=schema({"enum": ["SHIP-2004"]})), OPTIONAL, {f"{CODE}/enum": ["SHOP-2004"]}),
    Fault("COD001", near(example=body("SHIP-2004")), OPTIONAL, {f"{EXAMPLE}/error/code": "SHOP-2004"}),
    Fault("COD002", near(schema_=schema({"enum": ["SHOP-1000", "SHOP-2004"]})), OPTIONAL, {f"{CODE}/enum": ["SHOP-2004"]}),
    Fault("COD003", near(example=body(status=400)), OPTIONAL, {f"{EXAMPLE}/error/status": 404}),
    Fault(
        "COD003",
        near(schema_=schema(status={"const": 400})),
        OPTIONAL,
        {f"{S404}/properties/error/properties/status": {"const": 404}},
    ),
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
        "PRB004",
        document(
            {"200": OK, "404": answer(PROBLEM, "application/problem+json", example={"type": "about:blank", "title": "t"})}
        ),
        None,
        {f"{R404}/content/application~1problem+json/example/title": "Not Found"},
    ),
    Fault(
        "DEC007",
        near(),
        OPTIONAL,
        {S404: {"$ref": "#/components/schemas/ServiceError"}, "/components/schemas/ServiceError": schema()},
        ("DEC007",),
    ),
    Fault(
        "HTP005",
        near(),
        OPTIONAL | {"envelopes": {"shop": {**ENVELOPE, "media_types": ["application/vnd.shop+json"]}}},
        {f"{R404}/content": {"application/vnd.shop+json": {"schema": schema()}}},
    ),
]

GENERATED = [
    Fault("COD007", near(schema_=schema({"type": "string"})), OPTIONAL, {CODE: {"type": "string", "enum": ["SHOP-2004"]}}),
    Fault(
        "COD008",
        near(schema_=schema({"type": "string", "pattern": "^SHOP-[0-9]+$"})),
        OPTIONAL,
        {CODE: {"type": "string", "enum": ["SHOP-2004"]}},
        ("COD008",),
    ),
    Fault(
        "COV001",
        near(),
        catalog_of({"code": "SHOP-2004", "status": 404}, {"code": "SHOP-2005", "status": 404}, in_spec="required"),
        {f"{CODE}/enum": ["SHOP-2004", "SHOP-2005"]},
    ),
    Fault(
        "COV001",
        near(),
        catalog_of(CODES[3], {**CODES[0], "operations": ["GET /things"]}, in_spec="required"),
        {f"{GET}/responses/400": shared("400")},
    ),
    Fault(
        "COV003", document({"200": OK, "404": answer()}, **SECURE), OPTIONAL, {f"{GET}/responses/401": shared("401")}, ("COV",)
    ),
    Fault(
        "COV004", document({"200": OK, "404": answer()}, **SECURE), OPTIONAL, {f"{GET}/responses/403": shared("403")}, ("COV",)
    ),
    Fault(
        "COV005",
        document({"200": OK, "400": answer(schema({"enum": ["SHOP-1000"]}))}, path="/things/{id}", parameters=ID),
        OPTIONAL,
        {"/paths/~1things~1{id}/get/responses/404": shared("404")},
    ),
    Fault(
        "COV006", document({"200": OK, "404": answer()}, parameters=QUERY), OPTIONAL, {f"{GET}/responses/400": shared("400")}
    ),
    Fault(
        "COV007",
        document({"200": {**OK, "headers": {"X-RateLimit-Limit": {"schema": {"type": "integer"}}}}, "404": answer()}),
        OPTIONAL,
        {f"{GET}/responses/429": shared("429")},
        ("COV007",),
    ),
    Fault("COV008", near(), OPTIONAL, {f"{GET}/responses/500": shared("500")}, ("COV008",)),
    Fault("DEC001", document({"200": OK}), CATALOG, {f"{GET}/responses/default": shared("Error")}),
    Fault("DEC001", document({"200": OK}, openapi="3.0.3"), OPTIONAL, {f"{GET}/responses/default": shared("Error")}),
    Fault(
        "DEC001",
        document({"200": OK}, openapi="2.0"),
        OPTIONAL,
        {f"{GET}/responses/default": {"$ref": "#/responses/ServiceError"}},
    ),
    Fault(
        "DEC004",
        document({"200": OK, "404": {"description": "Gone"}}),
        OPTIONAL,
        {
            R404: {
                "description": "Gone",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Service404"}}},
            }
        },
    ),
    Fault(
        "DEC004",
        document({"200": OK, "404": {"description": "Gone"}}, openapi="2.0"),
        OPTIONAL,
        {R404: {"description": "Gone", "schema": {"$ref": "#/definitions/Service404"}}},
    ),
    Fault(
        "HTP001",
        document({"200": OK, "401": answer(schema({"enum": ["SHOP-1001"]}))}),
        None,
        {
            f"{GET}/responses/401/headers": {
                "WWW-Authenticate": {
                    "description": "How to authenticate (RFC 9110 section 11.6.1).",
                    "schema": {"type": "string"},
                }
            }
        },
        (),
        {"HTP001": {"declarations": True}},
    ),
    Fault(
        "HTP002",
        document(
            {"200": OK, "429": {"description": "d", "headers": {"X-Id": {"type": "string"}}, "schema": schema()}}, openapi="2.0"
        ),
        None,
        {
            f"{GET}/responses/429/headers/Retry-After": {
                "description": "When to try again, in seconds or as a date (RFC 9110 section 10.2.3).",
                "type": "string",
            }
        },
        (),
        {"HTP002": {"declarations": True}},
    ),
    Fault(
        "HTP003",
        document({"200": OK, "405": {"description": "d"}, "404": answer()}),
        None,
        {f"{GET}/responses/405/headers/Allow/schema": {"type": "string"}},
        (),
        {"HTP003": {"declarations": True}},
    ),
    Fault(
        "HTP004",
        near(),
        None,
        {f"{R404}/headers": {"X-Request-Id": {"schema": {"type": "string"}}}},
        ("HTP004",),
        {"HTP004": {"headers": {"4XX": ["X-Request-Id"]}}},
    ),
    Fault("MSG003", near(example=body(message="string")), OPTIONAL, {EXAMPLE: body()}),
]
