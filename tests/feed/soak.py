"""Eight people who write at random, some of them slowly, and programs that follow the feed meanwhile."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from django.db import OperationalError, connection, transaction

from factcheck import services
from factcheck.exceptions import FactcheckError
from factcheck.models import (
    Annotation,
    Layer,
    Project,
    ProposedAnnotation,
    Relation,
    Review,
    Source,
    SourceLink,
)
from tests import factories
from tests.api.client import Api
from tests.feed.keeping import Copy, exported

SLUG = "water"
ANNOTATORS = ("ana", "ben", "cleo", "dora", "emil")
WRITERS = (*ANNOTATORS, "rita", "ruben", "mona")
SLOW = 0.06  # of all acts are committed long after they were written
UNDONE = 0.2  # of the slow ones are rolled back
LONGEST = 1.5  # seconds
WORDS = "The council met. The builders denied any fault, and a photograph shows a crack. " * 30


@dataclass
class Told:
    """What a run came to."""

    seed: int
    acts: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    gave_way: int = 0  # deadlocks and timeouts, which a client is told as 503
    slow: int = 0
    lines: int = 0
    pages: int = 0
    things: int = 0
    differences: list[str] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {sum(self.acts.values())} acts ({self.slow} slow), {self.refused} refused, "
            f"{self.gave_way} gave way; {self.lines} lines in {self.pages} pulls, {self.things} things in the end, "
            f"{len(self.differences)} differences; {dict(sorted(self.acts.items()))}"
        )


class Writer(threading.Thread):
    """One person who works at random; what the product refuses, a person would not have done."""

    def __init__(self, username: str, project: Project, seed: int, over: threading.Event, told: Told) -> None:
        super().__init__(name=username)
        self.by = factories.actor(username)
        self.project, self.over, self.told = project, over, told
        self.chance = random.Random(f"{username} {seed}")
        everybody: list[tuple[float, Callable[[], Any]]] = [
            *((5.0, self.create), (3.0, self.change), (2.0, self.withdraw), (2.0, self.restore)),
            *(
                (2.0, self.bulk),
                (2.0, self.relate),
                (1.0, self.unrelate),
                (3.0, self.link),
                (1.0, self.unlink),
            ),
            *(
                (1.0, self.relink),
                (1.5, self.undo),
                (0.5, self.capture),
                (0.4, self.merge),
                (0.4, self.unmerge),
            ),
            *((0.3, self.rename), (0.3, self.load), (0.3, self.describe)),
        ]
        everybody += [(1.5, self.respond), (1.0, self.take), (0.5, self.submit)]
        reviewing = (
            [(6.0, self.decide), (1.0, self.approve_whole), (1.0, self.propose)]
            if username in ("rita", "ruben", "mona")
            else []
        )
        managing = [(1.0, self.settle), (1.0, self.scheme), (0.5, self.member)] if username == "mona" else []
        chosen = everybody + reviewing + managing
        self.weights = [weight for weight, _act in chosen]
        self.choices = [act for _weight, act in chosen]

    def run(self) -> None:
        try:
            while not self.over.is_set():
                act = self.chance.choices(self.choices, self.weights)[0]
                try:
                    if self.chance.random() < SLOW:
                        self.slowly(act)
                    else:
                        act()
                    self.told.acts[act.__name__] += 1
                except FactcheckError:
                    self.told.refused += 1
                except OperationalError:
                    self.told.gave_way += 1
        except BaseException as error:
            self.told.failures.append(error)
        finally:
            connection.close()

    def slowly(self, act: Callable[[], Any]) -> None:
        """Write now and commit later, or not at all."""
        with transaction.atomic():
            act()
            self.told.slow += 1
            self.over.wait(self.chance.random() * LONGEST)
            if self.chance.random() < UNDONE:
                transaction.set_rollback(True)

    # -- what there is

    def some(self, model: Any, **which: Any) -> Any:
        """Choose one of the newest rows."""
        found = model.objects.filter(project=self.project, **which).order_by("-id")
        ids = list(found.values_list("pk", flat=True)[:40])
        if not ids:
            raise FactcheckError("There is none.")
        return self.chance.choice(ids)

    def mine(self, model: Any = Annotation, **which: Any) -> Any:
        return self.some(model, created_by_id=self.by.user_id, **which)

    def place(self) -> tuple[UUID, tuple[int, int]]:
        article = self.chance.choice(list(self.project.article_ids))  # type: ignore[attr-defined]
        start = self.chance.randrange(150)
        return article, (start, start + self.chance.randrange(3, 20))

    # -- what people do

    def create(self) -> None:
        article, span = self.place()
        services.annotations.create(
            article_id=article, tag=self.chance.choice(["claim", "denial"]), spans=[span], by=self.by
        )

    def change(self) -> None:
        _article, span = self.place()
        content = self.chance.choice(
            [{"note": f"Note {self.chance.random()}"}, {"spans": [span]}, {"attributes": {"unsure": True}}]
        )
        services.annotations.update(annotation_id=self.mine(withdrawn_at=None), by=self.by, **content)  # type: ignore[arg-type]

    def withdraw(self) -> None:
        services.annotations.withdraw(annotation_id=self.mine(withdrawn_at=None), by=self.by)

    def restore(self) -> None:
        services.annotations.restore(annotation_id=self.mine(withdrawn_at__isnull=False), by=self.by)

    def bulk(self) -> None:
        items = []
        for _nth in range(self.chance.randrange(2, 25)):
            article, span = self.place()
            content = {"article_id": article, "tag": self.chance.choice(["claim", "rumour"]), "spans": [span]}
            items.append(services.bulk.Item(op="create", id=None, content=content))
        for op in ("update", "withdraw"):
            content = {"note": "By one request."} if op == "update" else {}
            with suppress(FactcheckError):
                here = self.mine(withdrawn_at=None)
                items.append(services.bulk.Item(op=op, id=here, content=content))  # type: ignore[arg-type]
        self.chance.shuffle(items)
        services.bulk.annotate(items=items, by=self.by, partial=True)

    def relate(self) -> None:
        subject, other = self.mine(withdrawn_at=None), self.some(Annotation, withdrawn_at=None)
        services.relations.create(subject=subject, object=other, kind="about", by=self.by)

    def unrelate(self) -> None:
        services.relations.withdraw(relation_id=self.mine(Relation, withdrawn_at=None), by=self.by)

    def source(self) -> Any:
        if self.chance.random() < 0.5:
            return self.some(Source, withdrawn_at=None)
        kind = self.chance.choice(["person", "document"])
        name = f"Source {self.chance.random()}"
        return services.sources.create(project=self.project, kind=kind, name=name, by=self.by).row.id

    def link(self) -> None:
        role = self.chance.choice(["speaker", "via", "concerns", "document"])
        services.source_links.create(
            annotation_id=self.mine(withdrawn_at=None), source_id=self.source(), role=role, by=self.by
        )

    def unlink(self) -> None:
        services.source_links.withdraw(link_id=self.mine(SourceLink, withdrawn_at=None), by=self.by)

    def relink(self) -> None:
        if self.chance.random() < 0.5:
            services.source_links.restore(
                link_id=self.mine(SourceLink, withdrawn_at__isnull=False), by=self.by
            )
        else:
            services.source_links.update(
                link_id=self.mine(SourceLink, withdrawn_at=None), source=self.source(), by=self.by
            )

    def undo(self) -> None:
        services.history.undo(article_id=self.place()[0], by=self.by)

    def capture(self) -> None:
        document = self.some(Source, kind="document", withdrawn_at=None)
        services.source_texts.create(source_id=document, text=f"Captured {self.chance.random()}.", by=self.by)

    def merge(self) -> None:
        one, other = (self.some(Source, withdrawn_at=None, standing=False) for _nth in range(2))
        services.merges.merge(source_id=one, into=other, by=self.by)

    def unmerge(self) -> None:
        services.merges.unmerge(source_id=self.some(Source, merged_into__isnull=False), by=self.by)

    def rename(self) -> None:
        services.sources.update(
            source_id=self.some(Source, withdrawn_at=None), name=f"Name {self.chance.random()}", by=self.by
        )

    def load(self) -> None:
        factories.article(self.project, title=f"Article {self.chance.random()}", by=self.by.username)

    def describe(self) -> None:
        services.articles.update(
            article_id=self.place()[0], byline=f"Byline {self.chance.random()}", by=self.by
        )

    def decide(self) -> None:
        thing, model = self.chance.choice(
            [
                ("annotation", Annotation),
                ("annotation", Annotation),
                ("relation", Relation),
                ("source_link", SourceLink),
            ]
        )
        decision = self.chance.choice(["approve", "change", "reject", "ask"])
        content: dict[str, Any] = {} if decision in ("approve", "reject") else {"note": "So?"}
        if (thing, decision) == ("annotation", "change"):
            _article, (start, end) = self.place()
            content = {"proposal": {"spans": [{"start": start, "end": end}]}}
        services.reviews.create(
            thing=thing,
            thing_id=self.some(model, withdrawn_at=None),
            decision=decision,
            by=self.by,
            **content,
        )

    def respond(self) -> None:
        review = Review.objects.get(pk=self.some(Review, layer__owner_id=self.by.user_id, superseded_by=None))
        answer = {
            "ask": "answered",
            "reject": "refused",
            "change": self.chance.choice(["accepted", "refused"]),
        }
        services.reviews.respond(
            review_id=review.pk, answer=answer.get(review.decision, "refused"), note="So.", by=self.by
        )

    def approve_whole(self) -> None:
        services.reviews.approve_whole(annotation_id=self.some(Annotation, withdrawn_at=None), by=self.by)

    def propose(self) -> None:
        layer, (_article, span) = self.some(Layer), self.place()
        services.proposed_annotations.create(layer_id=layer, tag="claim", spans=[span], by=self.by)

    def take(self) -> None:
        services.proposed_annotations.take(
            proposed_id=self.some(ProposedAnnotation, layer__owner_id=self.by.user_id), by=self.by
        )

    def submit(self) -> None:
        layer = self.some(Layer, owner_id=self.by.user_id)
        act = self.chance.choice([services.layers.submit, services.layers.reopen])
        act(layer_id=layer, by=self.by)

    def settle(self) -> None:
        services.projects.update(
            project_id=self.project.pk, guidelines=f"Guidelines {self.chance.random()}", by=self.by
        )

    def scheme(self) -> None:
        act = self.chance.choice([services.tags.retire, services.tags.restore])
        act(project_id=self.project.pk, name="rumour", by=self.by)

    def member(self) -> None:
        role = self.chance.choice(["viewer", "annotator"])
        services.projects.set_member(project_id=self.project.pk, username="eve", role=role, by=self.by)


@contextmanager
def another_database_busy() -> Iterator[None]:
    """Hold a transaction open that has written, in another database of the same server."""
    facts = connection.settings_dict
    host, port, user = facts["HOST"] or None, facts["PORT"] or None, facts["USER"] or None
    with psycopg.connect(
        host=host, port=port, user=user, password=facts["PASSWORD"] or None, dbname="postgres"
    ) as other:
        other.execute("SELECT pg_current_xact_id()")
        yield


def run(seed: int, seconds: float) -> Told:
    """Have everybody write for so long, follow meanwhile, and compare in the end."""
    told = Told(seed)
    project = factories.project(SLUG)
    for username in ANNOTATORS[2:]:
        factories.user(username)
        services.projects.add_member(
            project=project, username=username, role="annotator", by=factories.actor("mona")
        )
    services.tags.add(
        project_id=project.pk,
        title="Rumour",
        key="z",
        colour="#5b3a8c",
        colour_dark="#c9b3f0",
        by=factories.actor("mona"),
    )
    articles = [factories.article(project, title=f"Article {nth}", text=WORDS) for nth in range(3)]
    project.article_ids = [article.id for article in articles]  # type: ignore[attr-defined]
    services.feed.start_epoch()
    vic = Api("vic")
    over = threading.Event()
    writers = [Writer(name, project, seed, over, told) for name in WRITERS]
    chance = random.Random(seed)
    with another_database_busy():
        for writer in writers:
            writer.start()
        try:
            copy = Copy(*exported(vic, SLUG), SLUG)
            until = time.monotonic() + seconds
            late = None
            while time.monotonic() < until:
                copy.pull(vic, limit=chance.choice([3, 50, 1000]), pages=10)
                told.pages += 1
                if late is None and time.monotonic() > until - seconds / 2:
                    late = Copy(*exported(vic, SLUG), SLUG)
                time.sleep(chance.random() * 0.2)
        finally:
            over.set()
            for writer in writers:
                writer.join(timeout=120)
        copy.pull(vic)
        fresh, _cursor = exported(vic, SLUG)
        told.differences = copy.differences(fresh)
        if late is not None:
            late.pull(vic, limit=100)
            told.differences += [f"begun half way: {one}" for one in late.differences(fresh)]
    told.lines, told.things = copy.told, len(copy.things)
    told.differences += [str(finding) for finding in services.verification.findings()]
    return told
