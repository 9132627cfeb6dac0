"""The work on one article: whose it is and how far, one's own steps, and what managers assign, excuse and hand over."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from factcheck import queries, services
from factcheck.exceptions import Conflict, FactcheckError, Invalid, NotFound, Stale
from factcheck.permissions import checks
from factcheck.queries.articles import ArticleRow
from factcheck.queries.layers import LayerRow
from factcheck.roles import Role
from factcheck.views import access, board_rows, decision_words, posted
from factcheck.views.board import ANNOTATORS, DAYS

REVIEWERS = ("reviewer", "manager")


@require_safe
@login_required
def page(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Show the work on the article, with the steps that the viewer may take."""
    article, _project = access.article(request, article_id)
    return _page(request, article)


def _page(request: HttpRequest, article: ArticleRow, refusal: FactcheckError | None = None) -> HttpResponse:
    viewer = access.person(request)
    project = access.project(request, article.project)
    manages = checks.allowed(checks.check_can_manage, Role(article.role))
    counts = queries.progress.counts(viewer.pk, [article.id])[article.id]
    works = queries.progress.work(viewer.pk, [article.id])
    asked = [one.reviewer for one in queries.progress.reviewers(viewer.pk, [article.id])]
    row = board_rows.row(
        queries.progress.Article(article.id, article.title, article.language, article.direction),
        counts,
        works,
        asked,
        DAYS,
    )
    owners = {work.owner for work in works if work.excused_at is None}
    annotators = queries.progress.people(project.id, roles=ANNOTATORS) if manages else []
    context = {
        "article": article,
        "project": project,
        "section": "articles",
        "view": "work",
        "row": row,
        "own": own(viewer.pk, article, viewer.username),
        "manages": manages,
        "heirs": [name for name in annotators if name not in {work.owner for work in works}],
        "annotators": [name for name in annotators if name not in owners],
        "reviewers": [
            name for name in queries.progress.people(project.id, roles=REVIEWERS) if name not in asked
        ]
        if manages
        else [],
        "refusal": refusal,
    }
    return render(request, "work/article.html", context, status=_status(refusal))


def own(viewer: UUID, article: ArticleRow, username: str) -> dict[str, Any] | None:
    """Return the viewer's own layer with its state in words and the step that may follow, or None without one."""
    layer = queries.layers.of_person(viewer, article.id, username)
    if layer is None or not checks.allowed(checks.check_can_annotate, Role(article.role)):
        return None
    return {
        "layer": layer,
        "state": decision_words.layer_state(layer.state),
        "step": "reopen" if layer.state == "submitted" else "submit",
        "blind": article.blind,
    }


def _status(refusal: FactcheckError | None) -> int:
    if refusal is None:
        return 200
    return 409 if isinstance(refusal, Stale) else refusal.status


@require_POST
@login_required
def step(request: HttpRequest, layer_id: UUID) -> HttpResponse:
    """Take a step with a layer: submit, reopen, excuse, hand over. What is refused is said on the work page."""
    layer = queries.layers.visible(access.person(request).pk, layer_id)
    if layer is None:
        raise NotFound(_("There is no such layer, or you may not know of it."))
    article, _project = access.article(request, layer.article)
    do = request.POST.get("do", "")
    try:
        done = _take(request, layer, do)
    except (Conflict, Invalid, Stale) as refusal:
        return _page(request, article, refusal)
    messages.success(request, _said(do, layer, done))
    return HttpResponseRedirect(_back(request, article), status=303)


def _take(request: HttpRequest, layer: LayerRow, do: str) -> LayerRow:
    by, seen = access.actor(request), posted.revision(request.POST)
    if do == "submit":
        return services.layers.submit(layer_id=layer.id, by=by, expect=seen)
    if do == "reopen":
        return services.layers.reopen(layer_id=layer.id, by=by, expect=seen)
    if do == "excuse":
        return services.layers.excuse(layer_id=layer.id, by=by)
    if do == "hand_over":
        return services.layers.hand_over(layer_id=layer.id, to=request.POST.get("owner", ""), by=by)
    raise Invalid(_("A layer is submitted, reopened, excused or handed over."), field="do")


def _said(do: str, layer: LayerRow, done: LayerRow) -> str:
    """Say what was done, and in a blind project what it led to."""
    if do == "submit" and layer.opened_at is None and done.opened_at is not None:
        return _("Submitted. You were the last one: the layers of this article are open now.")
    return {
        "submit": _("Submitted."),
        "reopen": _("Reopened."),
        "excuse": _("%(name)s is excused from this article.") % {"name": layer.owner},
        "hand_over": _("Handed over to %(name)s.") % {"name": done.owner},
    }[do]


def _back(request: HttpRequest, article: ArticleRow) -> str:
    """Return the page that the step was taken on."""
    came_from = {
        "article": reverse("articles:page", args=[article.id]),
        "library": reverse("projects:library", args=[article.project]),
    }
    return came_from.get(request.POST.get("from", ""), reverse("work:article", args=[article.id]))


@require_POST
@login_required
def assign(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Ask somebody to annotate the article."""
    article, _project = access.article(request, article_id, to=checks.check_can_manage)
    name = request.POST.get("owner", "")
    try:
        services.layers.assign(article_id=article_id, owner=name, by=access.actor(request))
    except (Conflict, Invalid) as refusal:
        return _page(request, article, refusal)
    messages.success(request, _("%(name)s is asked to annotate it.") % {"name": name})
    return HttpResponseRedirect(reverse("work:article", args=[article_id]), status=303)


@require_POST
@login_required
def reviewers(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Ask a reviewer to look at the article, or no longer."""
    article, _project = access.article(request, article_id, to=checks.check_can_manage)
    by, name = access.actor(request), request.POST.get("reviewer", "")
    try:
        if request.POST.get("do") == "remove":
            services.reviewers.unassign(article_id=article_id, reviewer=name, by=by)
            messages.success(request, _("%(name)s is not asked any longer.") % {"name": name})
        else:
            services.reviewers.assign(article_id=article_id, reviewer=name, by=by)
            messages.success(request, _("%(name)s is asked to review it.") % {"name": name})
    except (Conflict, Invalid) as refusal:
        return _page(request, article, refusal)
    return HttpResponseRedirect(reverse("work:article", args=[article_id]), status=303)
