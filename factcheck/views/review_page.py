"""What the review page shows: the part of the queue that is asked for, and one thing of it in its place."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import FactcheckError, Gone, Invalid, NotFound
from factcheck.models.fields import uuid7
from factcheck.queries import review_queue
from factcheck.queries.reading import Cut, Page
from factcheck.queries.review_queue import Filter, Item, Key
from factcheck.views import (
    access,
    asking,
    posted,
    review_change,
    review_differences,
    review_item,
    review_words,
)
from factcheck.views.review_item import Shown

PER_PAGE = 30
SORTS = ("oldest", "newest", "split")
_FILTERS = ("project", "thing", "why", "tag", "owner")

At = tuple[str, UUID]


class Asked(NamedTuple):
    """Which part of the queue is looked at, and in which order."""

    filter: Filter
    sort: str
    after: UUID | None
    before: UUID | None

    def address(self, at: str = "") -> str:
        """Return the address that shows the same part of the queue, with something of it chosen."""
        query = self.query + (f"&at={at}" if at else "")
        return f"{reverse('review:queue')}?{query.removeprefix('&')}" if query else reverse("review:queue")

    @property
    def query(self) -> str:
        """The address's query, without what is chosen."""
        return urlencode(self.pairs)

    @property
    def pairs(self) -> list[tuple[str, Any]]:
        """What the query says, name by name."""
        given = {name: getattr(self.filter, name) for name in _FILTERS}
        given |= {
            "sort": self.sort if self.sort != SORTS[0] else "",
            "after": self.after,
            "before": self.before,
        }
        return [(name, value) for name, value in given.items() if value]


def asked_for(given: QueryDict) -> Asked:
    """Read the filters; what makes no sense is taken as not given."""
    named = {name: given.get(name, "").replace("\x00", "")[:200] or None for name in _FILTERS}
    if named["thing"] not in review_queue.THINGS:
        named["thing"] = None
    if named["why"] not in review_queue.WHY:
        named["why"] = None
    sort = given.get("sort", "")
    cut = {}
    for name in ("after", "before"):
        try:
            cut[name] = posted.identifier(given, name)
        except Invalid:
            cut[name] = None
    return Asked(
        Filter(**named),  # type: ignore[arg-type]
        sort if sort in SORTS else SORTS[0],
        cut["after"],
        cut["before"] if cut["after"] is None else None,
    )


def at_of(written: str) -> At:
    """Read `annotation:ID`; raises the same `NotFound` as for what one may not know of."""
    thing, _colon, key = written.partition(":")
    try:
        if thing in review_queue.THINGS:
            return thing, UUID(key)
    except ValueError:
        pass
    raise NotFound(_("There is nothing to decide on here."))


class Listed(NamedTuple):
    """The part of the queue that is shown."""

    items: list[Item]
    before: UUID | None
    after: UUID | None


def listed_for(viewer: UUID, asked: Asked) -> Listed:
    newest = asked.sort == "newest"
    cut = Cut(PER_PAGE, asked.after, asked.before)
    if asked.sort == "split":
        keys: Page[Key] = queries.review_desk.most_split(viewer, asked.filter, PER_PAGE)
        if len(keys) < PER_PAGE and asked.filter.why != "split":
            rest = queries.review_queue.page(viewer, Cut(PER_PAGE), asked.filter)
            keys.extend([key for key in rest if key.why != "split"][: PER_PAGE - len(keys)])
        keys.has_next = False
    else:
        keys = queries.review_queue.page(viewer, cut, asked.filter, newest=newest)
    items = queries.review_queue.items(viewer, keys)
    return Listed(
        items,
        keys[0].id if keys and keys.has_previous else None,
        keys[-1].id if keys and keys.has_next else None,
    )


def answer(
    request: HttpRequest,
    asked: Asked,
    *,
    at: At | None = None,
    past: At | None = None,
    error: FactcheckError | None = None,
    said: str = "",
) -> HttpResponse:
    """Draw the page, or for its script what it shows; `past` is what was decided on: then what follows it is shown."""
    viewer = access.person(request)
    listed = listed_for(viewer.pk, asked)
    if not listed.items and (asked.after or asked.before):
        asked = asked._replace(after=None, before=None)
        listed = listed_for(viewer.pk, asked)
    if past is not None:
        at = following(listed.items, past, at, newest=asked.sort == "newest")
    elif at is None and listed.items:
        at = _key(listed.items[0])
    try:
        shown = review_item.of(request, *at) if at is not None else None
    except Gone:
        if error is None and past is None:
            raise
        # Withdrawn while it was looked at: that is said, and the queue goes on.
        then = following(listed.items, at, None, newest=asked.sort == "newest") if at else None
        shown = review_item.of(request, *then) if then else None
    fragment = bool(request.headers.get("HX-Request"))
    context = {
        **_context(request, asked, listed, shown, error),
        "said": said,
        "past": asked.address(f"{past[0]}:{past[1]}") if past else "",
        "section": "review",
        "project": shown.project if shown else None,
        "scheme": shown.scheme if shown else "",
    }
    response = render(
        request,
        "review/_desk.html" if fragment else "review/page.html",
        context,
        status=error.status if error else 200,
    )
    response["Vary"] = "HX-Request"
    response["Cache-Control"] = "no-store"
    return response


def _key(item: Item) -> At:
    return item.thing, UUID(item.id)


def following(items: Sequence[Item], past: At, wanted: At | None, *, newest: bool) -> At | None:
    """Return what comes after something that was decided: what came next when it was drawn, if that still waits."""
    keys = [_key(item) for item in items if _key(item) != past]
    if wanted in keys:
        return wanted
    later = [key for key in keys if (key[1] < past[1]) is newest]
    return next(iter(later or keys), None)


def _context(
    request: HttpRequest, asked: Asked, listed: Listed, shown: Shown | None, error: FactcheckError | None
) -> dict[str, Any]:
    viewer = access.person(request)
    form = request.POST if error is not None and request.method == "POST" else None
    words_on = queries.review_desk.words_on(viewer.pk, listed.items)
    waiting = [
        (
            item,
            review_words.state(
                item.thing, item.status, [(one.by, one.decision) for one in words_on.get(item.id, ())]
            ),
            asked.address(f"{item.thing}:{item.id}"),
            shown is not None and shown.key == f"{item.thing}:{item.id}",
        )
        for item in listed.items
    ]
    at = [current for *_rest, current in waiting]
    here = at.index(True) if True in at else None
    then = _then(listed.items, here, shown, newest=asked.sort == "newest")
    filtered = any(getattr(asked.filter, name) for name in _FILTERS)
    find = asking.search(request, "find") or ""
    number = queries.review_queue.count(viewer.pk, asked.filter)
    reviews = queries.review_desk.reviews_somewhere(viewer.pk)
    context: dict[str, Any] = {
        "asked": asked,
        "waiting": waiting,
        "listed": listed,
        "number": number,
        "all_waiting": number if reviews and not filtered else None,
        "filtered": filtered,
        "reviews": reviews,
        "choices": queries.review_desk.choices(viewer.pk, asked.filter.project),
        "things": [(thing, _thing_names()[thing]) for thing in review_queue.THINGS],
        "whys": [(why, _why_names()[why]) for why in review_queue.WHY],
        "sorts": [(sort, _sort_names()[sort]) for sort in SORTS],
        "shown": shown,
        "waits": here is not None,
        "next": asked.address(then) if then else "",
        "previous": waiting[here - 1][2] if here else "",
        "next_key": then,
        "older": asked._replace(after=listed.after, before=None).address() if listed.after else "",
        "newer": asked._replace(after=None, before=listed.before).address() if listed.before else "",
        "error": error,
        "find": find,
        "address": asked.address(shown.key if shown else ""),
    }
    if shown is not None:
        context |= {
            "change": review_change.offered(request, shown, form, find),
            "told": [
                (
                    one,
                    review_words.decision(one.decision, shown.thing),
                    review_words.reason(one.reason) if one.reason else "",
                    review_differences.of(shown, one.proposal, present=one.version == shown.row.version),
                    review_words.answer(one.answer) if one.answer else "",
                )
                for one in shown.history
            ],
            "id": uuid7(),
            "missed_id": uuid7(),
            "chosen_reason": form.get("reason", "") if form else "",
            "note": form.get("note", "") if form else "",
            "mine": _mine(shown, viewer.username),
        }
    return context


def _then(items: Sequence[Item], here: int | None, shown: Shown | None, *, newest: bool) -> str:
    """Return what comes after what is shown; what does not wait itself has its place in the order nevertheless."""
    if here is not None:
        key = _key(items[here + 1]) if here + 1 < len(items) else None
    else:
        key = following(items, (shown.thing, UUID(shown.row.id)), None, newest=newest) if shown else None
    return f"{key[0]}:{key[1]}" if key else ""


def _mine(shown: Shown, username: str) -> str:
    """Return what the viewer has decided on the present version, if they have: a new decision takes its place."""
    for one in shown.history:
        if one.by == username and not one.superseded and one.version == shown.row.version:
            return one.decision
    return ""


def _thing_names() -> dict[str, str]:
    return {"annotation": _("Annotations"), "relation": _("Relations"), "source_link": _("Source links")}


def _why_names() -> dict[str, str]:
    return {"new": _("New"), "split": _("Reviewers differ"), "answered": _("Answered")}


def _sort_names() -> dict[str, str]:
    return {"oldest": _("Oldest first"), "newest": _("Newest first"), "split": _("Most split first")}
