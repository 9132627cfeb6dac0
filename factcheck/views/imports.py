"""Bringing annotated articles in: what is uploaded is looked at first, then imported while its progress is shown."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from factcheck import queries, services
from factcheck.exceptions import NotFound
from factcheck.exports import not_taken as exports
from factcheck.permissions import checks
from factcheck.queries.projects import ProjectRow
from factcheck.queries.uploads import Upload
from factcheck.views import access, asking
from factcheck.views.import_forms import ImportOptions, NewImport, formats
from factcheck.views.import_words import counted, here

SHOWN = 5
"""Reasons of one article that are shown at once; all of them are in the table to take away."""


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Take files, or show how far the import of those taken is: the question, the preview, the progress, the report."""
    project = _project(request, slug)
    present = queries.uploads.of(access.person(request).pk, project.id)
    if present is not None and request.method != "POST":
        return _present(request, project, present)
    form = NewImport(asking.posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        uploaded = [(one.name or "file", one) for one in form.cleaned_data["file"]]
        done = form.attempt(
            lambda: services.uploads.upload(
                project_id=project.id,
                by=access.actor(request),
                uploaded=uploaded,
                format=form.cleaned_data["format"],
                given=form.given(),
            )
        )
        if done:
            return _to_page(slug)
    return render(request, "imports/new.html", _context(project, form=form), status=form.status)


@require_POST
@login_required
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """Read what was uploaded anew, with what the person says now."""
    project = _project(request, slug)
    form = ImportOptions(request.POST)
    if form.is_valid():
        by = access.actor(request)
        if form.attempt(lambda: services.uploads.read(project_id=project.id, by=by, given=form.given())):
            return _to_page(slug)
    present = queries.uploads.of(access.person(request).pk, project.id)
    if present is None:
        raise NotFound(_("There is no import of yours under way here."))
    return _present(request, project, present, form)


@require_POST
@login_required
@vary_on_headers("HX-Request")
def go(request: HttpRequest, slug: str) -> HttpResponse:
    """Import for about a second; the page that answers goes on by itself where there is script."""
    project = _project(request, slug)
    services.imports.step(project_id=project.id, by=access.actor(request))
    if request.headers.get("HX-Request") != "true":
        return _to_page(slug)
    present = queries.uploads.of(access.person(request).pk, project.id)
    if present is None:
        raise NotFound(_("There is no import of yours under way here."))
    if present.state == "running":
        return render(request, "imports/_progress.html", _context(project, upload=present, goes_on=True))
    return HttpResponse(headers={"HX-Redirect": reverse("projects:import", args=[slug])})


@require_POST
@login_required
def discard(request: HttpRequest, slug: str) -> HttpResponse:
    """Drop the upload, or dismiss the report."""
    project = _project(request, slug)
    services.uploads.discard(project_id=project.id, by=access.actor(request))
    messages.success(request, _("It is gone. What was imported stays."))
    return _to_page(slug)


@require_safe
@login_required
def not_taken(request: HttpRequest, slug: str) -> HttpResponse:
    """Send everything that was not taken, with place and reason, as CSV."""
    project = _project(request, slug)
    present = queries.uploads.of(access.person(request).pk, project.id)
    if present is None:
        raise NotFound(_("There is no import of yours under way here."))
    reasons = queries.uploads.reasons(present.id)
    lines = exports.write((title, place, here(why)) for title, place, why in reasons)
    response = HttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="not-imported-{slug}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def _project(request: HttpRequest, slug: str) -> ProjectRow:
    return access.project(request, slug, to=checks.check_can_manage)


def _to_page(slug: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("projects:import", args=[slug]), status=303)


def _context(project: ProjectRow, **more: Any) -> dict[str, Any]:
    return {"project": project, "section": "settings", "part": "import", **more}


def _present(
    request: HttpRequest, project: ProjectRow, upload: Upload, form: ImportOptions | None = None
) -> HttpResponse:
    """Show an upload in the state that it is in."""
    if form is None:
        form = ImportOptions(initial=upload.options)
        if upload.question:
            asked = upload.question["field"]
            form = ImportOptions(upload.options)
            form.is_valid()
            form.add_error(asked if asked in form.fields else None, upload.question["detail"])
    after = request.GET.get("after", "")
    lacking = queries.uploads.not_taken(
        upload.id, after=int(after) if after.isdecimal() and len(after) < 8 else 0
    )
    context = _context(
        project,
        upload=upload,
        form=form,
        format_title=dict(formats()).get(upload.format, upload.format),
        made=counted(upload.made),
        known=counted(upload.known),
        lacking=lacking,
        shown=SHOWN,
        goes_on=upload.state == "running" and "paused" not in request.GET,
        not_looked_at=upload.articles - upload.looked_at,
    )
    status = form.status if request.method == "POST" else 200
    return render(
        request,
        f"imports/{'preview' if upload.state in ('asking', 'ready') else 'progress'}.html",
        context,
        status=status,
    )
