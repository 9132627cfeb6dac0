"""The rows that tests need, made by the same services that people use: the cast, a project, an article."""

import itertools
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from factcheck import queries, services
from factcheck.models import Project, User
from factcheck.queries.articles import ArticleRow
from factcheck.records import Actor

CAST = {
    "ana": "annotator",
    "ben": "annotator",
    "rita": "reviewer",
    "ruben": "reviewer",
    "mona": "manager",
    "vic": "viewer",
}
TEXT = (
    "The bridge is closed\n"
    "The mayor said the bridge was checked in May, “twice a week”.\n"
    "The builders denied any fault. A photograph shows a crack – so does another 👩‍👩‍👧‍👦 picture.\n"
)
TITLE = "The bridge is closed"

_numbers = itertools.count(1)


def user(username: str, *, password: str | None = None) -> User:
    """Return the account of this name, made if need be."""
    found = User.objects.filter(username=username).first()
    return found or User.objects.create_user(username, password=password)


def actor(username: str, channel: Any = "page") -> Actor:
    """Return the person as an actor."""
    return Actor(user_id=user(username).pk, username=username, channel=channel)


def project(slug: str | None = None, *, blind: bool = False, **kwargs: Any) -> Project:
    """Make a project with the whole cast in it, eve left out (her account is made)."""
    for username in (*CAST, "eve"):
        user(username)
    made = services.projects.create(
        slug=slug or f"desk-{next(_numbers)}", name="A desk", by=actor("mona"), blind=blind, **kwargs
    )
    for username, role in CAST.items():
        if username != "mona":
            services.projects.add_member(project=made, username=username, role=role, by=actor("mona"))
    return made


def article(
    in_project: Project, *, title: str = TITLE, text: str = TEXT, by: str = "ana", **kwargs: Any
) -> ArticleRow:
    """Load an article."""
    row: ArticleRow = services.articles.create(
        project=in_project, title=title, text=text, by=actor(by), **kwargs
    ).row
    return row


def annotation(
    in_article: ArticleRow, words: str, *, tag: str = "claim", by: str = "ana", **kwargs: Any
) -> queries.annotations.Row:
    """Tag the first place where these words stand."""
    text = queries.texts.of(in_article.version_id).text
    start = text.index(words)
    row: queries.annotations.Row = services.annotations.create(
        article_id=in_article.id, tag=tag, spans=[(start, start + len(words))], by=actor(by), **kwargs
    ).row
    return row


def source(
    in_project: Project, name: str, *, kind: str = "person", by: str = "ana", **kwargs: Any
) -> queries.sources.Row:
    """Make a source."""
    row: queries.sources.Row = services.sources.create(
        project=in_project, kind=kind, name=name, by=actor(by), **kwargs
    ).row
    return row


def link(
    annotated: queries.annotations.Row,
    linked: queries.sources.Row,
    *,
    role: str = "speaker",
    by: str = "ana",
    **kwargs: Any,
) -> queries.source_links.Row:
    """Link an annotation to a source."""
    row: queries.source_links.Row = services.source_links.create(
        annotation_id=UUID(annotated.id), source_id=linked.id, role=role, by=actor(by), **kwargs
    ).row
    return row


def relation(
    subject: queries.annotations.Row,
    object_: queries.annotations.Row,
    *,
    kind: str = "denies",
    by: str = "ana",
    **kwargs: Any,
) -> queries.relations.Row:
    """Relate two annotations."""
    row: queries.relations.Row = services.relations.create(
        subject=UUID(subject.id), object=UUID(object_.id), kind=kind, by=actor(by), **kwargs
    ).row
    return row


@dataclass(frozen=True)
class Desk:
    """A project with one article, a claim, a denial that denies it, and the claim's speaker; all by ana."""

    project: Project
    article: ArticleRow
    claim: queries.annotations.Row
    denial: queries.annotations.Row
    denies: queries.relations.Row
    mayor: queries.sources.Row
    said: queries.source_links.Row


def desk(slug: str | None = None, *, blind: bool = False) -> Desk:
    """Make a small desk with work on it."""
    made = project(slug, blind=blind)
    loaded = article(made)
    claim = annotation(loaded, "the bridge was checked in May")
    denial = annotation(loaded, "denied any fault", tag="denial")
    mayor = source(made, "The mayor's office", kind="organisation")
    return Desk(
        project=made,
        article=loaded,
        claim=claim,
        denial=denial,
        denies=relation(denial, claim, attributes={"manner": "implied"}),
        mayor=mayor,
        said=link(claim, mayor, as_named="The mayor"),
    )


def thread(
    on: queries.annotations.Row | queries.relations.Row | ArticleRow,
    body: str,
    *,
    by: str = "ben",
    **kwargs: Any,
) -> queries.threads.Row:
    """Start a thread on an annotation, a relation or an article."""
    kinds = {queries.annotations.Row: "annotation", queries.relations.Row: "relation", ArticleRow: "article"}
    row: queries.threads.Row = services.threads.start(
        body=body, by=actor(by), **{kinds[type(on)]: UUID(str(on.id))}, **kwargs
    ).row
    return row


def comment(
    in_thread: queries.threads.Row, body: str, *, by: str = "ana", **kwargs: Any
) -> queries.comments.Row:
    """Reply in a thread."""
    row: queries.comments.Row = services.comments.reply(
        thread_id=UUID(in_thread.id), body=body, by=actor(by), **kwargs
    ).row
    return row
