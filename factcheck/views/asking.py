"""What a page's address may ask for: a search and a place in a list. Nonsense is taken as not given."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, QueryDict

MAX_SEARCH = 200


def search(request: HttpRequest, name: str = "q") -> str | None:
    """Return what is searched for, or None; NUL is in no text, so it is in no search either."""
    typed = request.GET.get(name, "").replace("\x00", "").strip()
    return typed[:MAX_SEARCH] or None


def identifier(request: HttpRequest, name: str) -> UUID | None:
    """Return an id from the address, or None."""
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def posted(request: HttpRequest) -> QueryDict | None:
    """Return the form that was sent, be it an empty one, or None where none was."""
    return request.POST if request.method == "POST" else None


def whole(request: HttpRequest, name: str) -> int | None:
    """Return a whole number from the form that was sent, or None."""
    typed = request.POST.get(name, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None


def kept(**asked: str | None) -> str:
    """Return what a link to another page of the same list takes along, or an empty text."""
    given = {name: value for name, value in asked.items() if value}
    return f"&{urlencode(given)}" if given else ""
