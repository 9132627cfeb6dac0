"""Every page and fragment, as each of the cast and signed out: who gets in, who is told no, who is told nothing."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

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
    "scheme": get("/projects/{slug}/scheme.css", 200, 200, 200, 200, 200, 404, 302),
    "articles:new": get("/projects/{slug}/articles/new/", 200, 200, 200, 200, 403, 404, 302),
    "articles:page": get("/articles/{article}/", 200, 200, 200, 200, 200, 404, 302),
    "articles:edit": get("/articles/{article}/edit/", 200, 200, 200, 200, 403, 404, 302),
    "sources:list": get("/projects/{slug}/sources/", 200, 200, 200, 200, 200, 404, 302),
    "sources:suggest": get(
        "/projects/{slug}/sources/suggest/?q=may&role=speaker", 200, 200, 200, 200, 200, 404, 302
    ),
    "sources:page": get("/sources/{source}/", 200, 200, 200, 200, 200, 404, 302),
    "sources:edit": get("/sources/{source}/edit/", 200, 200, 200, 200, 403, 404, 302),
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


def filled(text: str, desk: factories.Desk) -> str:
    return text.format(
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
@pytest.mark.parametrize("name", TABLE)
def test_who_is_answered_what(name: str) -> None:
    route = TABLE[name]
    # Each on a desk of their own, so that what one did does not change what the next is answered.
    answered = {str(person): ask(person, route, factories.desk()) for person in PEOPLE}
    assert answered == dict(zip(map(str, PEOPLE), route.statuses, strict=True))


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, route in TABLE.items() if 404 in route.statuses])
def test_what_an_outsider_may_not_know_of_looks_like_what_never_was(name: str) -> None:
    """The answer for eve differs in nothing from the one for an address with made-up names."""
    desk, route = factories.desk(), TABLE[name]
    client = Client()
    client.force_login(factories.user("eve"))
    names = dict.fromkeys(("article", "annotation", "denial", "source", "link", "relation", "nobody"), NOBODY)
    there = getattr(client, route.method)(filled(route.address, desk))
    never = getattr(client, route.method)(route.address.format(slug="never-was", **names))
    assert (there.status_code, _words(there)) == (never.status_code, _words(never))


def _words(response: Any) -> str:
    """Return the page without the CSRF secret, which differs each time."""
    return "\n".join(line for line in response.content.decode().splitlines() if "csrf" not in line.lower())
