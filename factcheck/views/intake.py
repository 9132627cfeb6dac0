"""Loading an article, and correcting what is said about it. Its words never change here."""

import hashlib
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from factcheck import queries, services
from factcheck.exceptions import Conflict, Stale
from factcheck.permissions import checks
from factcheck.queries.articles import ArticleRow
from factcheck.queries.projects import ProjectRow
from factcheck.views import access, asking, conflicts, languages
from factcheck.views.forms import EditArticle, NewArticle

_FACTS = ("title", "publisher", "byline", "url", "published_at", "language")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Load an article; whatever is refused, what was typed stays in the form."""
    project = access.project(request, slug, to=checks.check_can_load_articles)
    form = NewArticle(asking.posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        row = form.attempt(lambda: _load(request, project, form))
        if row is not None:
            _say_loaded(request, row, guessed=not form.cleaned_data["language"])
            return HttpResponseRedirect(reverse("articles:page", args=[row.id]), status=303)
    context = {"project": project, "section": "articles", "form": form}
    return render(request, "articles/new.html", context, status=form.status)


def _load(request: HttpRequest, project: ProjectRow, form: NewArticle) -> ArticleRow:
    """Load it, unless the library has the very same text: two copies would be marked apart."""
    text = services.articles.canonical_of(form.cleaned_data["text"])
    there = queries.library.same_text(
        access.person(request).pk, project.id, hashlib.sha256(text.encode()).hexdigest()
    )
    if there is not None:
        form.duplicate = there
        raise Conflict(
            _("This text is in the library already, as “%(title)s”.") % {"title": there.title}, field="text"
        )
    made = services.articles.create(
        project=queries.projects.by_id(project.id), by=access.actor(request), **form.cleaned_data
    )
    row: ArticleRow = made.row
    return row


def _say_loaded(request: HttpRequest, row: ArticleRow, *, guessed: bool) -> None:
    language = languages.name(row.language)
    if guessed and language:
        messages.success(
            request,
            format_html(
                '{} <a href="{}">{}</a>',
                _("Loaded. The language looks like %(language)s.") % {"language": language},
                reverse("articles:edit", args=[row.id]),
                _("Correct it"),
            ),
        )
    else:
        messages.success(request, _("Loaded."))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Correct title, publisher, byline, address, date and language; a stale form gets both states."""
    article, project = access.article(request, article_id, to=checks.check_can_load_articles)
    initial = {name: getattr(article, name) for name in _FACTS} | {"revision": article.revision}
    form = EditArticle(asking.posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in _FACTS}
        seen = form.cleaned_data["revision"]
        by = access.actor(request)
        try:
            if form.attempt(
                lambda: services.articles.update(article_id=article_id, by=by, expect=seen, **facts)
            ):
                messages.success(request, _("Saved."))
                return HttpResponseRedirect(reverse("articles:page", args=[article_id]), status=303)
        except Stale as stale:
            conflicts.show(form, stale.extra["present"])
    context = {"project": project, "section": "articles", "form": form, "article": article}
    return render(request, "articles/edit.html", context, status=form.status)
