"""Assigned, started, submitted, reopened, opened, excused, handed over."""

from uuid import UUID

import pytest

from factcheck import queries, services
from factcheck.exceptions import Conflict, Invalid, NotAllowed, NotFound
from factcheck.models import Act, Layer
from tests import factories
from tests.factories import actor

pytestmark = pytest.mark.django_db


def layer_of(article: queries.articles.ArticleRow, owner: str) -> queries.layers.LayerRow:
    found = queries.layers.of_person(actor("mona").user_id, article.id, owner)
    assert found is not None
    return found


@pytest.fixture
def blind() -> queries.articles.ArticleRow:
    """Give an article of a blind project that ana and ben are assigned to."""
    article = factories.article(factories.project(blind=True))
    for owner in ("ana", "ben"):
        services.layers.assign(article_id=article.id, owner=owner, by=actor("mona"))
    return article


class TestStates:
    def test_tagging_starts_and_submitting_ends_and_reopening_goes_on(self) -> None:
        article = factories.article(factories.project())
        layer = services.layers.assign(article_id=article.id, owner="ana", by=actor("mona")).row
        assert layer.state == "not_started"
        factories.annotation(article, "denied any fault")
        assert layer_of(article, "ana").state == "in_progress"
        done = services.layers.submit(layer_id=layer.id, by=actor("ana"))
        assert (done.state, done.submitted_at is not None) == ("submitted", True)
        assert services.layers.reopen(layer_id=layer.id, by=actor("ana")).state == "reopened"
        assert services.layers.submit(layer_id=layer.id, by=actor("ana")).state == "submitted"

    def test_submitted_twice_is_refused_with_the_state(self) -> None:
        article = factories.article(factories.project())
        factories.annotation(article, "denied any fault")
        layer = layer_of(article, "ana")
        services.layers.submit(layer_id=layer.id, by=actor("ana"))
        with pytest.raises(Conflict, match="submitted"):
            services.layers.submit(layer_id=layer.id, by=actor("ana"))
        with pytest.raises(NotAllowed):
            services.layers.reopen(layer_id=layer.id, by=actor("ben"))
        assert services.layers.reopen(layer_id=layer.id, by=actor("mona")).state == "reopened"

    def test_nobody_submits_for_another(self) -> None:
        article = factories.article(factories.project())
        factories.annotation(article, "denied any fault")
        for other in ("ben", "rita", "mona"):
            with pytest.raises(NotAllowed):
                services.layers.submit(layer_id=layer_of(article, "ana").id, by=actor(other))

    def test_the_first_answer_is_what_was_first_submitted(self) -> None:
        article = factories.article(factories.project())
        factories.annotation(article, "denied any fault")
        layer = layer_of(article, "ana")
        services.layers.submit(layer_id=layer.id, by=actor("ana"))
        first = Layer.objects.get(pk=layer.id).first_answer
        services.layers.reopen(layer_id=layer.id, by=actor("ana"))
        services.layers.submit(layer_id=layer.id, by=actor("ana"))
        assert Layer.objects.get(pk=layer.id).first_answer == first
        assert first is not None
        assert Act.objects.get(pk=first).kind == "submit"


class TestBlind:
    def test_layers_open_together_when_the_last_one_is_submitted(
        self, blind: queries.articles.ArticleRow
    ) -> None:
        mine = factories.annotation(blind, "denied any fault", by="ana")
        services.layers.submit(layer_id=layer_of(blind, "ana").id, by=actor("ana"))
        for colleague in ("ben", "rita", "mona"):
            assert queries.annotations.visible(actor(colleague).user_id, mine.id) is None
        services.layers.submit(layer_id=layer_of(blind, "ben").id, by=actor("ben"))
        for colleague in ("ben", "rita", "mona"):
            assert queries.annotations.visible(actor(colleague).user_id, mine.id) is not None
        opened = [layer_of(blind, owner).opened_at for owner in ("ana", "ben")]
        assert opened[0] == opened[1] is not None
        assert Act.objects.filter(kind="open_layers", project_id=blind.project_id).count() == 1

    def test_what_is_submitted_is_locked_until_reopened_or_open(
        self, blind: queries.articles.ArticleRow
    ) -> None:
        mine = factories.annotation(blind, "denied any fault", by="ana")
        layer = layer_of(blind, "ana")
        services.layers.submit(layer_id=layer.id, by=actor("ana"))
        with pytest.raises(Conflict, match="reopen"):
            services.annotations.update(annotation_id=UUID(mine.id), by=actor("ana"), note="more")
        services.layers.reopen(layer_id=layer.id, by=actor("ana"))
        services.annotations.update(annotation_id=UUID(mine.id), by=actor("ana"), note="more")
        services.layers.submit(layer_id=layer.id, by=actor("ana"))
        services.layers.submit(layer_id=layer_of(blind, "ben").id, by=actor("ben"))
        assert services.annotations.update(annotation_id=UUID(mine.id), by=actor("ana"), note="").note == ""

    def test_nor_is_it_undone_while_it_is_locked(self, blind: queries.articles.ArticleRow) -> None:
        factories.annotation(blind, "denied any fault", by="ana")
        services.layers.submit(layer_id=layer_of(blind, "ana").id, by=actor("ana"))
        with pytest.raises(Conflict, match="reopen"):
            services.history.undo(article_id=blind.id, by=actor("ana"))
        services.layers.reopen(layer_id=layer_of(blind, "ana").id, by=actor("ana"))
        assert services.history.undo(article_id=blind.id, by=actor("ana")) == "create_annotation"

    def test_opening_is_not_undone_by_reopening(self, blind: queries.articles.ArticleRow) -> None:
        for owner in ("ana", "ben"):
            services.layers.submit(layer_id=layer_of(blind, owner).id, by=actor(owner))
        services.layers.reopen(layer_id=layer_of(blind, "ana").id, by=actor("ana"))
        assert layer_of(blind, "ana").opened_at is not None

    def test_nobody_joins_once_layers_are_open(self, blind: queries.articles.ArticleRow) -> None:
        for owner in ("ana", "ben"):
            services.layers.submit(layer_id=layer_of(blind, owner).id, by=actor(owner))
        with pytest.raises(Conflict, match="blind"):
            services.layers.assign(article_id=blind.id, owner="rita", by=actor("mona"))
        with pytest.raises(Conflict, match="blind"):
            factories.annotation(blind, "denied any fault", by="rita")

    def test_who_is_excused_no_longer_keeps_the_others_closed(
        self, blind: queries.articles.ArticleRow
    ) -> None:
        services.layers.submit(layer_id=layer_of(blind, "ana").id, by=actor("ana"))
        with pytest.raises(NotAllowed):
            services.layers.excuse(layer_id=layer_of(blind, "ana").id, by=actor("ana"))
        assert layer_of(blind, "ana").opened_at is None
        services.layers.excuse(layer_id=layer_of(blind, "ben").id, by=actor("mona"))
        assert layer_of(blind, "ana").opened_at is not None

    def test_a_layer_that_nobody_knows_of_is_not_found(self, blind: queries.articles.ArticleRow) -> None:
        with pytest.raises(NotFound):
            services.layers.submit(layer_id=layer_of(blind, "ana").id, by=actor("ben"))


class TestSpreading:
    def test_articles_are_spread_so_that_nobody_has_much_more(self) -> None:
        project = factories.project()
        articles = [factories.article(project, title=f"T{n}", text=f"Text {n}.") for n in range(6)]
        made = services.layers.assign_evenly(
            project_id=project.pk,
            article_ids=[article.id for article in articles],
            owners=["ana", "ben", "rita"],
            each=2,
            by=actor("mona"),
        )
        owners = list(Layer.objects.filter(project=project).values_list("owner__username", flat=True))
        assert made == 12
        assert {owner: owners.count(owner) for owner in owners} == {"ana": 4, "ben": 4, "rita": 4}
        assert Act.objects.filter(project=project, kind="assign").count() == 1
        assert all(Layer.objects.filter(article_id=one.id).count() == 2 for one in articles)

    def test_what_is_assigned_already_counts(self) -> None:
        project = factories.project()
        article = factories.article(project)
        services.layers.assign(article_id=article.id, owner="ana", by=actor("mona"))
        arguments = {"project_id": project.pk, "article_ids": [article.id], "by": actor("mona")}
        assert services.layers.assign_evenly(owners=["ana", "ben"], each=1, **arguments) == 0
        assert services.layers.assign_evenly(owners=["ana", "ben"], each=2, **arguments) == 1

    def test_more_each_than_there_are_people_is_refused(self) -> None:
        project = factories.project()
        with pytest.raises(Invalid, match="annotators"):
            services.layers.assign_evenly(
                project_id=project.pk, article_ids=[], owners=["ana"], each=2, by=actor("mona")
            )


class TestHandingOver:
    def test_the_heir_goes_on_and_who_made_it_stays(self) -> None:
        article = factories.article(factories.project())
        mine = factories.annotation(article, "denied any fault")
        layer = layer_of(article, "ana")
        assert services.layers.hand_over(layer_id=layer.id, to="ben", by=actor("mona")).owner == "ben"
        changed = services.annotations.update(annotation_id=UUID(mine.id), by=actor("ben"), note="Mine now")
        assert changed.created_by == "ana"
        with pytest.raises(NotAllowed):
            services.annotations.update(annotation_id=UUID(mine.id), by=actor("ana"), note="No")

    def test_who_gave_it_away_undoes_nothing_in_it(self) -> None:
        article = factories.article(factories.project())
        mine = factories.annotation(article, "denied any fault")
        services.layers.hand_over(layer_id=UUID(mine.layer), to="ben", by=actor("mona"))
        with pytest.raises(NotAllowed, match="colleague"):
            services.history.undo(article_id=article.id, by=actor("ana"))
        assert queries.annotations.visible(actor("ben").user_id, mine.id) is not None

    def test_not_to_who_has_a_layer_there_or_has_judged_it(self) -> None:
        article = factories.article(factories.project())
        mine = factories.annotation(article, "denied any fault")
        factories.annotation(article, "denied any fault", by="ben")
        layer = layer_of(article, "ana")
        services.reviews.create(
            thing="annotation", thing_id=UUID(mine.id), decision="approve", by=actor("rita")
        )
        with pytest.raises(Conflict, match="of their own"):
            services.layers.hand_over(layer_id=layer.id, to="ben", by=actor("mona"))
        with pytest.raises(Conflict, match="decided"):
            services.layers.hand_over(layer_id=layer.id, to="rita", by=actor("mona"))
        with pytest.raises(Invalid, match="viewer"):
            services.layers.hand_over(layer_id=layer.id, to="vic", by=actor("mona"))
        with pytest.raises(NotAllowed):
            services.layers.hand_over(layer_id=layer.id, to="ruben", by=actor("rita"))
