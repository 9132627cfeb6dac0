"""What a person does to source links: say who said it, whom it concerns, where it is shown."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.anchoring import spans
from factcheck.exceptions import Conflict, Invalid, NotFound
from factcheck.intake import dates
from factcheck.models import SourceLink
from factcheck.models.fields import parse_extent, uuid7
from factcheck.queries import texts
from factcheck.queries.source_links import Row
from factcheck.records import Actor
from factcheck.services import acts, annotations, identity, source_texts
from factcheck.services.texts import MAX_NAME, MAX_NOTE, clean, web_address

Pairs = Sequence[tuple[int, int]]
_TEXTS = {"as_named": MAX_NAME, "quote": MAX_NOTE, "locator": MAX_NAME, "note": MAX_NOTE}
# What the four roles carry: only a document says what it shows and where.
_OF_DOCUMENTS = ("url", "quote", "locator", "accessed_at", "archive_url")


def create(
    *,
    annotation_id: UUID,
    source_id: UUID,
    role: str,
    by: Actor,
    id: UUID | None = None,
    position: int | None = None,
    on_behalf_of: UUID | None = None,
    as_named: str = "",
    cue: Pairs = (),
    stance: str | None = None,
    url: str = "",
    quote: str = "",
    locator: str = "",
    accessed_at: str = "",
    archive_url: str = "",
    note: str = "",
    passage: source_texts.Passage | None = None,
) -> identity.Made:
    """Link one's own annotation to a source.

    `cue` are the words that attribute it, as spans in code points of the annotation's version. A `document`
    has a stance (`said` unless told otherwise); the other roles have none. With a `passage` the quote is what
    stands there in the document's captured text.
    """
    given = {
        "source": source_id,
        "role": role,
        "position": position,
        "on_behalf_of": on_behalf_of,
        "as_named": as_named,
        "cue": [list(pair) for pair in cue],
        "stance": stance,
        "url": url,
        "quote": quote,
        "locator": locator,
        "accessed_at": accessed_at,
        "archive_url": archive_url,
        "note": note,
        # Left out where there is none, so that what was made before passages were is still the same content.
        **({"passage": list(passage)} if passage else {}),
    }
    hashed = identity.content_hash({**given, "annotation": annotation_id})
    with transaction.atomic():
        held, _present = annotations.locked(annotation_id, by)
        if id is not None and (existing := SourceLink.objects.filter(pk=id).first()):
            return _again(existing, by, hashed)
        if held.withdrawn:
            identity.refuse_withdrawn()
        text = texts.of(held.version_id)
        fields = checked_fields(given, by, held.project_id, text)
        check_whole(fields)
        if passage is not None:
            fields |= _placed(passage, fields, by)
        if fields.get("position") is None:
            fields["position"] = _next_position(annotation_id, role)
        link = SourceLink(
            id=id or uuid7(),
            project_id=held.project_id,
            article_id=held.article_id,
            layer_id=held.layer_id,
            annotation_id=annotation_id,
            article_version_id=held.version_id,
            text_length=text.length,
            created_by_id=by.user_id,
            content_hash=hashed,
            **fields,
        )
        with acts.act("create_source_link", project_id=held.project_id, by=by, article_id=held.article_id):
            try:
                link.save(force_insert=True)
            except Exception as error:
                _explain_twice(error)
                raise
            touch(annotation_id)
        return identity.Made(_row(by, link.pk), True)


def _explain_twice(error: Exception) -> None:
    if "source_link_once_alive" in str(error):
        raise Conflict(_("This source has this role here already."), field="source") from error


def touch(annotation_id: UUID) -> None:
    """Count a revision of the annotation, whose representation has its links in it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE annotation SET updated_at = now() WHERE id = %s AND withdrawn_at IS NULL", [annotation_id]
        )


def _next_position(annotation_id: UUID, role: str) -> int:
    if role != SourceLink.Role.VIA:
        return 1
    hops = SourceLink.objects.filter(annotation_id=annotation_id, role=role, withdrawn_at=None)
    return 1 + max(hops.values_list("position", flat=True), default=0)


def checked_fields(given: dict[str, Any], by: Actor, project_id: UUID, text: texts.Text) -> dict[str, Any]:
    """Check each field given by itself; what fields say together is checked by `check_whole`."""
    checked: dict[str, Any] = {}
    for name, most in _TEXTS.items():
        if name in given:
            checked[name] = clean(given[name], name, max_length=most)
    for name in ("url", "archive_url"):
        if name in given:
            checked[name] = web_address(given[name], name)
    if "accessed_at" in given:
        checked["accessed_at"] = _date(clean(given["accessed_at"], "accessed_at", max_length=40))
    if "source" in given:
        checked["source_id"] = _usable(given["source"], "source", by, project_id)
    if "on_behalf_of" in given:
        body = given["on_behalf_of"]
        checked["on_behalf_of_id"] = _usable(body, "on_behalf_of", by, project_id) if body else None
    if "role" in given:
        checked["role"] = _one_of(given["role"], "role", SourceLink.Role.values)
    if "stance" in given:
        stance = given["stance"] or None
        checked["stance"] = _one_of(stance, "stance", SourceLink.Stance.values) if stance else None
    if "position" in given:
        position = given["position"]
        if position is not None and not 1 <= position <= 1000:
            raise Invalid(_("position must be from 1 to 1000."), field="position")
        checked["position"] = position
    if "cue" in given:
        pairs = given["cue"] or ()
        try:
            checked["cue"] = (
                spans.extent_of([tuple(pair) for pair in pairs], length=text.length) if pairs else None
            )
        except Invalid as error:
            error.field = "cue"
            raise
    return checked


def check_whole(fields: dict[str, Any]) -> None:
    """Check what the fields of a whole link say together, and give a document its default stance."""
    if fields["role"] == SourceLink.Role.DOCUMENT:
        fields["stance"] = fields.get("stance") or SourceLink.Stance.SAID
    else:
        if fields.get("stance"):
            raise Invalid(_("Only a document has a stance."), field="stance")
        for name in _OF_DOCUMENTS:
            if fields.get(name):
                raise Invalid(_("Only a document has a %(name)s.") % {"name": name}, field=name)
    if fields.get("on_behalf_of_id") is not None and fields["on_behalf_of_id"] == fields["source_id"]:
        raise Invalid(_("A source does not speak on behalf of itself."), field="on_behalf_of")


def _placed(passage: source_texts.Passage, fields: dict[str, Any], by: Actor) -> dict[str, Any]:
    if fields["role"] != SourceLink.Role.DOCUMENT:
        raise Invalid(_("Only a document has a %(name)s.") % {"name": "passage"}, field="passage")
    return source_texts.columns_of(passage, source_id=fields["source_id"], quote=fields.get("quote"), by=by)


def _moved(link: SourceLink, given: dict[str, Any], whole: dict[str, Any], by: Actor) -> dict[str, Any]:
    """Return what changes of a link's passage: it is another one, the same, or none when its words are others."""
    asked: source_texts.Passage | None = given.get("passage")
    if asked is not None:
        same = (link.source_text_id, link.passage_start, link.passage_end) == asked[:3]
        if same and whole["source_id"] == link.source_id and asked.exact in (None, link.quote):
            return {} if given.get("quote", link.quote) == link.quote else source_texts.NO_PASSAGE
        return _placed(asked, whole | {"quote": given.get("quote")}, by)
    kept = all(whole[name] == getattr(link, name) for name in ("source_id", "role", "quote"))
    return {} if kept and "passage" not in given else dict(source_texts.NO_PASSAGE)


def _date(value: str) -> str:
    if not value:
        return ""
    try:
        return dates.partial_date(value)
    except Invalid as error:
        error.field = "accessed_at"
        raise


def _one_of(value: str, field: str, allowed: list[str]) -> str:
    if value not in allowed:
        raise Invalid(
            _("%(field)s must be one of %(allowed)s.") % {"field": field, "allowed": ", ".join(allowed)},
            field=field,
        )
    return value


def _usable(source_id: UUID, field: str, by: Actor, project_id: UUID) -> UUID:
    source = queries.sources.visible(by.user_id, source_id)
    if source is None or source.project_id != project_id:
        raise Invalid(_("There is no such source in this project."), field=field)
    if source.withdrawn_at is not None:
        raise Conflict(
            _("The source %(name)s is withdrawn; restore it first.") % {"name": source.name}, field=field
        )
    return source.id


def _row(by: Actor, link_id: UUID) -> Row:
    row = queries.source_links.visible(by.user_id, link_id)
    if row is None:
        raise NotFound(_("There is no such source link."))
    return row


def _again(existing: SourceLink, by: Actor, hashed: bytes) -> identity.Made:
    present = queries.source_links.visible(by.user_id, existing.pk)
    if present is None:
        identity.refuse_taken()
    withdrawn = present.withdrawn_at is not None
    return identity.same_again(present, kept=existing.content_hash, given=hashed, withdrawn=withdrawn)


def _locked(link_id: UUID, by: Actor) -> tuple[annotations.Locked, Row]:
    """Lock the link's annotation, then read the link: links change only under their annotation's lock."""
    held, _present = annotations.locked(UUID(_row(by, link_id).annotation), by)
    return held, _row(by, link_id)


def update(*, link_id: UUID, by: Actor, expect: int | None = None, **given: Any) -> Row:
    """Change one's own link; what is not given stays.

    Another quote or source without a `passage` to it leaves the link without one.
    """
    with transaction.atomic():
        held, present = _locked(link_id, by)
        if present.withdrawn_at is not None:
            identity.refuse_withdrawn()
        identity.check_unchanged(expect, present.revision, present)
        link = SourceLink.objects.get(pk=link_id)
        changes = checked_fields(given, by, held.project_id, texts.of(held.version_id))
        if changes.get("position", 1) is None:
            del changes["position"]
        whole = {
            name: getattr(link, name)
            for name in (*_OF_DOCUMENTS, "role", "stance", "on_behalf_of_id", "source_id")
        }
        if changes.get("role", "document") != SourceLink.Role.DOCUMENT and "stance" not in given:
            whole["stance"] = None
        whole |= changes
        check_whole(whole)
        changes |= _moved(link, given, whole, by)
        if whole["stance"] != link.stance:
            changes["stance"] = whole["stance"]
        changes = {name: value for name, value in changes.items() if getattr(link, name) != value}
        if not changes:
            return present
        with acts.act("update_source_link", project_id=held.project_id, by=by, article_id=held.article_id):
            try:
                SourceLink.objects.filter(pk=link_id).update(**changes)
            except Exception as error:
                _explain_twice(error)
                raise
            touch(link.annotation_id)
        return _row(by, link_id)


def move(*, link_id: UUID, by: Actor, step: int) -> Row:
    """Move a hop of one's own `step` places along the chain, -1 towards the article; at an end it stays there.

    The chain is numbered anew from 1, in one act. Raises `Invalid` for a link that is no hop.
    """
    with transaction.atomic():
        held, present = _locked(link_id, by)
        if present.withdrawn_at is not None:
            identity.refuse_withdrawn()
        if present.role != SourceLink.Role.VIA:
            raise Invalid(_("Only who passed it on has a place in the chain."), field="role")
        hops = SourceLink.objects.filter(
            annotation_id=present.annotation, role=SourceLink.Role.VIA, withdrawn_at=None
        ).order_by("position", "id")
        order = list(hops)
        at = next(index for index, hop in enumerate(order) if str(hop.pk) == present.id)
        order.insert(min(max(at + step, 0), len(order) - 1), order.pop(at))
        places = {hop.pk: place for place, hop in enumerate(order, 1) if hop.position != place}
        if not places:
            return present
        with acts.act("update_source_link", project_id=held.project_id, by=by, article_id=held.article_id):
            for hop_id, place in places.items():
                SourceLink.objects.filter(pk=hop_id).update(position=place)
            touch(UUID(present.annotation))
        return _row(by, link_id)


def withdraw(*, link_id: UUID, by: Actor, expect: int | None = None) -> None:
    """Withdraw one's own link; withdrawn already is no act."""
    with transaction.atomic():
        held, present = _locked(link_id, by)
        if present.withdrawn_at is not None:
            return
        identity.check_unchanged(expect, present.revision, present)
        with acts.act("withdraw_source_link", project_id=held.project_id, by=by, article_id=held.article_id):
            SourceLink.objects.filter(pk=link_id).update(withdrawn_at=Now())
            touch(UUID(present.annotation))


def restore(*, link_id: UUID, by: Actor) -> Row:
    """Bring one's withdrawn link back; its annotation must be alive."""
    with transaction.atomic():
        held, present = _locked(link_id, by)
        if present.withdrawn_at is None:
            return present
        if held.withdrawn:
            raise Conflict(_("Its annotation is withdrawn; restore that first."))
        with acts.act("restore_source_link", project_id=held.project_id, by=by, article_id=held.article_id):
            again = source_texts.looked_for_again(SourceLink.objects.get(pk=link_id), by)
            with acts.replacing():
                SourceLink.objects.filter(pk=link_id).update(
                    withdrawn_at=None, withdrawn_with=None, updated_at=Now(), **again
                )
            touch(UUID(present.annotation))
        return _row(by, link_id)


def cue_of(row: Row) -> spans.Extent:
    """Return the spans of a link's cue, none when it has no cue."""
    return parse_extent(row.cue) if row.cue else ()
