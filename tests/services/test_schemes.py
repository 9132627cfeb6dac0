"""The acts on a scheme: who may do each, that each is one act, and that a stale one is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from factcheck import queries, services
from factcheck.exceptions import NotAllowed, NotFound, Stale
from factcheck.models import Project
from factcheck.models.history import Act
from factcheck.queries import feed_cursor
from tests import factories

pytestmark = pytest.mark.django_db

PROMISE = {"title": "Promise", "key": "p", "colour": "#5b3fb0", "colour_dark": "#b9a5ff"}
ANSWERS = {"title": "answers", "inverse_title": "answered by", "key": "w", "pairs": {("denial", "claim")}}

# What each act does, given a project and who does it; then the kind under which the history keeps it.
ACTS: dict[str, Callable[..., Any]] = {
    "add_tag": lambda **who: services.tags.add(**PROMISE, **who),
    "change_tag": lambda **who: services.tags.change(name="claim", title="Assertion", **who),
    "reorder_tags": lambda **who: services.tags.reorder(names=["evidence", "claim", "denial"], **who),
    "retire_tag": lambda **who: services.tags.retire(name="denial", **who),
    "restore_tag": lambda **who: services.tags.restore(name="gone", **who),
    "add_relation_kind": lambda **who: services.relation_kinds.add(**ANSWERS, **who),
    "change_relation_kind": lambda **who: services.relation_kinds.change(
        name="about", title="speaks of", pairs={("claim", "claim")}, **who
    ),
    "reorder_relation_kinds": lambda **who: services.relation_kinds.reorder(
        names=["about", "denies", "supports", "refutes", "context", "repeats", "contradicts"], **who
    ),
    "retire_relation_kind": lambda **who: services.relation_kinds.retire(name="context", **who),
    "restore_relation_kind": lambda **who: services.relation_kinds.restore(name="gone", **who),
    "add_attribute": lambda **who: services.attribute_schemas.add(
        tag="claim", title="Topic", kind="choice", choices=["Roads", "Schools"], **who
    ),
    "change_attribute": lambda **who: services.attribute_schemas.change(
        tag="claim", name="wording", choices=["verbatim", "paraphrase"], **who
    ),
    "retire_attribute": lambda **who: services.attribute_schemas.retire(tag=None, name="unsure", **who),
    "restore_attribute": lambda **who: services.attribute_schemas.restore(tag="claim", name="gone", **who),
}
WITH_REVISION = {
    "change_tag": 1,
    "retire_tag": 1,
    "restore_tag": 2,
    "change_relation_kind": 1,
    "retire_relation_kind": 1,
    "restore_relation_kind": 2,
    "add_attribute": 3,
    "change_attribute": 3,
    "retire_attribute": 1,
    "restore_attribute": 3,
}


@pytest.fixture
def project() -> Project:
    """A project in which something of each sort is retired already."""
    made, mona = factories.project("demo"), factories.actor("mona")
    who: dict[str, Any] = {"project_id": made.pk, "by": mona}
    services.tags.add(**{**PROMISE, "title": "Gone", "key": "g"}, **who)
    services.tags.retire(name="gone", **who)
    services.relation_kinds.add(**{**ANSWERS, "title": "gone", "key": "g"}, **who)
    services.relation_kinds.retire(name="gone", **who)
    services.attribute_schemas.add(tag="claim", title="Gone", kind="yes", **who)
    services.attribute_schemas.retire(tag="claim", name="gone", **who)
    return made


@pytest.mark.parametrize("username", [*factories.CAST, "eve"])
@pytest.mark.parametrize("act", ACTS)
def test_only_a_manager_edits_the_scheme(project: Project, act: str, username: str) -> None:
    who = {"project_id": project.pk, "by": factories.actor(username)}
    before = Act.objects.count()
    if username == "mona":
        ACTS[act](**who)
        assert list(Act.objects.order_by("id").values_list("kind", flat=True))[before:] == [act]
        return
    with pytest.raises(NotFound if username == "eve" else NotAllowed):
        ACTS[act](**who)
    assert Act.objects.count() == before


@pytest.mark.parametrize("act", WITH_REVISION)
def test_a_stale_change_is_refused_with_the_present_state(project: Project, act: str) -> None:
    who = {"project_id": project.pk, "by": factories.actor("mona")}
    with pytest.raises(Stale) as refusal:
        ACTS[act](**who, expect=WITH_REVISION[act] + 1)
    assert refusal.value.extra["present"]
    ACTS[act](**who, expect=WITH_REVISION[act])


@pytest.mark.parametrize("things", ["tags", "relation_kinds"])
def test_an_order_that_somebody_changed_meanwhile_is_refused(project: Project, things: str) -> None:
    service = getattr(services, things)
    present = [row["name"] for row in queries.projects.scheme(project.pk)[things] if not row["retired"]]
    turned = list(reversed(present))
    who: dict[str, Any] = {"project_id": project.pk, "by": factories.actor("mona")}
    assert service.reorder(names=turned, expect=present, **who) == turned
    with pytest.raises(Stale) as refusal:
        service.reorder(names=present, expect=present, **who)
    assert refusal.value.extra["present"] == turned


def test_what_changes_nothing_is_no_act(project: Project) -> None:
    who: dict[str, Any] = {"project_id": project.pk, "by": factories.actor("mona")}
    before = Act.objects.count()
    services.tags.change(name="claim", title="Claim", key="c", **who)
    services.tags.reorder(names=["claim", "denial", "evidence"], **who)
    services.tags.retire(name="gone", **who)
    services.relation_kinds.change(name="denies", title="denies", **who)
    services.attribute_schemas.change(tag="claim", name="wording", **who)
    assert Act.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_a_new_scheme_reaches_the_feed_and_the_history_is_true() -> None:
    project, mona = factories.project("demo"), factories.actor("mona")
    services.feed.start_epoch()
    start = feed_cursor.decode(queries.feed.now(mona.user_id).cursor)
    for act in ("add_tag", "change_relation_kind", "add_attribute"):
        ACTS[act](project_id=project.pk, by=mona)
    told = queries.feed.read(mona.user_id, start).lines
    # Each along with the project, of which the scheme is a part.
    assert [(line.type, line.op) for line in told if line.type != "project"] == [
        ("tag", "create"),
        ("relation_kind", "update"),
        ("attribute_schema", "create"),
    ]
    assert {(line.op, line.revision) for line in told if line.type == "project"} == {("update", None)}
    assert list(services.verification.findings()) == []
