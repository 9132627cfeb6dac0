"""What a person does to the captured text of a document: paste it, correct it; and passages inside it.

A passage is either found in the newest text of its source, or lost: when a text is edited, the passages of all live
links are looked for again in the same act. That is no change of what reviewers judge, and nothing is guessed.
"""

import hashlib
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.anchoring import selectors, spans
from factcheck.exceptions import Conflict, ExactMismatch, Invalid, NotFound, TooLarge
from factcheck.intake import dates
from factcheck.models import Source, SourceLink, SourceText
from factcheck.models.fields import uuid7
from factcheck.queries import reading
from factcheck.queries.source_texts import Row
from factcheck.records import Actor
from factcheck.services import acts, articles, identity, sources
from factcheck.services.texts import clean, web_address


class Passage(NamedTuple):
    """A place in a captured text, in code points, and the words that the caller expects there."""

    text_id: UUID
    start: int
    end: int
    exact: str | None = None


class _Held(NamedTuple):
    """A live link with a passage, as it is looked for again."""

    id: UUID
    annotation: UUID
    quote: str
    prefix: str
    suffix: str
    state: str


def create(
    *,
    source_id: UUID,
    text: str,
    by: Actor,
    id: UUID | None = None,
    url: str = "",
    archive_url: str = "",
    captured_at: str = "",
    expect: int | None = None,
) -> identity.Made:
    """Keep a document's text, or an edited one as its next version, and look for all passages again in it.

    `expect` is the number of the text that was edited (0: there was none); raises `Stale` when it is not the newest.
    The same text with the same facts again is no act. Raises `TooLarge`, `Invalid`, `NotAllowed`.
    """
    facts = checked_facts({"url": url, "archive_url": archive_url, "captured_at": captured_at})
    canonical = canonical_of(text)
    hashed = identity.content_hash({"source": source_id, "text": text, **facts})
    with transaction.atomic():
        sources.lock_annotations([source_id])
        source = sources.locked(source_id, by)
        if id is not None and (existing := SourceText.objects.filter(pk=id).first()):
            return _again(existing, by, hashed)
        _check_holds_texts(source)
        newest = queries.source_texts.present(by.user_id, source_id)
        identity.check_unchanged(expect, newest.number if newest else 0, newest)
        if newest is not None and id is None and _is_same(newest, canonical, facts):
            return identity.Made(newest, False)
        made = new_text(source.project_id, source_id, canonical, by=by, id=id)
        made.number, made.content_hash = (newest.number if newest else 0) + 1, hashed
        for name, value in facts.items():
            setattr(made, name, value)
        with (
            acts.act("create_source_text", project_id=source.project_id, by=by),
            connection.cursor() as cursor,
        ):
            made.save(force_insert=True)
            cursor.execute("UPDATE source SET updated_at = now() WHERE id = %s", [source_id])
            _look_again(made)
        return identity.Made(_row(by, made.pk), True)


def canonical_of(text: str) -> str:
    """Return the canonical text, or raise `TooLarge` or `Invalid` naming the field `text`."""
    if not text.strip():
        raise Invalid(_("The text is empty; paste or upload the document's words."), field="text")
    try:
        return articles.canonical_of(text)
    except TooLarge as error:
        error.detail = (
            _("The text has %(size)s bytes; a captured text may have at most %(limit)s.") % error.extra
        )
        raise


def checked_facts(given: dict[str, Any]) -> dict[str, str]:
    """Check where and when a text was captured."""
    checked = {name: web_address(given[name], name) for name in ("url", "archive_url")}
    written = clean(given["captured_at"], "captured_at", max_length=40)
    try:
        checked["captured_at"] = dates.partial_date(written) if written else ""
    except Invalid as error:
        error.field = "captured_at"
        raise
    return checked


def new_text(
    project_id: UUID, source_id: UUID, text: str, *, by: Actor, id: UUID | None = None
) -> SourceText:
    """Build the unsaved row of a captured text from its canonical form."""
    return SourceText(
        id=id or uuid7(),
        project_id=project_id,
        source_id=source_id,
        number=1,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        length=len(text),
        created_by_id=by.user_id,
    )


def _check_holds_texts(source: Any) -> None:
    if source.withdrawn_at is not None:
        identity.refuse_withdrawn()
    if source.kind != Source.Kind.DOCUMENT:
        raise Conflict(_("Only a document has a text of its own; change what kind of source it is first."))


def _is_same(newest: Row, text: str, facts: dict[str, str]) -> bool:
    return newest.sha256 == hashlib.sha256(text.encode()).hexdigest() and all(
        getattr(newest, name) == value for name, value in facts.items()
    )


def _row(by: Actor, text_id: UUID) -> Row:
    row = queries.source_texts.visible(by.user_id, text_id)
    if row is None:
        raise NotFound(_("There is no such text."))
    return row


def _again(existing: SourceText, by: Actor, hashed: bytes) -> identity.Made:
    present = queries.source_texts.visible(by.user_id, existing.pk)
    if present is None:
        identity.refuse_taken()
    return identity.same_again(present, kept=existing.content_hash, given=hashed, withdrawn=False)


# -- passages --------------------------------------------------------------------------------------


def _look_again(text: SourceText) -> None:
    """Look for the passages of the source's live links in its new text, inside the act that made it."""
    held = reading.rows(
        _Held,
        """SELECT id, annotation_id, quote, passage_prefix, passage_suffix, passage_state FROM source_link
           WHERE source_id = %s AND withdrawn_at IS NULL AND source_text_id IS NOT NULL ORDER BY id""",
        [text.source_id],
    )
    found: list[tuple[_Held, spans.Span]] = []
    lost: list[_Held] = []
    for link in held:
        quote = selectors.Quote(link.quote, link.prefix, link.suffix)
        place = selectors.find_again(text.text, quote)
        if place is not None:
            found.append((link, place))
        elif link.state == SourceLink.PassageState.FOUND:
            lost.append(link)
    _put(text, found, lost)


def _put(text: SourceText, found: list[tuple[_Held, spans.Span]], lost: list[_Held]) -> None:
    """Write where passages are now; a lost one keeps its old place."""
    if not found and not lost:
        return
    quotes = [selectors.describe(text.text, (place,)) for _link, place in found]
    with acts.replacing(), connection.cursor() as cursor:
        cursor.execute(
            """UPDATE source_link k SET source_text_id = %s, source_text_length = %s, passage_start = f.start,
                      passage_end = f.end, passage_prefix = f.prefix, passage_suffix = f.suffix,
                      passage_state = 'found', updated_at = now()
               FROM unnest(%s::uuid[], %s::int[], %s::int[], %s::text[], %s::text[])
                    AS f (id, start, "end", prefix, suffix)
               WHERE k.id = f.id""",
            [
                text.pk,
                text.length,
                [link.id for link, _place in found],
                [place.start for _link, place in found],
                [place.end for _link, place in found],
                [quote.prefix for quote in quotes],
                [quote.suffix for quote in quotes],
            ],
        )
        cursor.execute(
            "UPDATE source_link SET passage_state = 'lost', updated_at = now() WHERE id = ANY(%s::uuid[])",
            [[link.id for link in lost]],
        )
        cursor.execute(
            "UPDATE annotation SET updated_at = now() WHERE id = ANY(%s::uuid[])",
            [list({link.annotation for link in (*(link for link, _place in found), *lost)})],
        )


def columns_of(passage: Passage, *, source_id: UUID, quote: str | None, by: Actor) -> dict[str, Any]:
    """Return the columns of a link whose passage this is, its quote among them.

    A place in an earlier text of the source is looked for in the newest one. Raises `Invalid` for a text that is not
    the source's or a place that it does not have, `ExactMismatch` when other words stand there.
    """
    row = queries.source_texts.visible(by.user_id, passage.text_id)
    if row is None or row.source != source_id:
        raise Invalid(_("The source has no such captured text."), field="passage.text_version")
    text = queries.source_texts.words(row.id)
    try:
        extent = spans.extent_of([(passage.start, passage.end)], length=row.length)
    except Invalid as error:
        error.field = "passage"
        raise
    there = selectors.describe(text, extent)
    for field, given in (("passage.exact", passage.exact), ("quote", quote)):
        if given and given != there.exact:
            raise ExactMismatch(
                _("At this place the captured text says “%(found)s”, not “%(given)s”.")
                % {"found": there.exact[:200], "given": given[:200]},
                field=field,
                extra={"given": given, "found": there.exact},
            )
    columns = _columns(row, extent[0], there) | {"quote": clean(there.exact, "quote")}
    newest = queries.source_texts.present(by.user_id, source_id)
    if newest is None or newest.id == row.id:
        return columns
    return columns | _in_newest(newest, there)


def _in_newest(newest: Row, quote: selectors.Quote) -> dict[str, Any]:
    """Return what of a passage changes when it is looked for in the source's newest text."""
    text = queries.source_texts.words(newest.id)
    place = selectors.find_again(text, quote)
    if place is None:
        return {"passage_state": SourceLink.PassageState.LOST.value}
    return _columns(newest, place, selectors.describe(text, (place,)))


def _columns(row: Row, place: spans.Span, quote: selectors.Quote) -> dict[str, Any]:
    return {
        "source_text_id": row.id,
        "source_text_length": row.length,
        "passage_start": place.start,
        "passage_end": place.end,
        "passage_prefix": quote.prefix,
        "passage_suffix": quote.suffix,
        "passage_state": SourceLink.PassageState.FOUND.value,
    }


NO_PASSAGE: dict[str, Any] = dict.fromkeys(
    (
        *("source_text_id", "source_text_length", "passage_start", "passage_end", "passage_prefix"),
        *("passage_suffix", "passage_state"),
    )
)


def place_of(*, source_id: UUID, quote: str, by: Actor) -> Passage | None:
    """Find the place of words in the source's newest text; None without a text or where they do not stand.

    Raises `selectors.Ambiguous` when they stand there more than once.
    """
    newest = queries.source_texts.present(by.user_id, source_id)
    if newest is None or not quote:
        return None
    found = selectors.resolve(queries.source_texts.words(newest.id), selectors.Quote(quote, "", ""))
    return Passage(newest.id, found.start, found.end, quote) if found else None


def looked_for_again(link: SourceLink, by: Actor) -> dict[str, Any]:
    """Return what of a link's passage changes when it comes back after the text was edited."""
    if link.source_text_id is None:
        return {}
    newest = queries.source_texts.present(by.user_id, link.source_id)
    if newest is None or newest.id == link.source_text_id:
        return {}
    return _in_newest(
        newest, selectors.Quote(link.quote, link.passage_prefix or "", link.passage_suffix or "")
    )
