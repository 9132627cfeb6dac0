"""The part of a project's settings that is about reviewing: why a reviewer does not approve."""

from types import SimpleNamespace

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from factcheck import queries, services
from factcheck.models.reasons import REASONS
from factcheck.views import access, asking, decision_words, review_words
from factcheck.views.project_settings import context, managed, save
from factcheck.views.scheme_forms import Reasons


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def reasons(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the reasons that reviewers choose from, by kind of thing."""
    project = managed(request, slug)
    form = Reasons(asking.posted(request), initial={**_lines(project.reasons), "revision": project.revision})
    done = save(
        request,
        form,
        lambda: services.projects.update(
            project_id=project.id,
            by=access.actor(request),
            expect=form.cleaned_data["revision"],
            review_reasons=form.reasons(),
        ),
        lambda present: SimpleNamespace(**_lines(present.review_reasons), revision=present.revision),
        reverse("settings:review", args=[slug]),
    )
    used = queries.projects.visible(access.person(request).pk, slug) or project
    read_as = [
        (decision_words.thing_plural(kind), [(code, review_words.reason(code)) for code in codes])
        for kind, codes in used.reasons.items()
    ]
    return done or render(
        request,
        "settings/review.html",
        context(project, "review", form=form, read_as=read_as),
        status=form.status,
    )


def _lines(kept: dict[str, list[str]]) -> dict[str, str]:
    return {kind: "\n".join(kept.get(kind) or codes) for kind, codes in REASONS.items()}
