import sys

import cherrypy


class Things:
    exposed = True

    @cherrypy.tools.json_in()
    @cherrypy.tools.json_out()
    def POST(self):  # noqa: N802 -- CherryPy's name
        return cherrypy.request.json


class Boom:
    exposed = True

    def GET(self):  # noqa: N802
        raise ZeroDivisionError


class Root:
    things = Things()
    boom = Boom()


if __name__ == "__main__":
    cherrypy.config.update({"server.socket_host": "127.0.0.1", "server.socket_port": int(sys.argv[1])})
    cherrypy.quickstart(Root(), "/", {"/": {"request.dispatch": cherrypy.dispatch.MethodDispatcher()}})
