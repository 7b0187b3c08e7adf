import strawberry
from strawberry.asgi import GraphQL


@strawberry.type
class Query:
    @strawberry.field
    def boom(self) -> str:
        raise ZeroDivisionError("boom")


app = GraphQL(strawberry.Schema(Query))
