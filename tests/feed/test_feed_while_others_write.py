"""Whoever follows the feed while many write, quickly and slowly, gets every event once and in commit order."""

import random
import threading
import time

import pytest
from django.db import connection, transaction

from factcheck import services
from factcheck.queries import feed, feed_cursor
from tests import factories

WRITERS = ("ana", "ben", "rita", "mona")
ACTS = 25


@pytest.mark.django_db(transaction=True)
def test_nothing_is_missed_and_the_order_is_that_of_commits():
    services.feed.start_epoch()
    desks = [factories.desk(), factories.desk()]
    puller = factories.user("vic").pk
    cursor = feed.now(puller).cursor
    actors = {name: factories.actor(name) for name in WRITERS}
    failures, committed, lines = [], [], []
    done = threading.Event()

    def write(name):
        chance = random.Random(name)
        try:
            for turn in range(ACTS):
                desk = chance.choice(desks)
                with transaction.atomic():
                    made = services.sources.create(
                        project=desk.project, kind="person", name=f"{name} {turn}", by=actors[name]
                    )
                    if chance.random() < 0.3:
                        time.sleep(chance.random() * 0.03)  # written long before it is committed
                    if turn % 5 == 4:
                        transaction.set_rollback(True)
                        continue
                committed.append(made.row.id)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    def pull():
        nonlocal cursor
        try:
            last = False
            while True:
                page = feed.read(puller, feed_cursor.decode(cursor), limit=3)
                cursor = page.cursor
                lines.extend(page.lines)
                if page.more:
                    continue
                if last:
                    return
                last = done.is_set()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(name,)) for name in WRITERS]
    reader = threading.Thread(target=pull)
    for thread in (reader, *writers):
        thread.start()
    for writer in writers:
        writer.join(timeout=60)
    done.set()
    reader.join(timeout=60)

    assert not failures
    assert sorted(line.id for line in lines) == sorted(committed)
    for desk in desks:
        with connection.cursor() as rows:
            rows.execute(
                """SELECT e.thing FROM act a JOIN event e ON e.act_id = a.id
                   WHERE a.project_id = %s AND e.type = 'source' AND a.kind = 'create_source' AND e.thing = ANY(%s)
                   ORDER BY a.position""",
                [desk.project.pk, committed],
            )
            in_commit_order = [thing for (thing,) in rows.fetchall()]
        assert [line.id for line in lines if line.project == desk.project.slug] == in_commit_order
