"""What an export wrote comes back as it was; a file in its minimal form comes in; what is wrong is refused in words."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from factcheck import queries, services
from factcheck.models import Act, Annotation, Article, Event, Membership, Relation, Source, SourceLink, User
from factcheck.queries import interchange
from tests import factories
from tests.interchange.desk import full_desk, without_names_of_chance

pytestmark = pytest.mark.django_db
TEXT = "A title\nThe mayor denied it 👩‍👩‍👧‍👦 twice.\n"


def line(**changes):
    """A line in its minimal form: a claim by ana."""
    made = {
        "article": {"title": "A title", "text": TEXT},
        "annotations": [{"tag": "claim", "spans": [{"start": 8, "end": 17}], "created_by": "ana"}],
    }
    return made | changes


def bring(project, *lines, **kwargs):
    raw = [json.dumps(one).encode() if isinstance(one, dict) else one for one in lines]
    return list(
        services.interchange.import_lines(
            project=project, lines=raw, by=factories.actor("mona", "import"), **kwargs
        )
    )


def refusal(project, *lines, **kwargs):
    [outcome] = bring(project, *lines, **kwargs)
    assert outcome.refused is not None, outcome
    return outcome.refused


def exported(project):
    return b"".join(interchange.export("jsonl", interchange.select(None, project=project.slug)))


@pytest.fixture
def project():
    return factories.project("water")


def test_round_trip_with_new_ids_is_the_same_but_for_the_ids():
    desk = full_desk()
    other = factories.article(desk.project, title="Another", text="Another\nIt was never checked.\n")
    far = factories.annotation(other, "never checked")
    factories.relation(desk.claim, far, kind="contradicts")
    before = exported(desk.project)
    copy = services.interchange.create_project(
        slug="copy", first_line=before.splitlines()[0], by=factories.actor("mona")
    )
    told = bring(copy, *before.splitlines(), renew_ids=True, create_users=True)
    assert [outcome.refused for outcome in told] == [None] * 3  # the relation into the second line comes last
    after = exported(copy)
    assert without_names_of_chance(after.decode().replace('"copy"', '"water"')) == without_names_of_chance(
        before.decode()
    )
    times = [[a["created_at"] for a in json.loads(text)["annotations"]] for text in before.splitlines()]
    assert [
        [a["created_at"] for a in json.loads(text)["annotations"]] for text in after.splitlines()
    ] == times
    assert not set(_ids(before)) & set(_ids(after))


def captured_desk():
    """A desk with two links into a captured text, one of them lost in its second version."""
    desk = factories.desk("water")
    paper = factories.source(desk.project, "The minutes", kind="document")
    ana = factories.actor("ana")
    text = services.source_texts.create(
        source_id=paper.id, text="It was not visited. It was closed.", by=ana, captured_at="2026-11"
    ).row
    for annotation, (start, end) in ((desk.claim, (0, 19)), (desk.denial, (20, 34))):
        place = services.source_texts.Passage(text.id, start, end)
        factories.link(annotation, paper, role="document", passage=place)
    services.source_texts.create(source_id=paper.id, text="Cover.\nIt was not visited. It was open.", by=ana)
    return desk


def test_captured_texts_and_passages_come_back_as_they_were():
    desk = captured_desk()
    before = exported(desk.project)
    told = json.loads(before)
    assert [(text["number"], text["captured_at"]) for text in told["source_texts"]] == [
        (1, "2026-11"),
        (2, ""),
    ]
    places = [link["passage"] for link in told["source_links"] if link["role"] == "document"]
    assert [place["state"] for place in places] == ["found", "lost"]
    copy = services.interchange.create_project(slug="copy", first_line=before, by=factories.actor("mona"))
    for _again in range(2):
        [outcome] = bring(copy, before, renew_ids=True, create_users=True)
        assert outcome.refused is None
        after = exported(copy).decode().replace('"copy"', '"water"')
        assert without_names_of_chance(after) == without_names_of_chance(before.decode())


@pytest.mark.parametrize(
    ("passage", "place"),
    [
        ({"start": 1}, "passage"),
        ({"start": 5, "end": 900}, "passage"),
        ({"text": "unknown"}, "passage.text"),
        ({"start": 1, "end": 20}, "passage.text"),
        ({"state": "guessed"}, "passage"),
    ],
)
def test_passage_that_is_none_is_refused_with_its_place(passage, place):
    desk = captured_desk()
    told = json.loads(exported(desk.project))
    [nth] = [
        n for n, link in enumerate(told["source_links"]) if (link["passage"] or {}).get("state") == "found"
    ]
    told["source_links"][nth]["passage"] |= (
        passage if len(passage) > 1 or "start" not in passage else {"start": None}
    )
    refused = refusal(factories.project(), told, renew_ids=True)
    assert refused.field == f"source_links.{nth}.{place}"


def _ids(raw):
    for text in raw.splitlines():
        data = json.loads(text)
        for key in ("layers", "annotations", "relations", "sources", "source_links", "reviews"):
            yield from (thing["id"] for thing in data[key])


@pytest.mark.parametrize("renew_ids", [False, True])
def test_importing_again_changes_nothing(renew_ids):
    desk = full_desk()
    lines = exported(desk.project).splitlines()
    target = desk.project
    if renew_ids:
        target = factories.project("copy")
        bring(target, *lines, renew_ids=True)
    before = exported(target)
    acts, events = Act.objects.count(), Event.objects.count()
    [outcome] = bring(target, *lines, renew_ids=renew_ids)
    assert (outcome.refused, outcome.made) == (None, {})
    assert outcome.known["annotations"] == 3
    assert (Act.objects.count(), Event.objects.count()) == (acts, events)
    assert exported(target) == before


def test_what_was_changed_or_withdrawn_here_is_not_overwritten():
    desk = full_desk()
    lines = exported(desk.project).splitlines()
    ana = factories.actor("ana")
    services.annotations.update(annotation_id=UUID(desk.denial.id), by=ana, note="Mine.")
    services.annotations.withdraw(annotation_id=UUID(desk.claim.id), by=ana)
    before = exported(desk.project)
    [outcome] = bring(desk.project, *lines)
    assert outcome.made == {}
    assert exported(desk.project) == before


def test_minimal_form_makes_a_layer_for_each_person_in_one_act(project):
    acts = Act.objects.count()
    annotations = [
        {"tag": tag, "spans": [{"start": start, "end": end}], "created_by": who}
        for tag, start, end, who in [
            ("claim", 8, 17, "ana"),
            ("denial", 18, 27, "ben"),
            ("claim", 36, 41, "ana"),
        ]
    ]
    [outcome] = bring(project, line(annotations=annotations))
    assert outcome.refused is None
    assert outcome.made == {"articles": 1, "layers": 2, "annotations": 3}
    assert Act.objects.count() == acts + 1
    act = Act.objects.latest("id")
    assert (act.kind, act.channel, act.article) == ("import", "import", outcome.article_id)
    rows = queries.annotations.of_article(factories.user("vic").pk, outcome.article_id)
    assert [(row.tag, row.pieces, row.created_by) for row in rows] == [
        ("claim", ["The mayor"], "ana"),
        ("denial", ["denied it"], "ben"),
        ("claim", ["twice"], "ana"),
    ]
    assert (rows[0].prefix, rows[0].suffix[:7]) == ("A title\n", " denied")
    again = bring(project, line(annotations=annotations))
    assert again[0].made == {}
    assert Article.objects.filter(project=project).count() == 1


def test_same_extent_and_tag_twice_by_one_person_are_two_and_stay_two(project):
    twice = line(annotations=line()["annotations"] * 2)
    assert bring(project, twice)[0].made["annotations"] == 2
    assert bring(project, twice)[0].made == {}
    assert bring(project, line(annotations=line()["annotations"] * 3))[0].made == {"annotations": 1}


def test_offsets_into_a_text_with_other_line_ends_are_mapped(project):
    raw = "\ufeff" + TEXT.replace("\n", "\r\n")
    place = raw.index("denied it")
    spans = [{"start": place, "end": place + 9, "exact": "denied it"}]
    [outcome] = bring(
        project,
        {
            "article": {"title": "A title", "text": raw},
            "annotations": [{"tag": "denial", "spans": spans, "created_by": "ana"}],
        },
    )
    [row] = queries.annotations.of_article(factories.user("vic").pk, outcome.article_id)
    assert row.pieces == ["denied it"]
    assert bring(project, line(annotations=[]))[0].known == {"articles": 1}


def test_decisions_are_kept_and_say_the_status(project):
    annotation = {"id": "a", "version": 3, "status": "rejected", **line()["annotations"][0]}
    reviews = [
        {"annotation": "a", "decision": "approve", "thing_version": 2, "created_by": "rita"},
        {"annotation": "a", "decision": "change", "created_by": "rita", "reason": "wrong_tag"},
        {"annotation": "a", "decision": "ask", "created_by": "ruben"},
    ]
    [outcome] = bring(project, line(annotations=[annotation], reviews=reviews), renew_ids=True)
    assert outcome.refused is None
    row = Annotation.objects.get(article_id=outcome.article_id)
    assert (row.version, row.status) == (3, "change_asked")
    later = [{"annotation": "a", "decision": "approve", "created_by": "ruben"}]
    assert (
        bring(project, line(annotations=[annotation], reviews=later), renew_ids=True)[0].refused is not None
    )
    row.refresh_from_db()
    assert row.status == "change_asked"


def test_new_decision_on_what_is_here_already_settles_it(project):
    annotation = {"id": "a", **line()["annotations"][0]}
    bring(project, line(annotations=[annotation]), renew_ids=True)
    decided = [{"annotation": "a", "decision": "approve", "created_by": "rita"}]
    [outcome] = bring(project, line(annotations=[annotation], reviews=decided), renew_ids=True)
    assert outcome.made == {"reviews": 1}
    assert Annotation.objects.get(article_id=outcome.article_id).status == "approved"


def test_standing_sources_are_the_projects_own(project):
    sources = [
        {"id": "s1", "kind": "own_voice", "name": "The paper", "standing": True},
        {"id": "s2", "kind": "unnamed", "name": "Nobody named", "standing": True},
        {"id": "s3", "kind": "unnamed", "name": "A senior official"},
    ]
    links = [
        {"annotation": "a", "source": source, "role": role}
        for source, role in [("s1", "speaker"), ("s2", "via"), ("s3", "concerns")]
    ]
    annotation = {"id": "a", **line()["annotations"][0]}
    [outcome] = bring(
        project, line(annotations=[annotation], sources=sources, source_links=links), renew_ids=True
    )
    assert outcome.refused is None
    assert outcome.made["sources"] == 1
    linked = dict(SourceLink.objects.filter(article_id=outcome.article_id).values_list("role", "source_id"))
    assert linked["speaker"] == queries.sources.standing(project.pk, "own_voice")
    assert linked["via"] == queries.sources.standing(project.pk, "unnamed")
    assert Source.objects.get(pk=linked["concerns"]).name == "A senior official"


def test_unknown_people_are_made_only_when_asked_for(project):
    theirs = line(annotations=[line()["annotations"][0] | {"created_by": "olga"}])
    assert "olga" in str(refusal(project, theirs))
    assert not User.objects.filter(username="olga").exists()
    assert "no member" in str(
        refusal(project, line(annotations=[line()["annotations"][0] | {"created_by": "eve"}]))
    )
    decided = line(
        annotations=[{"id": "a", **theirs["annotations"][0]}],
        reviews=[{"annotation": "a", "decision": "approve", "created_by": "eve"}],
    )
    [outcome] = bring(project, decided, create_users=True, renew_ids=True)
    assert outcome.refused is None
    olga = User.objects.get(username="olga")
    assert not olga.has_usable_password()
    roles = dict(Membership.objects.filter(project=project).values_list("user__username", "role"))
    assert (roles["olga"], roles["eve"]) == ("annotator", "reviewer")


def annotated(**changes):
    return line(annotations=[line()["annotations"][0] | changes])


@pytest.mark.parametrize(
    ("wrong", "place", "words"),
    [
        (b"{not json", None, "no JSON"),
        (b"[]", "", "object"),
        (line(format=2), "format", "format 2"),
        (line(article={"title": "A title"}), "article.text", "missing"),
        (line(article={"text": TEXT}), "article.title", "missing"),
        (line(article={"title": "A title", "text": " \n"}), "text", "empty"),
        (line(article={"title": "A title", "text": TEXT, "url": "javascript:alert(1)"}), "url", "http"),
        (line(article={"title": "A title", "text": TEXT, "id": "one"}), "article.id", "--renew-ids"),
        (line(annotations={}), None, None),
        (line(annotations=3), "annotations", "list"),
        (line(annotations=["x"]), "annotations.0", "object"),
        (annotated(tag="verdict"), "annotations.0", "no tag verdict; known are: claim, denial, evidence"),
        (annotated(tag=None), "annotations.0.tag", "missing"),
        (annotated(created_by=None), "annotations.0.created_by", "missing"),
        (annotated(created_by="nobody"), "annotations.0.created_by", "no account nobody"),
        (annotated(spans=[]), "annotations.0.spans", "at least one"),
        (annotated(spans=[{"start": 8}]), "annotations.0.spans", "whole number"),
        (annotated(spans=[{"start": 8, "end": 8}]), "annotations.0.spans", "empty"),
        (annotated(spans=[{"start": 8, "end": 800}]), "annotations.0.spans", "past"),
        (
            annotated(spans=[{"start": 8, "end": 17}, {"start": 9, "end": 20}]),
            "annotations.0.spans",
            "overlap",
        ),
        (
            annotated(spans=[{"start": 8, "end": 17, "exact": "The mayo"}]),
            "annotations.0.spans.0.exact",
            "The mayo",
        ),
        (annotated(note="a\x00b"), "annotations.0.note", "NUL"),
        (annotated(note=7), "annotations.0.note", "text"),
        (annotated(attributes={"colour": "red"}), "annotations.0.attributes.colour", "colour"),
        (annotated(attributes={"finding": "maybe"}), "annotations.0.attributes.finding", "unproven"),
        (annotated(created_at="yesterday"), "annotations.0.created_at", "time"),
        (annotated(created_at="2026-10-21T10:00:00"), "annotations.0.created_at", "offset"),
        (annotated(version=0), "annotations.0.version", "from 1"),
        (annotated(layer="elsewhere"), "annotations.0.layer", "no such layer"),
        (line(layers=[{"owner": "ana", "state": "asleep"}]), "layers.0.state", "word"),
        (line(sources=[{"kind": "ghost", "name": "x"}]), "sources.0.kind", "kind"),
        (line(source_links=[{"annotation": "x"}]), "source_links.0.annotation", "no such annotation"),
        (line(relations=[{"subject": "x", "object": "y"}]), "relations.0.subject", "no such annotation"),
        (line(reviews=[{"decision": "approve"}]), "reviews.0", "one annotation"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place_and_nothing_is_written(project, wrong, place, words):
    counts = Act.objects.count(), Article.objects.count()
    if words is None:
        assert bring(project, wrong)[0].refused is None
        return
    error = refusal(project, wrong)
    assert words in str(error)
    assert (error.field or None) == (place or None)
    assert (Act.objects.count(), Article.objects.count()) == counts


def test_both_texts_are_told_when_the_words_are_others(project):
    error = refusal(project, annotated(spans=[{"start": 8, "end": 17, "exact": "The major"}]))
    assert "“The mayor”" in str(error)
    assert "“The major”" in str(error)


@pytest.mark.parametrize(
    ("relation", "words"),
    [
        ({"kind": "denies", "subject": "a", "object": "b"}, "from claim to claim"),
        ({"kind": "likes", "subject": "a", "object": "b"}, "no relation kind likes"),
        ({"kind": "repeats", "subject": "a", "object": "a"}, "must never be"),
        ({"kind": "repeats", "subject": "a", "object": "z"}, "nor in the project"),
        (
            {"kind": "repeats", "subject": "a", "object": "b", "attributes": {"degree": "rather"}},
            "more_specific",
        ),
    ],
)
def test_relation_that_is_not_legal_is_refused_in_words(project, relation, words):
    two = [
        {"id": name, "tag": "claim", "spans": [{"start": start, "end": start + 3}], "created_by": "ana"}
        for name, start in (("a", 8), ("b", 12))
    ]
    told = bring(project, line(annotations=two, relations=[relation | {"created_by": "ana"}]), renew_ids=True)
    assert words in str(told[-1].refused)
    assert not Relation.objects.exists()


@pytest.mark.parametrize("reviewer", ["ana", "ben"])
def test_nobody_decides_on_their_own_work_nor_in_their_own_layer(project, reviewer):
    annotation = {"id": "a", "layer": "l", **line()["annotations"][0]}
    decided = line(
        layers=[{"id": "l", "owner": "ben"}],
        annotations=[annotation],
        reviews=[{"annotation": "a", "decision": "approve", "created_by": reviewer}],
    )
    assert "own work" in str(refusal(project, decided, renew_ids=True))


def test_ids_of_something_else_are_refused_without_telling_of_what(project):
    desk = full_desk("other")
    [raw] = exported(desk.project).splitlines()
    error = refusal(project, raw)
    assert (error.field, "--renew-ids" in str(error)) == ("article.id", True)
    data = json.loads(raw)
    del data["article"]["id"]
    data["annotations"][0]["spans"][0]["exact"] = None
    assert "belongs to something else" in str(refusal(project, data))


def test_article_of_this_id_with_another_text_is_refused():
    desk = full_desk()
    data = json.loads(exported(desk.project))
    data["article"]["text"] += "More.\n"
    assert refusal(desk.project, data).field == "article.text"


def test_one_refused_line_does_not_hold_up_the_others(project):
    other = {"article": {"title": "Another", "text": "Another\n"}}
    told = bring(project, line(), b"{", b"\n", annotated(tag="x"), other)
    assert [(outcome.place, outcome.refused is None) for outcome in told] == [
        *(("line 1", True), ("line 2", False), ("line 4", False), ("line 5", True)),
    ]


def test_command_makes_the_project_tells_lines_and_ends_with_a_refusal(tmp_path, capsys):
    desk = full_desk()
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_bytes(exported(desk.project))
    bad.write_bytes(b"\n" + json.dumps(annotated(tag="x")).encode() + b"\n")
    with pytest.raises(CommandError, match="--create-project"):
        call_command("import", "jsonl", str(good), project="copy")
    with pytest.raises(CommandError, match="1 of 2 articles"):
        call_command(
            *("import", "jsonl", str(good), str(bad)),
            **{
                "project": "copy",
                "create_project": True,
                "manager": "mona",
                "create_users": True,
                "renew_ids": True,
            },
        )
    out = capsys.readouterr()
    assert f"{bad}, line 2: refused." in out.err
    assert "3 annotations" in out.out
    with pytest.raises(CommandError, match="No such file"):
        call_command("import", "jsonl", str(tmp_path / "none.jsonl"), project="copy")


def test_project_told_badly_is_refused(tmp_path):
    factories.user("mona")
    raw = json.dumps(line(project={"name": "X", "scheme": {"tags": [{"name": "claim"}]}})).encode()
    path = tmp_path / "one.jsonl"
    path.write_bytes(raw)
    with pytest.raises(CommandError, match="project"):
        call_command("import", "jsonl", str(path), project="copy", create_project=True, manager="mona")


def test_events_of_an_import_are_told_like_all_others(project):
    [outcome] = bring(project, line())
    events = (
        Event.objects.filter(act__article=outcome.article_id).order_by("ordinal").values_list("type", "op")
    )
    assert list(events) == [
        *(
            ("article", "create"),
            ("article_version", "create"),
            ("layer", "create"),
            ("annotation", "create"),
        ),
    ]


def test_times_are_kept(project):
    bring(project, annotated(created_at="2020-02-03T04:05:06+02:00"))
    row = Annotation.objects.get()
    assert row.created_at == row.updated_at == datetime(2020, 2, 3, 2, 5, 6, tzinfo=UTC)


def test_blind_project_refuses_relations_between_layers():
    blind = factories.project("blind", blind=True)
    two = [
        {"id": name, "tag": "claim", "spans": [{"start": 8, "end": 11}], "created_by": who}
        for name, who in (("a", "ana"), ("b", "ben"))
    ]
    relation = {"kind": "repeats", "subject": "a", "object": "b", "created_by": "ana"}
    error = refusal(blind, line(annotations=two, relations=[relation]), renew_ids=True)
    assert "blind" in str(error)


@pytest.mark.django_db(transaction=True)
def test_refused_article_leaves_no_position_unused(project):
    before = Act.objects.filter(project=project).count()
    bring(project, annotated(tag="x"), line())
    with connection.cursor() as cursor:
        cursor.execute("SELECT position FROM project_counter WHERE project_id = %s", [project.pk])
        assert cursor.fetchone()[0] == before + 1
