"""A page of a list at its beginning and after a million rows: the same work, since lists are cut by id."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from factcheck.models import RelationKind, Tag
from tests.benchmarks import fetching, rows, world
from tests.benchmarks.report import Figure, middle
from tests.benchmarks.world import World

ROWS = 1_000_000
ARTICLES = 1_000
EARLY, LATE = 100, 50  # rows before the one page, rows after the other
LIMIT = 50
REPEATS, WARM_UP = 30, 5
RATIO = 1.3
TEXT = "The bridge is closed. "
# What each list is asked for beside its place in it.
LISTS = {
    "annotations": ("", "&tag=claim", "&q=bridge"),
    "relations": ("", "&kind=about"),
    "source-links": ("", "&role=speaker"),
    "sources": ("", "&kind=person"),
}


@dataclass(frozen=True)
class Loaded:
    """The ids of each list in their order, by number."""

    project: str

    @staticmethod
    def id(kind: int, number: int) -> UUID:
        """Return the id of a row: of UUIDv7's form, rising with its number."""
        return UUID(int=(0x0190 << 112) | (0x7 << 76) | (kind << 64) | (0x8 << 60) | number)


KINDS = {"annotations": 1, "relations": 2, "source-links": 3, "sources": 4}


def measure(here: World) -> list[Figure]:
    loaded = load("lists", ROWS)
    token = rows.token("ana", "read")
    with fetching.reader(here.port, token) as reader:
        return [_compared(reader, loaded, path, asked) for path, asks in LISTS.items() for asked in asks]


def _compared(reader: fetching.Reader, loaded: Loaded, path: str, asked: str) -> Figure:
    """Take the page after row EARLY and the one after row ROWS - LATE - LIMIT in turn."""
    places = (EARLY, ROWS - LATE - LIMIT)
    addresses = [
        f"/api/v1/{path}/?project={loaded.project}&limit={LIMIT}{asked}&after={loaded.id(KINDS[path], place)}"
        for place in places
    ]
    taken: list[list[float]] = [[], []]
    for number in range(WARM_UP + REPEATS):
        for at, address in enumerate(addresses):
            began = time.perf_counter()
            reader.get(address)
            if number >= WARM_UP:
                taken[at].append(time.perf_counter() - began)
    early, late = map(middle, taken)
    shown = asked.replace("&", " ") or ""
    return Figure(
        f"page of {LIMIT} of {path}{shown} after row {places[1]:,}",
        f"{1000 * late:.1f} ms",
        f"{1000 * early:.1f} ms: the page after row {EARLY}",
        f"{late / early:.2f} ×",
        f"≤ {RATIO} ×",
        late / early <= RATIO,
    )


def load(slug: str, number: int) -> Loaded:
    """Write so many annotations, relations, links and sources by COPY, without their events, which no list reads.

    Their keys are right as they are made here; having the database check four million rows would take many minutes.
    """
    made = rows.project(slug)
    loaded = Loaded(slug)
    ana = rows.person("ana").user_id
    tags = list(Tag.objects.filter(project=made).order_by("position").values_list("id", flat=True))
    about = RelationKind.objects.get(project=made, name="about").pk
    text = TEXT * (number // ARTICLES // 2)
    articles = []
    for index in range(ARTICLES):
        article = rows.article(made, text, f"Article {index}")
        layer = rows.start_layer(made.pk, article.id, rows.person("ana"))
        articles.append((article.id, article.version_id, layer))
    connection.close()

    def place(n: int) -> tuple[UUID, UUID, UUID]:
        return articles[n * ARTICLES // number]

    def annotations() -> Iterator[tuple[Any, ...]]:
        for n in range(number):
            article, version, layer = place(n)
            start = n % 100 * 22
            extent = f"{{[{start},{start + 20})}}"
            yield (
                *(loaded.id(1, n), made.pk, article, layer, "", "pending", 1, 1, ana, version, len(text)),
                *(tags[n % 3], extent, ["The bridge is closed"], "", ". The", "{}", 1),
            )

    def relations() -> Iterator[tuple[Any, ...]]:
        for n in range(number):
            article, _version, layer = place(n)
            other = n + 1 if n + 1 < number and place(n + 1) == place(n) else n - 1
            yield (
                *(loaded.id(2, n), made.pk, article, article, layer, "", "pending", 1, 1, ana, about, False),
                *(loaded.id(1, n), loaded.id(1, other), "{}"),
            )

    def links() -> Iterator[tuple[Any, ...]]:
        for n in range(number):
            article, version, layer = place(n)
            yield (
                *(loaded.id(3, n), made.pk, article, layer, "", "pending", 1, 1, ana, loaded.id(1, n)),
                *(loaded.id(4, n % 1000), "speaker", 1, "", version, len(text), "", "", "", "", ""),
            )

    def sources() -> Iterator[tuple[Any, ...]]:
        for n in range(number):
            name = f"Source {n}"
            yield loaded.id(4, n), made.pk, "person", name, [], name.lower(), "", "", False, 1, ana

    common = "id, project_id, article_id, layer_id, note, status, version, revision, created_by_id"
    with psycopg.connect(world.dsn()) as copying:
        _copy(copying, "source", _SOURCE, sources())
        _copy(copying, "annotation", f"{common}, {_ANNOTATION}", annotations())
        _copy(copying, "relation", _RELATION, relations())
        _copy(copying, "source_link", f"{common}, {_LINK}", links())
    rows.settle()
    return loaded


_SOURCE = "id, project_id, kind, name, aliases, names, description, url, standing, revision, created_by_id"
_ANNOTATION = (
    "article_version_id, text_length, tag_id, extent, pieces, prefix, suffix, attributes, schema_version"
)
_RELATION = (
    "id, project_id, article_id, object_article_id, layer_id, note, status, version, revision, created_by_id,"
    " kind_id, is_symmetric, subject_id, object_id, attributes"
)
_LINK = (
    "annotation_id, source_id, role, position, as_named, article_version_id, text_length, url, quote, locator,"
    " accessed_at, archive_url"
)


def _copy(
    copying: psycopg.Connection[Any], table: str, columns: str, lines: Iterable[tuple[Any, ...]]
) -> None:
    """Write the rows with the table's own triggers off and its foreign keys away, which come back unchecked."""
    keys = copying.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass",
        [table],
    ).fetchall()
    copying.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for name, _definition in keys:
        copying.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    with copying.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for line in lines:
            copy.write_row(line)
    for name, definition in keys:
        copying.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID")
    copying.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    copying.commit()
