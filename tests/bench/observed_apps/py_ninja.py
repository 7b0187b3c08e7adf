import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import path

settings.configure(DEBUG=False, ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x", INSTALLED_APPS=["ninja"])
django.setup()

from ninja import NinjaAPI, Schema  # noqa: E402 -- wants settings

api = NinjaAPI()


class Thing(Schema):
    name: str
    n: int = 0


@api.post("/things")
def things(request, thing: Thing):
    return thing


@api.get("/boom")
def boom(request):
    raise ZeroDivisionError


urlpatterns = [path("", api.urls)]
app = get_asgi_application()
