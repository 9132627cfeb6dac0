"""A document's captured text: pasted, uploaded and corrected, drawn with its passages, and offered to select in."""

from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from factcheck import queries, services
from factcheck.anchoring import runs
from factcheck.anchoring.spans import Span
from factcheck.exceptions import Conflict, Stale
from factcheck.models import Source
from factcheck.permissions import checks
from factcheck.queries.source_texts import Passage, Row
from factcheck.queries.sources import Row as SourceRow
from factcheck.views import access, asking
from factcheck.views.forms import CapturedText

MOST_PASSAGES = 500
_FACTS = ("url", "archive_url", "captured_at")


class Shown(NamedTuple):
    """A captured text as a page shows it: its words with the passages drawn, and the lists of them."""

    text: Row
    words: SafeString
    found: list[Passage]
    lost: list[Passage]
    earlier: list[Passage]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Paste, upload or correct the text; whatever is refused, what was typed stays in the form."""
    source, project = access.source(request, source_id, to=checks.check_can_edit_sources)
    _check_document(source)
    newest = queries.source_texts.present(access.person(request).pk, source_id)
    form = CapturedText(asking.posted(request), request.FILES or None, initial=_initial(source, newest))
    if request.method == "POST" and form.is_valid():
        try:
            if form.attempt(lambda: _capture(request, source_id, form)):
                _say_kept(request, source_id)
                return HttpResponseRedirect(reverse("sources:page", args=[source_id]), status=303)
        except Stale as stale:
            form.say_stale(stale.extra["present"])
    context = {"project": project, "section": "sources", "source": source, "form": form, "newest": newest}
    return render(request, "sources/text.html", context, status=form.status)


def _check_document(source: SourceRow) -> None:
    if source.kind != Source.Kind.DOCUMENT:
        raise Conflict(_("Only a document has a text of its own; change what kind of source it is first."))


def _initial(source: SourceRow, newest: Row | None) -> dict[str, Any]:
    if newest is None:
        return {"number": 0, "url": source.url}
    facts = {name: getattr(newest, name) for name in _FACTS}
    return facts | {"number": newest.number, "text": queries.source_texts.words(newest.id)}


def _capture(request: HttpRequest, source_id: UUID, form: CapturedText) -> Row:
    given = dict(form.cleaned_data)
    seen = given.pop("number")
    made = services.source_texts.create(source_id=source_id, by=access.actor(request), expect=seen, **given)
    row: Row = made.row
    return row


def _say_kept(request: HttpRequest, source_id: UUID) -> None:
    """Say how many of the passages that the viewer sees are found, and how many are lost."""
    passages = queries.source_texts.passages(access.person(request).pk, source_id, limit=MOST_PASSAGES)
    lost = sum(passage.state == "lost" for passage in passages)
    said = [_("The text is kept.")]
    if found := len(passages) - lost:
        said.append(
            ngettext("%(n)s passage stands in it.", "%(n)s passages stand in it.", found) % {"n": found}
        )
    if lost:
        said.append(ngettext("%(n)s passage is lost.", "%(n)s passages are lost.", lost) % {"n": lost})
    (messages.warning if lost else messages.success)(request, " ".join(said))


@require_safe
@login_required
def captured(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Offer the newest text of a source to select a passage in; nothing where there is none."""
    access.source(request, source_id)
    newest = queries.source_texts.present(access.person(request).pk, source_id)
    context = {"text": newest, "words": in_textarea(newest)}
    response = render(request, "source_links/_captured.html", context)
    response["Cache-Control"] = "no-store"
    return response


def in_textarea(text: Row | None) -> str:
    """Return the words for a text area, which takes away one line feed at its beginning (HTML 13.1.2.5)."""
    return "\n" + queries.source_texts.words(text.id) if text else ""


# -- drawing ---------------------------------------------------------------------------------------


def shown(viewer: UUID, source: SourceRow) -> Shown | None:
    """Return the source's newest text with the passages that the viewer may see, or None when it has none."""
    newest = queries.source_texts.present(viewer, source.id)
    passages = queries.source_texts.passages(viewer, source.id, limit=MOST_PASSAGES)
    if newest is None:
        return None
    found = [passage for passage in passages if passage.text == newest.id and passage.state == "found"]
    return Shown(
        newest,
        draw(queries.source_texts.words(newest.id), found),
        found,
        [passage for passage in passages if passage.state == "lost"],
        [passage for passage in passages if passage.text != newest.id and passage.state == "found"],
    )


def draw(text: str, passages: Sequence[Passage]) -> SafeString:
    """Draw a text as flat runs: each passage a mark that links to its annotation, with its number behind it."""
    parts = []
    sizes = [passage.end - passage.start for passage in passages]
    extents = [(Span(passage.start, passage.end),) for passage in passages]
    for run in runs.runs_of(extents, 0, len(text)):
        words = escape(text[run.start : run.end], quote=False)
        if run.ids:
            shortest = passages[min(run.ids, key=sizes.__getitem__)]
            words = f'<a href="{_address(shortest)}"><mark>{words}</mark></a>'
        parts.append(words)
        parts += [f'<sup><a href="#passage-{n + 1}">{n + 1}</a></sup>' for n in run.ends]
    return mark_safe("".join(parts))  # noqa: S308  # the words are escaped, the rest is ours


def _address(passage: Passage) -> str:
    page = reverse("articles:page", args=[passage.article])
    return f"{page}?annotation={passage.annotation}#annotation-card-{passage.annotation}"
