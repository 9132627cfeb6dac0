"""Two fields of one annotation, changed in the same moment as quick fingers do: both are kept, and none conflicts."""

import threading
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest
from django.db import connection
from django.test import Client

from factcheck import queries
from tests import factories

ROUNDS = 20
CHANGES = (("wording", ("", "mixed")), ("checkability", ("", "opinion")))


@pytest.mark.django_db(transaction=True)
def test_two_fields_changed_at_once_are_both_kept() -> None:
    desk = factories.desk()
    ana = factories.user("ana")
    address = f"/annotations/{desk.claim.id}/"
    start = threading.Barrier(len(CHANGES))

    def change(field: str, was: str, value: str) -> int:
        client = Client()
        client.force_login(ana)
        start.wait(20)
        try:
            sent = {"attributes": "1", f"was.{field}": was, f"a.{field}": value}
            return client.post(address, sent, headers={"HX-Request": "true"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(CHANGES)) as threads:
        for number in range(ROUNDS):
            now, then = number % 2, (number + 1) % 2
            sent = [threads.submit(change, field, values[now], values[then]) for field, values in CHANGES]
            assert [one.result(30) for one in sent] == [200, 200], f"round {number}"
            row = queries.annotations.visible(ana.pk, desk.claim.id)
            assert row is not None
            expected = {field: values[then] for field, values in CHANGES if values[then]}
            assert orjson.loads(row.attributes) == expected, f"round {number}"
