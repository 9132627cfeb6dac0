"""Who may do what of reviewing, by role, own or another's, and state: the same by service, by API and on the page.

A row says an act, in which situation, and what each person is answered. Each door is asked every row.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from factcheck import queries, services
from factcheck.exceptions import FactcheckError
from factcheck.records import Actor
from factcheck.services import acts
from tests import factories
from tests.api.client import Api
from tests.factories import actor

pytestmark = pytest.mark.django_db

PEOPLE = ("ana", "ben", "rita", "ruben", "mona", "vic", "eve")
Here = SimpleNamespace


class Form(NamedTuple):
    """What a page sends: where to, and its fields."""

    path: str
    fields: dict[str, str]


class Act(NamedTuple):
    """One thing that somebody does: over the API as method, path and body, as the call of a service, and by a form."""

    method: str
    path: str
    body: Any
    service: Callable[[Here, Actor], Any]
    form: Form


# -- situations: ana is whose work it is, unless it says otherwise -----------------------------------


def _here(desk: factories.Desk) -> Here:
    layer = desk.claim.layer
    return Here(
        desk=desk, article=str(desk.article.id), layer=layer, annotation=desk.claim.id, relation=desk.denies.id,
        source_link=desk.said.id, review=NOBODY, missed=NOBODY, author="ana",
    )  # fmt: skip


def fresh() -> Here:
    """Nothing was decided; all is ana's, and her layer is in progress."""
    return _here(factories.desk("demo"))


def _decide(here: Here, decision: str, by: str = "rita", thing: str = "annotation", **content: Any) -> Here:
    made = services.reviews.create(
        thing=thing, thing_id=UUID(getattr(here, thing)), decision=decision, by=actor(by), **content
    )
    here.review = made.row.id
    return here


def approved() -> Here:
    return _decide(fresh(), "approve")


def change_asked() -> Here:
    return _decide(fresh(), "change", proposal={"tag": "evidence"}, thing="annotation")


def extent_asked() -> Here:
    return _decide(fresh(), "change", proposal={"spans": [{"start": 0, "end": 3}]})


def asked() -> Here:
    return _decide(fresh(), "ask", note="Why?")


def rejected() -> Here:
    return _decide(fresh(), "reject")


def superseded() -> Here:
    here = extent_asked()
    earlier = here.review
    _decide(here, "approve")
    here.review = earlier
    return here


def edited() -> Here:
    here = extent_asked()
    services.annotations.update(annotation_id=UUID(here.annotation), spans=[(0, 9)], by=actor("ana"))
    return here


def answered() -> Here:
    here = extent_asked()
    services.reviews.respond(review_id=UUID(here.review), answer="refused", note="No.", by=actor("ana"))
    return here


def accepted() -> Here:
    """What Rita has proposed stands there now."""
    here = extent_asked()
    services.reviews.respond(review_id=UUID(here.review), answer="accepted", by=actor("ana"))
    return here


def withdrawn() -> Here:
    here = extent_asked()
    services.annotations.withdraw(annotation_id=UUID(here.annotation), by=actor("ana"))
    return here


def ritas() -> Here:
    """A reviewer tags, too: what is decided on is Rita's own."""
    project = factories.project("demo")
    article = factories.article(project)
    claim = factories.annotation(article, "denied any fault", by="rita")
    other = factories.annotation(article, "The bridge", by="rita")
    relation = factories.relation(claim, other, kind="repeats", by="rita")
    link = factories.link(claim, factories.source(project, "The mayor"), by="rita")
    return Here(
        article=str(article.id), layer=claim.layer, annotation=claim.id, relation=relation.id, source_link=link.id,
        review=NOBODY, missed=NOBODY, author="rita",
    )  # fmt: skip


def handed_over() -> Here:
    """What Rita has made stands in Ruben's layer now: both are out."""
    here = ritas()
    services.layers.hand_over(layer_id=UUID(here.layer), to="ruben", by=actor("mona"))
    return here


def handed_to_ben() -> Here:
    here = extent_asked()
    services.layers.hand_over(layer_id=UUID(here.layer), to="ben", by=actor("mona"))
    here.author = "ben"
    return here


def closed() -> Here:
    """A blind project, before its layers open."""
    here = _here(factories.desk("demo", blind=True))
    services.layers.assign(article_id=UUID(here.article), owner="ben", by=actor("mona"))
    return here


def closed_submitted() -> Here:
    here = closed()
    services.layers.submit(layer_id=UUID(here.layer), by=actor("ana"))
    return here


def opened() -> Here:
    here = closed_submitted()
    layer = queries.layers.of_person(actor("mona").user_id, UUID(here.article), "ben")
    assert layer is not None
    services.layers.submit(layer_id=layer.id, by=actor("ben"))
    return here


def submitted() -> Here:
    here = fresh()
    services.layers.submit(layer_id=UUID(here.layer), by=actor("ana"))
    return here


def reopened() -> Here:
    here = submitted()
    services.layers.reopen(layer_id=UUID(here.layer), by=actor("ana"))
    return here


def missed() -> Here:
    here = fresh()
    made = services.proposed_annotations.create(
        layer_id=UUID(here.layer), tag="claim", spans=[(0, 3)], by=actor("rita")
    )
    here.missed = made.row.id
    return here


def missed_taken() -> Here:
    """What Rita found missing is ana's own now, and is what is decided on."""
    here = missed()
    taken = services.proposed_annotations.take(proposed_id=UUID(here.missed), by=actor("ana"))
    here.annotation = taken.annotation
    return here


def missed_refused() -> Here:
    here = missed()
    services.proposed_annotations.refuse(proposed_id=UUID(here.missed), note="No.", by=actor("ana"))
    return here


def missed_withdrawn() -> Here:
    here = missed()
    services.proposed_annotations.withdraw(proposed_id=UUID(here.missed), by=actor("rita"))
    return here


NOBODY = "00000000-0000-7000-8000-000000000000"


# -- acts ------------------------------------------------------------------------------------------


def decide(thing: str, decision: str, **content: Any) -> Act:
    """Decide on the thing of this kind."""
    return Act(
        "POST",
        "reviews/",
        {thing: f"{{{thing}}}", "decision": decision, **content},
        lambda here, by: services.reviews.create(
            thing=thing, thing_id=UUID(getattr(here, thing)), decision=decision, by=by, **content
        ),
        Form(
            "/review/decide/",
            {"at": f"{thing}:{{{thing}}}", "decision": decision, **{k: str(v) for k, v in content.items()}},
        ),
    )


def respond(answer: str, note: str = "") -> Act:
    """Say something to the decision."""
    return Act(
        "POST",
        "review-responses/",
        {"review": "{review}", "answer": answer, "note": note},
        lambda here, by: services.reviews.respond(
            review_id=UUID(here.review), answer=answer, note=note, by=by
        ),
        Form("/decided/decisions/{review}/", {"answer": answer, "note": note}),
    )


def step(name: str, body: Any = None, **content: Any) -> Act:
    """Take a step of the layer."""
    act = getattr(services.layers, name)
    path = f"layers/{{layer}}/{name.replace('_', '-')}/"
    form = Form("/layers/{layer}/step/", {"do": name, **(body or {})})
    return Act("POST", path, body, lambda here, by: act(layer_id=UUID(here.layer), by=by, **content), form)


def assign(owner: str) -> Act:
    return Act(
        "POST",
        "layers/",
        {"article": "{article}", "owner": owner},
        lambda here, by: services.layers.assign(article_id=UUID(here.article), owner=owner, by=by),
        Form("/articles/{article}/assignments/assign/", {"owner": owner}),
    )


def ask_to_review(reviewer: str) -> Act:
    return Act(
        "POST",
        "articles/{article}/reviewers/",
        {"reviewer": reviewer},
        lambda here, by: services.reviewers.assign(article_id=UUID(here.article), reviewer=reviewer, by=by),
        Form("/articles/{article}/assignments/reviewers/", {"reviewer": reviewer}),
    )


WHOLE = Act(
    "POST",
    "reviews/approve-whole/",
    {"annotation": "{annotation}"},
    lambda here, by: services.reviews.approve_whole(annotation_id=UUID(here.annotation), by=by),
    Form("/review/decide/", {"at": "annotation:{annotation}", "decision": "whole"}),
)
PROPOSE = Act(
    "POST",
    "proposed-annotations/",
    {"layer": "{layer}", "tag": "claim", "spans": [{"start": 0, "end": 3}]},
    lambda here, by: services.proposed_annotations.create(
        layer_id=UUID(here.layer), tag="claim", spans=[(0, 3)], by=by
    ),
    Form(
        "/review/propose/",
        {"at": "annotation:{annotation}", "layer": "{layer}", "tag": "claim", "spans": "0-3"},
    ),
)
TAKE = Act(
    "POST",
    "proposed-annotations/{missed}/take/",
    {},
    lambda here, by: services.proposed_annotations.take(proposed_id=UUID(here.missed), by=by),
    Form("/decided/proposed/{missed}/", {"answer": "accepted"}),
)
REFUSE = Act(
    "POST",
    "proposed-annotations/{missed}/refuse/",
    {"note": "No."},
    lambda here, by: services.proposed_annotations.refuse(proposed_id=UUID(here.missed), note="No.", by=by),
    Form("/decided/proposed/{missed}/", {"answer": "refused", "note": "No."}),
)
TAKE_BACK = Act(
    "DELETE",
    "proposed-annotations/{missed}/",
    None,
    lambda here, by: services.proposed_annotations.withdraw(proposed_id=UUID(here.missed), by=by),
    Form("/review/proposed/{missed}/take-back/", {"at": "annotation:{annotation}"}),
)
UNASK = Act(
    "DELETE",
    "articles/{article}/reviewers/ruben/",
    None,
    lambda here, by: services.reviewers.unassign(article_id=UUID(here.article), reviewer="ruben", by=by),
    Form("/articles/{article}/assignments/reviewers/", {"reviewer": "ruben", "do": "remove"}),
)


def _rows() -> list[tuple[str, Act, Callable[[], Here], str]]:
    """Return name, act, situation, and what PEOPLE are answered."""
    #                        ana ben rit rub mon vic eve
    reviewers_only = "       403 403 201 201 201 403 404"
    rows = []
    for thing in services.reviews.THINGS:
        for decision, content in (
            ("approve", {}),
            ("reject", {}),
            ("ask", {"note": "Why?"}),
            ("change", {"note": "Otherwise."}),
        ):
            act = decide(thing, decision, **content)
            rows += [(f"{decision} {thing}", act, at, reviewers_only) for at in (fresh, submitted, opened)]
            rows += [
                (f"{decision} {thing}", act, closed, "       403 404 404 404 404 404 404"),
                (f"{decision} {thing}", act, ritas, "        403 403 403 201 201 403 404"),
                (f"{decision} {thing}", act, handed_over, "  403 403 403 403 201 403 404"),
                (f"{decision} {thing}", act, withdrawn, "    403 403 409 409 409 403 404"),
            ]
    approve, reject, whole = decide("annotation", "approve"), decide("annotation", "reject"), WHOLE
    for name, act in (("approve", approve), ("approve whole", whole)):
        of_one = [(at, reviewers_only) for at in (approved, rejected, change_asked, superseded, answered)]
        of_one += [
            (edited, "                                   403 403 201 201 201 403 404"),
            (accepted, "                                 403 403 403 201 201 403 404"),  # Rita proposed it
            (missed_taken, "                             403 403 403 201 201 403 404"),
        ]
        # Of a whole approval no single decision is what was made.
        rows += [
            (name, act, at, statuses.replace("201", "200") if act is whole else statuses)
            for at, statuses in of_one
        ]
    return [
        *rows,
        ("reject what one proposed", reject, accepted, " 403 403 201 201 201 403 404"),
        ("approve whole", whole, fresh, reviewers_only.replace("201", "200")),
        ("approve whole", whole, closed, "               403 404 404 404 404 404 404"),
        ("approve whole", whole, withdrawn, "            403 403 409 409 409 403 404"),
        ("approve an old version", decide("annotation", "approve", thing_version=7), fresh,
         "                                               403 403 409 409 409 403 404"),
        # What authors say.
        ("accept", respond("accepted"), extent_asked, "  201 403 403 403 403 403 404"),
        ("accept", respond("accepted"), superseded, "    409 403 403 403 403 403 404"),
        ("accept", respond("accepted"), edited, "        409 403 403 403 403 403 404"),
        ("accept", respond("accepted"), withdrawn, "     409 403 403 403 403 403 404"),
        ("accept", respond("accepted"), answered, "      409 403 403 403 403 403 404"),
        ("accept", respond("accepted"), accepted, "      409 403 403 403 403 403 404"),
        ("accept", respond("accepted"), handed_to_ben, " 403 201 403 403 403 403 404"),
        ("accept", respond("accepted"), approved, "      422 403 403 403 403 403 404"),
        ("accept", respond("accepted"), rejected, "      422 403 403 403 403 403 404"),
        ("accept what cannot be", respond("accepted"), fresh, "404 404 404 404 404 404 404"),
        ("refuse", respond("refused", "No."), extent_asked, "201 403 403 403 403 403 404"),
        ("refuse", respond("refused", "No."), rejected, "201 403 403 403 403 403 404"),
        ("refuse", respond("refused", "No."), approved, "422 403 403 403 403 403 404"),
        ("refuse without a word", respond("refused"), extent_asked, "422 422 422 422 422 422 422"),
        ("answer", respond("answered", "So."), asked, "  201 403 403 403 403 403 404"),
        ("answer", respond("answered", "So."), extent_asked, "422 403 403 403 403 403 404"),
        # What was missed.
        ("propose", PROPOSE, fresh, "                    403 403 201 201 201 403 404"),
        ("propose", PROPOSE, ritas, "                    403 403 403 201 201 403 404"),
        ("propose", PROPOSE, handed_over, "              403 403 201 403 201 403 404"),
        ("propose", PROPOSE, closed, "                   403 404 404 404 404 404 404"),
        ("propose", PROPOSE, opened, "                   403 403 201 201 201 403 404"),
        ("take", TAKE, missed, "                         200 403 403 403 403 403 404"),
        ("take", TAKE, missed_taken, "                   200 403 403 403 403 403 404"),
        ("take", TAKE, missed_refused, "                 409 403 403 403 403 403 404"),
        ("take", TAKE, missed_withdrawn, "               409 403 403 403 403 403 404"),
        ("refuse missed", REFUSE, missed, "              200 403 403 403 403 403 404"),
        ("refuse missed", REFUSE, missed_taken, "        409 403 403 403 403 403 404"),
        ("refuse missed", REFUSE, missed_refused, "      200 403 403 403 403 403 404"),
        ("refuse missed", REFUSE, missed_withdrawn, "    409 403 403 403 403 403 404"),
        ("take back", TAKE_BACK, missed, "               403 403 204 403 403 403 404"),
        ("take back", TAKE_BACK, missed_taken, "         403 403 409 403 403 403 404"),
        ("take back", TAKE_BACK, missed_refused, "       403 403 409 403 403 403 404"),
        ("take back", TAKE_BACK, missed_withdrawn, "     403 403 204 403 403 403 404"),
        # The work.
        ("submit", step("submit"), fresh, "              200 403 403 403 403 403 404"),
        ("submit", step("submit"), reopened, "           200 403 403 403 403 403 404"),
        ("submit", step("submit"), submitted, "          409 403 403 403 403 403 404"),
        ("submit", step("submit"), closed, "             200 404 404 404 403 404 404"),
        ("submit", step("submit"), closed_submitted, "   409 404 404 404 403 404 404"),
        ("submit", step("submit"), opened, "             409 403 403 403 403 403 404"),
        ("reopen", step("reopen"), submitted, "          200 403 403 403 200 403 404"),
        ("reopen", step("reopen"), fresh, "              409 403 403 403 409 403 404"),
        ("reopen", step("reopen"), reopened, "           409 403 403 403 409 403 404"),
        ("reopen", step("reopen"), closed_submitted, "   200 404 404 404 200 404 404"),
        ("reopen", step("reopen"), opened, "             200 403 403 403 200 403 404"),
        ("excuse", step("excuse"), fresh, "              403 403 403 403 200 403 404"),
        ("excuse", step("excuse"), submitted, "          403 403 403 403 409 403 404"),
        ("excuse", step("excuse"), closed, "             403 404 404 404 200 404 404"),
        ("hand over", step("hand_over", {"owner": "ruben"}, to="ruben"), fresh, "403 403 403 403 200 403 404"),
        ("hand over", step("hand_over", {"owner": "ruben"}, to="ruben"), closed, "403 404 404 404 200 404 404"),
        ("hand over to who judged", step("hand_over", {"owner": "rita"}, to="rita"), rejected,
         "                                               403 403 403 403 409 403 404"),
        ("hand over to who proposed", step("hand_over", {"owner": "rita"}, to="rita"), missed,
         "                                               403 403 403 403 409 403 404"),
        ("assign", assign("ben"), fresh, "               403 403 403 403 201 403 404"),
        ("assign again", assign("ana"), fresh, "         403 403 403 403 200 403 404"),
        ("assign a viewer", assign("vic"), fresh, "      403 403 403 403 422 403 404"),
        ("assign", assign("ruben"), closed, "            403 403 403 403 201 403 404"),
        ("assign", assign("ruben"), opened, "            403 403 403 403 409 403 404"),
        ("ask to review", ask_to_review("ruben"), fresh, "403 403 403 403 201 403 404"),
        ("ask an annotator to review", ask_to_review("ben"), fresh, "403 403 403 403 422 403 404"),
        ("ask no longer", UNASK, fresh, "                403 403 403 403 204 403 404"),
    ]  # fmt: skip


ROWS = _rows()


def _filled(value: Any, here: Here) -> Any:
    if isinstance(value, str):
        return value.format(**vars(here))
    if isinstance(value, dict):
        return {key: _filled(inner, here) for key, inner in value.items()}
    return value


def by_api(act: Act, here: Here, who: str) -> int:
    """Ask over the API, and return the status."""
    answer = Api(who).ask(act.method, _filled(act.path, here), _filled(act.body, here))
    return int(answer.status_code)


def by_service(act: Act, here: Here, who: str) -> int:
    """Call the service; a refusal is told by the status that goes with it, anything else as 0."""
    try:
        act.service(here, actor(who))
    except FactcheckError as refused:
        return refused.status
    return 0


def by_page(act: Act, here: Here, who: str) -> int:
    """Send the form of the page; going on to another page is told as 0."""
    client = Client()
    client.force_login(factories.user(who))
    answer = client.post(_filled(act.form.path, here), _filled(act.form.fields, here))
    return 0 if answer.status_code == 303 else int(answer.status_code)


DOORS = {"service": by_service, "api": by_api, "page": by_page}


@pytest.mark.parametrize("situation", sorted({row[2] for row in ROWS}, key=lambda at: at.__name__))
def test_each_is_answered_what_the_table_says_by_every_door(situation: Callable[[], Here]) -> None:
    here = situation()
    wrong = []
    for name, act, at, statuses in ROWS:
        if at is not situation:
            continue
        for who, status in zip(PEOPLE, map(int, statuses.split()), strict=True):
            for door, ask in DOORS.items():
                with transaction.atomic():  # what one did is undone before the next is asked
                    got = ask(act, here, who)
                    transaction.set_rollback(True)
                # The list of what was decided on one's work has nothing of others' work: that is 404, not 403.
                hidden = door == "page" and act.form.path.startswith("/decided/") and who != here.author
                if hidden and got == 404 and status >= 400:
                    continue
                if got != status and not (got == 0 and status < 300):
                    wrong.append(f"{name}, {situation.__name__}, {who} by {door}: {got}, not {status}")
    assert wrong == []


def _by_sql(here: Here, who: str, thing: str, decision: str = "approve", **other: Any) -> None:
    """Write a decision around the services, in an act as any program with the database's password could."""
    with (
        acts.act("decide", project_id=queries.projects.id_of("demo"), by=actor(who)),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"""INSERT INTO review (id, project_id, article_id, layer_id, {thing}_id, thing_version, thing_author_id,
                                    reviewer_id, decision, reason, note, revision)
                SELECT gen_random_uuid(), x.project_id, x.article_id, coalesce(%s, x.layer_id), x.id, x.version,
                       coalesce(%s, x.created_by_id), %s, %s, '', '', 1
                FROM {thing} x WHERE x.id = %s""",
            [other.get("layer"), other.get("author"), actor(who).user_id, decision, getattr(here, thing)],
        )


@pytest.mark.parametrize("thing", services.reviews.THINGS)
@pytest.mark.parametrize(
    ("situation", "who"), [(ritas, "rita"), (handed_over, "rita"), (handed_over, "ruben"), (fresh, "ana")]
)
def test_own_work_is_not_decided_on_by_sql_either(
    situation: Callable[[], Here], who: str, thing: str
) -> None:
    here = situation()
    other = factories.annotation(
        factories.article(queries.projects.by_id(queries.projects.id_of("demo")), title="B"),
        "denied",
        by="ben",
    )
    for around in ({}, {"author": actor("ben").user_id}, {"layer": other.layer}):
        with pytest.raises((FactcheckError, DatabaseError)), transaction.atomic():
            _by_sql(here, who, thing, **around)
            connection.check_constraints()
            connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    _by_sql(here, "mona", thing)


def test_nor_from_another_layer_of_the_same_article() -> None:
    here = handed_over()
    article = queries.articles.visible(actor("mona").user_id, UUID(here.article))
    assert article is not None
    elsewhere = factories.annotation(article, "twice a week", by="ben").layer
    for who in ("ruben", "mona"):
        with pytest.raises(FactcheckError), transaction.atomic():
            _by_sql(here, who, "annotation", layer=elsewhere)


def test_what_one_has_proposed_is_not_approved_by_sql_either() -> None:
    for situation in (accepted, missed_taken):
        with transaction.atomic():
            here = situation()
            with pytest.raises(FactcheckError), transaction.atomic():
                _by_sql(here, "rita", "annotation")
            _by_sql(here, "rita", "annotation", "reject")
            transaction.set_rollback(True)


def test_a_decision_is_not_rewritten_nor_removed_by_sql() -> None:
    here = answered()
    for table, change in (
        ("review", "note = 'Otherwise'"),
        ("review", "decision = 'approve'"),
        ("review_response", "note = 'Otherwise'"),
    ):
        for statement in (f"UPDATE {table} SET {change}", f"DELETE FROM {table}"):
            with (
                pytest.raises((FactcheckError, DatabaseError)),
                transaction.atomic(),
                acts.act("x", project_id=queries.projects.id_of("demo"), by=actor("mona")),
            ):
                connection.cursor().execute(statement)
    assert here.review != NOBODY
