"""What a person does to annotations on the article's page: make, look at, change, withdraw, restore, undo."""

from typing import Any
from uuid import UUID

import orjson
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from factcheck import queries, services
from factcheck.anchoring.spans import exact
from factcheck.exceptions import Invalid, Stale
from factcheck.models import Tag
from factcheck.models.fields import parse_extent
from factcheck.queries.annotations import Row
from factcheck.views import access, attributes, cards, changes, posted


@require_POST
@login_required
def create(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Tag an extent of the article; the same id and content sent again is the same annotation."""
    article, _project = access.article(request, article_id)
    form = request.POST
    made = services.annotations.create(
        article_id=article_id,
        tag=form.get("tag", ""),
        spans=posted.spans(form.get("spans", "")),
        by=access.actor(request),
        id=posted.identifier(form, "id"),
        article_version=posted.identifier(form, "article_version"),
        exact=form.get("exact"),
        note=form.get("note", ""),
    )
    row = made.row
    return changes.answer(
        request,
        article,
        annotations=[row.id],
        fresh=[row] if made.fresh else [],
        extents=[parse_extent(row.extent)],
        choose=row.id,
        message=_("Saved"),
    )


@require_GET
@login_required
def card(request: HttpRequest, annotation_id: UUID) -> HttpResponse:
    """Return the chosen annotation's card, with its controls; without htmx, its place on the article's page."""
    row = access.annotation(request, annotation_id)
    article, _project = access.article(request, UUID(row.article))
    if not request.headers.get("HX-Request"):
        return changes.to_page(article.id, row.id)
    look = cards.Look.of(article, access.person(request).username)
    item = queries.page.some(access.person(request).pk, [row.id])[0]
    return HttpResponse(cards.chosen(request, item, 0, look, article))


@require_http_methods(["GET", "POST"])
@login_required
def change(request: HttpRequest, annotation_id: UUID) -> HttpResponse:
    """Change tag, words, note or attributes, whichever the form has."""
    if request.method == "GET":
        return card(request, annotation_id)
    return _change(request, annotation_id, tries=3)


def _change(request: HttpRequest, annotation_id: UUID, *, tries: int) -> HttpResponse:
    before = access.annotation(request, annotation_id)
    article, _project = access.article(request, UUID(before.article))
    wanted = _wanted(request, before, article.project_id)
    expect = posted.revision(request.POST)
    by_field = "attributes" in wanted and attributes.says_what_was(request.POST)
    if by_field:
        if attributes.has_moved(request.POST, orjson.loads(before.attributes)):
            return _conflict(request, before, wanted)
        expect = before.revision  # what else was changed meanwhile is not in this form's way
    try:
        after = services.annotations.update(
            annotation_id=annotation_id, by=access.actor(request), expect=expect, **wanted
        )
    except Invalid as error:
        if "attributes" not in wanted or "html" not in request.headers.get("Accept", "html"):
            raise
        return _attributes(request, before, error)
    except Stale as stale:
        after = stale.extra["present"]
        if not _is(after, wanted):
            if (
                by_field and tries > 1
            ):  # somebody, often the same person, wrote another field between read and write
                return _change(request, annotation_id, tries=tries - 1)
            return _conflict(request, after, wanted)
    redrawn = before.extent != after.extent or before.tag != after.tag
    return changes.answer(
        request,
        article,
        annotations=[after.id],
        extents=changes.extents_of([before.extent, after.extent]) if redrawn else [],
        choose=after.id,
        message=_("Saved"),
    )


def _wanted(request: HttpRequest, before: Row, project_id: UUID) -> dict[str, Any]:
    form = request.POST
    wanted: dict[str, Any] = {name: form[name] for name in ("tag", "exact") if name in form}
    if "note" in form:
        wanted["note"] = form["note"].replace("\r\n", "\n")  # forms send CRLF for each line end
    if "spans" in form:
        wanted["spans"] = posted.spans(form["spans"])
    if "attributes" in form:
        present = orjson.loads(before.attributes)
        tag = _tag(project_id, before.tag)
        wanted["attributes"] = attributes.from_form(project_id, tag, form, present)
    return wanted


def _tag(project_id: UUID, name: str) -> Tag:
    return next(tag for tag in queries.projects.tags(project_id, retired=True) if tag.name == name)


def _attributes(request: HttpRequest, row: Row, error: Invalid) -> HttpResponse:
    """Show the attributes as they were filled in, with what is wrong at its field."""
    article, _project = access.article(request, UUID(row.article))
    tag = _tag(article.project_id, row.tag)
    fields = attributes.fields_of(
        article.project_id, tag, orjson.loads(row.attributes), form=request.POST, error=error
    )
    fragment = request.headers.get("HX-Request")
    name = "annotations/_attributes_form.html" if fragment else "annotations/attributes.html"
    placed = any(field.error for field in fields)
    context = {"row": row, "fields": fields, "error": "" if placed else str(error)}
    return render(request, name, context, status=422)


def _is(row: Row, wanted: dict[str, Any]) -> bool:
    """Say whether the present state is what was wanted: a change sent twice is no conflict."""
    return (
        wanted.get("tag", row.tag) == row.tag
        and wanted.get("note", row.note) == row.note
        and wanted.get("spans", parse_extent(row.extent)) == parse_extent(row.extent)
        and wanted.get("attributes", orjson.loads(row.attributes)) == orjson.loads(row.attributes)
    )


def _conflict(request: HttpRequest, present: Row, wanted: dict[str, Any]) -> HttpResponse:
    now: dict[str, str] = {"tag": present.tag, "note": present.note, "spans": " … ".join(present.pieces)}
    mine = {name: str(value) for name, value in wanted.items() if name in now}
    names = {"tag": _("tag"), "note": _("note"), "spans": _("words"), "attributes": _("attributes")}
    if "spans" in wanted:
        text = queries.texts.of(UUID(present.article_version))
        mine["spans"] = wanted.get("exact") or exact(text.text, wanted["spans"])
    if "attributes" in wanted:
        article, _project = access.article(request, UUID(present.article))
        tag = _tag(article.project_id, present.tag)
        now["attributes"] = attributes.listed(article.project_id, tag, orjson.loads(present.attributes))
        mine["attributes"] = attributes.listed(article.project_id, tag, wanted["attributes"])
    return changes.conflict(
        request,
        thing=present.id,
        revision=present.revision,
        action=request.path,
        back=changes.to_page(UUID(present.article), present.id)["Location"],
        fields=_again(request),
        rows=[(names[name], now[name], mine[name]) for name in mine],
    )


def _again(request: HttpRequest) -> dict[str, str]:
    """Return what is sent again to have one's own way: of attributes only those that were touched."""
    if "attributes" not in request.POST:
        return changes.sent(request)
    return {"attributes": "1", **attributes.touched(request.POST)}


@require_POST
@login_required
def withdraw(request: HttpRequest, annotation_id: UUID) -> HttpResponse:
    """Withdraw an annotation with its relations and links; withdrawn already is as good."""
    row = access.annotation(request, annotation_id, withdrawn=True)
    article, _project = access.article(request, UUID(row.article))
    others = [related.other for related in queries.page.related_to(access.person(request).pk, row.id)]
    services.annotations.withdraw(annotation_id=annotation_id, by=access.actor(request))
    return changes.answer(
        request,
        article,
        annotations=[row.id, *others],
        extents=changes.extents_of([row.extent]),
        message=_("Withdrawn: %s") % " … ".join(row.pieces)[:80],
        undo=reverse("desk:restore", args=[row.id]),
    )


@require_POST
@login_required
def restore(request: HttpRequest, annotation_id: UUID) -> HttpResponse:
    """Bring a withdrawn annotation back, with what went with it."""
    row = access.annotation(request, annotation_id, withdrawn=True)
    article, _project = access.article(request, UUID(row.article))
    services.annotations.restore(annotation_id=annotation_id, by=access.actor(request))
    others = [related.other for related in queries.page.related_to(access.person(request).pk, row.id)]
    return changes.answer(
        request,
        article,
        annotations=[row.id, *others],
        extents=changes.extents_of([row.extent]),
        choose=row.id,
        message=_("Restored"),
    )


@require_POST
@login_required
def undo(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Undo one's own last act in the article; the annotation that was chosen stays so if it was touched."""
    article, _project = access.article(request, article_id)
    kind = services.history.undo(article_id=article_id, by=access.actor(request))
    touched = queries.page.last_undone(access.person(request).pk, article_id)
    live = [row.annotation for row in touched if row.live]
    at = request.POST.get("at", "")
    return changes.answer(
        request,
        article,
        annotations=[row.annotation for row in touched],
        extents=changes.extents_of(extent for row in touched for extent in row.extents),
        choose=at if at in live else live[0] if live else "",
        message=_undone(kind),
    )


def _undone(kind: str) -> str:
    """Say which act was undone."""
    verbs = {
        "create_annotation": _("Undone: the tagging"),
        "update_annotation": _("Undone: the change of the annotation"),
        "withdraw_annotation": _("Undone: the withdrawal"),
        "restore_annotation": _("Undone: the restoring"),
        "create_relation": _("Undone: the relating"),
        "update_relation": _("Undone: the change of the relation"),
        "withdraw_relation": _("Undone: the withdrawal of the relation"),
        "create_source_link": _("Undone: the link to the source"),
        "update_source_link": _("Undone: the change of the link"),
        "withdraw_source_link": _("Undone: the removal of the link"),
    }
    return verbs.get(kind, _("Undone"))
