import connexion

SPEC = {
    "openapi": "3.0.0",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/things": {
            "post": {
                "operationId": f"{__name__}.things",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {"name": {"type": "string"}, "n": {"type": "integer"}},
                            }
                        }
                    },
                },
                "responses": {"200": {"description": "ok"}},
            }
        },
        "/boom": {"get": {"operationId": f"{__name__}.boom", "responses": {"200": {"description": "ok"}}}},
    },
}


def things(body):
    return body


def boom():
    raise ZeroDivisionError


app = connexion.AsyncApp(__name__)
app.add_api(SPEC)
