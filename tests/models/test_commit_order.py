"""Within a project, positions are given in the order in which transactions commit, without gaps."""

import random
import threading
import time
from uuid import UUID

import pytest
from django.db import connection, transaction

from factcheck import services
from tests import factories

WRITERS = 6
ACTS = 15


@pytest.mark.django_db(transaction=True)
def test_positions_follow_commits_while_many_write() -> None:
    desk = factories.desk()
    actors = [factories.actor(name) for name in ("ana", "ben", "rita", "ruben", "mona", "ana")]
    seen: list[list[int]] = []
    stop = threading.Event()
    failures: list[BaseException] = []

    def write(nth: int) -> None:
        chance = random.Random(nth)
        try:
            for turn in range(ACTS):
                with transaction.atomic():
                    services.sources.create(
                        project=desk.project, kind="person", name=f"Source {nth}-{turn}", by=actors[nth]
                    )
                    if chance.random() < 0.4:
                        # The act stands in the table long before it commits.
                        time.sleep(chance.random() * 0.02)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    def watch() -> None:
        """Read the committed positions again and again: what was once seen must be a prefix ever after."""
        try:
            while not stop.is_set():
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT position FROM act WHERE project_id = %s ORDER BY position", [desk.project.pk]
                    )
                    seen.append([position for (position,) in cursor.fetchall()])
        finally:
            connection.close()

    watcher = threading.Thread(target=watch)
    writers = [threading.Thread(target=write, args=(nth,)) for nth in range(WRITERS)]
    watcher.start()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=60)
    stop.set()
    watcher.join(timeout=10)

    assert not failures
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(position) FROM act WHERE project_id = %s", [desk.project.pk])
        count, last = cursor.fetchone()
    assert count == last
    assert len(seen) > 2
    for positions in seen:
        # No gap at any moment: a smaller position never appears after a larger one was visible.
        assert positions == list(range(1, len(positions) + 1))


@pytest.mark.django_db(transaction=True)
def test_every_change_has_its_event_with_both_states() -> None:
    desk = factories.desk()
    ana = factories.actor("ana")
    services.annotations.update(annotation_id=UUID(desk.claim.id), by=ana, note="See the minutes.")
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT e.op, e.revision, e.before ->> 'note', e.after ->> 'note', a.kind, a.channel, u.username
               FROM event e JOIN act a ON a.id = e.act_id JOIN account u ON u.id = a.actor_id
               WHERE e.thing = %s ORDER BY a.position, e.ordinal""",
            [desk.claim.id],
        )
        events = cursor.fetchall()
    assert events == [
        ("create", 1, None, "", "create_annotation", "page", "ana"),
        ("update", 2, "", "", "create_source_link", "page", "ana"),
        ("update", 3, "", "See the minutes.", "update_annotation", "page", "ana"),
    ]
