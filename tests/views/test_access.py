"""Every page and fragment, as each of the cast and signed out: who gets in, who is told no, who is told nothing."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver

from factcheck import queries, services
from factcheck.models import Comment, Notice, Review, Source
from tests import factories

PEOPLE = ("ana", "ben", "rita", "mona", "vic", "eve", None)
NOBODY = "00000000-0000-7000-8000-000000000000"


class Route(NamedTuple):
    """How a route is asked for, and what each of PEOPLE is answered."""

    method: str
    address: str
    statuses: tuple[int, ...]
    form: dict[str, str]


def get(address: str, *statuses: int) -> Route:
    return Route("get", address, statuses, {})


def post(address: str, *statuses: int, **form: str) -> Route:
    return Route("post", address, statuses, form)


# All work on the desk is ana's. Outsiders get 404 wherever there is something to know of; who is signed out is asked
# to sign in, whatever is there.
#                                                          ana  ben  rita mona vic  eve  signed out
TABLE: dict[str, Route] = {
    "projects:list": get("/", 200, 200, 200, 200, 200, 200, 302),
    "projects:library": get("/projects/{slug}/", 200, 200, 200, 200, 200, 404, 302),
    "projects:guidelines": get("/projects/{slug}/guidelines/", 200, 200, 200, 200, 200, 404, 302),
    "projects:data": get("/projects/{slug}/data/", 200, 200, 200, 200, 200, 404, 302),
    # -- importing: the manager's, and what is uploaded is nobody else's; nothing is under way here
    "projects:import": get("/projects/{slug}/import/", 403, 403, 403, 200, 403, 404, 302),
    "projects:import-read": post("/projects/{slug}/import/read/", 403, 403, 403, 404, 403, 404, 302),
    "projects:import-go": post("/projects/{slug}/import/go/", 403, 403, 403, 404, 403, 404, 302),
    "projects:import-discard": post("/projects/{slug}/import/discard/", 403, 403, 403, 404, 403, 404, 302),
    "projects:import-csv": get("/projects/{slug}/import/not-taken.csv", 403, 403, 403, 404, 403, 404, 302),
    # -- the settings: the manager's; a post is answered by what it changed, or by what was wrong with it
    "settings:general": get("/projects/{slug}/settings/", 403, 403, 403, 200, 403, 404, 302),
    "settings:tags": post(
        "/projects/{slug}/settings/tags/",
        *(403, 403, 403, 303, 403, 404, 302),
        move="up:denial",
        seen="claim denial evidence",
    ),
    "settings:tag-new": get("/projects/{slug}/settings/new-tag/", 403, 403, 403, 200, 403, 404, 302),
    "settings:tag-preview": get("/projects/{slug}/settings/tag-preview/", 403, 403, 403, 200, 403, 404, 302),
    "settings:tag-css": get("/projects/{slug}/settings/tag-preview.css", 403, 403, 403, 200, 403, 404, 302),
    "settings:tag": post(
        "/projects/{slug}/settings/tags/claim/", 403, 403, 403, 422, 403, 404, 302, title=""
    ),
    "settings:tag-state": post(
        "/projects/{slug}/settings/tags/denial/state/", 403, 403, 403, 303, 403, 404, 302, do="retire"
    ),
    "settings:kinds": post(
        "/projects/{slug}/settings/relations/",
        *(403, 403, 403, 409, 403, 404, 302),
        move="up:denies",
        seen="supports denies",
    ),
    "settings:kind-new": get("/projects/{slug}/settings/new-relation/", 403, 403, 403, 200, 403, 404, 302),
    "settings:kind": get("/projects/{slug}/settings/relations/denies/", 403, 403, 403, 200, 403, 404, 302),
    "settings:kind-state": post(
        "/projects/{slug}/settings/relations/denies/state/", 403, 403, 403, 303, 403, 404, 302, do="retire"
    ),
    "settings:attributes": get("/projects/{slug}/settings/attributes/", 403, 403, 403, 200, 403, 404, 302),
    "settings:attribute-new": get(
        "/projects/{slug}/settings/new-attribute/", 403, 403, 403, 200, 403, 404, 302
    ),
    "settings:attribute": get(
        "/projects/{slug}/settings/attributes/wording/?tag=claim", 403, 403, 403, 200, 403, 404, 302
    ),
    "settings:attribute-state": post(
        "/projects/{slug}/settings/attributes/unsure/state/", 403, 403, 403, 303, 403, 404, 302, do="retire"
    ),
    "settings:review": get("/projects/{slug}/settings/review/", 403, 403, 403, 200, 403, 404, 302),
    "settings:members": get("/projects/{slug}/settings/members/", 403, 403, 403, 200, 403, 404, 302),
    "settings:member": post(
        "/projects/{slug}/settings/members/vic/", 403, 403, 403, 303, 403, 404, 302, role="annotator"
    ),
    # -- the work: ana's layer stands on the article; what is decided on it is hers to answer
    "work:board": get("/projects/{slug}/board/", 200, 200, 200, 200, 200, 404, 302),
    "work:spread": post(
        "/projects/{slug}/board/spread/",
        *(403, 403, 403, 200, 403, 404, 302),
        article="{article}",
        each="1",
        owner="ben",
    ),
    "work:article": get("/articles/{article}/assignments/", 200, 200, 200, 200, 200, 404, 302),
    "work:assign": post(
        "/articles/{article}/assignments/assign/", 403, 403, 403, 303, 403, 404, 302, owner="ben"
    ),
    "work:reviewers": post(
        "/articles/{article}/assignments/reviewers/", 403, 403, 403, 303, 403, 404, 302, reviewer="rita"
    ),
    "work:step": post("/layers/{layer}/step/", 303, 403, 403, 403, 403, 404, 302, do="submit"),
    "work:decided": get("/decided/", 200, 200, 200, 200, 200, 200, 302),
    "work:respond": post(
        "/decided/decisions/{question}/", 303, 404, 404, 404, 404, 404, 302, answer="answered", note="x"
    ),
    "work:proposed": post(
        "/decided/proposed/{proposed}/", 303, 404, 404, 404, 404, 404, 302, answer="refused", note="x"
    ),
    "scheme": get("/projects/{slug}/scheme.css", 200, 200, 200, 200, 200, 404, 302),
    "articles:new": get("/projects/{slug}/articles/new/", 200, 200, 200, 200, 403, 404, 302),
    "articles:page": get("/articles/{article}/", 200, 200, 200, 200, 200, 404, 302),
    "articles:edit": get("/articles/{article}/edit/", 200, 200, 200, 200, 403, 404, 302),
    "articles:data": get("/articles/{article}/data/", 200, 200, 200, 200, 200, 404, 302),
    "articles:map": get("/articles/{article}/map/", 200, 200, 200, 200, 200, 404, 302),
    "articles:map-csv": get("/articles/{article}/map.csv", 200, 200, 200, 200, 200, 404, 302),
    "articles:map-svg": get("/articles/{article}/map.svg", 200, 200, 200, 200, 200, 404, 302),
    "sources:list": get("/projects/{slug}/sources/", 200, 200, 200, 200, 200, 404, 302),
    "sources:suggest": get(
        "/projects/{slug}/sources/suggest/?q=may&role=speaker", 200, 200, 200, 200, 200, 404, 302
    ),
    "sources:page": get("/sources/{source}/", 200, 200, 200, 200, 200, 404, 302),
    "sources:edit": get("/sources/{source}/edit/", 200, 200, 200, 200, 403, 404, 302),
    "sources:text": get("/sources/{document}/text/", 200, 200, 200, 200, 403, 404, 302),
    "sources:captured": get("/sources/{document}/captured/", 200, 200, 200, 200, 200, 404, 302),
    "sources:merge": post("/sources/{source}/merge/", 303, 303, 303, 303, 403, 404, 302, into="{document}"),
    "sources:unmerge": post("/sources/{merged}/unmerge/", 303, 303, 303, 303, 403, 404, 302),
    "releases:list": post("/projects/{slug}/releases/", 403, 403, 403, 303, 403, 404, 302, name="v2"),
    "releases:page": get("/projects/{slug}/releases/{release}/", 200, 200, 200, 200, 200, 404, 302),
    # -- reviewing: looking is for whoever may see the thing, deciding for reviewers and never on own work
    "review:queue": get("/review/?at=annotation:{annotation}", 200, 200, 200, 200, 200, 404, 302),
    "review:decide": post(
        "/review/decide/",
        *(403, 403, 303, 303, 403, 404, 302),
        at="annotation:{annotation}",
        decision="approve",
        thing_version="1",
    ),
    "review:propose": post(
        "/review/propose/",
        *(403, 403, 303, 303, 403, 404, 302),
        at="annotation:{annotation}",
        layer="{layer}",
        tag="claim",
        spans="0-10",
    ),
    "review:take-back": post(
        "/review/proposed/{proposed}/take-back/",
        *(403, 403, 303, 403, 403, 404, 302),
        at="annotation:{annotation}",
    ),
    # -- talk: a thread of ben's on ana's claim, with one comment of each; viewers read
    "talk:inbox": get("/talk/", 200, 200, 200, 200, 200, 200, 302),
    "talk:see": post("/talk/seen/", 303, 303, 303, 303, 303, 303, 302, notice="{notice}"),
    # The notice is ana's: of another's nobody is to know.
    "talk:follow": post("/talk/{notice}/", 303, 404, 404, 404, 404, 404, 302),
    "talk:article": post("/articles/{article}/talk/", 303, 303, 303, 303, 403, 404, 302, body="Well?"),
    "talk:annotation": post(
        "/annotations/{annotation}/talk/", 303, 303, 303, 303, 403, 404, 302, body="Well?", about="{relation}"
    ),
    "talk:relation": get("/relations/{relation}/talk/", 200, 200, 200, 200, 200, 404, 302),
    "talk:thread": get("/threads/{thread}/", 303, 303, 303, 303, 303, 404, 302),
    "talk:reply": post("/threads/{thread}/reply/", 303, 303, 303, 303, 403, 404, 302, body="Yes."),
    "talk:settle": post("/threads/{thread}/settle/", 303, 303, 303, 303, 403, 404, 302, do="resolve"),
    "talk:comment": get("/comments/{comment}/", 200, 403, 403, 403, 403, 404, 302),
    "talk:withdraw": post("/comments/{comment}/withdraw/", 303, 403, 403, 403, 403, 404, 302),
    "talk:restore": post("/comments/{comment}/restore/", 303, 403, 403, 403, 403, 404, 302),
    "mail": post("/profile/mail/", 303, 303, 303, 303, 303, 303, 302, wanted="0"),
    "profile": get("/profile/", 200, 200, 200, 200, 200, 200, 302),
    "password": get("/profile/password/", 200, 200, 200, 200, 200, 200, 302),
    # Of another's token nobody is to know; revoking one's own is in test_profile.
    "token-revoke": post("/profile/tokens/{nobody}/revoke/", 404, 404, 404, 404, 404, 404, 302),
    "sign-in": get("/sign-in/", 302, 302, 302, 302, 302, 302, 200),
    "sign-out": post("/sign-out/", 302, 302, 302, 302, 302, 302, 302),
    "enter": get("/enter/never-was-one/", 410, 410, 410, 410, 410, 410, 410),
    "healthz": get("/healthz", 200, 200, 200, 200, 200, 200, 200),
    # -- the article's desk: posts change what is ana's, or what is one's own
    "desk:create": post(
        "/articles/{article}/annotations/", 303, 303, 303, 303, 403, 404, 302, tag="claim", spans="0-10"
    ),
    "desk:undo": post("/articles/{article}/undo/", 303, 404, 404, 404, 403, 404, 302),
    "desk:fresh": get("/articles/{article}/fresh/", 303, 303, 303, 303, 303, 404, 302),
    "desk:token": get("/articles/{article}/token/", 200, 200, 200, 200, 200, 404, 302),
    "desk:annotation": post(
        "/annotations/{annotation}/", 303, 403, 403, 403, 403, 404, 302, note="x", revision="2"
    ),
    "desk:card": get("/annotations/{annotation}/card/", 303, 303, 303, 303, 303, 404, 302),
    "desk:withdraw": post(
        "/annotations/{annotation}/withdraw/", 303, 403, 403, 403, 403, 404, 302, revision="2"
    ),
    "desk:restore": post("/annotations/{annotation}/restore/", 303, 403, 403, 403, 403, 404, 302),
    "desk:link-new": get(
        "/annotations/{annotation}/links/new/?role=speaker", 200, 200, 200, 200, 200, 404, 302
    ),
    "desk:link-create": post(
        "/annotations/{annotation}/links/",
        303,
        403,
        403,
        403,
        403,
        404,
        302,
        role="concerns",
        source="{source}",
    ),
    "desk:link-same": post("/annotations/{denial}/links/same/", 303, 404, 404, 404, 404, 404, 302),
    "desk:link": get("/links/{link}/", 200, 200, 200, 200, 200, 404, 302),
    # The link of the small desk is a speaker, which has no place to move from; moving one is in test_attribution.
    "desk:link-move": post("/links/{link}/move/", 422, 403, 403, 403, 403, 404, 302, step="1"),
    "desk:link-withdraw": post("/links/{link}/withdraw/", 303, 403, 403, 403, 403, 404, 302, revision="1"),
    "desk:link-restore": post("/links/{link}/restore/", 303, 403, 403, 403, 403, 404, 302),
    "desk:ends": get("/annotations/{annotation}/ends/?q=denied", 200, 200, 200, 200, 200, 404, 302),
    "desk:relation-new": get("/annotations/{annotation}/relations/new/", 200, 200, 200, 200, 200, 404, 302),
    "desk:relation-create": post(
        "/annotations/{denial}/relations/",
        303,
        303,
        303,
        303,
        403,
        404,
        302,
        kind="about",
        end="{annotation}",
    ),
    "desk:relation": get("/relations/{relation}/", 200, 200, 200, 200, 200, 404, 302),
    "desk:relation-withdraw": post("/relations/{relation}/withdraw/", 303, 403, 403, 403, 403, 404, 302),
    "desk:relation-restore": post("/relations/{relation}/restore/", 303, 403, 403, 403, 403, 404, 302),
}


def routes() -> Iterator[str]:
    """Tell every route by its name, the API left out: it has a table of its own."""

    def walk(patterns: Any, namespace: str) -> Iterator[str]:
        for entry in patterns:
            if not isinstance(entry, URLResolver):
                yield f"{namespace}{entry.name}"
            elif not str(entry.pattern).startswith("api/"):
                inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
                yield from walk(entry.url_patterns, inner)

    return walk(get_resolver().url_patterns, "")


def source_named(desk: factories.Desk, name: str) -> str:
    """Return the id of a further source of the desk, made if need be; of “Merged” it is merged away."""
    found = Source.objects.filter(project=desk.project, name=name).first()
    if found is None:
        found = factories.source(desk.project, name, kind="document")
        if name == "Merged":
            services.merges.merge(source_id=found.id, into=desk.mayor.id, by=factories.actor("ana"))
    return str(found.id)


def decided(desk: factories.Desk) -> str:
    """Return the id of a question on ana's claim, asked if need be."""
    found = Review.objects.filter(annotation=desk.claim.id).first()
    if found is None:
        found = services.reviews.create(
            thing="annotation",
            thing_id=UUID(desk.claim.id),
            decision="ask",
            note="Sure?",
            by=factories.actor("rita"),
        ).row
    return str(found.id)


def proposed(desk: factories.Desk) -> str:
    """Return the id of what rita has proposed to ana as missed."""
    rows = queries.proposed_annotations.page(factories.user("rita").pk, queries.reading.Cut(1), owner="ana")
    if rows:
        return rows[0].id
    made = services.proposed_annotations.create(
        layer_id=UUID(desk.claim.layer), tag="claim", spans=[(0, 10)], by=factories.actor("rita")
    )
    return str(made.row.id)


def talk(desk: factories.Desk) -> dict[str, str]:
    """Return the ids of a thread of ben's on ana's claim, of her comment in it, and of the notice that she got."""
    found = Comment.objects.filter(project=desk.project, created_by__username="ana").first()
    if found is None:
        thread = factories.thread(desk.claim, "Is that all?", by="ben")
        found = Comment.objects.get(pk=factories.comment(thread, "All.", by="ana").id)
    notice = Notice.objects.get(user__username="ana", comment__thread=found.thread_id)
    return {"thread": str(found.thread_id), "comment": str(found.pk), "notice": str(notice.pk)}


def filled(text: str, desk: factories.Desk) -> str:
    further = {
        key: source_named(desk, name)
        for key, name in (("document", "Minutes"), ("merged", "Merged"))
        if f"{{{key}}}" in text
    }
    if "{release}" in text and not queries.releases.named(desk.project.slug, "v1"):
        services.releases.make(project_id=desk.project.pk, name="v1", by=factories.actor("mona"))
    if "{question}" in text:
        further["question"] = decided(desk)
    if "{proposed}" in text:
        further["proposed"] = proposed(desk)
    if any(f"{{{key}}}" in text for key in ("thread", "comment", "notice")):
        further |= talk(desk)
    return text.format(
        **further,
        layer=desk.claim.layer,
        release="v1",
        slug=desk.project.slug,
        article=desk.article.id,
        annotation=desk.claim.id,
        denial=desk.denial.id,
        source=desk.mayor.id,
        link=desk.said.id,
        relation=desk.denies.id,
        nobody=NOBODY,
    )


def ask(username: str | None, route: Route, desk: factories.Desk) -> int:
    client = Client()
    if username:
        client.force_login(factories.user(username))
    form = {name: filled(value, desk) for name, value in route.form.items()}
    return getattr(client, route.method)(filled(route.address, desk), form).status_code


def test_every_route_is_in_the_table() -> None:
    assert set(routes()) == set(TABLE)


@pytest.mark.django_db
@pytest.mark.parametrize("person", PEOPLE)
def test_who_is_answered_what(person: str | None) -> None:
    desk = factories.desk()
    wrong = []
    for name, route in TABLE.items():
        with transaction.atomic():  # what one route did is undone before the next is asked
            answered = ask(person, route, desk)
            transaction.set_rollback(True)
        wanted = dict(zip(PEOPLE, route.statuses, strict=True))[person]
        if answered != wanted:
            wrong.append(f"{name}: {answered}, not {wanted}")
    assert wrong == []


@pytest.mark.django_db
def test_what_an_outsider_may_not_know_of_looks_like_what_never_was() -> None:
    """The answer for eve differs in nothing from the one for an address with made-up names."""
    desk = factories.desk()
    client = Client()
    client.force_login(factories.user("eve"))
    names = dict.fromkeys(
        (
            "document",
            "merged",
            "article",
            "annotation",
            "denial",
            "source",
            "link",
            "relation",
            "nobody",
            "release",
            "layer",
            "question",
            "proposed",
            *(
                "document",
                "merged",
                "article",
                "annotation",
                "denial",
                "source",
                "link",
                "relation",
                "nobody",
            ),
            *("thread", "comment", "notice"),
        ),
        NOBODY,
    )
    told = [name for name, route in TABLE.items() if 404 in route.statuses]
    for name in told:
        route = TABLE[name]
        there = getattr(client, route.method)(filled(route.address, desk))
        never = getattr(client, route.method)(route.address.format(slug="never-was", **names))
        assert (there.status_code, _words(there)) == (never.status_code, _words(never)), name
    assert len(told) > 20


def _words(response: Any) -> str:
    """Return the page without the CSRF secret, which differs each time."""
    return "\n".join(line for line in response.content.decode().splitlines() if "csrf" not in line.lower())
