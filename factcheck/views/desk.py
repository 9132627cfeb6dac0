"""What the article's page shows around the words: filters with their counts, cards, and what its script needs."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.models import Tag
from factcheck.permissions import checks
from factcheck.queries.articles import ArticleRow
from factcheck.queries.page import Item
from factcheck.queries.projects import KindRow, ProjectRow
from factcheck.roles import Role
from factcheck.views import access, cards, languages, marks, relation_form, scheme

FILTERS = ("tag", "person", "source")
# Asked for with the page, so that the browser need not find them one import after the other.
MODULES = (
    "js/article/desk.js",
    *(f"js/anchoring/{name}.js" for name in ("extents", "offsets", "words")),
    *(f"js/article/{name}.js" for name in ("choosing", "changes", "marks", "cards", "selecting", "outbox")),
)


@dataclass(frozen=True)
class Option:
    """One choice of a filter: a plain link, which script answers without a request."""

    kind: str
    value: str
    label: str
    count: int
    href: str
    current: bool


def context(
    request: HttpRequest, article: ArticleRow, project: ProjectRow, items: Sequence[Item]
) -> dict[str, Any]:
    """Return the page's context; cards and words are drawn here, in one pass over the annotations."""
    viewer = access.person(request)
    tags = queries.projects.tags(project.id, retired=True)
    look = cards.Look.of(article, viewer.username, tags)
    text = queries.texts.of(article.version_id)
    chosen = request.GET.get("annotation", "")
    asked = {kind: request.GET.get(kind, "") for kind in FILTERS}
    shown = [item for item in items if _shows(item, asked)]
    numbers = {item.row.id: number for number, item in enumerate(items, 1)}
    drawn = [
        cards.chosen(request, item, numbers[item.row.id], look, article, talk="talk" in request.GET)
        if item.row.id == chosen
        else cards.compact(item, numbers[item.row.id], look, hidden=hidden)
        for item in items
        for hidden in [any(asked.values()) and not _shows(item, asked)]
    ]
    heading = bool(text.blocks) and text.blocks[0][0] == "heading"
    live = [tag for tag in tags if tag.retired_at is None]
    can_annotate = checks.allowed(checks.check_can_annotate, Role(article.role))
    kinds = queries.projects.relation_kinds(project.id)
    counts = Counter(item.row.tag for item in items)
    return {
        "article": article,
        "project": project,
        "heading": heading,
        "language_name": languages.name(article.language) or _("Language not given"),
        "section": "articles",
        "words": SafeString(marks.article(text, [item.place for item in shown], numbers)),
        "cards": SafeString("".join(drawn)),
        "total": len(items),
        "shown": len(shown),
        "filtered": any(asked.values()),
        "counts": [(tag, counts[tag.name]) for tag in tags if tag.retired_at is None or counts[tag.name]],
        "scheme": scheme.address(project, tags),
        "filters": _filters(items, asked, tags, look),
        "tags": live,
        "kinds": kinds,
        "modules": MODULES,
        "can_annotate": can_annotate,
        "config": _config(request, article, live, kinds, can_annotate),
    }


def _shows(item: Item, asked: dict[str, str]) -> bool:
    return (
        (not asked["tag"] or item.row.tag == asked["tag"])
        and (not asked["person"] or item.row.created_by == asked["person"])
        and (not asked["source"] or any(link.source == asked["source"] for link in item.said))
    )


def _filters(
    items: Sequence[Item], asked: dict[str, str], tags: Sequence[Tag], look: cards.Look
) -> dict[str, list[Option]]:
    by_tag = Counter(item.row.tag for item in items)
    by_person = Counter(item.row.created_by for item in items)
    by_source = Counter(source for item in items for source in {link.source for link in item.said})
    names = {link.source: cards.name_of(link, look) for item in items for link in item.said}

    def option(kind: str, value: str, label: str, count: int) -> Option:
        current = asked[kind] == value
        other = {**asked, kind: "" if current else value}
        query = urlencode({name: given for name, given in other.items() if given})
        return Option(kind, value, label, count, f"?{query}", current)

    order: Callable[[tuple[str, int]], Any] = lambda pair: (-pair[1], names.get(pair[0], pair[0]).lower())  # noqa: E731
    return {
        "tag": [
            option("tag", tag.name, tag.title, by_tag[tag.name])
            for tag in tags
            if by_tag[tag.name] or not tag.retired_at
        ],
        "person": [
            option("person", name, name, count) for name, count in sorted(by_person.items(), key=order)
        ],
        "source": [
            option("source", key, names[key], count) for key, count in sorted(by_source.items(), key=order)
        ],
    }


def _config(
    request: HttpRequest,
    article: ArticleRow,
    tags: Sequence[Tag],
    kinds: Sequence[KindRow],
    can_annotate: bool,
) -> dict[str, Any]:
    """Return what the page's script cannot read from the page itself: addresses and words."""
    some = UUID(int=0)  # script puts the annotation's id in its place
    return {
        "article": str(article.id),
        "version": str(article.version_id),
        "csrf": get_token(request),
        "user": access.person(request).username,
        "can_annotate": can_annotate,
        "tags": [{"name": tag.name, "title": tag.title, "key": tag.key} for tag in tags],
        "kinds": relation_form.for_script(kinds) if can_annotate else [],
        "urls": {
            "create": reverse("desk:create", args=[article.id]),
            "undo": reverse("desk:undo", args=[article.id]),
            "fresh": reverse("desk:fresh", args=[article.id]),
            "token": reverse("desk:token", args=[article.id]),
            "card": reverse("desk:card", args=[some]),
            "change": reverse("desk:annotation", args=[some]),
            "withdraw": reverse("desk:withdraw", args=[some]),
            "link": reverse("desk:link-new", args=[some]),
            "same": reverse("desk:link-same", args=[some]),
            "ends": reverse("desk:ends", args=[some]),
            "relate": reverse("desk:relation-create", args=[some]),
            "relation": reverse("desk:relation", args=[some]),
            "sign_in": settings.LOGIN_URL,
        },
        "words": {
            "saving": _("Saving…"),
            "saved": _("Saved"),
            "waiting": _("Not saved yet, trying again"),
            "signed_out": _("You are signed out: sign in in another tab, what you did is kept here"),
            "refused": _("The server would not take it"),
            "could_not": _("Could not be saved"),
            "retry": _("Try again"),
            "mine": _("Keep mine"),
            "theirs": _("Take theirs"),
            "discard": _("Discard"),
            "selected": _("Selected: %s"),
            "chosen": _("%(tag)s: %(words)s, %(at)s of %(all)s"),
            "here": _("%s annotations here"),
            "tagged": _("%(tag)s: %(words)s"),
            "withdrawn": _("Withdraw: %s"),
            "retagged": _("Change to %(tag)s: %(words)s"),
            "reworded": _("Change words to: %s"),
            "same": _("Same speaker as before: %s"),
            "in_text": _("In the text: select the words, then say what they are. F6 goes back."),
            "moved": _("Move in the chain: %s"),
            "nothing_chosen": _("Choose an annotation first"),
            "not_yours": _("This stands in a colleague's layer, and only its owner changes it."),
            "relating": _("Relating %s. Choose the other end."),
            "relate": _("%(subject)s %(kind)s %(object)s"),
            "no_kind": _("The project allows no relation between these tags."),
            "choose_kind": _("Choose the kind."),
            "no_end": _("Choose the other end first."),
            "kept": _("%s ends kept"),
            "drop_end": _("Leave out: %s"),
            "not_related": _("Relating stopped"),
            "undo_lost": _("No answer came. Reload the page to see whether it was undone."),
            "not_loaded": _("This could not be loaded: the server did not answer, or you are signed out."),
            "form_lost": _("Not saved: the server did not answer. What you typed is kept; try again."),
        },
    }
