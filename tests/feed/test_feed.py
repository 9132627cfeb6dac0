"""The feed tells everything once, in the order of commits, and nothing that its reader may not know."""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factcheck import services
from factcheck.exceptions import CursorExpired, Invalid, NotFound
from factcheck.queries import feed, feed_cursor, feed_sql
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
NOT_ON_THE_DESK = {
    *("review", "review_response", "proposed_annotation", "reviewer_assignment", "source_text", "release"),
    *("thread", "comment"),
}


@pytest.fixture(autouse=True)
def epoch(transactional_db):
    return services.feed.start_epoch()


class Puller:
    """Somebody who follows the feed, page by page."""

    def __init__(self, username, **kwargs):
        self.viewer = factories.user(username).pk
        self.kwargs = kwargs
        self.cursor = None

    def page(self, **kwargs):
        after = feed_cursor.decode(self.cursor) if self.cursor else None
        page = feed.read(self.viewer, after, **(self.kwargs | kwargs))
        self.cursor = page.cursor
        return page

    def pull(self, **kwargs):
        lines = []
        for _ in range(1000):
            page = self.page(**kwargs)
            lines += page.lines
            if not page.more:
                return lines
        raise AssertionError("the feed does not end")


def told(lines, *types):
    return [(line.type, line.op) for line in lines if not types or line.type in types]


def test_feed_from_the_start_begins_with_the_project_and_tells_all_that_was_done():
    desk = factories.desk("water")
    lines = Puller("vic").pull()
    assert (lines[0].type, lines[0].op, lines[0].id) == ("project", "create", desk.project.pk)
    assert {line.project for line in lines} == {"water"}
    assert {line.type for line in lines} == set(feed.TYPES) - NOT_ON_THE_DESK
    things = ("article", "layer", "annotation", "relation", "source_link")
    assert told(lines, *things) == [
        ("article", "create"),
        ("layer", "create"),
        ("annotation", "create"),
        ("annotation", "create"),
        ("relation", "create"),
        ("source_link", "create"),
        ("annotation", "update"),
    ]
    made = next(line for line in lines if line.type == "annotation")
    assert (made.id, made.article, made.version, made.revision, made.by) == (
        *(UUID(desk.claim.id), desk.article.id),
        *(1, 1, "ana"),
    )


def test_withdrawing_is_a_delete_and_restoring_a_create_with_what_hangs_on_it():
    desk = factories.desk()
    puller = Puller("vic")
    puller.pull()
    ana = factories.actor("ana")
    services.annotations.withdraw(annotation_id=UUID(desk.claim.id), by=ana)
    assert sorted(told(puller.pull())) == [
        ("annotation", "delete"),
        ("relation", "delete"),
        ("source_link", "delete"),
    ]
    services.annotations.restore(annotation_id=UUID(desk.claim.id), by=ana)
    assert sorted(set(told(puller.pull()))) == [
        ("annotation", "create"),
        ("relation", "create"),
        ("source", "update"),  # which a copy that began meanwhile does not have
        ("source_link", "create"),
    ]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 1000])
def test_pages_of_any_size_put_together_are_the_whole(limit):
    factories.desk()
    whole = Puller("vic").pull(limit=1000)
    pages = Puller("vic")
    parts = []
    while True:
        page = pages.page(limit=limit)
        assert len(page.lines) <= limit
        parts += page.lines
        if not page.more:
            break
    assert parts == whole


def test_now_gives_a_cursor_after_which_only_what_is_new_comes():
    desk = factories.desk()
    puller = Puller("vic")
    puller.cursor = feed.now(puller.viewer).cursor
    assert puller.pull() == []
    factories.annotation(desk.article, "photograph", tag="evidence", by="ben")
    assert told(puller.pull()) == [("layer", "create"), ("annotation", "create")]
    assert puller.pull() == []


def test_only_the_types_asked_for_are_told():
    factories.desk()
    assert {line.type for line in Puller("vic").pull(types=["relation", "source"])} == {"relation", "source"}


def test_project_filter_keeps_the_places_of_the_others():
    one, two = factories.desk("one-desk"), factories.desk("two-desk")
    puller = Puller("vic")
    puller.pull()
    for desk in (one, two):
        factories.annotation(desk.article, "photograph", tag="evidence", by="ana")
    assert {line.project for line in puller.pull(project="two-desk")} == {"two-desk"}
    assert [(line.project, line.type) for line in puller.pull()] == [("one-desk", "annotation")]


def test_project_filter_of_a_stranger_finds_nothing():
    factories.desk("water")
    for slug in ("water", "no-such"):
        with pytest.raises(NotFound):
            feed.read(factories.user("eve").pk, None, project=slug)


def test_joining_brings_the_project_from_its_start_and_leaving_says_so():
    desk = factories.desk("water")
    mona = factories.actor("mona")
    puller = Puller("eve")
    assert puller.pull() == []
    services.projects.add_member(project=desk.project, username="eve", role="viewer", by=mona)
    joined = puller.pull()
    assert (joined[0].type, joined[0].op) == ("project", "create")
    assert told(joined) == told(Puller("vic").pull())
    services.projects.remove_member(project_id=desk.project.pk, username="eve", by=mona)
    factories.annotation(desk.article, "photograph", tag="evidence")
    [left] = puller.pull(types=["annotation"])
    assert (left.type, left.op, left.id, left.project, left.by) == (
        *("project", "delete", desk.project.pk),
        *("water", "mona"),
    )
    assert puller.pull() == []
    services.projects.add_member(project=desk.project, username="eve", role="viewer", by=mona)
    assert told(puller.pull()) == told(Puller("vic").pull())


def test_forged_cursor_tells_nothing_of_a_project_that_one_was_never_in(epoch):
    desk = factories.desk()
    forged = feed_cursor.Cursor(epoch, {desk.project.pk: feed_cursor.Place.at(0)})
    page = feed.read(factories.user("eve").pk, forged)
    assert (page.lines, page.more) == ([], False)
    assert feed_cursor.decode(page.cursor).places == {}


def test_cursor_of_another_history_is_refused():
    desk = factories.desk()
    vic = factories.user("vic").pk
    cursor = feed_cursor.decode(feed.read(vic, None, limit=1000).cursor)
    ahead = feed_cursor.Cursor(cursor.epoch, {desk.project.pk: feed_cursor.Place.at(10**6)})
    with pytest.raises(CursorExpired):
        feed.read(vic, ahead)
    services.feed.start_epoch()
    feed.read(vic, cursor)
    services.feed.start_epoch(anew=True)
    with pytest.raises(CursorExpired):
        feed.read(vic, cursor)


def test_database_that_was_loaded_from_a_dump_gets_an_epoch_of_its_own(epoch):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE feed_epoch SET epoch = 'elsewher12345678'")
    with pytest.raises(feed.NoEpoch):
        feed.now(factories.user("vic").pk)
    assert services.feed.start_epoch() != epoch


@pytest.mark.parametrize(
    "word",
    [
        "x",
        "!!",
        "é",
        "bnVsbA",
        "W10",
        "e30",
        "eyJlcG9jaCI6MSwiYXQiOnt9fQ",
        "eyJlcG9jaCI6ImEiLCJhdCI6eyJhIjpbMV19fQ",
    ],
)
def test_malformed_cursor_is_refused_in_words(word):
    with pytest.raises(Invalid) as refusal:
        feed_cursor.decode(word)
    assert refusal.value.field == "after"


def test_idle_poll_is_one_statement_however_many_projects_and_events():
    for _ in range(3):
        factories.desk()
    puller = Puller("vic")
    puller.pull()
    with CaptureQueriesContext(connection) as statements:
        assert puller.pull() == []
    assert len(statements) == 1


def test_page_is_read_by_as_many_statements_at_any_size():
    desk = factories.desk()
    counts = []
    for extra in (2, 30):
        puller = Puller("vic")
        puller.cursor = feed.now(puller.viewer).cursor
        for _ in range(extra):
            factories.annotation(desk.article, "photograph", tag="evidence")
        with CaptureQueriesContext(connection) as statements:
            assert len(puller.pull(limit=1000)) == extra
        counts.append(len(statements))
    assert counts[0] == counts[1] == 2


# -- blind projects --------------------------------------------------------------------------------


def open_layers(desk):
    """Open an article's layers, as submitting the last one does."""
    mona = factories.actor("mona")
    with services.acts.act("open", project_id=desk.project.pk, by=mona), connection.cursor() as cursor:
        cursor.execute("UPDATE layer SET opened_at = now() WHERE article_id = %s", [desk.article.id])


def test_blind_project_tells_nobody_of_a_layer_but_its_owner():
    factories.desk(blind=True)
    hidden = {"layer", "annotation", "relation", "source_link"}
    for username in ("ben", "rita", "mona", "vic"):
        lines = Puller(username).pull()
        assert not hidden & {line.type for line in lines}, username
        assert told(lines, "source") == [("source", "create")] * 2, username
    assert hidden <= {line.type for line in Puller("ana").pull()}


@pytest.mark.parametrize("limit", [1, 4, 1000])
def test_opening_a_layer_tells_what_was_kept_from_the_reader(limit):
    desk = factories.desk(blind=True)
    puller, owner = Puller("ben", limit=limit), Puller("ana", limit=limit)
    puller.pull()
    kept = owner.pull()
    open_layers(desk)
    lines = puller.pull()
    assert (lines[0].type, lines[0].op) == ("layer", "create")
    wanted = [line for line in kept if line.type in {"annotation", "relation", "source_link", "layer"}]
    assert [line for line in lines if line in wanted] == wanted
    assert desk.mayor.id in {line.id for line in lines if line.type == "source"}
    assert told(owner.pull()) == [("layer", "update")]
    assert puller.pull() == []


def test_opened_before_the_first_pull_comes_in_commit_order():
    desk = factories.desk(blind=True)
    open_layers(desk)
    lines = Puller("ben").pull()
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert told(lines, "annotation")[0] == ("annotation", "create")


def test_source_is_told_when_an_open_layer_names_it_and_gone_when_none_does_any_more():
    desk = factories.desk(blind=True)
    open_layers(desk)
    builder = factories.source(desk.project, "The builders")
    puller = Puller("ben")
    assert builder.id not in {line.id for line in puller.pull()}
    said = factories.link(desk.denial, builder)
    lines = puller.pull()
    assert ("source", "create") in told([line for line in lines if line.id == builder.id])
    services.source_links.withdraw(link_id=UUID(said.id), by=factories.actor("ana"))
    lines = puller.pull()
    assert told([line for line in lines if line.id == builder.id]) == [("source", "delete")]


def test_sources_of_a_project_that_stops_being_blind_are_told():
    project = factories.project(blind=True)
    hidden = factories.source(project, "The builders")
    puller = Puller("ben")
    assert hidden.id not in {line.id for line in puller.pull()}
    services.projects.update(project_id=project.pk, by=factories.actor("mona"), blind=False)
    assert hidden.id in {line.id for line in puller.pull()}


# -- what it costs ---------------------------------------------------------------------------------


def test_page_is_read_along_the_index_of_positions():
    desk = factories.desk()
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")  # a table this small is read whole otherwise
        cursor.execute("SET enable_sort = off")  # and sorting so few rows costs nothing
        try:
            cursor.execute(
                f"EXPLAIN {feed_sql.OPEN_PAGE} {feed_sql.IN_ORDER}",
                {
                    "viewer": factories.user("vic").pk,
                    "blind": False,
                    "project": desk.project.pk,
                    "position": 3,
                    "ordinal": 0,
                    "upto": 10,
                    "types": list(feed.TYPES),
                    "limit": 100,
                },
            )
            plan = "\n".join(row[0] for row in cursor.fetchall())
        finally:
            cursor.execute("RESET enable_seqscan")
            cursor.execute("RESET enable_sort")
    assert "act_position_once" in plan
    assert "event_pkey" in plan
