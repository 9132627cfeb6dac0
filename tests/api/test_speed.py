"""What a request costs: round trips to the database, which do not grow unnoticed."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factcheck import queries
from tests import factories
from tests.api.client import Api, span


@pytest.fixture
def body(desk: factories.Desk) -> dict[str, Any]:
    return {
        "article": str(desk.article.id),
        "tag": "claim",
        "spans": [span(factories.TEXT, "The bridge")],
        "exact": "The bridge",
        "note": "Hm.",
    }


def statements(caught: CaptureQueriesContext) -> list[str]:
    """Leave out the savepoints that stand for transactions in a test that runs in one."""
    return [query["sql"] for query in caught if query["sql"] and "SAVEPOINT" not in query["sql"]]


@pytest.mark.parametrize("attributes", [{}, {"checkability": "checkable"}])
def test_making_an_annotation_takes_at_most_four_round_trips(
    ana: Api, body: dict[str, Any], attributes: dict[str, str]
) -> None:
    queries.texts.of.cache_clear()
    with CaptureQueriesContext(connection) as caught:
        assert ana.post("annotations/", body | {"attributes": attributes}).status_code == 201
    assert len(statements(caught)) <= 4 + bool(attributes)
    with CaptureQueriesContext(connection) as caught:
        assert ana.post("annotations/", body | {"attributes": attributes}).status_code == 201
    assert len(statements(caught)) <= 3 + bool(attributes)


def test_a_token_costs_one_round_trip(ana: Api) -> None:
    with CaptureQueriesContext(connection) as caught:
        assert ana.get("projects/").status_code == 200
    assert len(caught) == 2
