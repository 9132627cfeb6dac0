"""A program that starts from an export and follows the feed ends with what a fresh export says."""

import json
import random
import threading
from contextlib import suppress
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from factcheck import services
from factcheck.exceptions import FactcheckError
from factcheck.models import Annotation
from tests import factories

WRITERS = ("ana", "ben", "rita", "mona")
ACTS = 40
KEPT = {
    "annotation": "annotations",
    "relation": "relations",
    "source_link": "source_links",
    "review": "reviews",
}
JUDGED = ("annotation", "relation", "source_link")
OURS = (
    *("note", "tag", "attributes", "status", "version", "spans", "kind", "subject", "object", "role"),
    *("decision", "superseded_by", *JUDGED),
)


class Copy:
    """What the program keeps: the things of a project by type and id."""

    def __init__(self, lines):
        self.things = {type: {} for type in KEPT}
        for line in lines:
            for type, key in KEPT.items():
                self.things[type] |= {thing["id"]: _ours(thing) for thing in line[key]}

    def take(self, lines):
        for line in lines:
            if line["type"] not in KEPT:
                continue
            if line["op"] == "delete" or line["object"] is None:
                self.things[line["type"]].pop(line["id"], None)
            else:
                self.things[line["type"]][line["id"]] = _ours(line["object"])

    def alive(self):
        """Leave out decisions on what is withdrawn: they stay what they are, and leave an export with their thing."""
        reviews = {
            key: review
            for key, review in self.things["review"].items()
            if any(review[type] in self.things[type] for type in JUDGED)
        }
        return self.things | {"review": reviews}


def _ours(thing):
    return {key: thing[key] for key in OURS if key in thing}


class Writer(threading.Thread):
    """One person who works at random; what the product refuses, a person would not have done."""

    def __init__(self, username, article, chance, failures):
        super().__init__()
        self.by = factories.actor(username)
        self.article, self.chance, self.failures = article, chance, failures

    def run(self):
        try:
            for _ in range(ACTS):
                with suppress(FactcheckError):
                    self.act()
        except BaseException as error:
            self.failures.append(error)
        finally:
            connection.close()

    def mine(self, **which):
        found = list(
            Annotation.objects.filter(created_by_id=self.by.user_id, **which).values_list("id", flat=True)
        )
        return self.chance.choice(found) if found else None

    def act(self):
        what = self.chance.random()
        one = self.mine(withdrawn_at=None)
        if what < 0.35 or one is None:
            start = self.chance.randrange(150)
            services.annotations.create(
                article_id=self.article,
                tag=self.chance.choice(["claim", "denial"]),
                spans=[(start, start + 9)],
                by=self.by,
            )
        elif what < 0.5:
            services.annotations.update(annotation_id=one, by=self.by, note=f"Note {self.chance.random()}")
        elif what < 0.6:
            services.annotations.withdraw(annotation_id=one, by=self.by)
        elif what < 0.65 and (gone := self.mine(withdrawn_at__isnull=False)):
            services.annotations.restore(annotation_id=gone, by=self.by)
        elif what < 0.75:
            services.history.undo(article_id=self.article, by=self.by)
        elif what < 0.85:
            others = list(Annotation.objects.filter(withdrawn_at=None).values_list("id", flat=True))
            services.relations.create(
                subject=one, object=self.chance.choice(others), kind="about", by=self.by
            )
        elif what < 0.92:
            source = services.sources.create(
                project=self.project(), kind="person", name=f"P {self.chance.random()}", by=self.by
            ).row
            services.source_links.create(annotation_id=one, source_id=source.id, role="speaker", by=self.by)
        else:
            others = Annotation.objects.filter(withdrawn_at=None).exclude(created_by_id=self.by.user_id)
            found = list(others.values_list("id", flat=True))
            if found:
                decision = self.chance.choice(["approve", "change", "reject", "ask"])
                services.reviews.create(
                    thing="annotation", thing_id=self.chance.choice(found), decision=decision, by=self.by
                )

    def project(self):
        return Annotation.objects.select_related("project").first().project


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("limit", [7, 1000])
def test_copy_that_follows_the_feed_equals_a_fresh_export(limit):
    desk = factories.desk("water")
    services.feed.start_epoch()
    _token, secret = services.tokens.create(user=factories.user("vic"), name="pull", scope="read")
    client = Client(headers={"authorization": f"Bearer {secret}"})
    failures = []

    def get(**query):
        return client.get("/api/v1/changes/", {"include": "object", "limit": limit, **query}).json()

    def export():
        body = b"".join(client.get("/api/v1/exports/jsonl/", {"project": "water"}).streaming_content)
        return [json.loads(line) for line in body.splitlines()]

    # The cursor first, then the export: what is done in between is told again, and taking it again does no harm.
    cursor = get(**{"from": "now"})["cursor"]
    writers = [
        Writer(name, UUID(str(desk.article.id)), random.Random(f"{name} {limit}"), failures)
        for name in WRITERS
    ]
    for writer in writers:
        writer.start()
    copy = Copy(export())
    told = 0
    while True:
        done = not any(writer.is_alive() for writer in writers)
        page = get(after=cursor)
        copy.take(page["results"])
        cursor, told = page["cursor"], told + len(page["results"])
        if done and not page["more"]:
            break
    for writer in writers:
        writer.join(timeout=60)

    assert not failures
    assert told > 100
    assert copy.alive() == Copy(export()).things
    assert [str(finding) for finding in services.verification.findings()] == []
