import json

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

settings.configure(DEBUG=False, ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x")
django.setup()


@csrf_exempt
@require_POST
def things(request):
    return JsonResponse(json.loads(request.body))


def boom(request):
    raise ZeroDivisionError


urlpatterns = [path("things", things), path("boom", boom)]
app = get_asgi_application()
