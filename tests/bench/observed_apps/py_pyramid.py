import sys

from pyramid.config import Configurator
from waitress import serve


def things(request):
    return request.json_body


def boom(request):
    raise ZeroDivisionError


with Configurator() as config:
    config.add_route("things", "/things", request_method="POST")
    config.add_view(things, route_name="things", renderer="json")
    config.add_route("boom", "/boom")
    config.add_view(boom, route_name="boom", renderer="json")
    app = config.make_wsgi_app()
if __name__ == "__main__":
    serve(app, host="127.0.0.1", port=int(sys.argv[1]))
