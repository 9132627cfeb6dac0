"""What the scheme lacks is made once for all that is told, where it is asked for; else it is refused."""

import pytest

from factcheck import colours, queries, services
from factcheck.exceptions import NotAllowed
from factcheck.intake.readers import Told
from factcheck.models import Act, Annotation, Relation, Tag
from tests import factories

pytestmark = pytest.mark.django_db
TEXT = "A bridge\nThe mayor says it is safe.\n"


def told(nth, *annotations, relations=()):
    """An article by ana as a reader tells it: of (id, tag, start, end, attributes)."""
    line = {
        "article": {"title": f"Bridge {nth}", "text": TEXT},
        "annotations": [
            {
                "id": id,
                "tag": tag,
                "spans": [{"start": start, "end": end}],
                "attributes": attributes,
                "created_by": "ana",
            }
            for id, tag, start, end, attributes in annotations
        ],
        "relations": [
            {"kind": kind, "subject": subject, "object": object_, "created_by": "ana"}
            for kind, subject, object_ in relations
        ],
    }
    return Told(f"{nth}.ann", line, local_ids=True)


ARTICLES = [
    told(1, ("T1", "Person", 9, 18, {"Role": "official"}), ("T2", "ادعاء", 24, 34, {"Sure": True})),
    told(
        2,
        ("T1", "Person", 9, 18, {"Role": "private"}),
        ("T2", "claim", 24, 34, {"finding": "disputed"}),
        relations=[("Said By", "T2", "T1"), ("denies", "T1", "T2")],
    ),
]


def bring(project, articles=ARTICLES, by="mona", **kwargs):
    return list(
        services.interchange.import_told(
            project=project, told=iter(articles), by=factories.actor(by, "import"), **kwargs
        )
    )


def test_tags_kinds_pairs_and_attributes_are_made_once():
    project = factories.project()
    assert [one.refused for one in bring(project, create_tags=True)] == [None, None]
    kinds = list(Act.objects.filter(project=project).order_by("id").values_list("kind", flat=True))
    assert kinds[-9:] == [
        *("add_tag", "add_tag", "add_attribute", "add_attribute", "add_attribute"),
        *("add_relation_kind", "change_relation_kind", "import", "import"),
    ]
    scheme = queries.projects.scheme(project.pk)
    made = {tag["name"]: tag for tag in scheme["tags"]}
    assert (made["person"]["title"], made["person"]["key"]) == ("Person", "p")
    assert made["tag"]["title"] == "ادعاء"
    said = next(kind for kind in scheme["relation_kinds"] if kind["name"] == "said_by")
    assert (said["title"], said["pairs"]) == ("Said By", [["claim", "person"]])
    schemas = {one["tag"]: one["schema"]["properties"] for one in scheme["attributes"]}
    assert schemas["person"]["role"]["enum"] == ["official", "private"]
    assert schemas["claim"]["finding"]["enum"][-1] == "disputed"
    assert Annotation.objects.get(tag__name="tag").attributes == {"sure": True}
    assert Relation.objects.filter(project=project).count() == 2


def test_second_run_makes_nothing():
    project = factories.project()
    bring(project, create_tags=True)
    acts = Act.objects.count()
    assert [one.made for one in bring(project, create_tags=True)] == [{}, {}]
    assert Act.objects.count() == acts


def test_without_being_asked_it_is_refused():
    project = factories.project()
    refused = bring(project)
    assert ["no tag Person" in str(one.refused) for one in refused] == [True, True]
    assert refused[0].refusals[0].place == "1.ann"
    assert Tag.objects.filter(project=project).count() == 3


def test_preview_makes_nothing():
    project = factories.project()
    acts = Act.objects.count()
    outcomes = bring(project, create_tags=True, preview=True)
    assert [one.made["annotations"] for one in outcomes] == [2, 2]
    assert (Act.objects.count(), Tag.objects.filter(project=project).count()) == (acts, 3)


def test_only_a_manager_may_have_them_made():
    project = factories.project()
    with pytest.raises(NotAllowed):
        bring(project, by="ana", create_tags=True)


def test_many_tags_have_keys_and_colours_of_their_own_that_can_be_read():
    project = factories.project()
    articles = [told(nth, ("T1", f"Kind {nth}", 9, 18, {})) for nth in range(40)]
    assert {one.refused for one in bring(project, articles, create_tags=True)} == {None}
    tags = list(Tag.objects.filter(project=project))
    assert len({tag.key for tag in tags}) == len({(tag.colour, tag.line) for tag in tags}) == 43
    for tag in tags:
        assert colours.contrasts(tag.colour, 0).suffices
        assert colours.contrasts(tag.colour_dark, 1).suffices


def test_tag_is_found_by_its_title_whatever_the_case():
    project = factories.project()
    [outcome] = bring(project, [told(1, ("T1", "CLAIM", 9, 18, {}))])
    assert outcome.refused is None
    assert Annotation.objects.get().tag.name == "claim"
