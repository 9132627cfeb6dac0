"""What one does in talk: read it where it belongs, start a thread, reply, edit, withdraw, resolve, reopen."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from factcheck import queries, services
from factcheck.exceptions import Conflict, FactcheckError, Gone, Invalid, NotFound, Stale
from factcheck.permissions import checks
from factcheck.queries.comments import Row as CommentRow
from factcheck.queries.talk import Topic
from factcheck.services.comments import MAX_BODY
from factcheck.views import access, asking, changes, posted, threads

PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def article(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Show what is said about an article and all that is marked in it, or start a thread on the article."""
    found, project = access.article(request, article_id)
    if request.method == "POST":
        return _started(
            request, lambda: access.article(request, article_id, checks.check_can_talk), article=article_id
        )
    viewer, resolved = access.person(request).pk, "resolved" in request.GET
    alone = asking.identifier(request, "thread")
    if alone is not None:
        talks = queries.talk.one(viewer, article_id, alone)
    else:
        before = asking.identifier(request, "before")
        talks = queries.talk.of_article(
            viewer, article_id, resolved=resolved, before=before, limit=PER_PAGE + 1
        )
    context = {
        "article": found,
        "project": project,
        "section": "articles",
        "box": threads.of_article(request, found, talks[:PER_PAGE]),
        "resolved": resolved,
        "alone": alone,
        "older": talks[PER_PAGE - 1].topic.id if len(talks) > PER_PAGE else None,
    }
    return render(request, "talk/article.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def annotation(request: HttpRequest, annotation_id: UUID) -> HttpResponse:
    """Show the talk of an annotation: in its card, or on a page of its own; or start a thread on it."""
    row = access.annotation(request, annotation_id)
    found, project = access.article(request, UUID(row.article))
    if request.method == "POST":
        about = posted.identifier(request.POST, "about")
        thing = {"annotation": annotation_id} if about is None else {"relation": about}
        return _started(
            request, lambda: access.project(request, project.slug, checks.check_can_talk), **thing
        )
    if request.headers.get("HX-Request"):
        return changes.answer(request, found, annotations=[row.id], choose=row.id, talk=True)
    related = queries.page.related_to(access.person(request).pk, row.id)
    box = threads.of_annotation(request, row, related, found)
    back = changes.to_page(found.id, row.id)["Location"]
    context = {"article": found, "project": project, "box": box, "words": row.pieces, "back": back}
    return render(request, "talk/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def relation(request: HttpRequest, relation_id: UUID) -> HttpResponse:
    """Show the talk of a relation on a page of its own, or start a thread on it."""
    row = access.relation(request, relation_id)
    found, project = access.article(request, UUID(row.article))
    if request.method == "POST":
        return _started(
            request,
            lambda: access.project(request, project.slug, checks.check_can_talk),
            relation=relation_id,
        )
    ends = [queries.relations.end(access.person(request).pk, end) for end in (row.subject, row.object)]
    kinds = queries.projects.relation_kinds(project.id, retired=True)
    context = {
        "article": found,
        "project": project,
        "box": threads.of_relation(request, row, found),
        "ends": ends,
        "kind": next((kind.title for kind in kinds if kind.name == row.kind), row.kind),
        "back": changes.to_page(found.id, row.subject)["Location"],
    }
    return render(request, "talk/page.html", context)


def _started(request: HttpRequest, may: Callable[[], object], **thing: UUID) -> HttpResponse:
    """Start a thread on the thing, once `may` has not refused."""
    may()

    def start() -> UUID:
        place = queries.threads.place_of(access.person(request).pk, *next(iter(thing.items())))
        threads.check_named(request, lambda name: _companions(request, place, name))
        made = services.threads.start(
            id=posted.identifier(request.POST, "id"),
            body=threads.typed(request),
            by=access.actor(request),
            **thing,
        )
        return UUID(made.row.id)

    return _done(request, start, _("Said"))


def _companions(request: HttpRequest, place: queries.threads.Place | None, name: str) -> list[object]:
    if place is None:
        raise NotFound(_("There is nothing of this id here."))
    return list(queries.threads.companions(access.person(request).pk, place.project_id, place.layer_id, name))


def _done(request: HttpRequest, act: Callable[[], UUID], message: str, *, undo: str = "") -> HttpResponse:
    """Do an act, which returns the thread, and answer: the card anew, or back to where the form stood.

    The `undo` is offered where the thread itself has gone. A refusal is told above the page, which keeps what was
    typed; without htmx the form is shown once more.
    """
    fragment = request.headers.get("HX-Request")
    at = posted.identifier(request.POST, "at") or asking.identifier(request, "at")
    card = access.annotation(request, at) if fragment and at is not None else None
    try:
        thread_id = act()
    except (Invalid, Conflict, Stale, Gone) as refusal:
        if fragment or "body" not in request.POST:
            raise
        return _again(request, refusal)
    topic = queries.talk.topic(access.person(request).pk, thread_id)
    if card is not None:
        found, _project = access.article(request, UUID(card.article))
        offered = undo if topic is None else ""  # else the thread says it in its place
        return changes.answer(
            request, found, annotations=[card.id], choose=card.id, message=message, undo=offered, talk=True
        )
    return threads.to_place(request, topic, message, otherwise=reverse("talk:inbox"))


def _again(request: HttpRequest, refusal: FactcheckError) -> HttpResponse:
    context = {**threads.again(request, refusal), "title": _("Not said yet"), "back": reverse("talk:inbox")}
    status = 409 if isinstance(refusal, Stale) else refusal.status
    return render(request, "talk/form.html", context, status=status)


def _topic(request: HttpRequest, thread_id: UUID) -> Topic:
    """Return the thread as the viewer may see it."""
    found = queries.talk.topic(access.person(request).pk, thread_id)
    if found is None:
        raise NotFound(_("There is no such thread, or you may not see it."))
    return found


@require_GET
@login_required
def thread(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """Lead to a thread in its place."""
    return HttpResponseRedirect(threads.place(_topic(request, thread_id)), status=303)


@require_POST
@login_required
def reply(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """Say something in a thread."""
    _topic(request, thread_id)

    def say() -> UUID:
        place = queries.threads.place(access.person(request).pk, thread_id)
        threads.check_named(request, lambda name: _companions(request, place, name))
        services.comments.reply(
            thread_id=thread_id,
            id=posted.identifier(request.POST, "id"),
            body=threads.typed(request),
            by=access.actor(request),
        )
        return thread_id

    return _done(request, say, _("Said"))


@require_POST
@login_required
def settle(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """Resolve a thread, or reopen it."""
    _topic(request, thread_id)
    do = request.POST.get("do")
    if do not in ("resolve", "reopen"):
        raise Invalid(_("Say whether to resolve or to reopen it."), field="do")
    act = services.threads.resolve if do == "resolve" else services.threads.reopen

    def settled() -> UUID:
        act(thread_id=thread_id, by=access.actor(request))
        return thread_id

    return _done(request, settled, _("Resolved") if do == "resolve" else _("Reopened"))


def _comment(request: HttpRequest, comment_id: UUID) -> CommentRow:
    found = queries.comments.visible(access.person(request).pk, comment_id)
    if found is None:
        raise NotFound(_("There is no such comment, or you may not see it."))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def comment(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """Change the words of one's own comment."""
    row = _comment(request, comment_id)
    viewer = access.person(request)
    project = access.project(request, row.project, checks.check_can_talk)
    if row.withdrawn_at is not None:
        raise Gone(_("This comment was withdrawn."))
    if row.created_by != viewer.username:
        checks.check_owns_comment(person=viewer.pk, author=UUID(int=0))
    if request.method == "POST":

        def edited() -> UUID:
            services.comments.edit(
                comment_id=comment_id,
                body=request.POST.get("body", "").replace("\r\n", "\n"),
                by=access.actor(request),
                expect=posted.revision(request.POST),
            )
            return UUID(row.thread)

        return _done(request, edited, _("Changed"))
    topic = queries.talk.topic(viewer.pk, UUID(row.thread))
    context = {
        "title": _("Change what you said"),
        "body": row.body,
        "action": request.path,
        "kept": {"revision": str(row.revision)},
        "back": threads.place(topic) if topic else reverse("talk:inbox"),
        "project": project,
        "most": MAX_BODY,
    }
    return render(request, "talk/form.html", context)


@require_POST
@login_required
def withdraw(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """Withdraw one's own comment; the last one takes its thread along."""
    row = _comment(request, comment_id)

    def withdrawn() -> UUID:
        services.comments.withdraw(comment_id=comment_id, by=access.actor(request))
        return UUID(row.thread)

    undo = f"{reverse('talk:restore', args=[comment_id])}?at={posted.identifier(request.POST, 'at') or ''}"
    return _done(request, withdrawn, _("Your comment is withdrawn"), undo=undo)


@require_POST
@login_required
def restore(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """Bring one's own withdrawn comment back."""
    row = _comment(request, comment_id)

    def restored() -> UUID:
        services.comments.restore(comment_id=comment_id, by=access.actor(request))
        return UUID(row.thread)

    return _done(request, restored, _("Your comment is back"))
