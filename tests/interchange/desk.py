"""A desk with one of everything that an export can have, and a way to compare exports."""

import re
from uuid import UUID

from factcheck import services
from tests import factories

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TIME = re.compile(r'"\d{4}-\d\d-\d\dT[^"]*Z"')


def full_desk(slug="water", **kwargs):
    """A desk with one of everything that an export can have."""
    desk = factories.desk(slug, **kwargs)
    crack = services.annotations.create(
        article_id=desk.article.id,
        tag="evidence",
        spans=[(116, 126), (133, 140)],
        by=factories.actor("ben"),
        note='In "quotes", a \\ and a\nsecond line: =1+1',
        attributes={"evidence_type": "image", "unsure": True},
    ).row
    paper = factories.source(
        desk.project, "The minutes", kind="document", aliases=["Minutes, 5 May"], by="ben"
    )
    factories.link(
        crack, paper, role="document", by="ben", stance="refutes", url="https://example.org/5", cue=[(21, 30)]
    )
    factories.link(desk.denial, desk.mayor, on_behalf_of=paper.id)
    factories.relation(crack, desk.claim, kind="refutes", by="ben", note="See the picture.")
    change = services.reviews.create(
        thing="annotation",
        thing_id=UUID(desk.claim.id),
        decision="change",
        by=factories.actor("rita"),
        reason="wrong_extent",
        note="Shorter.",
        proposal={"spans": [{"start": 1, "end": 2}]},
    ).row
    services.reviews.respond(
        review_id=UUID(change.id), answer="refused", note="No; as it is.", by=factories.actor("ana")
    )
    services.proposed_annotations.create(
        layer_id=UUID(desk.claim.layer),
        tag="claim",
        spans=[(0, 10), (14, 20)],
        attributes={"unsure": True},
        note="Missed.",
        by=factories.actor("rita"),
    )
    services.reviewers.assign(article_id=desk.article.id, reviewer="rita", by=factories.actor("mona"))
    talk(desk)
    withdrawn = factories.annotation(desk.article, "picture", tag="evidence")
    services.annotations.withdraw(annotation_id=UUID(withdrawn.id), by=factories.actor("ana"))
    return desk


def talk(desk):
    """Talk about a claim and what denies it, and about the article; one thread is resolved, one comment is no more."""
    asked = factories.thread(desk.claim, "@ana, does it say who checked?", by="ben")
    said = factories.comment(asked, "It dose not.", by="ana")
    services.comments.edit(comment_id=UUID(said.id), body="It does not, @ben.", by=factories.actor("ana"))
    taken_back = factories.comment(asked, "I see.", by="ben")
    services.comments.withdraw(comment_id=UUID(taken_back.id), by=factories.actor("ben"))
    services.threads.resolve(thread_id=UUID(asked.id), by=factories.actor("rita"))
    factories.thread(desk.denies, "All of it?", by="rita")
    factories.thread(desk.article, "Who reads this first?", by="mona")


def without_names_of_chance(line):
    """Number the ids in the order in which they appear, and leave the times out."""
    seen = {}
    line = _UUID.sub(lambda found: f"id-{seen.setdefault(found.group(), len(seen) + 1)}", line)
    return _TIME.sub('"time"', line)
