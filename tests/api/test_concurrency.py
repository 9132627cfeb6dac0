"""Many programs at once, at a server as in production: nothing acknowledged is lost, nothing is overwritten unseen."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from factcheck import services
from factcheck.models import Act, Annotation, Event
from tests import factories
from tests.api.client import span

WRITERS = 50
EACH = 3

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(transactional_db: None) -> factories.Desk:
    return factories.desk("demo")


Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def ask(server: str) -> Ask:
    """Give `ask(secret, method, path, body, **headers)`, which answers with the status and the body."""

    def asking(secret: str, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        request = urllib.request.Request(
            f"{server}/api/v1/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/json", **headers},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                said = answer.read()
                return answer.status, json.loads(said) if said else None
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    return asking


def secret_of(username: str) -> str:
    """Make a token for the person."""
    return services.tokens.create(user=factories.user(username), name="tests", scope="write")[1]


def test_what_fifty_writers_were_told_is_there(desk: factories.Desk, ask: Ask) -> None:
    secrets = [secret_of(username) for username in ("ana", "ben", "rita", "ruben", "mona")]
    start = threading.Barrier(WRITERS)
    body = {"article": str(desk.article.id), "tag": "claim"}

    def write(number: int) -> list[str]:
        start.wait(30)
        made = []
        for turn in range(EACH):
            spans = [{"start": number, "end": number + 5 + turn}]
            status, said = ask(
                secrets[number % len(secrets)], "POST", "annotations/", body | {"spans": spans}
            )
            assert status == 201, said
            made.append(said["id"])
        return made

    with ThreadPoolExecutor(WRITERS) as pool:
        acknowledged = {key for made in pool.map(write, range(WRITERS)) for key in made}

    assert len(acknowledged) == WRITERS * EACH
    assert acknowledged == {
        str(key)
        for key in Annotation.objects.exclude(pk__in=[desk.claim.id, desk.denial.id]).values_list(
            "pk", flat=True
        )
    }
    told = Event.objects.filter(type="annotation", op="create", thing__in=acknowledged).values_list(
        "thing", flat=True
    )
    assert sorted(map(str, told)) == sorted(acknowledged)
    positions = sorted(Act.objects.filter(project=desk.project).values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))
    pulled: set[str] = set()
    after = ""
    for _page in range(1000):
        _status, page = ask(secrets[0], "GET", f"changes/?limit=50&type=annotation{after}")
        pulled |= {line["id"] for line in page["results"]}
        after = f"&after={page['cursor']}"
        if not page["more"]:
            break
    assert acknowledged <= pulled


def test_of_two_who_change_one_annotation_one_is_shown_the_others(desk: factories.Desk, ask: Ask) -> None:
    secret = secret_of("ana")
    path = f"annotations/{desk.claim.id}/"
    _status, before = ask(secret, "GET", path)
    start = threading.Barrier(2)

    def change(note: str) -> tuple[int, Any]:
        start.wait(30)
        return ask(secret, "PATCH", path, {"note": note}, **{"If-Match": f'"{before["revision"]}"'})

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(change, ("One.", "Two.")), key=lambda answer: answer[0])
    assert [status for status, _said in answers] == [200, 412]
    won, refused = answers[0][1], answers[1][1]
    assert refused["code"] == "stale"
    assert refused["present"] == won == ask(secret, "GET", path)[1]


def test_one_id_sent_by_many_at_once_is_one_annotation(desk: factories.Desk, ask: Ask) -> None:
    secret = secret_of("ana")
    path = "annotations/0190b8b2-1111-4222-8333-444444444444/"
    body = {"article": str(desk.article.id), "tag": "claim", "spans": [span(factories.TEXT, "The bridge")]}
    start = threading.Barrier(8)

    def put(_number: int) -> tuple[int, Any]:
        start.wait(30)
        return ask(secret, "PUT", path, body)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(put, range(8)))
    assert sorted(status for status, _said in answers) == [200] * 7 + [201]
    assert Annotation.objects.filter(created_by__username="ana").count() == 3


def test_the_first_annotations_of_a_person_share_one_layer(desk: factories.Desk, ask: Ask) -> None:
    secret = secret_of("ben")
    body = {"article": str(desk.article.id), "tag": "claim", "spans": [span(factories.TEXT, "The bridge")]}
    start = threading.Barrier(6)

    def post(_number: int) -> tuple[int, Any]:
        start.wait(30)
        return ask(secret, "POST", "annotations/", body)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(post, range(6)))
    assert [status for status, _said in answers] == [201] * 6
    assert len({said["layer"] for _status, said in answers}) == 1
