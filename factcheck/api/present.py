"""What goes out: one function per thing, from a query's row to the representation of DESIGN.md 6.2.

Lists of a thousand rows go through here, so each is one flat dict and ready JSON is passed on as it is.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from orjson import Fragment

from factcheck import queries
from factcheck.models import Project, Tag
from factcheck.queries.annotations import Row as AnnotationRow
from factcheck.queries.articles import ArticleRow
from factcheck.queries.comments import Row as CommentRow
from factcheck.queries.layers import LayerRow
from factcheck.queries.notices import Row as NoticeRow
from factcheck.queries.projects import MemberRow, ProjectRow
from factcheck.queries.proposed_annotations import Row as ProposedRow
from factcheck.queries.relations import Row as RelationRow
from factcheck.queries.releases import Row as ReleaseRow
from factcheck.queries.review_queue import Item as QueuedRow
from factcheck.queries.reviewers import Row as ReviewerRow
from factcheck.queries.reviews import Response as ResponseRow
from factcheck.queries.reviews import Row as ReviewRow
from factcheck.queries.schemes import Attributes, KindRow
from factcheck.queries.source_links import Row as SourceLinkRow
from factcheck.queries.source_texts import Row as SourceTextRow
from factcheck.queries.sources import Row as SourceRow
from factcheck.queries.threads import Row as ThreadRow

Json = dict[str, Any]


def spans(literal: str, pieces: Sequence[str]) -> list[Json]:
    """Read PostgreSQL's `{[0,48),[50,60)}` as spans, each with the words that stand there."""
    if len(pieces) == 1:  # nearly all
        start, _comma, end = literal[2:-2].partition(",")
        return [{"start": int(start), "end": int(end), "exact": pieces[0]}]
    found = []
    for pair, words in zip(literal[2:-2].split("),["), pieces, strict=True):
        start, _comma, end = pair.partition(",")
        found.append({"start": int(start), "end": int(end), "exact": words})
    return found


def annotation(row: AnnotationRow, links: Iterable[SourceLinkRow] = ()) -> Json:
    """Present an annotation with its live source links."""
    pieces = row.pieces
    return {
        "id": row.id,
        "project": row.project,
        "article": row.article,
        "article_version": row.article_version,
        "layer": row.layer,
        "layer_kind": row.layer_kind,
        "tag": row.tag,
        "spans": spans(row.extent, pieces),
        "exact": pieces[0] if len(pieces) == 1 else " ".join(pieces),
        "prefix": row.prefix,
        "suffix": row.suffix,
        "note": row.note,
        "attributes": Fragment(row.attributes),
        "created_by": row.created_by,
        "status": row.status,
        "version": row.version,
        "revision": row.revision,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "withdrawn_at": row.withdrawn_at,
        "source_links": [source_link(link) for link in links],
    }


def annotations(rows: list[AnnotationRow], viewer: UUID) -> list[Json]:
    """Present a list, with the links of all of it read at once."""
    links = queries.source_links.of_annotations(viewer, [row.id for row in rows])
    return [annotation(row, links.get(row.id, ())) for row in rows]


def _cue(literal: str | None) -> list[Json]:
    if not literal or literal == "{}":
        return []
    pairs = (pair.split(",") for pair in literal[2:-2].split("),["))
    return [{"start": int(start), "end": int(end)} for start, end in pairs]


def _passage(row: SourceLinkRow) -> Json | None:
    """Present the place in the captured text; `exact` is the quote, also when the words are no longer there."""
    if row.source_text is None:
        return None
    return {
        "text_version": {
            "id": row.source_text,
            "number": row.source_text_number,
            "sha256": row.source_text_sha256,
        },
        "start": row.passage_start,
        "end": row.passage_end,
        "exact": row.quote,
        "prefix": row.passage_prefix,
        "suffix": row.passage_suffix,
        "state": row.passage_state,
    }


def source_link(row: SourceLinkRow) -> Json:
    """Present a link by ids; a source that is renamed changes its own representation, not its links'."""
    return {
        "id": row.id,
        "project": row.project,
        "article": row.article,
        "layer": row.layer,
        "annotation": row.annotation,
        "source": row.source,
        "role": row.role,
        "position": row.position,
        "on_behalf_of": row.on_behalf_of,
        "as_named": row.as_named,
        "cue": _cue(row.cue),
        "stance": row.stance,
        "url": row.url,
        "quote": row.quote,
        "locator": row.locator,
        "accessed_at": row.accessed_at,
        "archive_url": row.archive_url,
        "passage": _passage(row),
        "note": row.note,
        "created_by": row.created_by,
        "status": row.status,
        "void": row.void,
        "version": row.version,
        "revision": row.revision,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "withdrawn_at": row.withdrawn_at,
    }


def relation(row: RelationRow) -> Json:
    """Present a relation; `article` is its subject's, `object_article` its object's."""
    return {
        "id": row.id,
        "project": row.project,
        "article": row.article,
        "object_article": row.object_article,
        "layer": row.layer,
        "kind": row.kind,
        "subject": row.subject,
        "object": row.object,
        "attributes": Fragment(row.attributes),
        "note": row.note,
        "created_by": row.created_by,
        "status": row.status,
        "void": row.void,
        "version": row.version,
        "revision": row.revision,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "withdrawn_at": row.withdrawn_at,
    }


def source(row: SourceRow) -> Json:
    """Present a source; `standing` marks the two that each project is born with."""
    return {
        "id": row.id,
        "project": row.project,
        "kind": row.kind,
        "name": row.name,
        "aliases": row.aliases,
        "description": row.description,
        "url": row.url,
        "standing": row.standing,
        "merged_into": row.merged_into,
        "text_version": _text_version(row),
        "created_by": row.created_by,
        "revision": row.revision,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "withdrawn_at": row.withdrawn_at,
    }


def _text_version(row: SourceRow) -> Json | None:
    if row.text_id is None:
        return None
    return {
        "id": row.text_id,
        "number": row.text_number,
        "sha256": row.text_sha256,
        "length": row.text_length,
    }


def source_text(row: SourceTextRow) -> Json:
    """Present a captured text; its words are at `text/`."""
    return {
        "id": row.id,
        "project": row.project,
        "source": row.source,
        "number": row.number,
        "sha256": row.sha256,
        "length": row.length,
        "url": row.url,
        "archive_url": row.archive_url,
        "captured_at": row.captured_at,
        "created_by": row.created_by,
        "created_at": row.created_at,
    }


def article(row: ArticleRow, counts: dict[str, int]) -> Json:
    """Present an article; its words are at `text/`. The counts are of what the viewer may see."""
    return {
        "id": row.id,
        "project": row.project,
        "title": row.title,
        "url": row.url,
        "publisher": row.publisher,
        "byline": row.byline,
        "published_at": row.published_at,
        "language": row.language,
        "direction": row.direction,
        "file_name": row.file_name,
        "text_version": {
            "id": row.version_id,
            "number": row.version_number,
            "sha256": row.sha256,
            "length": row.length,
            "words": row.words,
        },
        "counts": {"annotations": sum(counts.values()), "by_tag": counts},
        "created_by": row.created_by,
        "revision": row.revision,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def articles(rows: list[ArticleRow], viewer: UUID) -> list[Json]:
    """Present a list, with all its counts read at once."""
    counts = queries.articles.counts(viewer, [row.id for row in rows])
    return [article(row, counts[row.id]) for row in rows]


def project(row: ProjectRow, scheme: Json | None = None) -> Json:
    """Present a project with the viewer's role in it; a list leaves the scheme out."""
    shown = {
        "slug": row.slug,
        "name": row.name,
        "settings": {
            "blind": row.blind,
            "approvals_needed": row.approvals_needed,
            "review_reasons": Fragment(row.review_reasons),
        },
        "guidelines": row.guidelines,
        "role": row.role,
        "created_by": row.created_by,
        "revision": row.revision,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }
    if scheme is not None:
        shown["scheme"] = scheme
    return shown


def tag(row: Tag) -> Json:
    """Present a tag as the project's scheme tells it, with its revision."""
    return {
        "name": row.name,
        "title": row.title,
        "key": row.key,
        "colour": row.colour,
        "colour_dark": row.colour_dark,
        "line": row.line,
        "description": row.description,
        "retired": row.retired_at is not None,
        "revision": row.revision,
    }


def relation_kind(row: KindRow) -> Json:
    """Present a relation kind as the project's scheme tells it, with its revision."""
    return {
        "name": row.name,
        "title": row.title,
        "inverse_title": row.inverse_title,
        "key": row.key,
        "symmetric": row.symmetric,
        "pairs": sorted(row.pairs),
        "attributes": row.schema,
        "retired": row.retired,
        "revision": row.revision,
    }


def _attributes(row: Attributes) -> Json:
    """Present the state of a tag's attributes, by their names."""
    return {"tag": row.tag, "version": row.version, "names": [one.name for one in row.present]}


def member(row: MemberRow) -> Json:
    """Present a membership."""
    return {
        "user": row.user,
        "role": row.role,
        "revision": row.revision,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def layer(row: LayerRow) -> Json:
    """Present a layer's facts, which managers may know of a blind project too."""
    return row._asdict()


def review(row: ReviewRow) -> Json:
    """Present a decision; what it is about stands under one of `annotation`, `relation`, `source_link`."""
    shown = row._asdict()
    shown["proposal"] = Fragment(row.proposal) if row.proposal is not None else None
    return shown


def release(row: ReleaseRow) -> Json:
    """Present a release with its manifest."""
    return row._asdict() | {"manifest": Fragment(row.manifest)}


def review_response(row: ResponseRow) -> Json:
    """Present what an author said to a decision."""
    return row._asdict()


def proposed_annotation(row: ProposedRow) -> Json:
    """Present an annotation that a reviewer found missing; its spans carry their words."""
    shown = row._asdict()
    shown["spans"] = spans(shown.pop("extent"), row.pieces)
    shown["exact"] = " ".join(shown.pop("pieces"))
    shown["attributes"] = Fragment(row.attributes)
    return shown


def reviewer(row: ReviewerRow) -> Json:
    """Present that a reviewer was asked to look at an article."""
    return row._asdict()


def queued(row: QueuedRow) -> Json:
    """Present what waits for a decision, with why it waits and where it stands."""
    return row._asdict()


def thread(row: ThreadRow) -> Json:
    """Present a thread; its comments have an address of their own."""
    return row._asdict()


def comment(row: CommentRow) -> Json:
    """Present a comment; `mentions` are usernames."""
    return row._asdict()


def notice(row: NoticeRow) -> Json:
    """Present a notice by ids: the comment may be read at its own address."""
    return {
        "id": row.id,
        "project": row.project,
        "article": row.article,
        "thread": row.thread,
        "comment": row.comment,
        "kind": row.kind,
        "created_by": row.created_by,
        "created_at": row.created_at,
        "seen_at": row.seen_at,
    }


def _annotation_alone(row: AnnotationRow, viewer: UUID) -> Json:
    return annotations([row], viewer)[0]


def _project_model(row: Project, viewer: UUID) -> Json:
    seen = queries.projects.visible(viewer, row.slug)
    return project(seen, queries.projects.scheme(row.pk)) if seen else {}


_BY_TYPE: dict[type, Callable[[Any, UUID], Any]] = {
    AnnotationRow: _annotation_alone,
    SourceLinkRow: lambda row, viewer: source_link(row),
    RelationRow: lambda row, viewer: relation(row),
    SourceRow: lambda row, viewer: source(row),
    SourceTextRow: lambda row, viewer: source_text(row),
    ArticleRow: lambda row, viewer: articles([row], viewer)[0],
    ProjectRow: lambda row, viewer: project(row, queries.projects.scheme(row.id)),
    Project: _project_model,
    Tag: lambda row, viewer: tag(row),
    KindRow: lambda row, viewer: relation_kind(row),
    Attributes: lambda row, viewer: _attributes(row),
    MemberRow: lambda row, viewer: member(row),
    LayerRow: lambda row, viewer: layer(row),
    ReviewRow: lambda row, viewer: review(row),
    ReleaseRow: lambda row, viewer: release(row),
    ResponseRow: lambda row, viewer: review_response(row),
    ProposedRow: lambda row, viewer: proposed_annotation(row),
    ReviewerRow: lambda row, viewer: reviewer(row),
    ThreadRow: lambda row, viewer: thread(row),
    CommentRow: lambda row, viewer: comment(row),
}


def anything(row: Any, viewer: UUID) -> Any:
    """Present a row of whatever kind, as its own address shows it."""
    return _BY_TYPE[type(row)](row, viewer) if type(row) in _BY_TYPE else row
