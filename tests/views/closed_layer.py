"""A blind article that ana works on, with a word in every text of hers, and every address of the product."""

import itertools
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.test import Client
from django.urls import URLResolver, get_resolver

from factcheck import queries, services
from factcheck.exports.registry import FORMATS
from tests import factories
from tests.factories import actor

MARK = "zebrafish"
COLLEAGUES = ("ben", "rita", "mona", "vic")
NOBODY = "00000000-0000-7000-8000-000000000000"


class World(NamedTuple):
    """A blind article that ana and ben are assigned to, and all that has an id in it."""

    article: str
    release: str
    layer: str
    hers: dict[str, str]  # what ana has made, by name


def words(field: str) -> str:
    """Return a text that carries the mark, and says of which field it is."""
    return f"{MARK} {field} secretly"


def begin() -> World:
    """Make the desk; ana has only begun, so that her layer is in progress."""
    project = factories.project("demo", blind=True)
    services.feed.start_epoch()
    mona = actor("mona")
    article = factories.article(project, by="mona")
    services.attribute_schemas.add(project_id=project.pk, tag="claim", title="Topic", kind="text", by=mona)
    release = services.releases.make(project_id=project.pk, name="v1", by=mona)
    layers = [
        services.layers.assign(article_id=article.id, owner=owner, by=mona).row for owner in ("ana", "ben")
    ]
    factories.annotation(article, "twice a week", by="ben")
    begun = factories.annotation(article, "denied any fault", tag="denial", note=words("begun"))
    return World(str(article.id), str(release.id), str(layers[0].id), {"denial": begun.id})


def fill(world: World) -> World:
    """Have ana mark all there is to mark, with the word in every text of hers."""
    ana = actor("ana")
    project = queries.projects.by_id(queries.projects.id_of("demo"))
    claim = services.annotations.create(
        article_id=UUID(world.article),
        tag="claim",
        spans=[(25, 40), (50, 60)],
        note=words("note"),
        attributes={"topic": words("attribute"), "said_where": words("where")},
        by=ana,
    ).row
    denies = services.relations.create(
        subject=UUID(world.hers["denial"]),
        object=UUID(claim.id),
        kind="denies",
        note=words("relation"),
        by=ana,
    ).row
    source = factories.source(
        project,
        words("source"),
        aliases=[words("alias")],
        description=words("description"),
        url=f"https://{MARK}.example/source",
    )
    paper = factories.source(project, words("paper"), kind="document")
    text = services.source_texts.create(source_id=paper.id, text=words("captured"), by=ana).row
    said = factories.link(claim, source, as_named=words("named"), note=words("link"), cue=[(0, 3)])
    shown = factories.link(
        claim,
        paper,
        role="document",
        locator=words("locator"),
        url=f"https://{MARK}.example/link",
        passage=services.source_texts.Passage(text.id, 0, len(MARK)),
    )
    quoted = factories.link(
        claim, source, role="document", quote=words("quote"), archive_url=f"https://{MARK}.example/kept"
    )
    gone = services.annotations.create(
        article_id=UUID(world.article), tag="claim", spans=[(3, 9)], note=words("gone"), by=ana
    ).row
    services.annotations.withdraw(annotation_id=UUID(gone.id), by=ana)
    thread = factories.thread(claim, words("thread"), by="ana")
    comment = factories.comment(thread, words("comment"), by="ana")
    about = factories.thread(denies, words("about"), by="ana")
    made = {"claim": claim, "denies": denies, "source": source, "paper": paper, "text": text}
    made |= {"said": said, "shown": shown, "quoted": quoted, "gone": gone}
    made |= {"thread": thread, "comment": comment, "about": about}
    return world._replace(hers=world.hers | {name: str(row.id) for name, row in made.items()})


FIELDS = (
    *(
        "begun",
        "note",
        "attribute",
        "where",
        "relation",
        "source",
        "alias",
        "description",
        "paper",
        "captured",
    ),
    *("named", "link", "locator", "quote", "thread", "comment", "about"),
)
"""All texts of ana's but that of what is withdrawn."""


class Pattern(NamedTuple):
    """An address of the product: the name that the tables of access have for it, and its pattern."""

    name: str
    route: str


def patterns() -> Iterator[Pattern]:
    """Yield every address of the product."""

    def walk(entries: Any, before: str, space: str) -> Iterator[Pattern]:
        for entry in entries:
            route = before + str(getattr(entry.pattern, "_route", ""))
            if isinstance(entry, URLResolver):
                yield from walk(
                    entry.url_patterns, route, f"{entry.namespace}:" if entry.namespace else space
                )
            else:
                yield Pattern(f"{space}{entry.name}", route)

    return walk(get_resolver().url_patterns, "/", "")


def values(parameter: str, ids: list[str]) -> list[str]:
    """Return what stands in an address for a parameter; a parameter that nobody thought of fails here."""
    known = {
        "slug": ["demo"],
        "name": ["claim", "denies", "wording", "v1"],
        "user": ["ana", "ben"],
        "file": [
            *(f"demo.{format.extension}" for format in FORMATS.values()),
            "manifest.json",
            "guidelines.md",
        ],
        "format": list(FORMATS),
        "code": ["stale"],
        "secret": ["never-was-one"],
        "token_id": [NOBODY],
    }
    if parameter == "id" or (parameter.endswith("_id") and parameter != "token_id"):
        return ids
    return known[parameter]


def addresses(ids: list[str]) -> Iterator[tuple[Pattern, str]]:
    """Yield every pattern with every address that it makes of these ids, but for signing out, which ends the walk."""
    for pattern in patterns():
        if pattern.name == "sign-out":
            continue
        parameters = re.findall(r"<(?:\w+:)?(\w+)>", pattern.route)
        for chosen in itertools.product(*(values(parameter, ids) for parameter in parameters)):
            address = pattern.route
            for value in chosen:
                address = re.sub(r"<[^>]+>", value, address, count=1)
            yield pattern, address


def client(username: str) -> Client:
    made = Client()
    made.force_login(factories.user(username))
    return made


def said(answer: Any) -> str:
    """Return all that an answer says: where to, how it is tagged, and its body."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = "\n".join(f"{name}: {answer.get(name, '')}" for name in ("Location", "ETag", "HX-Trigger"))
    return f"{answer.status_code}\n{headers}\n{body.decode('utf-8', 'replace')}"


def traces(world: World, username: str, address: str, told: str, given: str = "") -> list[str]:
    """Return what of ana's an answer tells; what was asked by its id was known before."""
    found = [MARK] if MARK in told else []
    secret = dict(world.hers) if username == "mona" else world.hers | {"layer": world.layer}
    return found + [name for name, key in secret.items() if key in told and key not in address + given]
