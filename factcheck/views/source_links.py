"""Who said it, whom it concerns, where it is shown: the source dialog and what it sends."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from factcheck import queries, services
from factcheck.exceptions import Invalid, NotFound, Stale
from factcheck.models import SourceLink
from factcheck.queries.source_links import Row
from factcheck.views import access, cards, changes, posted, source_form


@require_GET
@login_required
def new(request: HttpRequest, annotation_id: UUID) -> HttpResponse:
    """Show the form for a new link in a role."""
    row = access.annotation(request, annotation_id)
    article, _project = access.article(request, UUID(row.article))
    role = request.GET.get("role", "speaker")
    given = {
        "role": role if role in SourceLink.Role.values else "speaker",
        "source_name": request.GET.get("name", ""),
    }
    return _form(request, source_form.of(article, row, given, viewer=access.person(request).pk))


@require_POST
@login_required
def create(request: HttpRequest, annotation_id: UUID) -> HttpResponse:
    """Link the annotation to a source, found or made by its name."""
    row = access.annotation(request, annotation_id)
    article, project = access.article(request, UUID(row.article))
    form = source_form.of(article, row, request.POST, viewer=access.person(request).pk)
    try:
        with transaction.atomic():  # a source made for a link that is refused is not made
            fields = source_form.read(request, project, form)
            link_id = posted.identifier(request.POST, "id")
            made = services.source_links.create(
                annotation_id=annotation_id, by=access.actor(request), id=link_id, **fields
            )
    except (Invalid, source_form.Unsettled) as error:
        return _form(request, form.with_error(error), status=422)
    return _saved(request, row.id, source_form.saved(request, fields, made.row.source_name))


@require_POST
@login_required
def same(request: HttpRequest, annotation_id: UUID) -> HttpResponse:
    """Give the annotation the same speaker as the last one that this person linked in the article."""
    row = access.annotation(request, annotation_id)
    actor = access.actor(request)
    last = queries.source_links.last_speaker(actor.user_id, UUID(row.article))
    link_id = posted.identifier(request.POST, "id")
    made_already = link_id and queries.source_links.visible(actor.user_id, link_id)
    if last is None:
        raise NotFound(_("You have not named a speaker in this article yet."))
    if not made_already:
        services.source_links.create(
            annotation_id=annotation_id,
            source_id=UUID(last.source),
            role="speaker",
            by=actor,
            id=link_id,
            on_behalf_of=UUID(last.on_behalf_of) if last.on_behalf_of else None,
            as_named=last.as_named,
        )
    return _saved(request, row.id, _("Speaker: %s") % last.source_name)


@require_http_methods(["GET", "POST"])
@login_required
def change(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """Show the form of a link, or change it."""
    link = access.link(request, link_id)
    row = access.annotation(request, UUID(link.annotation))
    article, project = access.article(request, UUID(row.article))
    viewer = access.person(request).pk
    if request.method == "GET":
        return _form(request, source_form.of(article, row, source_form.given(link), link, viewer))
    form = source_form.of(article, row, request.POST, link, viewer)
    try:
        with transaction.atomic():
            fields = source_form.read(request, project, form)
            expect = posted.revision(request.POST)
            source = fields.pop("source_id")
            services.source_links.update(
                link_id=link_id, by=access.actor(request), expect=expect, source=source, **fields
            )
    except (Invalid, source_form.Unsettled) as error:
        return _form(request, form.with_error(error), status=422)
    except Stale as stale:
        return _conflict(request, stale.extra["present"], row.article)
    return _saved(request, row.id, source_form.saved(request, {**fields, "source_id": source}))


def _conflict(request: HttpRequest, present: Row, article: str) -> HttpResponse:
    now: dict[str, Any] = source_form.given(present)
    names = source_form.names()
    rows = [
        (names[name], str(now.get(name) or ""), mine)
        for name, mine in changes.sent(request).items()
        if name in names and mine != str(now.get(name) or "")
    ]
    return changes.conflict(
        request,
        thing=present.annotation,
        revision=present.revision,
        action=request.path,
        back=changes.to_page(UUID(article), present.annotation)["Location"],
        fields=changes.sent(request),
        rows=rows,
    )


@require_POST
@login_required
def move(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """Move one who passed it on a place up or down the chain."""
    link = access.link(request, link_id)
    step = -1 if request.POST.get("step") == "-1" else 1
    services.source_links.move(link_id=link_id, by=access.actor(request), step=step)
    return _saved(request, link.annotation, _("Moved: %s") % link.source_name)


@require_POST
@login_required
def withdraw(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """Withdraw a link; withdrawn already is as good."""
    link = access.link(request, link_id, withdrawn=True)
    services.source_links.withdraw(link_id=link_id, by=access.actor(request))
    message = _("%(source)s is no longer linked") % {"source": link.source_name}
    return _saved(request, link.annotation, message, undo=reverse("desk:link-restore", args=[link.id]))


@require_POST
@login_required
def restore(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """Bring a withdrawn link back."""
    link = access.link(request, link_id, withdrawn=True)
    services.source_links.restore(link_id=link_id, by=access.actor(request))
    return _saved(request, link.annotation, _("Restored"))


def _saved(request: HttpRequest, annotation_id: str, message: str, undo: str = "") -> HttpResponse:
    row = access.annotation(request, UUID(annotation_id))
    article, _project = access.article(request, UUID(row.article))
    return changes.answer(request, article, annotations=[row.id], choose=row.id, message=message, undo=undo)


def _form(request: HttpRequest, form: "source_form.Form", status: int = 200) -> HttpResponse:
    name = "source_links/_form.html" if request.headers.get("HX-Request") else "source_links/page.html"
    viewer = access.person(request)
    items = queries.page.some(viewer.pk, [form.annotation.id])
    look = cards.Look.of(form.article, viewer.username)
    chain = cards.chain(items[0], look) if items else ""
    return render(request, name, {"form": form, "chain": chain}, status=status)
