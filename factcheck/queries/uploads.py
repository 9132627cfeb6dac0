"""A person's import into a project, as its page shows it: the upload, how far it is, and what was not taken."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from factcheck.models import Article, ImportArticle, ImportFile, ImportUpload

PER_PAGE = 50
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_State = ImportArticle.State
_LOOKED_AT = (_State.PASSED, _State.FAILED)
_DONE = (_State.DONE, _State.REFUSED)


class Upload(NamedTuple):
    """An import with what it made and what was known, so far or in advance; the last numbers count articles."""

    id: UUID
    state: str
    format: str
    options: dict[str, Any]
    question: dict[str, str]
    made: dict[str, int]
    known: dict[str, int]
    files: list[str]
    articles: int
    looked_at: int
    done: int
    refused: int
    lacking: int  # articles, and files, of which something was not taken


class NotTaken(NamedTuple):
    """An article, or a file, of which something was not taken: pairs of a place and a reason."""

    number: int
    place: str
    title: str
    article: UUID | None
    refused: bool
    reasons: list[list[str]]


class Page(NamedTuple):
    """Some of what was not taken, and from which number the next ones are."""

    rows: list[NotTaken]
    further: int | None


def of(user_id: UUID, project_id: UUID) -> Upload | None:
    """Return the person's import into the project, if there is one."""
    found = ImportUpload.objects.filter(user_id=user_id, project_id=project_id).first()
    if found is None:
        return None
    counts = ImportArticle.objects.filter(upload=found).aggregate(
        articles=Count("pk", filter=~Q(state=_State.NOTHING)),
        looked_at=Count("pk", filter=Q(state__in=_LOOKED_AT)),
        done=Count("pk", filter=Q(state__in=_DONE)),
        lost=Count("pk", filter=Q(state__in=(_State.FAILED, _State.REFUSED))),
        lacking=Count("pk", filter=_LACKING),
    )
    return Upload(
        id=found.pk,
        state=found.state,
        format=found.format,
        options=found.options,
        question=found.question,
        made=found.made,
        known=found.known,
        files=list(ImportFile.objects.filter(upload=found).order_by("number").values_list("name", flat=True)),
        refused=counts.pop("lost"),  # as an alias it would hide the column of that name
        **counts,
    )


_LACKING = ~Q(left_out=[]) | ~Q(refused=[])


def not_taken(upload_id: UUID, *, after: int = 0) -> Page:
    """Return one page of what was not taken, in the order of the files."""
    rows = list(map(_row, _lacking(upload_id).filter(number__gt=after)[: PER_PAGE + 1]))
    return Page(rows[:PER_PAGE], rows[PER_PAGE - 1].number if len(rows) > PER_PAGE else None)


def reasons(upload_id: UUID) -> Iterator[tuple[str, str, str]]:
    """Yield title, place and reason of everything that was not taken."""
    for row in map(_row, _lacking(upload_id).iterator(chunk_size=500)):
        for place, why in row.reasons:
            yield row.title, place, why


def _lacking(upload_id: UUID) -> QuerySet[ImportArticle]:
    return ImportArticle.objects.filter(_LACKING, upload_id=upload_id).defer("line").order_by("number")


def _row(found: ImportArticle) -> NotTaken:
    refused = found.state in (_State.FAILED, _State.REFUSED)
    return NotTaken(
        found.number, found.place, found.title, found.article, refused, [*found.refused, *found.left_out]
    )


def article_of(slug: str, name: str) -> Mapping[str, str] | None:
    """Return title and words of the project's article that an address or id names, or None.

    It is named by its id, wherever in the address that stands, or by the address at which it was published.
    """
    ids = [UUID(found) for found in _UUID.findall(name)]
    articles = Article.objects.filter(project__slug=slug).select_related("current_version")
    found = list(articles.filter(pk__in=ids)[:2]) or list(articles.filter(url=name)[:2] if name else ())
    if len(found) != 1 or found[0].current_version is None:
        return None
    return {"title": found[0].title, "text": found[0].current_version.text}
