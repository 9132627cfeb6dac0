"""The review page's routes: look at what waits, decide, propose what was missed; a decision brings the next one."""

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from factcheck import services
from factcheck.exceptions import Conflict, Gone, Invalid, NotAllowed, NotFound
from factcheck.views import access, posted, review_change, review_item, review_page, review_words


@require_safe
@login_required
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits for the viewer, and one thing of it: the one asked for, else the first."""
    written = request.GET.get("at", "")
    return review_page.answer(
        request, review_page.asked_for(request.GET), at=review_page.at_of(written) if written else None
    )


@require_POST
@login_required
def decide(request: HttpRequest) -> HttpResponse:
    """Record a decision, and show what waits next; what is refused is said beside the thing as it is now."""
    form = request.POST
    at = review_page.at_of(form.get("at", ""))
    asked = review_page.asked_for(QueryDict(form.get("query", "")))
    try:
        thing_version = _version(form)
        if form.get("decision") == "whole":
            services.reviews.approve_whole(
                annotation_id=_annotation(at), by=access.actor(request), thing_version=thing_version
            )
            said = _("Tag, links and relations checked.")
        else:
            said = _decided(request, at, thing_version)
    except (Invalid, NotAllowed, Conflict) as error:
        return review_page.answer(request, asked, at=at, error=error)
    return _onwards(request, asked, past=at, said=said)


def _decided(request: HttpRequest, at: review_page.At, thing_version: int | None) -> str:
    form = request.POST
    thing, thing_id = at
    decision = form.get("decision", "")
    proposal = None
    if decision == "change":
        with suppress(Gone):  # of what is withdrawn, as of what has changed, the service says so
            shown = review_item.of(request, thing, thing_id)
            if thing_version in (None, shown.row.version):
                proposal = review_change.proposed(request, shown)
    services.reviews.create(
        thing=thing,
        thing_id=thing_id,
        decision=decision,
        by=access.actor(request),
        id=posted.identifier(form, "id"),
        thing_version=thing_version,
        reason="" if decision in ("approve", "ask") else form.get("reason", ""),
        note=form.get("note", "").replace("\r\n", "\n").strip(),
        proposal=proposal,
    )
    return review_words.made(decision, thing)


def _version(form: QueryDict) -> int | None:
    written = form.get("thing_version", "")
    if not written:
        return None
    if not (written.isascii() and written.isdecimal() and len(written) < 10):
        raise Invalid(
            _("%(field)s must be a whole number.") % {"field": "thing_version"}, field="thing_version"
        )
    return int(written)


def _annotation(at: review_page.At) -> UUID:
    if at[0] != "annotation":
        raise Invalid(_("Only an annotation is checked together with what hangs on it."), field="decision")
    return at[1]


def _onwards(
    request: HttpRequest, asked: review_page.Asked, *, past: review_page.At, said: str
) -> HttpResponse:
    """Show what waits next: at once for the page's script, by way of its address without."""
    written = request.POST.get("next", "")
    try:
        wanted = review_page.at_of(written) if written else None
    except NotFound:
        wanted = None
    if request.headers.get("HX-Request"):
        return review_page.answer(request, asked, at=wanted, past=past, said=said)
    listed = review_page.listed_for(access.person(request).pk, asked)
    following = review_page.following(listed.items, past, wanted, newest=asked.sort == "newest")
    messages.success(request, said)
    address = asked.address(f"{following[0]}:{following[1]}" if following else "")
    return HttpResponseRedirect(address, status=303)


@require_POST
@login_required
def propose(request: HttpRequest) -> HttpResponse:
    """Propose words that a colleague has missed; the thing under review stays."""
    form = request.POST
    at = review_page.at_of(form.get("at", ""))
    asked = review_page.asked_for(QueryDict(form.get("query", "")))
    try:
        layer = posted.identifier(form, "layer")
        if layer is None:
            raise Invalid(_("Choose to whom it is proposed."), field="layer")
        made = services.proposed_annotations.create(
            layer_id=layer,
            tag=form.get("tag", ""),
            spans=posted.spans(form.get("spans", "")),
            by=access.actor(request),
            id=posted.identifier(form, "id"),
            note=form.get("note", "").replace("\r\n", "\n").strip(),
        )
    except (Invalid, NotAllowed, Conflict) as error:
        return review_page.answer(request, asked, at=at, error=error)
    said = _("Proposed to %(name)s: %(words)s") % {
        "name": made.row.owner,
        "words": " … ".join(made.row.pieces),
    }
    return _stay(request, asked, at, said)


@require_POST
@login_required
def take_back(request: HttpRequest, proposed_id: UUID) -> HttpResponse:
    """Take back what one has proposed as missed, while nobody has answered."""
    form = request.POST
    at = review_page.at_of(form.get("at", ""))
    asked = review_page.asked_for(QueryDict(form.get("query", "")))
    try:
        services.proposed_annotations.withdraw(proposed_id=proposed_id, by=access.actor(request))
    except (NotAllowed, Conflict) as error:
        return review_page.answer(request, asked, at=at, error=error)
    return _stay(request, asked, at, _("Taken back."))


def _stay(request: HttpRequest, asked: review_page.Asked, at: review_page.At, said: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return review_page.answer(request, asked, at=at, said=said)
    messages.success(request, said)
    return HttpResponseRedirect(asked.address(f"{at[0]}:{at[1]}"), status=303)
