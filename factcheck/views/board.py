"""The board of a project: how far each article is, what is stuck, and spreading articles over annotators."""

from collections import defaultdict
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from factcheck import queries, services
from factcheck.exceptions import Conflict, FactcheckError, Invalid, NotFound
from factcheck.permissions import checks
from factcheck.queries.library import Listed
from factcheck.queries.progress import SHOWN, Article, Work
from factcheck.queries.projects import ProjectRow
from factcheck.queries.reading import Cut
from factcheck.roles import Role
from factcheck.services.layers import Planned
from factcheck.views import access, asking, board_rows, posted
from factcheck.views.board_rows import Row

PER_PAGE = 25
DAYS = 7
_AFTER_ALL = UUID(int=2**128 - 1)
ANNOTATORS = ("annotator", "reviewer", "manager")


class Spread(forms.Form):
    """How chosen articles are spread."""

    each = forms.IntegerField(
        label=gettext_lazy("Annotators for each article"), min_value=1, max_value=20, initial=2
    )
    owner = forms.MultipleChoiceField(
        label=gettext_lazy("Among"), required=False, widget=forms.CheckboxSelectMultiple
    )
    use_required_attribute = False

    def __init__(self, *args: Any, people: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [(name, name) for name in people]  # type: ignore[attr-defined]


@require_safe
@login_required
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """List the project's articles, newest first, with phase, people, numbers and what is stuck."""
    return _board(request, access.project(request, slug))


def _board(request: HttpRequest, project: ProjectRow, **more: Any) -> HttpResponse:
    viewer = access.person(request).pk
    manages = checks.allowed(checks.check_can_manage, Role(project.role))
    shown = [name for name in SHOWN if manages or name != "unassigned"]
    show = request.GET.get("show", "")
    show_or_none = show if show in shown else None
    person = asking.search(request, "person")
    before, after = asking.identifier(request, "before"), asking.identifier(request, "after")
    found = queries.progress.page(
        viewer,
        project.id,
        Cut(PER_PAGE, after=after, before=None if after else before or _AFTER_ALL),
        show=show_or_none,
        person=person,
        days=DAYS,
    )
    rows = _rows(viewer, found[::-1])
    listed = Listed(
        rows,
        newer=rows[0].article.id if rows and found.has_next and (before or after) else None,
        older=rows[-1].article.id if rows and found.has_previous else None,
    )
    people = queries.progress.people(project.id, roles=ANNOTATORS) if manages else []
    context = {
        "project": project,
        "section": "board",
        "listed": listed,
        "days": DAYS,
        "manages": manages,
        "show": show_or_none,
        "person": person,
        "kept": asking.kept(show=show_or_none, person=person),
        "cuts": [(words, f"?{_query(name, person)}", name == show_or_none) for name, words in _cuts(shown)],
        "all": f"?{_query(None, person)}",
        "spread": Spread(people=people) if people else None,
        "without_person": f"?{_query(show_or_none, None)}",
        **more,
    }
    refusal = more.get("refusal")
    return render(request, "work/board.html", context, status=refusal.status if refusal else 200)


def _query(show: str | None, person: str | None) -> str:
    given = {"show": show or "", "person": person or ""}
    return urlencode({name: value for name, value in given.items() if value})


def _cuts(shown: list[str]) -> list[tuple[str, str]]:
    words = {
        "idle": _("Nothing for %(days)s days") % {"days": DAYS},
        "unanswered": _("Not answered"),
        "split": _("Split"),
        "left": _("Whose owner left"),
        "unassigned": _("Nobody annotates"),
    }
    return [(name, words[name]) for name in shown]


def _rows(viewer: UUID, articles: list[Article]) -> list[Row]:
    """Read what the board shows of the articles: three statements however many there are."""
    ids = [article.id for article in articles]
    counts = queries.progress.counts(viewer, ids)
    works: defaultdict[UUID, list[Work]] = defaultdict(list)
    for work in queries.progress.work(viewer, ids):
        works[work.article].append(work)
    asked: defaultdict[UUID, list[str]] = defaultdict(list)
    for one in queries.progress.reviewers(viewer, ids):
        asked[one.article].append(one.reviewer)
    return [
        board_rows.row(article, counts[article.id], works[article.id], asked[article.id], DAYS)
        for article in articles
    ]


@require_POST
@login_required
def spread(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who would get which of the chosen articles; sent again from there, assign it so."""
    project = access.project(request, slug, to=checks.check_can_manage)
    people = queries.progress.people(project.id, roles=ANNOTATORS)
    form = Spread(request.POST, people=people)
    chosen = posted.identifiers(request.POST, "page" if request.POST.get("all") else "article")
    by = access.actor(request)
    try:
        if not form.is_valid():
            raise Invalid(_("Say how many annotators each article is to have, and among whom."))
        if not chosen:
            raise Invalid(_("Choose the articles to be spread."))
        asked = {
            "project_id": project.id,
            "article_ids": chosen,
            "owners": form.cleaned_data["owner"],
            "each": form.cleaned_data["each"],
            "by": by,
        }
        if request.POST.get("do") == "assign":
            number = services.layers.assign_evenly(**asked, expect=_expected(request))
            messages.success(
                request,
                ngettext("%(n)s piece of work is assigned.", "%(n)s pieces of work are assigned.", number)
                % {"n": number},
            )
            return HttpResponseRedirect(reverse("work:board", args=[slug]), status=303)
        return _preview(request, project, form, chosen, services.layers.plan_evenly(**asked))
    except Conflict as refusal:
        if request.POST.get("do") != "assign":
            return _board(request, project, spread=form, refusal=refusal)
        planned = services.layers.plan_evenly(**asked)
        return _preview(request, project, form, chosen, planned, refusal=refusal)
    except (Invalid, NotFound) as refusal:
        return _board(request, project, spread=form, refusal=refusal)


def _expected(request: HttpRequest) -> list[Planned]:
    """Return the plan that was shown, as its form sends it back."""
    found = []
    for written in request.POST.getlist("planned")[: posted.MOST_IDS * 20]:
        article, _colon, name = written.partition(":")
        try:
            found.append(Planned(UUID(article), name))
        except ValueError as error:
            raise Invalid(_("This is no plan that was shown; look at it again.")) from error
    return found


def _preview(
    request: HttpRequest,
    project: ProjectRow,
    form: Spread,
    chosen: list[UUID],
    planned: list[Planned],
    refusal: FactcheckError | None = None,
) -> HttpResponse:
    viewer = access.person(request).pk
    given: defaultdict[UUID, list[str]] = defaultdict(list)
    for article_id, name in planned:
        given[article_id].append(name)
    present: defaultdict[UUID, list[str]] = defaultdict(list)
    for work in queries.progress.work(viewer, chosen):
        if work.excused_at is None:
            present[work.article].append(work.owner)
    each = form.cleaned_data["each"]
    rows = [
        (
            article,
            present[article.id],
            given[article.id],
            len(present[article.id]) + len(given[article.id]) < each,
        )
        for article in queries.progress.named(viewer, chosen)
    ]
    loads = sorted(
        {name: sum(one.owner == name for one in planned) for name in form.cleaned_data["owner"]}.items()
    )
    context = {
        "project": project,
        "section": "board",
        "rows": rows,
        "loads": loads,
        "planned": planned,
        "chosen": chosen,
        "form": form,
        "refusal": refusal,
    }
    return render(request, "work/spread.html", context, status=refusal.status if refusal else 200)
