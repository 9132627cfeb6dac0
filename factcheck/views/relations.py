"""Relating annotations on the article's page: find the other end, relate, look at a relation, change it."""

from dataclasses import replace
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
from factcheck.exceptions import Conflict, Gone, Invalid, Stale
from factcheck.models.fields import uuid7
from factcheck.permissions import checks
from factcheck.queries.relations import End, Row
from factcheck.roles import Role
from factcheck.services.relations import Pair
from factcheck.views import access, asking, changes, posted, relation_form, scheme


@require_GET
@login_required
def new(request: HttpRequest, annotation_id: UUID) -> HttpResponse:
    """Show, without script, what the annotation may be related to and how."""
    row = access.annotation(request, annotation_id)
    article, project = access.article(request, UUID(row.article))
    typed = asking.search(request) or ""
    one = _end(request, row.id)
    kinds = queries.projects.relation_kinds(project.id)
    found = queries.relations.ends(
        access.person(request).pk, annotation_id, article.id, project.id, typed, limit=50
    )
    context = {
        "row": row,
        "article": article,
        "project": project,
        "section": "articles",
        "one": one,
        "q": typed,
        "ends": [(end, relation_form.options(kinds, one, end), uuid7()) for end in found],
        "choices": relation_form.choices(kinds, {}),
        "reason": checks.reason(checks.check_can_annotate, Role(article.role)),
        "scheme": scheme.address(project, queries.projects.tags(project.id, retired=True)),
    }
    return render(request, "relations/new.html", context)


@require_GET
@login_required
def ends(request: HttpRequest, annotation_id: UUID) -> HttpResponse:
    """Return the annotations that have the words typed, as options of a list."""
    row = access.annotation(request, annotation_id)
    article, project = access.article(request, UUID(row.article))
    typed = asking.search(request) or ""
    found = queries.relations.ends(access.person(request).pk, annotation_id, article.id, project.id, typed)
    return render(request, "relations/_ends.html", {"ends": found, "article": article})


@require_POST
@login_required
def create(request: HttpRequest, annotation_id: UUID) -> HttpResponse:
    """Relate the annotation to one or several others in the same way, as one act."""
    row = access.annotation(request, annotation_id)
    article, project = access.article(request, UUID(row.article))
    kind, reversed_ = relation_form.kind_and_direction(request.POST.get("kind", ""))
    others = posted.identifiers(request.POST, "end")
    ids = posted.identifiers(request.POST, "id") or [uuid7() for _other in others]
    if len(ids) != len(others):
        raise Invalid(_("Each relation needs an id of its own."), field="id")
    services.relations.relate(
        at=annotation_id,
        pairs=[
            Pair(key, *((other, annotation_id) if reversed_ else (annotation_id, other)))
            for key, other in zip(ids, others, strict=True)
        ],
        kind=kind,
        by=access.actor(request),
        attributes=relation_form.attributes(request.POST, queries.projects.relation_kinds(project.id), kind),
        note=request.POST.get("note", "").replace("\r\n", "\n"),
    )
    touched = _in_article(request, article.id, [row.id, *map(str, others)])
    return changes.answer(request, article, annotations=touched, choose=row.id, message=_("Related"))


def _in_article(request: HttpRequest, article_id: UUID, annotation_ids: list[str]) -> list[str]:
    """Leave out ends in other articles: this page has no cards for them."""
    found = queries.page.some(access.person(request).pk, annotation_ids)
    here = {item.row.id for item in found if item.row.article == str(article_id)}
    return [one for one in annotation_ids if one in here]


@require_http_methods(["GET", "POST"])
@login_required
def change(request: HttpRequest, relation_id: UUID) -> HttpResponse:
    """Show a relation, or change its kind, direction, attributes and note."""
    relation = access.relation(request, relation_id)
    form = _form_of(request, relation)
    if request.method == "GET":
        return _form(request, form)
    kind, reversed_ = relation_form.kind_and_direction(request.POST.get("kind", relation.kind))
    wanted: dict[str, Any] = {
        "kind": kind,
        "subject": UUID(relation.object if reversed_ else relation.subject),
        "object": UUID(relation.subject if reversed_ else relation.object),
        "attributes": relation_form.attributes(request.POST, form.kinds, kind),
        "note": request.POST.get("note", "").replace("\r\n", "\n"),
    }
    try:
        services.relations.update(
            relation_id=relation_id, by=access.actor(request), expect=posted.revision(request.POST), **wanted
        )
    except Stale as stale:
        return _conflict(request, form, stale.extra["present"], wanted)
    except (Invalid, Conflict) as error:
        return _form(request, replace(form, error=str(error)), status=error.status)
    return _saved(request, relation, _("Relation saved"))


@require_POST
@login_required
def withdraw(request: HttpRequest, relation_id: UUID) -> HttpResponse:
    """Withdraw a relation; withdrawn already is as good."""
    relation = access.relation(request, relation_id, withdrawn=True)
    services.relations.withdraw(relation_id=relation_id, by=access.actor(request))
    return _saved(
        request, relation, _("Relation withdrawn"), undo=reverse("desk:relation-restore", args=[relation.id])
    )


@require_POST
@login_required
def restore(request: HttpRequest, relation_id: UUID) -> HttpResponse:
    """Bring a withdrawn relation back."""
    relation = access.relation(request, relation_id, withdrawn=True)
    services.relations.restore(relation_id=relation_id, by=access.actor(request))
    return _saved(request, relation, _("Restored"))


def _saved(request: HttpRequest, relation: Row, message: str, undo: str = "") -> HttpResponse:
    """Answer in the article whose page asked: that of the form's `at`, else of the subject."""
    at = request.POST.get("at", "")
    in_object = at == relation.object and relation.object_article != relation.article
    article, _project = access.article(
        request, UUID(relation.object_article if in_object else relation.article)
    )
    touched = _in_article(request, article.id, [relation.subject, relation.object])
    choose = at if at in touched else (touched[0] if touched else "")
    return changes.answer(request, article, annotations=touched, choose=choose, message=message, undo=undo)


def _end(request: HttpRequest, annotation_id: str) -> End:
    found = queries.relations.end(access.person(request).pk, annotation_id)
    if found is None:
        raise Gone(_("This annotation was withdrawn."))
    return found


def _form_of(request: HttpRequest, relation: Row) -> relation_form.Form:
    _article, project = access.article(request, UUID(relation.article))
    viewer = access.person(request)
    reason = checks.reason(checks.check_can_annotate, Role(project.role)) or checks.reason(
        checks.check_owns_layer, person=viewer.pk, owner=relation.owner_id
    )
    kinds = queries.projects.relation_kinds(project.id, retired=True)
    return relation_form.Form(
        row=relation,
        subject=_end(request, relation.subject),
        object=_end(request, relation.object),
        kinds=[kind for kind in kinds if not kind.retired or kind.name == relation.kind],
        reason=reason,
    )


def _form(request: HttpRequest, form: relation_form.Form, status: int = 200) -> HttpResponse:
    _article, project = access.article(request, UUID(form.row.article))
    name = "relations/_form.html" if request.headers.get("HX-Request") else "relations/page.html"
    context = {
        "form": form,
        "project": project,
        "section": "articles",
        "at": request.POST.get("at") or request.GET.get("at", ""),
        "scheme": scheme.address(project, queries.projects.tags(project.id, retired=True)),
    }
    return render(request, name, context, status=status)


def _conflict(
    request: HttpRequest, form: relation_form.Form, present: Row, wanted: dict[str, Any]
) -> HttpResponse:
    now = {
        "kind": present.kind,
        "subject": " … ".join(
            form.subject.pieces if present.subject == form.row.subject else form.object.pieces
        ),
        "attributes": _listed(orjson.loads(present.attributes)),
        "note": present.note,
    }
    subject = form.subject if str(wanted["subject"]) == form.row.subject else form.object
    mine = {
        "kind": wanted["kind"],
        "subject": " … ".join(subject.pieces),
        "attributes": _listed(wanted["attributes"]),
        "note": wanted["note"],
    }
    names = {"kind": _("kind"), "subject": _("from"), "attributes": _("attributes"), "note": _("note")}
    return changes.conflict(
        request,
        thing=present.subject,
        revision=present.revision,
        action=request.path,
        back=changes.to_page(UUID(present.article), present.subject)["Location"],
        fields=changes.sent(request),
        rows=[(names[name], now[name], mine[name]) for name in now if now[name] != mine[name]],
    )


def _listed(values: dict[str, Any]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in sorted(values.items()))
