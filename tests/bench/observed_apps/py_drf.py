import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import path

settings.configure(
    DEBUG=False,
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="x",
    INSTALLED_APPS=["rest_framework"],
    REST_FRAMEWORK={"DEFAULT_AUTHENTICATION_CLASSES": [], "DEFAULT_PERMISSION_CLASSES": [], "UNAUTHENTICATED_USER": None},
)
django.setup()

from rest_framework import serializers  # noqa: E402 -- wants settings
from rest_framework.exceptions import NotAuthenticated, NotFound  # noqa: E402
from rest_framework.parsers import JSONParser  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402


class Thing(serializers.Serializer):
    name = serializers.CharField()
    n = serializers.IntegerField(required=False)


class Things(APIView):
    parser_classes = (JSONParser,)

    def post(self, request):
        thing = Thing(data=request.data)
        thing.is_valid(raise_exception=True)
        return Response(thing.data)


class Gone(APIView):
    def get(self, request):
        raise NotFound


class Secret(APIView):
    def get(self, request):
        raise NotAuthenticated


class Boom(APIView):
    def get(self, request):
        raise ZeroDivisionError


urlpatterns = [
    path("things", Things.as_view()),
    path("boom", Boom.as_view()),
    path("gone", Gone.as_view()),
    path("secret", Secret.as_view()),
]
app = get_asgi_application()
