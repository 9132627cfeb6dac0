"""Talk in the pages: in the card of an annotation, on the page of an article, and what one does there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import FactcheckError, Invalid
from factcheck.models.fields import uuid7
from factcheck.permissions import checks
from factcheck.queries.annotations import Row as AnnotationRow
from factcheck.queries.articles import ArticleRow
from factcheck.queries.page import Related
from factcheck.queries.talk import Talk, Topic
from factcheck.roles import Role
from factcheck.services import comment_words, comments, texts
from factcheck.views import access


@dataclass(frozen=True)
class Box:
    """Threads to be shown together, and what one may do in them.

    `at` is the annotation whose card shows them: it is drawn anew after each act. `key` tells ids on the page apart.
    """

    talks: Sequence[Talk]
    action: str  # where a new thread is sent
    subjects: Sequence[tuple[str, str]]  # what it may be about, where there is a choice
    companions: Sequence[str]
    viewer: str
    reason: str  # why one may not take part
    key: str
    at: str = ""
    new_id: str = field(default_factory=lambda: str(uuid7()))

    @property
    def open(self) -> list[Talk]:
        return [talk for talk in self.talks if talk.topic.resolved_by is None]

    @property
    def resolved(self) -> list[Talk]:
        return [talk for talk in self.talks if talk.topic.resolved_by is not None]


def _box(
    request: HttpRequest,
    article: ArticleRow,
    talks: Sequence[Talk],
    action: str,
    *,
    layer: str | None,
    key: str,
    at: str = "",
    subjects: Sequence[tuple[str, str]] = (),
) -> Box:
    viewer = access.person(request)
    reason = checks.reason(checks.check_can_talk, Role(article.role))
    companions = (
        []
        if reason
        else queries.threads.companions(viewer.pk, article.project_id, UUID(layer) if layer else None)
    )
    names = [one.username for one in companions]
    return Box(talks, action, subjects, names, viewer.username, reason, key, at)


def of_annotation(
    request: HttpRequest, row: AnnotationRow, related: Sequence[Related], article: ArticleRow
) -> Box:
    """Return the talk of an annotation and of its relations, as its card shows it."""
    subjects = [
        (one.id, _("%(kind)s “%(words)s”") % {"kind": one.title, "words": " … ".join(one.words)[:60]})
        for one in related
    ]
    if subjects:
        subjects.insert(0, ("", _("this annotation")))
    talks = queries.talk.of_annotation(access.person(request).pk, row.id)
    action = reverse("talk:annotation", args=[row.id])
    return _box(request, article, talks, action, subjects=subjects, layer=row.layer, key=row.id, at=row.id)


def of_relation(request: HttpRequest, relation: Any, article: ArticleRow) -> Box:
    """Return the talk of a relation."""
    talks = queries.talk.of_relation(access.person(request).pk, relation.id)
    action = reverse("talk:relation", args=[relation.id])
    return _box(request, article, talks, action, layer=relation.layer, key=relation.id)


def of_article(request: HttpRequest, article: ArticleRow, talks: Sequence[Talk]) -> Box:
    """Return the talk of an article, of which the caller has read one page."""
    action = reverse("talk:article", args=[article.id])
    return _box(request, article, talks, action, layer=None, key=str(article.id))


def place(topic: Topic) -> str:
    """Return the address of a thread in its place: in the article with its card open, or on the article's talk."""
    if topic.subject is None or topic.thing_withdrawn:
        return f"{reverse('talk:article', args=[topic.article])}?thread={topic.id}#thread-{topic.id}"
    return f"{reverse('articles:page', args=[topic.article])}?annotation={topic.subject}&talk=1#thread-{topic.id}"


def typed(request: HttpRequest) -> str:
    """Return the words that were sent; whom the form's own field names is mentioned before them."""
    body = request.POST.get("body", "").replace("\r\n", "\n")
    names = [name.removeprefix("@") for name in request.POST.get("to", "").replace(",", " ").split()]
    said = {name for spellings in comment_words.mentioned(body) for name in spellings}
    ahead = " ".join(f"@{name}" for name in dict.fromkeys(names) if comment_words.normal(name) not in said)
    return f"{ahead} {body}" if ahead and body.strip() else body


def check_named(request: HttpRequest, companions: Callable[[str], Sequence[Any]]) -> None:
    """Refuse a name in the form's own field that is nobody's: there it is no mere word."""
    written = texts.clean(request.POST.get("to", ""), "to", max_length=texts.MAX_NAME)
    for name in written.replace(",", " ").split():
        wanted = comment_words.normal(name.removeprefix("@"))
        if wanted not in {one.username for one in companions(wanted)}:
            raise Invalid(
                _("There is no other member %(name)s who can see this.") % {"name": name}, field="to"
            )


def to_place(request: HttpRequest, topic: Topic | None, message: str, *, otherwise: str) -> HttpResponse:
    """Lead back to where the form stood: the article's talk if it says so, else the thread's place."""
    messages.success(request, message)
    address = otherwise if topic is None else place(topic)
    if topic is not None and request.POST.get("from") == "article":
        address = f"{reverse('talk:article', args=[topic.article])}#thread-{topic.id}"
    return HttpResponseRedirect(address, status=303)


def again(request: HttpRequest, refusal: FactcheckError) -> dict[str, Any]:
    """Return what a page needs that shows the form once more, with what was typed and why it was refused."""
    kept = {
        name: request.POST[name]
        for name in ("at", "about", "from", "id", "to", "revision")
        if name in request.POST
    }
    return {
        "error": str(refusal),
        "body": request.POST.get("body", ""),
        "action": request.path,
        "kept": kept,
        "most": comments.MAX_BODY,
    }
