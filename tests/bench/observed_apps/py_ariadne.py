from ariadne import QueryType, make_executable_schema
from ariadne.asgi import GraphQL

query = QueryType()


@query.field("boom")
def boom(*_):
    raise ZeroDivisionError("boom")


app = GraphQL(make_executable_schema("type Query { boom: String! }", query))
