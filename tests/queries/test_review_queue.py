"""What waits is found by reading the index of what waits as far as a page goes, however much there is."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.db import connection

from factcheck import queries, services
from factcheck.queries import reading, review_queue
from factcheck.queries.review_queue import Bounds, Filter
from tests import factories
from tests.benchmarks import rows
from tests.factories import actor

pytestmark = pytest.mark.django_db

PLENTY = 1500


@pytest.fixture
def project() -> Any:
    rows.person.cache_clear()  # the accounts of an earlier test are gone
    made = factories.project()
    text = rows.long_text(PLENTY + 10)
    article = factories.article(made, title="Long", text=text)
    rows.annotate(made, article, rows.places(text, PLENTY, width=1, every=1))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE annotation, layer, review")
    return made


def read_from(relation: str, plan: dict[str, Any]) -> Iterator[int]:
    """Tell how many rows each step of a plan took from a table, those that it left out again included."""
    if plan.get("Relation Name") == relation:
        yield plan["Actual Loops"] * (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0))
    for step in plan.get("Plans", ()):
        yield from read_from(relation, step)


@pytest.mark.parametrize("order", ["ASC", "DESC"])
def test_a_page_reads_no_more_than_it_shows(project: Any, order: str) -> None:
    viewer = actor("rita").user_id
    middle = queries.review_queue.page(viewer, reading.Cut(700))[-1].id
    for bounds in (Bounds(), Bounds(over=middle), Bounds(under=middle)):
        sql = review_queue._union(review_queue.EVERYTHING, order, 31, bounds)
        values = review_queue._values(viewer, review_queue.EVERYTHING, bounds)
        with reading.planned_once() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql} ORDER BY id {order} LIMIT 31", values)
            plan = cursor.fetchone()[0]
        steps = plan if isinstance(plan, list) else orjson.loads(plan)
        assert max(read_from("annotation", steps[0]["Plan"])) < 100


def test_pages_follow_each_other_in_both_orders(project: Any) -> None:
    viewer = actor("rita").user_id
    for newest in (False, True):
        found: list[UUID] = []
        cut = reading.Cut(400)
        while True:
            page = queries.review_queue.page(viewer, cut, newest=newest)
            found += [key.id for key in page]
            if not page.has_next:
                break
            cut = reading.Cut(400, after=page[-1].id)
        assert found == sorted(found, reverse=newest)
        assert len(set(found)) == len(found) == PLENTY
        back = queries.review_queue.page(viewer, reading.Cut(10, before=found[500]), newest=newest)
        assert [key.id for key in back] == found[490:500]
    assert queries.review_queue.count(viewer) == review_queue.MOST_COUNTED


def test_the_most_split_come_first_by_what_stands_now() -> None:
    desk = factories.desk()
    for thing, people in ((desk.claim, "ruben mona"), (desk.denial, "ruben mona")):
        for name, decision in zip(people.split(), ("approve", "reject"), strict=True):
            decide(thing, name, decision)
    services.projects.add_member(project=desk.project, username="eve", role="reviewer", by=actor("mona"))
    decide(desk.denial, "eve", "reject")
    keys = queries.review_desk.most_split(actor("rita").user_id, Filter(), 10)
    assert [str(key.id) for key in keys] == [desk.denial.id, desk.claim.id]


def decide(thing: Any, name: str, decision: str) -> None:
    services.reviews.create(thing="annotation", thing_id=UUID(thing.id), decision=decision, by=actor(name))
