"""The OpenAPI document, and a page to browse it, with every file from our own origin."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request


class Schema(SpectacularAPIView):
    """The OpenAPI document; it tells nothing that only members may know."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)


def browse(request: HttpRequest) -> HttpResponse:
    """Show the document in Swagger UI, where requests can be tried with the session."""
    return render(request, "api/docs.html")
