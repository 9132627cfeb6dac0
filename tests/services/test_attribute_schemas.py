"""Attributes: every change is a new version, what was filled in under an earlier one stays until it is changed."""

from typing import Any

import orjson
import pytest

from factcheck import queries, services
from factcheck.exceptions import Conflict, Invalid, NotFound
from factcheck.models import Annotation, AttributeSchema
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> factories.Desk:
    return factories.desk()


@pytest.fixture
def who(desk: factories.Desk) -> dict[str, Any]:
    return {"project_id": desk.project.pk, "by": factories.actor("mona")}


def fill(desk: factories.Desk, values: dict[str, Any], **more: Any) -> dict[str, Any]:
    row = services.annotations.update(
        annotation_id=desk.claim.id, attributes=values, by=factories.actor("ana"), **more
    )
    filled: dict[str, Any] = orjson.loads(row.attributes)
    return filled


def test_a_new_attribute_is_a_new_version_and_can_be_filled_in(
    desk: factories.Desk, who: dict[str, Any]
) -> None:
    made = services.attribute_schemas.add(
        tag="claim", title="Topic", kind="choice", choices=["Roads", " Schools ", "Roads", ""], **who
    )
    topic = made.named("topic")
    assert topic
    assert (made.version, topic.title, topic.choices) == (2, "Topic", ("Roads", "Schools"))
    assert fill(desk, {"topic": "Roads", "wording": "mixed"}) == {"topic": "Roads", "wording": "mixed"}
    assert Annotation.objects.get(pk=desk.claim.id).schema_version == 2
    versions = AttributeSchema.objects.filter(tag__name="claim").order_by("version")
    assert ["topic" in row.schema["properties"] for row in versions] == [False, True]


def test_an_attribute_of_every_tag_may_be_the_first(desk: factories.Desk, who: dict[str, Any]) -> None:
    services.tags.add(title="Promise", key="p", colour="#5b3fb0", colour_dark="#b9a5ff", **who)
    made = services.attribute_schemas.add(tag="promise", title="Due", kind="date", **who)
    assert made.version == 1
    promise = factories.annotation(desk.article, "twice a week", tag="promise", attributes={"due": "2027-01"})
    assert orjson.loads(promise.attributes) == {"due": "2027-01"}
    with pytest.raises(Invalid, match="due"):
        factories.annotation(desk.article, "twice", tag="promise", attributes={"due": "soon"})


def test_a_value_that_is_offered_no_more_stays_until_it_is_changed(
    desk: factories.Desk, who: dict[str, Any]
) -> None:
    fill(desk, {"wording": "mixed", "finding": "false"})
    services.attribute_schemas.change(tag="claim", name="wording", choices=["verbatim", "paraphrase"], **who)
    assert fill(desk, {"wording": "mixed", "finding": "true"}) == {"wording": "mixed", "finding": "true"}
    assert fill(desk, {"finding": "true", "wording": "verbatim"})["wording"] == "verbatim"
    with pytest.raises(Invalid, match="one of verbatim, paraphrase"):
        fill(desk, {"wording": "mixed"})


def test_a_value_of_a_retired_attribute_stays_and_no_new_one_comes(
    desk: factories.Desk, who: dict[str, Any]
) -> None:
    fill(desk, {"said_where": "Kiev", "unsure": True})
    services.attribute_schemas.retire(tag="claim", name="said_where", **who)
    services.attribute_schemas.retire(tag=None, name="unsure", **who)
    kept = {"said_where": "Kiev", "unsure": True, "wording": "mixed"}
    assert fill(desk, kept) == kept
    with pytest.raises(Invalid, match="no attribute said_where"):
        fill(desk, {**kept, "said_where": "Lviv"})
    assert fill(desk, {"wording": "mixed"}) == {"wording": "mixed"}
    with pytest.raises(Invalid, match="no attribute said_where"):
        fill(desk, {"said_where": "Kiev"})


def test_a_change_of_tag_keeps_what_the_other_tag_allows(desk: factories.Desk, who: dict[str, Any]) -> None:
    services.attribute_schemas.add(
        tag="evidence", title="Wording", kind="choice", choices=["verbatim"], **who
    )
    fill(desk, {"wording": "mixed", "unsure": True})
    services.relations.withdraw(relation_id=desk.denies.id, by=factories.actor("ana"))
    row = services.annotations.update(annotation_id=desk.claim.id, tag="evidence", by=factories.actor("ana"))
    assert orjson.loads(row.attributes) == {"unsure": True}


def test_a_retired_attribute_comes_back_as_it_was(who: dict[str, Any]) -> None:
    services.attribute_schemas.retire(tag="denial", name="denial_type", **who)
    with pytest.raises(Conflict, match="bring it back"):
        services.attribute_schemas.add(tag="denial", title="Denial type", kind="yes", **who)
    back = services.attribute_schemas.restore(tag="denial", name="denial_type", **who)
    assert back.version == 3
    assert back.present[0].choices == ("flat", "non_denial", "no_comment", "of_something_else")
    assert back.retired == ()


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"title": ""}, "title", "empty"),
        ({"title": "Wording"}, "name", "already"),
        ({"title": "Unsure"}, "name", "already"),  # every tag has it
        ({"name": "Über"}, "name", "a to z"),
        ({"kind": "number"}, "kind", "choice, yes, text, date"),
        ({"kind": "choice"}, "choices", "at least one"),
        ({"kind": "choice", "choices": [str(n) for n in range(51)]}, "choices", "At most 50"),
        ({"kind": "choice", "choices": ["\x00"]}, "choices", "NUL"),
    ],
)
def test_what_cannot_be_an_attribute_is_refused_at_its_field(
    who: dict[str, Any], given: dict[str, Any], field: str, says: str
) -> None:
    with pytest.raises((Invalid, Conflict)) as refusal:
        services.attribute_schemas.add(**{"tag": "claim", "title": "Topic", "kind": "text", **given}, **who)
    assert refusal.value.field == field
    assert says in str(refusal.value)


def test_an_attribute_of_one_tag_does_not_share_a_name_with_one_of_every_tag(who: dict[str, Any]) -> None:
    with pytest.raises(Conflict, match="“wording” already"):
        services.attribute_schemas.add(tag=None, title="Wording", kind="yes", **who)
    services.attribute_schemas.add(tag="denial", title="Wording", kind="yes", **who)  # beside claim's is fine


def test_what_a_form_cannot_show_is_kept_untouched(desk: factories.Desk, who: dict[str, Any]) -> None:
    odd = {"type": "integer", "minimum": 1, "description": "How often."}
    whole = {
        "type": "object",
        "properties": {"times": odd, "wording": {"type": "string", "enum": ["a"], "description": "How."}},
        "additionalProperties": False,
        "$comment": "Ours.",
    }
    with services.acts.act("import_scheme", **who):
        AttributeSchema.objects.create(
            project=desk.project,
            tag_id=AttributeSchema.objects.get(tag__name="claim").tag_id,
            version=2,
            schema=whole,
            keys=["times", "wording"],
        )
    services.attribute_schemas.change(tag="claim", name="wording", choices=["b"], title="Words", **who)
    newest = AttributeSchema.objects.get(tag__name="claim", version=3)
    assert newest.schema["properties"]["times"] == odd
    assert newest.schema["properties"]["wording"] == {
        **{"type": "string", "enum": ["b"], "description": "How.", "title": "Words"},
    }
    assert newest.schema["$comment"] == "Ours."
    assert newest.keys == ["times", "wording"]
    with pytest.raises(Conflict, match="cannot show"):
        services.attribute_schemas.change(tag="claim", name="times", kind="yes", **who)
    with pytest.raises(NotFound):
        services.attribute_schemas.retire(tag="claim", name="never", **who)


def test_the_scheme_tells_the_newest_versions(desk: factories.Desk, who: dict[str, Any]) -> None:
    services.attribute_schemas.add(tag="claim", title="Topic", kind="text", **who)
    told = {row["tag"]: row for row in queries.projects.scheme(desk.project.pk)["attributes"]}
    assert told["claim"]["version"] == 2
    assert "topic" in told["claim"]["schema"]["properties"]
    assert told["denial"]["version"] == 1


@pytest.mark.django_db(transaction=True)
def test_an_export_with_values_of_earlier_versions_comes_back_whole(
    desk: factories.Desk, who: dict[str, Any]
) -> None:
    fill(desk, {"wording": "mixed", "said_where": "Kiev", "unsure": True})
    services.attribute_schemas.change(tag="claim", name="wording", choices=["verbatim"], **who)
    services.attribute_schemas.retire(tag="claim", name="said_where", **who)
    services.attribute_schemas.retire(tag=None, name="unsure", **who)
    mona = factories.actor("mona")
    chosen = queries.interchange.select(mona.user_id, project=desk.project.slug)
    line = b"".join(queries.interchange.export("jsonl", chosen)).splitlines()[0]
    again = services.interchange.create_project(slug="again", first_line=line, by=mona)
    outcomes = list(
        services.interchange.import_lines(
            project=again, lines=[line], by=mona, create_users=True, renew_ids=True
        )
    )
    assert [outcome.refused for outcome in outcomes] == [None]
    claim = Annotation.objects.get(project=again, tag__name="claim")
    assert claim.attributes == {"wording": "mixed", "said_where": "Kiev", "unsure": True}
    assert AttributeSchema.objects.filter(project=again, tag__name="claim").count() == 3
