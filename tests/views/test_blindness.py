"""Before the layers of a blind article open, a colleague finds no trace of another's, whatever address is asked.

Every address of the product is walked by its pattern, pages and API alike, so that a new one is walked too. Each text
that ana has written carries a word that stands nowhere else; her ids are looked for as well; and what a colleague reads
is the same, to the byte, before and after she has done all her work, so no number tells of it either.
"""

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver

from factcheck import queries, services
from factcheck.exports.registry import FORMATS
from factcheck.queries import interchange
from tests import factories
from tests.api.test_access import BODIES
from tests.factories import actor
from tests.views.test_access import TABLE as PAGES

pytestmark = pytest.mark.django_db(transaction=True)

MARK = "zebrafish"
COLLEAGUES = ("ben", "rita", "mona", "vic")
NOBODY = "00000000-0000-7000-8000-000000000000"
WRITES = ("POST", "PUT", "PATCH", "DELETE")
# What lists, searches and exports are asked for; a list that does not know a parameter says so.
QUERIES = (
    *("", "?project=demo", "?q=secretly", "?created_by=ana", "?owner=ana", "?withdrawn=1", "?answers=first"),
    *(
        "?project=demo&include=object",
        "?article={article}",
        "?article={article}&answers=first",
        "?layer={layer}",
    ),
    *(
        "?project=demo&layer={layer}",
        "?source={source}",
        "?annotation={claim}",
        "?subject={denial}",
        "?tag=claim",
    ),
    *(
        "?article={article}&overlaps=0-200",
        "?status=pending",
        "?role=speaker&q=secretly",
        "?release={release}",
    ),
)
# What changes with every answer, and tells nothing: the tokens of forms, and how far the feed is.
_EACH_TIME = re.compile(r'\b(?=\w*[G-Zg-z])[A-Za-z0-9]{64}\b|"cursor":\s*"[^"]*"|nonce="[^"]*"')
# Of these, one answer is all there is: nothing that is asked for changes it.
_FIXED = ("/schema/", "/docs/", "/problems/", "/healthz", "/sign-in/", "/enter/", "/password/")


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
    made = {"claim": claim, "denies": denies, "source": source, "paper": paper, "text": text}
    made |= {"said": said, "shown": shown, "quoted": quoted, "gone": gone}
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
    *("named", "link", "locator", "quote"),
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


def reads(world: World) -> list[str]:
    """Return every address that needs nothing of ana's to be named, asked for in every way."""
    names = {"article": world.article, "release": world.release, "layer": world.layer}
    names |= dict.fromkeys(("source", "claim", "denial"), NOBODY) | world.hers
    found = []
    for pattern, address in addresses([world.article]):
        several = "<" not in pattern.route or "slug" in pattern.route or "format" in pattern.route
        asked = (
            ("",) if any(part in pattern.route for part in _FIXED) else QUERIES if several else QUERIES[:4]
        )
        found += [address + query.format(**names) for query in asked]
    return found


def traces(world: World, username: str, address: str, told: str, given: str = "") -> list[str]:
    """Return what of ana's an answer tells; what was asked by its id was known before."""
    found = [MARK] if MARK in told else []
    secret = dict(world.hers) if username == "mona" else world.hers | {"layer": world.layer}
    return found + [name for name, key in secret.items() if key in told and key not in address + given]


def body_of(world: World, name: str, method: str) -> dict[str, Any]:
    """Return what the tables of access send to this address, with ana's ids in it wherever one is named."""
    names = {
        "article": world.article,
        "layer": world.layer,
        "slug": "demo",
        "release": world.release,
    } | world.hers
    names |= {"mayor": world.hers["source"], "annotation": world.hers["claim"], "link": world.hers["said"]}
    names |= {
        "document": world.hers["paper"],
        "minutes": world.hers["paper"],
        "relation": world.hers["denies"],
    }

    def filled(value: Any) -> Any:
        if isinstance(value, str):
            return re.sub(r"\{(\w+)\}", lambda found: names.get(found.group(1), NOBODY), value)
        if isinstance(value, dict):
            return {key: filled(inner) for key, inner in value.items()}
        return [filled(inner) for inner in value] if isinstance(value, list) else value

    if name in PAGES:
        return dict(filled(PAGES[name].form))
    return dict(filled(BODIES.get((name, method), {})))


@pytest.mark.parametrize("colleague", COLLEAGUES)
def test_what_a_colleague_reads_is_the_same_whatever_is_done_in_a_closed_layer(colleague: str) -> None:
    world = begin()
    browser = client(colleague)
    asked = reads(world)
    assert len(asked) > 500

    def read() -> dict[str, str]:
        return {address: _EACH_TIME.sub(r"\1", said(browser.get(address))) for address in asked}

    before = read()
    world = fill(world)
    after = read()
    differing = [address for address in asked if before[address] != after[address]]
    assert differing == []
    found = {
        address: told for address in asked if (told := traces(world, colleague, address, after[address]))
    }
    assert found == {}


@pytest.mark.parametrize("colleague", COLLEAGUES)
def test_her_things_are_not_there_for_a_colleague_who_knows_their_ids(colleague: str) -> None:
    """By every address, read as page, as JSON and as JSON-LD, and written to in every way."""
    world = fill(begin())
    browser = client(colleague)
    ids = [*world.hers.values(), world.layer]
    wrong: dict[str, Any] = {}
    plain = [address for pattern, address in addresses(ids) if re.search(r"[<:_]id>", pattern.route)]
    assert len(plain) > 400
    for address in plain:
        for accept in ("text/html", "application/ld+json") if "/api/" in address else ("text/html",):
            answer = browser.get(address, headers={"Accept": accept})
            if told := traces(world, colleague, address, said(answer)):
                wrong[f"GET {address}"] = told
            known_layer = colleague == "mona" and world.layer in address and answer.status_code == 200
            if answer.status_code not in (403, 404, 405, 406) and not known_layer:
                wrong[f"GET {address} "] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("colleague", COLLEAGUES)
def test_what_is_written_is_answered_without_a_trace(colleague: str) -> None:
    """Every address that takes something is sent what it takes, with her ids in it."""
    world = fill(begin())
    browser = client(colleague)
    wrong: dict[str, Any] = {}
    asked = 0
    for pattern, address in addresses([world.article, *world.hers.values()]):
        api = address.startswith("/api/")
        for method in WRITES if api else ("POST",):
            body = body_of(world, pattern.name, method)
            with transaction.atomic():  # nothing of it is to stay
                if api:
                    raw = json.dumps(body).encode()
                    answer = browser.generic(method, address, raw, content_type="application/json")
                else:
                    answer = browser.post(address, body)
                told = traces(world, colleague, address, said(answer), json.dumps(body))
                transaction.set_rollback(True)
            asked += answer.status_code != 405
            if told or answer.status_code >= 500:
                wrong[f"{method} {address}"] = (answer.status_code, told, body)
    assert wrong == {}
    assert asked > 500


def test_nor_in_a_release_an_import_or_what_the_system_exports() -> None:
    world = fill(begin())
    mona = client("mona")
    services.releases.make(project_id=queries.projects.id_of("demo"), name="v2", by=actor("mona"))
    listed = mona.get("/api/v1/projects/demo/releases/v2/").json()
    files = [one["name"] for one in listed["manifest"]["files"]]
    assert len(files) > len(FORMATS)
    for address in (
        *(f"/api/v1/projects/demo/releases/v2/files/{name}/" for name in files),
        *("/api/v1/projects/demo/releases/v2/", "/projects/demo/releases/v2/"),
    ):
        assert traces(world, "mona", address, said(mona.get(address))) == [], address
    for name in FORMATS:
        told = b"".join(interchange.export(name, interchange.select(None, project="demo")))
        assert MARK.encode() not in told, name
    # What is hers is brought in again, as somebody would who guesses at it: the preview does not say that it is here.
    text = mona.get(f"/api/v1/articles/{world.article}/text/").content.decode()
    guessed = {"tag": "denial", "spans": [{"start": text.index("denied"), "end": text.index("denied") + 16}]}
    article = {"id": world.article, "title": factories.TITLE, "text": text}
    line = {"article": article, "annotations": [guessed | {"created_by": "ana"}]}
    sent = SimpleUploadedFile("guess.jsonl", json.dumps(line).encode())
    assert mona.post("/projects/demo/import/", {"file": [sent]}).status_code == 303
    shown = said(mona.get("/projects/demo/import/"))
    assert "not open yet" in shown
    assert traces(world, "mona", "", shown) == []


@pytest.mark.parametrize("colleague", COLLEAGUES)
def test_once_opened_everything_is_there(colleague: str) -> None:
    world = fill(begin())
    services.layers.submit(layer_id=UUID(world.layer), by=actor("ana"))
    [bens] = client("mona").get("/api/v1/layers/?project=demo&owner=ben").json()["results"]
    services.layers.submit(layer_id=UUID(bens["id"]), by=actor("ben"))
    browser = client(colleague)
    everything = (
        "exports/jsonl/?project=demo",
        "exports/jsonld/?project=demo",
        "exports/csv-zip/?project=demo",
    )
    for door in everything[:2]:
        told = said(browser.get(f"/api/v1/{door}"))
        assert [field for field in FIELDS if words(field) not in told] == [], door
    told = said(browser.get("/api/v1/exports/jsonl/?project=demo&answers=first"))
    assert [field for field in FIELDS if words(field) not in told] == []
    doors = {
        "/api/v1/changes/?project=demo&include=object": ("note", "relation", "source", "named"),
        "/api/v1/annotations/?q=secretly": ("note", "begun"),
        "/api/v1/sources/?q=secretly": ("source", "paper"),
        "/projects/demo/sources/?q=secretly": ("source",),
        "/projects/demo/sources/suggest/?role=speaker&q=zebra": ("source",),
        f"/sources/{world.hers['source']}/": ("source", "description"),
        f"/articles/{world.article}/": ("note", "source"),
        f"/api/v1/articles/{world.article}/w3c/": ("note", "relation", "named"),
        f"/api/v1/articles/{world.article}/map/": ("source",),
        f"/api/v1/annotations/{world.hers['claim']}/": ("note", "attribute", "named", "quote"),
        "/api/v1/exports/csv/?project=demo": ("note", "source"),
        "/api/v1/source-links/?project=demo": ("link", "locator", "quote"),
        "/api/v1/relations/?project=demo": ("relation",),
    }
    for door, fields in doors.items():
        told = said(browser.get(door))
        assert [field for field in fields if words(field) not in told] == [], (door, told[:300])
