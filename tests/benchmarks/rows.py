"""The data that is measured on: the cast and projects by services, many annotations by bulk inserts in one act.

The bulk inserts go through the same triggers as everything else, so their events are there as well.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

from factcheck import services
from factcheck.anchoring import selectors, spans
from factcheck.models import Project, Tag, User
from factcheck.models.fields import extent_literal, uuid7
from factcheck.queries import texts
from factcheck.queries.articles import ArticleRow
from factcheck.records import Actor
from factcheck.services import acts
from factcheck.services.annotating import start_layer
from tests.benchmarks.world import ROOT

SEED = ROOT / "seeds" / "000_5caf563cd8491224.txt"
TAGS = ("claim", "denial", "evidence")


def seed_text() -> str:
    return SEED.read_text(encoding="utf-8").strip()


def long_text(words: int) -> str:
    """Repeat the seed article until it has so many words."""
    text = seed_text()
    repeated = "\n".join([text] * (words // len(text.split()) + 1))
    last = list(re.finditer(r"\S+", repeated))[words - 1]
    return repeated[: last.end()]


@cache
def person(username: str) -> Actor:
    user, _made = User.objects.get_or_create(username=username)
    return Actor(user_id=user.pk, username=username, channel="page")


def token(username: str, scope: str = "write") -> str:
    person(username)
    _token, secret = services.tokens.create(
        user=User.objects.get(username=username), name="benchmark", scope=scope
    )
    return secret


def project(slug: str) -> Project:
    """Make a project of mona's in which ana and ben annotate."""
    made = services.projects.create(slug=slug, name=f"Benchmark: {slug}", by=person("mona"))
    for username in ("ana", "ben"):
        person(username)
        services.projects.add_member(project=made, username=username, role="annotator", by=person("mona"))
    return made


def article(in_project: Project, text: str, title: str = "") -> ArticleRow:
    row: ArticleRow = services.articles.create(
        project=in_project, title=title or text.partition("\n")[0], text=text, by=person("ana"), language="en"
    ).row
    return row


def places(text: str, count: int, *, width: int = 2, every: int = 3) -> list[tuple[int, int]]:
    """Return so many spans of `width` words, beginning at every so manieth word; the words between stay free."""
    words = [match.span() for match in re.finditer(r"\S+", text)]
    starts = list(range(0, len(words) - width, every))
    chosen = starts[:count] if count > len(starts) // 2 else starts[:: len(starts) // count][:count]
    if len(chosen) < count:
        raise ValueError(f"The text has room for {len(chosen)} annotations, not {count}.")
    return [(words[at][0], words[at + width - 1][1]) for at in chosen]


@dataclass(frozen=True)
class Written:
    """The annotations of one article, in text order."""

    article: ArticleRow
    layer: UUID
    annotations: list[UUID]


def annotate(
    in_project: Project, loaded: ArticleRow, pairs: Sequence[tuple[int, int]], by: str = "ana"
) -> Written:
    """Write annotations of the three tags in turn, all in one act."""
    actor = person(by)
    text = texts.of(loaded.version_id)
    layer = start_layer(in_project.pk, loaded.id, actor)
    tags = dict(Tag.objects.filter(project=in_project).values_list("name", "id"))
    columns = [
        [uuid7() for _pair in pairs],
        [tags[TAGS[number % 3]] for number in range(len(pairs))],
        *_places_written(text.text, tuple(pairs)),
    ]
    with _Act("import_annotations", in_project, loaded, actor) as cursor:
        cursor.execute(
            """INSERT INTO annotation (id, project_id, article_id, layer_id, note, status, version, revision,
                   created_by_id, article_version_id, text_length, tag_id, extent, pieces, prefix, suffix,
                   attributes, schema_version)
               SELECT n.id, %s, %s, %s, '', 'pending', 1, 1, %s, %s, %s, n.tag, n.extent::int4multirange,
                      ARRAY[n.words], n.prefix, n.suffix, '{}', 1
               FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[])
                    AS n (id, tag, extent, words, prefix, suffix)""",
            [in_project.pk, loaded.id, layer, actor.user_id, loaded.version_id, text.length, *columns],
        )
    return Written(loaded, layer, columns[0])


@cache
def _places_written(text: str, pairs: tuple[tuple[int, int], ...]) -> list[list[Any]]:
    """Return the columns of extents, words, prefixes and suffixes; many articles have the same text."""
    columns: list[list[Any]] = [[], [], [], []]
    for pair in pairs:
        extent = spans.extent_of([pair], length=len(text))
        quote = selectors.describe(text, extent)
        values = (extent_literal(extent), quote.exact, quote.prefix, quote.suffix)
        for column, value in zip(columns, values, strict=True):
            column.append(value)
    return columns


def link(in_project: Project, written: Written, source: UUID, every: int, by: str = "ana") -> int:
    """Give every so manieth annotation a speaker; return how many."""
    linked = written.annotations[::every]
    actor = person(by)
    text = texts.of(written.article.version_id)
    with _Act("import_source_links", in_project, written.article, actor) as cursor:
        cursor.execute(
            """INSERT INTO source_link (id, project_id, article_id, layer_id, note, status, version, revision,
                   created_by_id, annotation_id, source_id, role, position, as_named, article_version_id, text_length,
                   url, quote, locator, accessed_at, archive_url)
               SELECT n.id, %s, %s, %s, '', 'pending', 1, 1, %s, n.annotation, %s, 'speaker', 1, 'the spokesman', %s,
                      %s, '', '', '', '', ''
               FROM unnest(%s::uuid[], %s::uuid[]) AS n (id, annotation)""",
            [
                in_project.pk,
                written.article.id,
                written.layer,
                actor.user_id,
                source,
                written.article.version_id,
                text.length,
                [uuid7() for _ in linked],
                linked,
            ],
        )
    return len(linked)


def deny(in_project: Project, written: Written, every: int, by: str = "ana") -> int:
    """Let every so manieth denial deny the claim before it; return how many."""
    denials = written.annotations[1::3][::every]
    claims = written.annotations[0::3][::every][: len(denials)]
    return relate(in_project, written, "denies", list(zip(denials, claims, strict=True)), by)


def relate(
    in_project: Project, written: Written, kind: str, pairs: Sequence[tuple[UUID, UUID]], by: str = "ana"
) -> int:
    """Relate each subject to its object; return how many."""
    actor = person(by)
    with _Act("import_relations", in_project, written.article, actor) as cursor:
        cursor.execute(
            """INSERT INTO relation (id, project_id, article_id, object_article_id, layer_id, note, status, version,
                   revision, created_by_id, kind_id, is_symmetric, subject_id, object_id, attributes)
               SELECT n.id, k.project_id, %s, %s, %s, '', 'pending', 1, 1, %s, k.id, k.is_symmetric, n.subject,
                      n.object, CASE WHEN k.schema::text LIKE '%%manner%%' THEN '{"manner": "explicit"}'::jsonb
                                     ELSE '{}' END
               FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[]) AS n (id, subject, object)
               JOIN relation_kind k ON k.project_id = %s AND k.name = %s""",
            [
                written.article.id,
                written.article.id,
                written.layer,
                actor.user_id,
                [uuid7() for _ in pairs],
                [subject for subject, _object in pairs],
                [object_ for _subject, object_ in pairs],
                in_project.pk,
                kind,
            ],
        )
    return len(pairs)


def source(in_project: Project, name: str) -> UUID:
    made = services.sources.create(project=in_project, kind="person", name=name, by=person("ana")).row
    return UUID(str(made.id))


class _Act:
    """An act with a cursor in it."""

    def __init__(self, kind: str, in_project: Project, loaded: ArticleRow, by: Actor) -> None:
        self.act = acts.act(kind, project_id=in_project.pk, by=by, article_id=loaded.id)

    def __enter__(self) -> Any:
        self.act.__enter__()
        self.cursor = connection.cursor()
        return self.cursor

    def __exit__(self, *reason: Any) -> None:
        self.cursor.close()
        self.act.__exit__(*reason)


def settle() -> None:
    """Let the database tidy up after bulk work, so that it does not do so while something is measured."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
