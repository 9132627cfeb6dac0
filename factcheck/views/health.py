"""Whether this server can work: for load balancers and for the start-up that waits for it."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        response = HttpResponse("The database does not answer.\n", status=503, content_type="text/plain")
        response["Retry-After"] = "2"
        return response
    return HttpResponse("ok\n", content_type="text/plain")
