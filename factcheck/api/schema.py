"""How OpenAPI tells the API: what is common to all addresses is said once here, the rest beside each view."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
    inline_serializer,
)
from rest_framework import serializers

from factcheck.api.filters import PAGING, Filter

V = TypeVar("V", bound=type)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description='The `ETag` of the state you have seen, such as `"3"`.',
)
NOT_CHANGED = OpenApiResponse(description="Nothing changed.")
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` that you hold; 304 when nothing changed.",
)


class BearerScheme(OpenApiAuthenticationExtension):
    """Tells of the token."""

    target_class = "factcheck.api.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "`Authorization: Bearer fc_…`"}


class SessionScheme(OpenApiAuthenticationExtension):
    """Tells of the session; its cookie is named per instance, so the name here stands for it."""

    target_class = "factcheck.api.authentication.CsrfSession"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "factcheck_session",
            "description": "The browser's session; writing also needs `X-CSRFToken`.",
        }


def query(known: dict[str, Filter]) -> list[OpenApiParameter]:
    """Tell query parameters."""
    return [OpenApiParameter(name, one.schema, description=one.description) for name, one in known.items()]


@lru_cache
def page_of(serializer: type[serializers.Serializer[Any]]) -> Any:
    """Return the shape of a list; two lists of one kind have the same."""
    return inline_serializer(
        f"{serializer.__name__}Page",
        {
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": serializer(many=True),
        },
    )


LINKED: dict[Any, Any] = {
    (200, "application/ld+json"): {
        "type": "object",
        "additionalProperties": True,
        "description": "W3C Web Annotation, as `docs/formats.md` tells.",
    }
}


def _read(shape: Any, linked: bool) -> dict[Any, Any]:
    told = {(200, "application/json"): shape, **LINKED} if linked else {200: shape}
    return told | {304: OpenApiResponse(description="Nothing changed.")}


def listing(
    name: str,
    serializer: type[serializers.Serializer[Any]],
    known: dict[str, Filter],
    summary: str,
    *,
    linked: bool = False,
) -> Any:
    """Tell of a list; one that is `linked` also speaks JSON-LD."""
    return extend_schema(
        operation_id=f"{name}_list",
        summary=summary,
        parameters=[*query(PAGING | known), IF_NONE_MATCH],
        responses=_read(page_of(serializer), linked),
    )


def things(
    name: str,
    one: str,
    serializer: type[serializers.Serializer[Any]],
    known: dict[str, Filter],
    *,
    linked: bool = False,
) -> Callable[[V], V]:
    """Tell of a list and of making one."""
    return extend_schema_view(
        get=listing(name, serializer, known, f"List {name.replace('_', ' ')}", linked=linked),
        post=extend_schema(
            operation_id=f"{name}_create",
            summary=f"Make {one}",
            description="With an `id` that exists and the same content: 200 with its present state.",
            request=serializer,
            responses={201: serializer, 200: serializer},
        ),
    )


def thing(
    name: str, one: str, serializer: type[serializers.Serializer[Any]], *, linked: bool = False
) -> Callable[[V], V]:
    """Tell of one thing by its id."""
    return extend_schema_view(
        get=extend_schema(
            operation_id=f"{name}_read",
            summary=f"Read {one}",
            parameters=[IF_NONE_MATCH],
            responses=_read(serializer, linked),
        ),
        put=extend_schema(
            operation_id=f"{name}_put",
            summary=f"Make {one} under an id of your own, or replace it",
            description=(
                "A new id makes it (201). The same content again answers its present state (200). Other content needs"
                " `If-Match`, else 428. An id that you may not see is 409, a withdrawn one 410."
            ),
            parameters=[IF_MATCH],
            request=serializer,
            responses={201: serializer, 200: serializer},
        ),
        patch=extend_schema(
            operation_id=f"{name}_change",
            summary=f"Change {one}",
            description="Without `If-Match` the present state is changed.",
            parameters=[IF_MATCH],
            request=serializer(partial=True),
            responses={200: serializer},
        ),
        delete=extend_schema(
            operation_id=f"{name}_withdraw",
            summary=f"Withdraw {one}",
            description="It can be restored. Withdrawing again is fine.",
            parameters=[IF_MATCH],
            request=None,
            responses={204: OpenApiResponse(description="Withdrawn.")},
        ),
    )


def restoring(name: str, one: str, serializer: type[serializers.Serializer[Any]]) -> Callable[[V], V]:
    """Tell of bringing one back."""
    return extend_schema_view(
        post=extend_schema(
            operation_id=f"{name}_restore",
            summary=f"Bring back {one} that was withdrawn",
            request=None,
            responses={200: serializer},
        )
    )
