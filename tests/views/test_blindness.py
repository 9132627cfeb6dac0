"""Before the layers of a blind article open, a colleague finds no trace of another's, whatever address is asked.

Every address of the product is walked by its pattern, pages and API alike, so that a new one is walked too. Each text
that ana has written carries a word that stands nowhere else; her ids are looked for as well; and what a colleague reads
is the same, to the byte, before and after she has done all her work, so no number tells of it either.
"""

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from tests.api.test_access import BODIES
from tests.views.closed_layer import (
    COLLEAGUES,
    NOBODY,
    Pattern,
    World,
    addresses,
    begin,
    client,
    fill,
    said,
    traces,
)
from tests.views.test_access import TABLE as PAGES

WRITES = ("POST", "PUT", "PATCH", "DELETE")
# What is asked for where something is filtered; who does not know a parameter says so, or passes it over.
OF_PAGES = (
    *("?project=demo", "?q=secretly", "?owner=ana", "?annotation={claim}", "?source={source}", "?tag=claim"),
    *("?role=speaker&q=secretly", "?withdrawn=1", "?thread={thread}"),
)
OF_LISTS = (
    *("?project=demo", "?q=secretly", "?created_by=ana", "?owner=ana", "?withdrawn=1", "?mentions=ana"),
    *("?project=demo&include=object", "?article={article}", "?article={article}&overlaps=0-200"),
    *("?layer={layer}", "?source={source}", "?annotation={claim}", "?subject={denial}", "?thread={thread}"),
    *("?tag=claim", "?status=pending"),
)
OF_EXPORTS = (
    *("?project=demo", "?project=demo&answers=first", "?project=demo&layer={layer}", "?release={release}"),
    *("?article={article}", "?article={article}&answers=first"),
)
# What changes with every answer, and tells nothing: the tokens of forms, the ids that they bring, how far the feed is.
_EACH_TIME = re.compile(
    r'\b(?=\w*[G-Zg-z])[A-Za-z0-9]{64}\b|"cursor":\s*"[^"]*"|nonce="[^"]*"|name="id" value="[-0-9a-f]{36}"'
)
# Of these, one answer is all there is: nothing that is asked for changes it.
_FIXED = (
    *("/schema/", "/docs/", "/problems/", "/healthz", "/sign-in/", "/enter/", "/password/"),
    *("/files/", "/zip/"),
)


def asked_for(pattern: Pattern) -> tuple[str, ...]:
    """Return the queries with which an address is asked, besides none."""
    if any(part in pattern.route for part in _FIXED):
        return ()
    if "<str:format>" in pattern.route or "<slug:format>" in pattern.route:
        return OF_EXPORTS
    if "<" in pattern.route.replace("<slug:slug>", ""):
        return OF_PAGES[:2]
    return OF_LISTS if pattern.route.startswith("/api/") else OF_PAGES


def read(world: World, colleague: str) -> dict[str, str]:
    """Return what a colleague reads at every address that needs nothing of ana's to be named.

    What a filter finds is not a matter of roles, so ben asks with all of them; the others ask each address once.
    """
    names = {"article": world.article, "release": world.release, "layer": world.layer}
    names |= dict.fromkeys(("source", "claim", "denial", "thread"), NOBODY)
    browser = client(colleague)
    found: dict[str, str] = {}
    for pattern, address in addresses([world.article]):
        answer = browser.get(address)
        found[address] = _EACH_TIME.sub("", said(answer))
        # Where nothing is, or nothing is read, no query changes it.
        if colleague == "ben" and answer.status_code not in (404, 405):
            for query in asked_for(pattern):
                asked = address + query.format(**names)
                found[asked] = _EACH_TIME.sub("", said(browser.get(asked)))
    return found


@pytest.fixture(scope="module")
def walked(
    django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[World, dict[str, dict[str, str]]]]:
    """Make the world once: what each colleague reads while ana has only begun, then all her work, committed."""
    with django_db_blocker.unblock():
        world = begin()
        before = {colleague: read(world, colleague) for colleague in COLLEAGUES}
        yield fill(world), before
        call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)


@pytest.fixture(autouse=True, scope="module")
def without_warnings() -> Iterator[None]:
    """Log no refusals: most of what is asked for here is not there."""
    log = logging.getLogger("django.request")
    level = log.level
    log.setLevel(logging.ERROR)
    yield
    log.setLevel(level)


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


@pytest.mark.django_db
@pytest.mark.parametrize("colleague", COLLEAGUES)
def test_what_a_colleague_reads_is_the_same_whatever_is_done_in_a_closed_layer(
    walked: Any, colleague: str
) -> None:
    world, before = walked
    after = read(world, colleague)
    assert len(after) > (500 if colleague == "ben" else 200)
    assert before[colleague].keys() == after.keys()
    assert [address for address, told in after.items() if before[colleague][address] != told] == []
    found = {
        address: told for address in after if (told := traces(world, colleague, address, after[address]))
    }
    assert found == {}


# Of the roles these two may do most: annotate the same article, and manage, which includes all that reviewers do.
@pytest.mark.django_db
@pytest.mark.parametrize("colleague", ["ben", "mona"])
def test_her_things_are_not_there_for_a_colleague_who_knows_their_ids(walked: Any, colleague: str) -> None:
    """By every address, read as page, as JSON and as JSON-LD."""
    world = walked[0]
    browser = client(colleague)
    ids = [*world.hers.values(), world.layer]
    wrong: dict[str, Any] = {}
    not_read: set[str] = set()
    asked = 0
    for pattern, address in addresses(ids):
        if not re.search(r"[<:_]id>", pattern.route) or pattern.route in not_read:
            continue
        for accept in ("text/html", "application/ld+json") if "/api/" in address else ("text/html",):
            answer = browser.get(address, headers={"Accept": accept})
            asked += 1
            if told := traces(world, colleague, address, said(answer)):
                wrong[f"GET {address}"] = told
            known_layer = colleague == "mona" and world.layer in address and answer.status_code == 200
            if answer.status_code not in (403, 404, 405, 406) and not known_layer:
                wrong[f"GET {address} "] = answer.status_code
            if answer.status_code == 405:
                not_read.add(pattern.route)
    assert wrong == {}
    assert asked > 400


@pytest.mark.django_db
@pytest.mark.parametrize("colleague", ["ben", "mona"])
def test_what_is_written_is_answered_without_a_trace(walked: Any, colleague: str) -> None:
    """Every address that takes something is sent what it takes, with her ids in it."""
    world = walked[0]
    browser = client(colleague)
    wrong: dict[str, Any] = {}
    not_taken: set[tuple[str, str]] = set()
    asked = 0
    for pattern, address in addresses([world.article, *world.hers.values()]):
        api = address.startswith("/api/")
        for method in WRITES if api else ("POST",):
            if (pattern.route, method) in not_taken:
                continue
            body = body_of(world, pattern.name, method)
            with transaction.atomic():  # nothing of it is to stay
                if api:
                    raw = json.dumps(body).encode()
                    answer = browser.generic(method, address, raw, content_type="application/json")
                else:
                    answer = browser.post(address, body)
                told = traces(world, colleague, address, said(answer), json.dumps(body))
                transaction.set_rollback(True)
            asked += 1
            if answer.status_code == 405:
                not_taken.add((pattern.route, method))
            if told or answer.status_code >= 500:
                wrong[f"{method} {address}"] = (answer.status_code, told, body)
    assert wrong == {}
    assert asked > 500
