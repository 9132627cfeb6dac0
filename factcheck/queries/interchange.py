"""What leaves as an export: the records of a project or an article, read in one snapshot and streamed.

The interchange format (DESIGN.md 6.4) is built by the database itself, in parts of some hundred things, so that no
article is ever in memory whole. What is withdrawn is not exported, nor a source that nothing exported is linked to.
A viewer of None is the system: it sees what any manager of the project would see, in a blind project the open
layers only.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID, uuid5

import orjson
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.utils.translation import gettext as _
from psycopg import Error

from factcheck.exceptions import Invalid, NotFound
from factcheck.exports.csv_zip import Table
from factcheck.exports.jsonld import Collection
from factcheck.exports.registry import FORMATS
from factcheck.queries import feed, interchange_csv, interchange_sql, interchange_tables, projects, reading

ANSWERS = ("first",)
"""What of a layer may be asked for in place of what stands in it now."""

FORMATS_OF_ANSWERS = ("jsonl", "jsonld")

_FETCHED = 2_000  # rows of a table at a time
_WORDS = 25  # what the words of an article weigh in a batch, in annotations
_FIRST, _GROWTH = 500, 4  # what the first batch weighs, and each further one beside the one before


class Selection(NamedTuple):
    """What one export takes in; that the viewer may see it was decided.

    `base` is the root of the API that things are named by, where there is one. `first` asks for the first answers in
    place of what stands there now. `begun` is told the feed's cursor of the
    snapshot before the first byte.
    """

    viewer: UUID | None
    project_id: UUID
    project: str
    article_id: UUID | None = None
    layer: str | None = None
    base: str | None = None
    first: bool = False
    begun: Callable[[str], None] | None = None


class _Found(NamedTuple):
    project_id: UUID
    project: str


def select(
    viewer: UUID | None,
    *,
    project: str | None = None,
    article: UUID | None = None,
    layer: str | None = None,
    base: str | None = None,
    answers: str | None = None,
) -> Selection:
    """Decide what is exported: a project by its slug or one article, all layers or one kind.

    `layer` is `own`, `reference` or the id of a layer; articles without such a layer are left out. `base` is the
    API's root, by which formats that name things by address name them. `answers` is `first` for what stood in each
    layer when its owner first answered, without what was decided since; layers without a first answer are left out.
    Raises `NotFound` for what the viewer may not
    know of and `Invalid` when neither or both are given.
    """
    if (project is None) == (article is None):
        raise Invalid(_("Say which project or which article to export, one of the two."), field="project")
    member = (
        "" if viewer is None else "JOIN acting_membership m ON m.project_id = p.id AND m.user_id = %(viewer)s"
    )
    found = reading.one(
        _Found,
        f"""SELECT p.id, p.slug FROM project p {member}
            WHERE CASE WHEN %(slug)s::text IS NOT NULL THEN p.slug = %(slug)s
                  ELSE p.id = (SELECT project_id FROM article WHERE id = %(article)s) END""",
        {"viewer": viewer, "slug": project, "article": article},
    )
    if found is None:
        what = _("There is no such project.") if article is None else _("There is no such article.")
        raise NotFound(what, field="project" if article is None else "article")
    if layer == "own" and viewer is None:
        raise Invalid(_("The system has no layer of its own."), field="layer")
    if answers not in (None, *ANSWERS):
        raise Invalid(_("answers may be: %(known)s.") % {"known": ", ".join(ANSWERS)}, field="answers")
    return Selection(viewer, found.project_id, found.project, article, layer, base, answers == "first")


def export(name: str, selection: Selection) -> Iterator[bytes]:
    """Yield the bytes of an export in this format (a key of FORMATS), holding about a chunk of it.

    It reads by a connection of its own, which is given back when the export ends or is dropped: a stream must not
    keep the one of its request. Inside a transaction it reads by that one, and sees what it sees. Raises `Invalid` for
    first answers in a format that does not tell them.
    """
    check_told_in(name, selection)
    return _bytes(name, selection)


def check_told_in(name: str, selection: Selection) -> None:
    """Refuse first answers in a format that does not tell them."""
    if selection.first and name not in FORMATS_OF_ANSWERS:
        raise Invalid(
            _("First answers are exported as: %(known)s.") % {"known": ", ".join(FORMATS_OF_ANSWERS)},
            field="answers",
        )


def _bytes(name: str, selection: Selection) -> Iterator[bytes]:
    with closing(_RECORDS[name](selection)) as records:
        yield from FORMATS[name].write(records)


@contextmanager
def _snapshot(selection: Selection) -> Iterator[Any]:
    """Give a connection on which every statement sees the same state, and no statement times out."""
    if connection.in_atomic_block:
        _tell_begun(connection, selection)
        yield connection
        return
    own = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        with own.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
        _tell_begun(own, selection)
        yield own
    finally:
        with suppress(Error):
            own.connection.rollback()
        own.close()


def _tell_begun(own: Any, selection: Selection) -> None:
    if selection.begun is not None:
        selection.begun(feed.of_snapshot(own, selection.project_id))


# -- JSON Lines ------------------------------------------------------------------------------------


def _lines(selection: Selection) -> Iterator[Iterator[bytes]]:
    """Yield the articles in the order of their ids, each a line in parts that are taken before the next line."""
    with _snapshot(selection) as own:
        articles = _articles(own, selection)
        # Read after the snapshot began: a scheme only grows, so it has every tag that the snapshot has.
        about = _about(selection)
        # Of first answers each article has a moment of its own.
        batches = (([key], False) for key, _size in articles) if selection.first else _batches(articles)
        for batch, large in batches:
            values = interchange_sql.parameters(selection) | {"batch": batch, "about": about}
            statements = interchange_sql.copies(selection, large=large)
            with closing(_parts(own, statements, values)) as parts:
                for first in parts:
                    yield _line(first, parts)


def _collection(selection: Selection) -> Iterator[Collection | dict[str, Any]]:
    """Yield what an export in JSON-LD is called, then its articles as objects."""
    address = None
    if selection.base is not None:
        chosen = {"project": selection.project}
        if selection.article_id is not None:
            chosen = {"article": str(selection.article_id)}
        if selection.layer is not None:
            chosen["layer"] = selection.layer
        if selection.first:
            chosen["answers"] = "first"
        address = f"{selection.base}exports/jsonld/?{urlencode(chosen)}"
    called = f"annotations {selection.layer or ''}{' first' if selection.first else ''}"
    key = uuid5(selection.article_id or selection.project_id, called)
    yield Collection(selection.project, key, selection.base, address)
    yield from _documents(selection)


def _documents(selection: Selection) -> Iterator[dict[str, Any]]:
    """Yield the articles as the objects that their lines are, for formats that are put together from them."""
    for parts in _lines(selection):
        yield orjson.loads(b"".join(parts))


def _line(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    part = first
    while part != interchange_sql.END:
        yield part
        part = next(others)
    yield part


def _articles(own: Any, selection: Selection) -> Iterator[tuple[UUID, int]]:
    values = interchange_sql.parameters(selection) | {"after": UUID(int=0)}
    while True:
        with own.cursor() as cursor:
            cursor.execute(interchange_sql.articles(selection), values)
            found = cursor.fetchall()
        yield from found
        if len(found) < interchange_sql.LOOKED_UP:
            return
        values["after"] = found[-1][0]


def _batches(articles: Iterable[tuple[UUID, int]]) -> Iterator[tuple[list[UUID], bool]]:
    """Cut the articles into batches of about as much work; every large one is alone.

    The first batches are small and grow, so that an export begins at once.
    """
    batch: list[UUID] = []
    weight, full = 0, _FIRST
    for article, annotations in articles:
        large = annotations >= interchange_sql.FULL
        if batch and (large or weight >= full):
            yield batch, False
            batch, weight, full = [], 0, min(full * _GROWTH, interchange_sql.FULL)
        batch.append(article)
        weight += _WORDS + annotations
        if large:
            yield batch, True
            batch, weight = [], 0
    if batch:
        yield batch, False


def _about(selection: Selection) -> str:
    """Return the JSON that says of each line which project it is from, scheme included.

    Of first answers it says only what never changes.
    """
    if selection.first:
        return orjson.dumps({"slug": selection.project}).decode()
    project = projects.by_id(selection.project_id)
    about = {
        "slug": project.slug,
        "name": project.name,
        "settings": {
            "blind": project.blind,
            "approvals_needed": project.approvals_needed,
            "review_reasons": project.review_reasons,
        },
        "guidelines": project.guidelines,
        "scheme": projects.scheme(project.pk),
        "standing": projects.standing_sources(project.pk),
    }
    if not connection.in_atomic_block:
        connection.close()
    return orjson.dumps(about, option=orjson.OPT_UTC_Z).decode()


def _parts(own: Any, statements: list[str], values: dict[str, Any]) -> Generator[bytes]:
    """Yield the lines that statements copy out. Of JSON they are parts, and the last of an article is `END`."""
    with own.cursor() as cursor:
        for statement in statements:
            with cursor.copy(statement, values) as copied:
                for data in copied:
                    yield bytes(data[:-1])


# -- CSV -------------------------------------------------------------------------------------------


def _rows(selection: Selection) -> Iterator[bytes]:
    """Yield the annotations in the order of article and id, their cells (`exports.csv.AnnotationRow`) quoted."""
    values = interchange_sql.parameters(selection)
    copy = f"COPY ({interchange_csv.rows(selection)}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)"
    with _snapshot(selection) as own:
        for batch, _large in _batches(_articles(own, selection)):
            with closing(_parts(own, [copy], values | {"batch": batch})) as rows:
                yield from rows


def _tables(selection: Selection) -> Iterator[Table]:
    """Yield a table for each kind of thing; its rows are read before the next one begins."""
    values = interchange_sql.parameters(selection)
    with _snapshot(selection) as own:
        with own.cursor() as cursor:
            # All rows are read: a plan that is quick with the first ones may be very slow with the others.
            cursor.execute("SET LOCAL cursor_tuple_fraction = 1")
        for name, columns, sql in interchange_tables.statements(selection):
            with own.connection.cursor(name="export") as cursor:
                cursor.itersize = _FETCHED
                cursor.execute(sql, values)
                yield Table(name, columns, cursor)


_RECORDS: dict[str, Callable[[Selection], Any]] = {
    "jsonl": _lines,
    "csv": _rows,
    "csv-zip": _tables,
    "brat": _documents,
    "conll": _documents,
    "jsonld": _collection,
}
