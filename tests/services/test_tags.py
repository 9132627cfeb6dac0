"""Tags: names, keys and colours that conflict, retiring and bringing back, and what their annotations keep."""

from typing import Any

import pytest

from factcheck import services
from factcheck.exceptions import Conflict, Invalid
from factcheck.models import Annotation, Project, Tag
from tests import factories

pytestmark = pytest.mark.django_db

PROMISE = {"title": "Promise", "key": "p", "colour": "#5b3fb0", "colour_dark": "#b9a5ff"}


@pytest.fixture
def project() -> Project:
    return factories.project("demo")


@pytest.fixture
def who(project: Project) -> dict[str, Any]:
    return {"project_id": project.pk, "by": factories.actor("mona")}


def test_a_new_tag_comes_last_and_is_named_after_its_title(who: dict[str, Any]) -> None:
    tag = services.tags.add(**PROMISE, **who)
    assert (tag.name, tag.position, tag.line) == ("promise", 4, "solid")
    assert (
        services.tags.add(**{**PROMISE, "title": "Open question", "key": "o"}, **who).name == "open_question"
    )


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"title": " "}, "title", "empty"),
        ({"title": "x" * 61}, "title", "at most 60"),
        ({"title": "وعد"}, "name", "a to z"),  # a title in any script, but then the name is to be given
        ({"name": "Promise"}, "name", "a to z"),
        ({"name": "claim"}, "name", "“claim” already: Claim"),
        ({"key": "c"}, "key", "“c” is the key of Claim already"),
        ({"key": "C"}, "key", "“c” is the key of Claim already"),
        ({"key": "s"}, "key", "fixed meaning"),
        ({"key": "u"}, "key", "undo"),
        ({"key": "?"}, "key", "show all keys"),
        ({"key": "7"}, "key", "attribute"),
        ({"key": ""}, "key", "one character"),
        ({"key": "pp"}, "key", "one character"),
        ({"key": "\u200b"}, "key", "one character"),
        ({"key": "\x00"}, "key", "NUL"),
        ({"line": "wavy"}, "line", "solid, dashed"),
        ({"colour": "red"}, "colour", "#rrggbb"),
        ({"colour": "#ffff00"}, "colour", "1.0"),
        ({"colour_dark": "#5b3fb0"}, "colour_dark", "nearest lighter"),
        ({"description": "x" * 1001}, "description", "at most 1000"),
    ],
)
def test_what_cannot_be_a_tag_is_refused_at_its_field(
    who: dict[str, Any], given: dict[str, str], field: str, says: str
) -> None:
    with pytest.raises((Invalid, Conflict)) as refusal:
        services.tags.add(**{**PROMISE, **given}, **who)
    assert refusal.value.field == field
    assert says in str(refusal.value)
    assert Tag.objects.count() == 3


def test_a_key_in_any_script_is_taken(who: dict[str, Any]) -> None:
    assert services.tags.add(**{**PROMISE, "title": "وعد", "name": "promise", "key": "و"}, **who).key == "و"


def test_the_suggested_colour_is_taken(who: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        services.tags.add(**{**PROMISE, "colour": "#e0a000"}, **who)
    nearest = refusal.value.extra["nearest"]
    assert nearest in str(refusal.value)
    assert services.tags.add(**{**PROMISE, "colour": nearest}, **who).colour == nearest


def test_a_change_counts_and_leaves_the_rest(who: dict[str, Any]) -> None:
    tag = services.tags.change(name="claim", title="Assertion", key="a", **who)
    assert (tag.title, tag.key, tag.name, tag.line, tag.revision) == ("Assertion", "a", "claim", "solid", 2)


def test_a_colour_that_an_import_brought_stays_until_it_is_changed(who: dict[str, Any]) -> None:
    services.tags.change(name="claim", title="Assertion", colour="#9a5b00", **who)
    with pytest.raises(Invalid, match="nearest darker"):
        services.tags.change(name="claim", colour="#ffff00", **who)


def test_a_retired_tag_keeps_its_annotations_and_is_offered_no_more(
    project: Project, who: dict[str, Any]
) -> None:
    article = factories.article(project)
    denial = factories.annotation(article, "denied any fault", tag="denial")
    services.tags.retire(name="denial", **who)
    assert Annotation.objects.get(pk=denial.id).tag.name == "denial"
    with pytest.raises(Invalid, match="retired"):
        factories.annotation(article, "another", tag="denial")
    services.annotations.update(annotation_id=denial.id, note="Still here.", by=factories.actor("ana"))
    services.tags.restore(name="denial", **who)
    assert factories.annotation(article, "another", tag="denial").tag == "denial"


def test_the_last_live_tag_stays(who: dict[str, Any]) -> None:
    services.tags.retire(name="claim", **who)
    services.tags.retire(name="denial", **who)
    with pytest.raises(Conflict, match="at least one tag"):
        services.tags.retire(name="evidence", **who)


def test_the_key_of_a_retired_tag_is_free_and_bringing_it_back_then_is_refused(who: dict[str, Any]) -> None:
    services.tags.retire(name="denial", **who)
    services.tags.add(**{**PROMISE, "key": "d"}, **who)
    with pytest.raises(Conflict, match="“d” is the key of Promise already"):
        services.tags.restore(name="denial", **who)
    services.tags.change(
        name="denial", title="Denial (old)", **who
    )  # what one does not touch is not asked for
    with pytest.raises(Conflict, match="Claim"):
        services.tags.change(name="denial", key="c", **who)
    services.tags.change(name="denial", key="x", **who)
    assert services.tags.restore(name="denial", **who).retired_at is None


def test_an_order_names_each_live_tag_once(who: dict[str, Any]) -> None:
    services.tags.retire(name="denial", **who)
    for names in (["claim"], ["claim", "claim"], ["claim", "denial"], ["claim", "evidence", "denial"]):
        with pytest.raises(Invalid, match="once: claim, evidence"):
            services.tags.reorder(names=names, **who)
    services.tags.reorder(names=["evidence", "claim"], **who)
    assert list(Tag.objects.order_by("position").values_list("name", flat=True)) == [
        *("evidence", "claim", "denial"),
    ]
