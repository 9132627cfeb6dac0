"""The refusals of each operation as OpenAPI tells them: which statuses it can have, and which codes each stands for."""

from collections.abc import Iterator
from typing import Any

from factcheck.api import root

MEDIA_TYPE = "application/problem+json"
PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; `detail` is a sentence for people. Some codes have further members.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "An address that explains the code.",
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "field": {
            "type": "string",
            "description": "The part of the input that is wrong, such as `spans.0.end`.",
        },
        "errors": {
            "type": "array",
            "description": "All that is wrong, where several fields are.",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "present": {
            "description": "The present state of the thing, as its own address shows it.",
            "type": ["object", "null"],
            "additionalProperties": True,
        },
    },
    "additionalProperties": True,
}
# What each status means here, and the headers that come with it.
_MEANINGS = {
    400: "The request, one of its headers or its JSON cannot be read.",
    401: "Not signed in, or the token does not serve.",
    403: "You may know of it, but not do this; `detail` says why.",
    404: "There is nothing here that you may know of.",
    409: "The present state forbids it.",
    410: "It was withdrawn, or the cursor is of another history.",
    412: "Somebody was quicker; `present` is the present state.",
    413: "Too large; `limit` says what is taken.",
    415: "The body is in a form that is not read here.",
    422: "A value is not valid; `field` says which.",
    428: "It exists with other content: say in `If-Match` which state you have seen.",
    500: "Our fault; what was saved is safe.",
    503: "Busy; try again after `Retry-After` seconds.",
}
_HEADERS = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    412: {"ETag": {"schema": {"type": "string"}, "description": "Of the present state, where it has one."}},
    503: {"Retry-After": {"schema": {"type": "string"}, "required": True}},
}
_NO_ACT = ("get", "head")


def tell(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Add to every operation the refusals that it can give (drf-spectacular calls this)."""
    components = result["components"]
    components["schemas"]["Problem"] = PROBLEM
    components["responses"] = {f"Refused{status}": _response(status) for status in _MEANINGS}
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for status in _statuses(path, method, operation):
                told = {"$ref": f"#/components/responses/Refused{status}"}
                operation["responses"].setdefault(str(status), told)
    return result


def _response(status: int) -> dict[str, Any]:
    """Tell of a status with every code that stands for it."""
    codes = sorted(code for code, problem in root.known().items() if problem["status"] == status)
    schema = {
        "allOf": [
            {"$ref": "#/components/schemas/Problem"},
            {"properties": {"status": {"const": status}, "code": {"enum": codes}}},
        ]
    }
    told = {
        "description": f"{_MEANINGS[status]} Codes: {', '.join(f'`{code}`' for code in codes)}.",
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
    return told | ({"headers": _HEADERS[status]} if status in _HEADERS else {})


def _statuses(path: str, method: str, operation: dict[str, Any]) -> Iterator[int]:
    """Give the statuses of refusals that the operation can have."""
    named = {(one["in"], one["name"]) for one in operation.get("parameters", ())}
    reads = method in _NO_ACT
    has_id, has_filters = "{" in path, any(place == "query" for place, _name in named)
    conditional = ("header", "If-Match") in named
    yield 500
    if operation.get("security") != [{}]:
        yield 401
        yield 503
    if has_id or not reads or has_filters:
        yield 404
    if has_filters or not reads:
        yield 422
    if not reads or ("header", "If-None-Match") in named:
        yield 400
    if operation["operationId"] == "changes_list" or has_id:
        yield 410
    if not reads:
        yield from (403, 409, 410, 413)
        if "requestBody" in operation:
            yield 415
    if conditional or method == "put" or operation["operationId"].endswith("_bulk"):
        yield 412
    if method == "put" or operation["operationId"].endswith("_create"):
        yield 428
