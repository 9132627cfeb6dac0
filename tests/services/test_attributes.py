"""Attributes: what a project's scheme allows, dates as far as known, and what an earlier scheme allowed."""

from typing import Any
from uuid import UUID

import orjson
import pytest

from factcheck import services
from factcheck.exceptions import Invalid
from factcheck.models import AttributeSchema, Project, Tag
from factcheck.services import acts
from factcheck.services.attributes import kind_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> factories.Desk:
    return factories.desk()


def newer_scheme(project: Project, tag: str, properties: dict[str, Any]) -> None:
    """Give a tag other attributes, as its manager does."""
    with acts.act("update_scheme", project_id=project.pk, by=factories.actor("mona"), article_id=None):
        AttributeSchema.objects.create(
            project=project,
            tag=Tag.objects.get(project=project, name=tag),
            version=2,
            schema={"type": "object", "properties": properties, "additionalProperties": False},
            keys=list(properties),
        )


def change(row: Any, values: dict[str, Any]) -> Any:
    after = services.annotations.update(
        annotation_id=UUID(row.id), attributes=values, by=factories.actor("ana")
    )
    return orjson.loads(after.attributes)


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "string", "enum": ["a"]}, "choice"),
        ({"type": "boolean"}, "yes"),
        ({"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}, "date"),
        ({"type": "string", "format": "date"}, "date"),
        ({"type": "integer"}, "number"),
        ({"type": "string", "maxLength": 9}, "text"),
        ({}, "text"),
    ],
)
def test_the_kind_of_an_attribute_follows_from_its_schema(schema: dict[str, Any], kind: str) -> None:
    assert kind_of(schema) == kind


@pytest.mark.parametrize(
    "date",
    [
        "2022",
        "2022-10",
        "2022-10-21",
        "2022-10-21T10:00",
        "2022-10-21T10:00:30Z",
        "2022-10-21T10:00+03:00",
        "2024-02-29",
    ],
)
def test_a_date_is_taken_as_exact_as_it_is_known(desk: factories.Desk, date: str) -> None:
    assert change(desk.claim, {"said_on": date}) == {"said_on": date}


@pytest.mark.parametrize(
    "date", ["yesterday", "2022-13", "2022-02-30", "2023-02-29", "22", "2022-10-21T25:00", "21.10.2022", ""]
)
def test_what_is_no_date_is_refused_at_its_field(desk: factories.Desk, date: str) -> None:
    with pytest.raises(Invalid) as refused:
        change(desk.claim, {"said_on": date})
    assert refused.value.field == "attributes.said_on"
    assert "2022-10-21" in str(refused.value)


def test_an_old_value_stays_while_others_change_and_goes_when_it_is_changed(desk: factories.Desk) -> None:
    change(desk.claim, {"wording": "mixed", "said_where": "Kyiv"})
    newer_scheme(
        desk.project,
        "claim",
        {"wording": {"type": "string", "enum": ["quoted"]}, "urgent": {"type": "boolean"}},
    )
    kept = {"wording": "mixed", "said_where": "Kyiv", "urgent": True}
    assert change(desk.claim, kept) == kept
    with pytest.raises(Invalid, match="quoted"):
        change(desk.claim, {**kept, "wording": "verbatim"})
    with pytest.raises(Invalid, match="said_where"):
        change(desk.claim, {**kept, "said_where": "Lviv"})
    assert change(desk.claim, {"wording": "quoted"}) == {"wording": "quoted"}


def test_another_tag_keeps_what_it_allows(desk: factories.Desk) -> None:
    claim = factories.annotation(desk.article, "twice a week")
    change(claim, {"wording": "mixed", "unsure": True})
    after = services.annotations.update(
        annotation_id=UUID(claim.id), tag="evidence", by=factories.actor("ana")
    )
    assert orjson.loads(after.attributes) == {"unsure": True}
