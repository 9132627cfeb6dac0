"""What annotations, relations, sources and source links have in common over HTTP: list, make, read, replace,
change, withdraw, restore, all conditional (DESIGN.md 6.2). Each of the four says how in its own module.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, cast
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from factcheck.api import conditional, paging, present
from factcheck.api.base import ApiView, found, thing
from factcheck.api.fields import Input, parse_uuid
from factcheck.api.filters import Filter
from factcheck.exceptions import Conflict, Gone, Invalid, NotFound, PreconditionRequired, Stale
from factcheck.queries.reading import Cut, Page
from factcheck.services.identity import Made


class ThingView(ApiView):
    """Knows one kind of thing: where it is read, how it is checked, made and changed."""

    path: ClassVar[str]
    reads: Any  # the module in queries
    serializer: ClassVar[type[Input]]
    # What a replacement that leaves it out sets back to, and what stays as it was when the thing was made.
    defaults: ClassVar[dict[str, Any]] = {}
    fixed: ClassVar[tuple[str, ...]] = ()

    def create(self, data: dict[str, Any]) -> Made:
        """Make the thing by its service."""
        raise NotImplementedError

    def change(self, key: UUID, data: dict[str, Any], expect: int | None) -> Any:
        """Change what is given by the service; return the present row."""
        raise NotImplementedError

    def present_new(self, row: Any) -> dict[str, Any]:
        """Present what was made just now."""
        return self.present(row)

    def present(self, row: Any) -> dict[str, Any]:
        """Present one row as its own address shows it."""
        return cast(dict[str, Any], present.anything(row, self.viewer))

    def visible(self, key: UUID) -> Any:
        """Return the row, withdrawn or not, that who asks may see."""
        return found(self.reads.visible(self.viewer, key), _("There is nothing of this id here."))

    def made(self, made: Made) -> HttpResponse:
        """Answer 201 with what was made, or 200 with the present state of what was made before."""
        if not made.fresh:
            return thing(self.present(made.row))
        location = self.request.build_absolute_uri(f"/api/v1/{self.path}/{made.row.id}/")
        return thing(self.present_new(made.row), status=201, location=location)


class Things(ThingView):
    """The list, and making one."""

    filters: ClassVar[dict[str, Filter]]

    def get(self, request: Request) -> HttpResponse:
        return paging.answer(request, self.filters, self.read, self.present_all)

    def read(self, cut: Cut, **asked: Any) -> Page[Any]:
        """Read one page with the filters that were asked for."""
        return cast(Page[Any], self.reads.page(self.viewer, cut, **asked))

    def post(self, request: Request) -> HttpResponse:
        return self.made(self.create(self.serializer.check(request.data)))

    def present_all(self, rows: Sequence[Any]) -> list[Any]:
        """Present a page."""
        return [self.present(row) for row in rows]


class Thing(ThingView):
    """One of them by its id."""

    def get(self, request: Request, id: str) -> HttpResponse:
        row = self.living(id)
        tag = conditional.etag(row.revision)
        return (
            conditional.not_modified(tag) if conditional.unchanged(request, tag) else thing(self.present(row))
        )

    def living(self, id: str) -> Any:
        """Return the row, or say that it was withdrawn."""
        row = self.visible(key_of(id))
        if row.withdrawn_at is not None:
            raise Gone(_("This was withdrawn."), extra={"withdrawn_at": row.withdrawn_at})
        return row

    def put(self, request: Request, id: str) -> HttpResponse:
        key = key_in_address(id)
        data = self.serializer.check(request.data)
        if data.pop("id", key) != key:
            raise Invalid(_("The id in the body is another one than in the address."), field="id")
        if conditional.has_if_match(request):
            return self.replace(key, data)
        return self.make_or_find(key, data)

    def make_or_find(self, key: UUID, data: dict[str, Any]) -> HttpResponse:
        """Make it under the id that the client brings, or answer what became of it."""
        try:
            made = self.create({**data, "id": key})
        except PreconditionRequired as exists:
            if not conditional.demands_new(self.request):
                raise
            raise _there_already(exists.extra["present"]) from exists
        if not made.fresh and conditional.demands_new(self.request):
            raise _there_already(made.row)
        return self.made(made)

    def replace(self, key: UUID, data: dict[str, Any]) -> HttpResponse:
        """Replace the state that If-Match names."""
        row = self.reads.visible(self.viewer, key)
        if row is None:
            raise Stale(_("If-Match asks for a state of something that is not here."))
        self.check_fixed(row, data)
        expect = conditional.expected(self.request, lambda: cast(int, row.revision))
        return thing(self.present(self.change(key, {**self.defaults, **data}, expect)))

    def patch(self, request: Request, id: str) -> HttpResponse:
        key = key_of(id)
        data = self.serializer.check(request.data, partial=True)
        if any(name in data for name in ("id", *self.fixed)):
            self.check_fixed(self.visible(key), data)
            data.pop("id", None)
        return thing(self.present(self.change(key, data, self.expected(key))))

    def expected(self, key: UUID) -> int | None:
        """Return the revision that the request demands."""
        return conditional.expected(self.request, lambda: cast(int, self.visible(key).revision))

    def check_fixed(self, row: Any, data: dict[str, Any]) -> None:
        """Refuse to move a thing; what only repeats where it is may be sent."""
        for name in ("id", *self.fixed):
            if name in data and str(data[name]) != str(getattr(row, name)):
                raise Conflict(
                    _("%(name)s stays as it is; make a new one elsewhere.") % {"name": name}, field=name
                )

    def delete(self, request: Request, id: str) -> HttpResponse:
        key = key_of(id)
        self.withdraw(key, self.expected(key))
        return HttpResponse(status=204)

    def withdraw(self, key: UUID, expect: int | None) -> None:
        """Withdraw it by its service."""
        raise NotImplementedError


class Restoring(ThingView):
    """Bringing a withdrawn one back."""

    def post(self, request: Request, id: str) -> HttpResponse:
        return thing(self.present(self.restore(key_of(id))))

    def restore(self, key: UUID) -> Any:
        """Restore it by its service."""
        raise NotImplementedError


def key_of(id: str) -> UUID:
    """Return the id in an address; one that is no UUID names nothing."""
    key = parse_uuid(id)
    if key is None:
        raise NotFound(_("There is nothing of this id here."))
    return key


def key_in_address(id: str) -> UUID:
    """Return the id that a client brings in the address; refuse one that is no UUID."""
    key = parse_uuid(id)
    if key is None:
        raise Invalid(_("The id in the address must be a UUID."), field="id")
    return key


def _there_already(row: Any) -> Stale:
    return Stale(_("If-None-Match: * asks for a new one, and this id is in use."), extra={"present": row})
