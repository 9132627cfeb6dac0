"""Every act of the product, as something that is done on one desk: what the feed has to tell of."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from factcheck import queries, services
from tests import factories
from tests.api.client import Api
from tests.feed.keeping import exported

SLUG = "water"
MINUTES = "It was not visited. It was closed."
Act = Callable[[SimpleNamespace], Any]


def _mona() -> Any:
    return factories.actor("mona")


def _ana() -> Any:
    return factories.actor("ana")


def _scheme(module: str, act: str, **given: Any) -> Act:
    """Make an act of a manager on the scheme."""
    return lambda here: getattr(getattr(services, module), act)(
        project_id=here.project.pk, by=_mona(), **given
    )


def _order(module: str, read: Callable[[UUID], list[Any]]) -> Act:
    """Make the act that turns the order of the scheme's rows round."""
    return lambda here: _scheme(module, "reorder", names=[row.name for row in read(here.project.pk)][::-1])(
        here
    )


def _decide(thing: str, name: str, decision: str = "approve", by: str = "rita") -> Act:
    return lambda here: services.reviews.create(
        thing=thing,
        thing_id=UUID(getattr(here, name).id),
        decision=decision,
        note="So?" if decision in ("ask", "change") else "",
        by=factories.actor(by),
    )


def _decided(here: SimpleNamespace, name: str, decision: str, **content: Any) -> Any:
    thing_id = UUID(getattr(here, name).id)
    ruben = factories.actor("ruben")
    return services.reviews.create(
        thing="annotation", thing_id=thing_id, decision=decision, by=ruben, **content
    )


def _answer(here: SimpleNamespace, answer: str) -> Any:
    return services.reviews.respond(review_id=UUID(here.asked.id), answer=answer, note="So.", by=_ana())


def _missed(here: SimpleNamespace) -> Any:
    return services.proposed_annotations.create(
        layer_id=UUID(here.claim.layer), tag="claim", spans=[(0, 10)], by=factories.actor("rita")
    )


def _taken(here: SimpleNamespace) -> UUID:
    row = queries.proposed_annotations.visible(_ana().user_id, here.missed.id)
    assert row is not None
    assert row.annotation is not None
    return UUID(row.annotation)


def _layer(here: SimpleNamespace, owner: str) -> UUID:
    row = queries.layers.of_person(_mona().user_id, here.second.id, owner)
    assert row is not None
    return row.id


def _thread(**about: UUID) -> Any:
    return services.threads.start(body="Is it so?", by=factories.actor("ben"), **about)


def _reply(here: SimpleNamespace, body: str) -> Any:
    return services.comments.reply(thread_id=UUID(here.asked_about.id), body=body, by=_ana())


def _undo(here: SimpleNamespace) -> Any:
    return services.history.undo(article_id=here.article.id, by=_ana())


def _bulk(here: SimpleNamespace) -> Any:
    item = services.bulk.Item
    make = {"article_id": here.article.id, "tag": "claim"}
    services.bulk.annotate(
        items=[
            item(op="create", id=None, content={**make, "spans": [(0, 5)]}),
            item(op="update", id=UUID(here.denial.id), content={"note": "By one request."}),
            item(op="create", id=None, content={**make, "spans": [(5, 9)]}),
            item(op="withdraw", id=UUID(here.claim.id), content={}),
        ],
        by=_ana(),
        partial=False,
    )


def _bring(here: SimpleNamespace, line: dict[str, Any], **given: Any) -> None:
    outcomes = list(
        services.interchange.import_lines(
            project=here.project, lines=[json.dumps(line).encode()], by=_mona(), **given
        )
    )
    assert [outcome.refused for outcome in outcomes if outcome.refused is not None] == []


def _import_new(here: SimpleNamespace) -> None:
    annotation = {"tag": "claim", "spans": [{"start": 0, "end": 5}], "created_by": "ben"}
    _bring(here, {"article": {"title": "Brought", "text": "Brought in.\n"}, "annotations": [annotation]})


def _import_into(here: SimpleNamespace) -> None:
    """Bring in again what is here, with one annotation and one decision more."""
    lines, _cursor = exported(Api("mona"), SLUG)
    line = next(line for line in lines if line["article"]["id"] == str(here.article.id))
    line["annotations"].append(
        {
            "id": str(uuid4()),
            "tag": "evidence",
            "spans": [{"start": 3, "end": 8}],
            "created_by": "ben",
        }
    )
    line["reviews"].append(
        {
            "id": str(uuid4()),
            "annotation": here.denial.id,
            "thing_version": queries.annotations.visible(_ana().user_id, here.denial.id).version,
            "decision": "approve",
            "created_by": "ruben",
        }
    )
    _bring(here, line)


def _keep(name: str, act: Act) -> Act:
    """Do it, and remember the row it made."""

    def done(here: SimpleNamespace) -> None:
        setattr(here, name, act(here).row)

    return done


ACTS: list[tuple[str, Act]] = [
    # Sources, their texts and the links to them.
    (
        "sources.create",
        _keep(
            "late",
            lambda h: services.sources.create(project=h.project, kind="person", name="Late", by=_ana()),
        ),
    ),
    ("sources.update", lambda h: services.sources.update(source_id=h.mayor.id, name="The mayor", by=_ana())),
    (
        "source_texts.create",
        _keep("text", lambda h: services.source_texts.create(source_id=h.paper.id, text=MINUTES, by=_ana())),
    ),
    (
        "source_links.create",
        _keep(
            "shown",
            lambda h: services.source_links.create(
                annotation_id=UUID(h.claim.id),
                source_id=h.paper.id,
                role="document",
                passage=services.source_texts.Passage(h.text.id, 0, 19),
                by=_ana(),
            ),
        ),
    ),
    (
        "source_texts.create",
        lambda h: services.source_texts.create(source_id=h.paper.id, text="Cover\n" + MINUTES, by=_ana()),
    ),
    (
        "source_texts.create",
        lambda h: services.source_texts.create(source_id=h.paper.id, text="Other.", by=_ana()),
    ),
    (
        "source_links.create",
        _keep(
            "hop",
            lambda h: services.source_links.create(
                annotation_id=UUID(h.claim.id), source_id=h.late.id, role="via", by=_ana()
            ),
        ),
    ),
    (
        "source_links.create",
        _keep(
            "last_hop",
            lambda h: services.source_links.create(
                annotation_id=UUID(h.claim.id), source_id=h.council.id, role="via", by=_ana()
            ),
        ),
    ),
    (
        "source_links.move",
        lambda h: services.source_links.move(link_id=UUID(h.last_hop.id), step=-1, by=_ana()),
    ),
    (
        "source_links.update",
        lambda h: services.source_links.update(
            link_id=UUID(h.said.id), on_behalf_of=h.office.id, note="For it.", by=_ana()
        ),
    ),
    ("source_links.withdraw", lambda h: services.source_links.withdraw(link_id=UUID(h.hop.id), by=_ana())),
    ("history.undo", _undo),
    ("source_links.withdraw", lambda h: services.source_links.withdraw(link_id=UUID(h.hop.id), by=_ana())),
    ("source_links.restore", lambda h: services.source_links.restore(link_id=UUID(h.hop.id), by=_ana())),
    ("merges.merge", lambda h: services.merges.merge(source_id=h.mayor.id, into=h.council.id, by=_ana())),
    ("merges.unmerge", lambda h: services.merges.unmerge(source_id=h.mayor.id, by=_ana())),
    # The other one has a text already and was named by no link, so no export has either yet.
    (
        "source_texts.create",
        lambda h: services.source_texts.create(source_id=h.other_paper.id, text="Minutes.", by=_ana()),
    ),
    ("merges.merge", lambda h: services.merges.merge(source_id=h.paper.id, into=h.other_paper.id, by=_ana())),
    ("merges.unmerge", lambda h: services.merges.unmerge(source_id=h.paper.id, by=_ana())),
    ("sources.withdraw", lambda h: services.sources.withdraw(source_id=h.unused.id, by=_ana())),
    ("sources.restore", lambda h: services.sources.restore(source_id=h.unused.id, by=_ana())),
    # Decisions, and what becomes of them when a thing changes or leaves.
    ("reviews.create", _decide("annotation", "claim")),
    ("reviews.create", _decide("annotation", "claim", "reject")),
    ("reviews.create", _decide("annotation", "claim", by="ruben")),
    ("reviews.create", _decide("relation", "denies")),
    ("reviews.create", _decide("source_link", "said")),
    (
        "annotations.update",
        lambda h: services.annotations.update(annotation_id=UUID(h.claim.id), spans=[(0, 6)], by=_ana()),
    ),
    ("history.undo", _undo),
    (
        "annotations.withdraw",
        lambda h: services.annotations.withdraw(annotation_id=UUID(h.claim.id), by=_ana()),
    ),
    (
        "annotations.restore",
        lambda h: services.annotations.restore(annotation_id=UUID(h.claim.id), by=_ana()),
    ),
    (
        "annotations.withdraw",
        lambda h: services.annotations.withdraw(annotation_id=UUID(h.claim.id), by=_ana()),
    ),
    ("history.undo", _undo),
    # Annotations and relations.
    ("annotations.create", lambda h: factories.annotation(h.article, "photograph", tag="evidence", by="ben")),
    (
        "annotations.create",
        lambda h: setattr(h, "extra", factories.annotation(h.article, "The builders", tag="claim")),
    ),
    ("history.undo", _undo),
    ("bulk.annotate", _bulk),
    (
        "annotations.restore",
        lambda h: services.annotations.restore(annotation_id=UUID(h.claim.id), by=_ana()),
    ),
    (
        "relations.create",
        _keep(
            "about",
            lambda h: services.relations.create(
                subject=UUID(h.denial.id), object=UUID(h.elsewhere.id), kind="about", by=_ana()
            ),
        ),
    ),
    (
        "relations.relate",
        lambda h: services.relations.relate(
            at=UUID(h.elsewhere.id),
            pairs=[services.relations.Pair(uuid4(), UUID(h.elsewhere.id), UUID(h.claim.id))],
            kind="about",
            by=_ana(),
        ),
    ),
    (
        "relations.update",
        lambda h: services.relations.update(relation_id=UUID(h.about.id), note="So.", by=_ana()),
    ),
    ("relations.withdraw", lambda h: services.relations.withdraw(relation_id=UUID(h.denies.id), by=_ana())),
    ("relations.restore", lambda h: services.relations.restore(relation_id=UUID(h.denies.id), by=_ana())),
    # Whole approvals, answers, what was missed; and what becomes of these when a thing leaves or comes back.
    (
        "reviews.approve_whole",
        lambda h: services.reviews.approve_whole(annotation_id=UUID(h.denial.id), by=_mona()),
    ),
    (
        "reviews.create",
        _keep("asked", lambda h: _decided(h, "claim", "change", proposal={"tag": "evidence"})),
    ),
    ("reviews.respond", lambda h: _answer(h, "refused")),
    (
        "reviews.create",
        _keep(
            "asked", lambda h: _decided(h, "claim", "change", proposal={"spans": [{"start": 1, "end": 9}]})
        ),
    ),
    ("reviews.respond", lambda h: _answer(h, "accepted")),
    ("reviews.create", _keep("asked", lambda h: _decided(h, "claim", "ask", note="Who?"))),
    ("reviews.respond", lambda h: _answer(h, "answered")),
    ("proposed_annotations.create", _keep("missed", lambda h: _missed(h))),
    (
        "proposed_annotations.take",
        lambda h: services.proposed_annotations.take(proposed_id=UUID(h.missed.id), by=_ana()),
    ),
    ("annotations.withdraw", lambda h: services.annotations.withdraw(annotation_id=_taken(h), by=_ana())),
    ("annotations.restore", lambda h: services.annotations.restore(annotation_id=_taken(h), by=_ana())),
    ("proposed_annotations.create", _keep("missed", lambda h: _missed(h))),
    (
        "proposed_annotations.refuse",
        lambda h: services.proposed_annotations.refuse(proposed_id=UUID(h.missed.id), note="No.", by=_ana()),
    ),
    ("proposed_annotations.create", _keep("missed", lambda h: _missed(h))),
    (
        "proposed_annotations.withdraw",
        lambda h: services.proposed_annotations.withdraw(
            proposed_id=UUID(h.missed.id), by=factories.actor("rita")
        ),
    ),
    (
        "annotations.withdraw",
        lambda h: services.annotations.withdraw(annotation_id=UUID(h.claim.id), by=_ana()),
    ),
    (
        "annotations.restore",
        lambda h: services.annotations.restore(annotation_id=UUID(h.claim.id), by=_ana()),
    ),
    # A rejected end makes what stands on it void, until it is rejected no more.
    ("reviews.create", _decide("annotation", "claim", "reject")),
    ("reviews.create", _decide("annotation", "claim", "ask")),
    # Talk, about what leaves and comes back too.
    ("threads.start", _keep("asked_about", lambda h: _thread(annotation=UUID(h.claim.id)))),
    ("threads.start", lambda h: _thread(article=h.article.id)),
    ("comments.reply", _keep("said_so", lambda h: _reply(h, "Yes, @vic."))),
    (
        "comments.edit",
        lambda h: services.comments.edit(comment_id=UUID(h.said_so.id), body="No.", by=_ana()),
    ),
    ("threads.resolve", lambda h: services.threads.resolve(thread_id=UUID(h.asked_about.id), by=_ana())),
    ("threads.reopen", lambda h: services.threads.reopen(thread_id=UUID(h.asked_about.id), by=_ana())),
    (
        "annotations.withdraw",
        lambda h: services.annotations.withdraw(annotation_id=UUID(h.claim.id), by=_ana()),
    ),
    (
        "annotations.restore",
        lambda h: services.annotations.restore(annotation_id=UUID(h.claim.id), by=_ana()),
    ),
    (
        "comments.withdraw",
        lambda h: services.comments.withdraw(comment_id=UUID(h.said_so.id), by=_ana()),
    ),
    (
        "comments.restore",
        lambda h: services.comments.restore(comment_id=UUID(h.said_so.id), by=_ana()),
    ),
    # Articles, layers, imports.
    ("articles.create", lambda h: factories.article(h.project, title="Another")),
    (
        "articles.update",
        lambda h: services.articles.update(article_id=h.article.id, publisher="The Post", by=_ana()),
    ),
    (
        "layers.assign",
        lambda h: services.layers.assign(article_id=h.second.id, owner="ben", by=_mona()),
    ),
    ("annotations.create", lambda h: factories.annotation(h.second, "mayor", by="ben")),
    ("layers.submit", lambda h: services.layers.submit(layer_id=_layer(h, "ben"), by=factories.actor("ben"))),
    ("layers.reopen", lambda h: services.layers.reopen(layer_id=_layer(h, "ben"), by=factories.actor("ben"))),
    ("layers.excuse", lambda h: services.layers.excuse(layer_id=_layer(h, "ben"), by=_mona())),
    ("layers.assign", lambda h: services.layers.assign(article_id=h.second.id, owner="ben", by=_mona())),
    (
        "layers.hand_over",
        lambda h: services.layers.hand_over(layer_id=_layer(h, "ben"), to="rita", by=_mona()),
    ),
    (
        "layers.assign_evenly",
        lambda h: services.layers.assign_evenly(
            project_id=h.project.pk,
            article_ids=[h.second.id],
            owners=["ana", "ben", "ruben"],
            each=3,
            by=_mona(),
        ),
    ),
    (
        "reviewers.assign",
        lambda h: services.reviewers.assign(article_id=h.article.id, reviewer="rita", by=_mona()),
    ),
    (
        "reviewers.assign",
        lambda h: services.reviewers.assign(article_id=h.second.id, reviewer="ruben", by=_mona()),
    ),
    (
        "reviewers.unassign",
        lambda h: services.reviewers.unassign(article_id=h.second.id, reviewer="ruben", by=_mona()),
    ),
    ("releases.make", lambda h: services.releases.make(project_id=h.project.pk, name="v1", by=_mona())),
    ("interchange.import_lines", _import_new),
    ("interchange.import_lines", _import_into),
    # The project, its scheme and its members.
    (
        "projects.update",
        lambda h: services.projects.update(
            project_id=h.project.pk, name="Water", guidelines="Tag it.", approvals_needed=2, by=_mona()
        ),
    ),
    (
        "projects.set_member",
        lambda h: services.projects.set_member(
            project_id=h.project.pk, username="eve", role="viewer", by=_mona()
        ),
    ),
    (
        "projects.set_member",
        lambda h: services.projects.set_member(
            project_id=h.project.pk, username="vic", role="annotator", by=_mona()
        ),
    ),
    (
        "projects.add_member",
        lambda h: services.projects.add_member(project=h.project, username="vic", role="viewer", by=_mona()),
    ),
    (
        "projects.remove_member",
        lambda h: services.projects.remove_member(project_id=h.project.pk, username="eve", by=_mona()),
    ),
    (
        "tags.add",
        _scheme("tags", "add", title="Rumour", key="z", colour="#5b3a8c", colour_dark="#c9b3f0"),
    ),
    ("tags.change", _scheme("tags", "change", name="claim", title="A claim")),
    ("tags.retire", _scheme("tags", "retire", name="rumour")),
    ("tags.restore", _scheme("tags", "restore", name="rumour")),
    ("tags.reorder", _order("tags", queries.projects.tags)),
    (
        "relation_kinds.add",
        _scheme(
            "relation_kinds",
            "add",
            title="Echoes",
            inverse_title="Is echoed by",
            key="z",
            pairs=[("claim", "claim")],
        ),
    ),
    (
        "relation_kinds.change",
        _scheme("relation_kinds", "change", name="echoes", pairs=[("claim", "claim"), ("denial", "denial")]),
    ),
    ("relation_kinds.retire", _scheme("relation_kinds", "retire", name="echoes")),
    ("relation_kinds.restore", _scheme("relation_kinds", "restore", name="echoes")),
    ("relation_kinds.reorder", _order("relation_kinds", queries.projects.relation_kinds)),
    (
        "attribute_schemas.add",
        _scheme("attribute_schemas", "add", tag="claim", title="Topic", kind="text"),
    ),
    (
        "attribute_schemas.change",
        _scheme("attribute_schemas", "change", tag="claim", name="topic", title="The topic"),
    ),
    (
        "attribute_schemas.extend",
        _scheme("attribute_schemas", "extend", tag="denial", properties={"tone": {"type": "string"}}),
    ),
    ("attribute_schemas.retire", _scheme("attribute_schemas", "retire", tag="claim", name="topic")),
    ("attribute_schemas.restore", _scheme("attribute_schemas", "restore", tag="claim", name="topic")),
    (
        "attribute_schemas.extend",
        _scheme(
            "attribute_schemas",
            "extend",
            tag="claim",
            properties={"place": {"title": "Place", "type": "string"}},
        ),
    ),
]

# Acts that make a project or change nothing of one.
ELSEWHERE = {
    *("projects.create", "interchange.create_project", "schemes.checked_order"),
    *("releases.check_may_release", "uploads.upload", "uploads.read", "uploads.discard", "imports.step"),
}


def desk() -> SimpleNamespace:
    """Make a desk with something of everything on it, some of it in no export yet."""
    made = factories.desk(SLUG)
    second = factories.article(made.project, title="The mayor answers", text="The mayor answers\nNo fault.\n")
    here = SimpleNamespace(**vars(made), second=second)
    here.elsewhere = factories.annotation(second, "No fault", tag="denial")
    for name, kind in {
        "council": "organisation",
        "office": "organisation",
        "paper": "document",
        "other_paper": "document",
        "unused": "person",
    }.items():
        setattr(here, name, factories.source(made.project, name.title(), kind=kind))
    return here
