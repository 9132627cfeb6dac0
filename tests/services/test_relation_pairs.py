"""Every kind of relation between every two tags, by each way in: SQL, service, API and page say the same.

The table is generated; what is legal in it stands in the guidelines of a new project, written down here once more.
"""

from collections.abc import Callable
from itertools import product
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from factcheck import services
from factcheck.exceptions import Conflict
from factcheck.models import Relation, RelationKind
from factcheck.models.fields import uuid7
from factcheck.queries.annotations import Row
from tests import factories
from tests.api.client import Api

pytestmark = pytest.mark.django_db

TAGS = ("claim", "denial", "evidence")
LEGAL = {
    "denies": {("denial", "claim"), ("denial", "evidence"), ("denial", "denial")},
    "supports": {("evidence", "claim"), ("evidence", "denial"), ("evidence", "evidence")},
    "refutes": {("evidence", "claim"), ("evidence", "denial"), ("evidence", "evidence")},
    "context": {("evidence", tag) for tag in TAGS},
    "repeats": {("claim", "claim"), ("denial", "denial")},
    "contradicts": {("claim", "claim")},
    "about": set(product(TAGS, TAGS)),
}
TABLE = [
    (kind, subject, object_, (subject, object_) in LEGAL[kind])
    for kind, subject, object_ in product(LEGAL, TAGS, TAGS)
]

Ends = dict[str, list[Row]]
Way = Callable[[factories.Desk, str, Row, Row], bool]


def by_sql(desk: factories.Desk, kind: str, subject: Row, object_: Row) -> bool:
    found = RelationKind.objects.get(project=desk.project, name=kind)
    by = factories.actor("ana")
    article = desk.article.id
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            values = services.acts.parameters("test", project_id=desk.project.pk, by=by)
            cursor.execute(f"SELECT {services.acts.BEGIN_ACT}", values)
            cursor.execute(
                "INSERT INTO relation (id, project_id, article_id, layer_id, kind_id, is_symmetric, subject_id,"
                " object_id, object_article_id, attributes, note, status, version, revision, created_by_id)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, '{}', '', 'pending', 1, 1, %s)",
                [
                    *(uuid7(), desk.project.pk, article, subject.layer, found.pk, found.symmetric),
                    *(subject.id, object_.id, article, by.user_id),
                ],
            )
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != "FC005":
            raise
        return False
    return True


def by_service(desk: factories.Desk, kind: str, subject: Row, object_: Row) -> bool:
    try:
        factories.relation(subject, object_, kind=kind)
    except Conflict as refusal:
        if f"“{kind}” from {subject.tag} to {object_.tag}" not in str(refusal):
            raise
        return False
    return True


def by_api(desk: factories.Desk, kind: str, subject: Row, object_: Row) -> bool:
    answer = Api("ana").post("relations/", {"kind": kind, "subject": subject.id, "object": object_.id})
    assert answer.status_code in (201, 409), answer.content
    if answer.status_code == 409:
        assert (answer.json()["code"], answer.json()["field"]) == ("conflict", "kind")
    return answer.status_code == 201


def by_page(desk: factories.Desk, kind: str, subject: Row, object_: Row) -> bool:
    client = Client()
    client.force_login(factories.user("ana"))
    sent = {"kind": kind, "end": object_.id, "id": str(uuid4())}
    answer = client.post(f"/annotations/{subject.id}/relations/", sent)
    assert answer.status_code in (303, 409), answer.content
    return answer.status_code == 303


@pytest.fixture
def desk() -> factories.Desk:
    return factories.desk()


@pytest.fixture
def ends(desk: factories.Desk) -> Ends:
    """Two annotations of each tag."""
    return {
        tag: [factories.annotation(desk.article, words, tag=tag) for words in ("The bridge", "another")]
        for tag in TAGS
    }


@pytest.mark.parametrize("way", [by_sql, by_service, by_api, by_page], ids=lambda way: way.__name__)
def test_each_way_in_takes_the_legal_pairs_and_no_other(desk: factories.Desk, ends: Ends, way: Way) -> None:
    said = {}
    for kind, subject, object_, _legal in TABLE:
        said[kind, subject, object_] = way(desk, kind, ends[subject][0], ends[object_][1])
        for made in Relation.objects.filter(project=desk.project, withdrawn_at=None).exclude(
            pk=desk.denies.id
        ):
            services.relations.withdraw(relation_id=made.pk, by=factories.actor("ana"))
    assert len(said) == 63
    assert said == {(kind, subject, object_): legal for kind, subject, object_, legal in TABLE}


def test_the_page_offers_just_the_legal_ways_between_two_ends(desk: factories.Desk, ends: Ends) -> None:
    client = Client()
    client.force_login(factories.user("ana"))
    for one, other in product(TAGS, TAGS):
        page = client.get(f"/annotations/{ends[one][0].id}/relations/new/?q=another").content.decode()
        row = page.partition(f'name="end" value="{ends[other][1].id}"')[2].partition("</form>")[0]
        offered = {part.split('"')[0] for part in row.split('name="kind" value="')[1:]}
        wanted = {kind for kind, pairs in LEGAL.items() if (one, other) in pairs}
        wanted |= {
            f"{kind}:reversed"
            for kind, pairs in LEGAL.items()
            if (other, one) in pairs and kind != "contradicts"
        }
        assert offered == wanted, (one, other)


def test_a_project_may_allow_other_pairs(desk: factories.Desk, ends: Ends) -> None:
    kind = RelationKind.objects.get(project=desk.project, name="repeats")
    tag = {row.name: row for row in desk.project.tags.all()}["evidence"]
    with services.acts.act("test", project_id=desk.project.pk, by=factories.actor("mona")):
        kind.pairs.create(project=desk.project, subject_tag=tag, object_tag=tag)
    one, other = ends["evidence"]
    assert all(way(desk, "repeats", *pair) for way, pair in ((by_sql, (one, other)), (by_page, (other, one))))


def test_a_tag_with_which_a_relation_would_be_illegal_is_refused_naming_it(desk: factories.Desk) -> None:
    client = Client()
    client.force_login(factories.user("ana"))
    answer = client.post(
        f"/annotations/{desk.denial.id}/",
        {"tag": "claim"},
        headers={"HX-Request": "true", "Accept": "application/problem+json"},
    )
    assert answer.status_code == 409
    assert "denied any fault" in answer.json()["detail"]
    assert "denies" in answer.json()["detail"]
    said = Api("ana").patch(f"annotations/{desk.denial.id}/", {"tag": "claim"})
    assert (said.status_code, said.json()["relation"]) == (409, desk.denies.id)
