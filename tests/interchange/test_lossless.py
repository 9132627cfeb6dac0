"""Out, in and out again gives the same bytes, of a desk that has everything, with naughty words in every field."""

import json
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from factcheck import services
from factcheck.exceptions import NotAllowed
from factcheck.models import Source, Tag
from factcheck.models.fields import uuid7
from factcheck.queries import interchange
from tests import factories
from tests.interchange.desk import full_desk, without_names_of_chance
from tests.interchange.naughty import STRINGS

pytestmark = pytest.mark.django_db
SECTIONS = (
    *("relations", "source_texts", "reviews", "review_responses", "proposed_annotations", "reviewers"),
    "threads",
)


def exported(slug):
    return b"".join(interchange.export("jsonl", interchange.select(None, project=slug)))


def named(words):
    """A name may not be blank."""
    return words if words.strip() else f"x{words}"


def work_of_every_kind(desk, words):
    """Add one of each thing that has text, with these words in every field that takes any."""
    ana, project = factories.actor("ana"), desk.project
    name = named(words)[:400]
    text = f"\ufeff{name}\r\nBefore {words} after.\rThe end: {words}\n"
    article = factories.article(
        project, title=name, text=text, publisher=words, byline=words, file_name=words, published_at="2026-11"
    )
    claim = factories.annotation(article, "Before", note=words)
    denial = factories.annotation(article, "The end", tag="denial", note=words, attributes={"unsure": True})
    paper = factories.source(project, name, kind="document", aliases=[f"{name} too"], description=words)
    captured = services.source_texts.create(
        source_id=paper.id, text=f"Seen: {words}!\r\nMore.", by=ana, captured_at="2026-11-02T10:00"
    ).row
    place = services.source_texts.Passage(captured.id, 0, 5)
    factories.link(claim, paper, role="document", stance="supports", note=words, passage=place)
    quoted = {"locator": words[:400], "quote": words, "accessed_at": "2026"}
    link = factories.link(denial, paper, role="document", note=words, **quoted)
    factories.link(denial, paper, as_named=words[:400], note=words, cue=[(0, 1)])
    factories.relation(denial, claim, note=words)
    contradicts = factories.relation(claim, desk.claim, kind="contradicts", note=words)
    reviewed(article, claim, denial, link, words)
    for thing in (article, claim, contradicts):
        thread = factories.thread(thing, f"@ben @vic {words}")
        factories.comment(thread, named(words), by="mona")
    services.threads.resolve(thread_id=UUID(thread.id), by=ana)
    return article, claim


def reviewed(article, claim, denial, link, words):
    """Decide in every way, answer in every way, propose what was missed, and ask reviewers to look."""
    ana, rita, ruben, mona = (factories.actor(name) for name in ("ana", "rita", "ruben", "mona"))
    word = named(words)[:400]

    def decide(thing, row, decision, by, **content):
        made = services.reviews.create(
            thing=thing, thing_id=UUID(row.id), decision=decision, by=by, note=word, **content
        )
        return UUID(made.row.id)

    def answer(review, said, note=word):
        services.reviews.respond(review_id=review, answer=said, note=note, by=ana)

    answer(
        decide("annotation", claim, "change", rita, proposal={"spans": [{"start": 0, "end": 1}]}), "accepted"
    )
    decide("annotation", claim, "approve", ruben)
    answer(decide("annotation", denial, "ask", rita), "answered")
    answer(decide("annotation", denial, "reject", ruben, reason="inferred"), "refused")
    decide("source_link", link, "change", rita, proposal={"quote": f"{word} too"}, reason="other")
    layer = UUID(claim.layer)
    for state in ("waiting", "taken", "refused", "withdrawn"):
        proposed = services.proposed_annotations.create(
            layer_id=layer, tag="claim", spans=[(0, 1)], attributes={"unsure": True}, note=words, by=rita
        ).row
        key = UUID(proposed.id)
        if state == "taken":
            services.proposed_annotations.take(proposed_id=key, by=ana)
        elif state == "refused":
            services.proposed_annotations.refuse(proposed_id=key, note=word, by=ana)
        elif state == "withdrawn":
            services.proposed_annotations.withdraw(proposed_id=key, by=rita)
    services.reviewers.assign(article_id=article.id, reviewer="ruben", by=mona)
    services.layers.excuse(
        layer_id=services.layers.assign(article_id=article.id, owner="ben", by=mona).row.id, by=mona
    )


def everything(strings=STRINGS):
    """A desk with everything that an export can have."""
    desk = full_desk()
    ana, mona, ruben = factories.actor("ana"), factories.actor("mona"), factories.actor("ruben")
    project = desk.project.pk
    claims = [work_of_every_kind(desk, words)[1] for words in strings]
    # Reviews superseded and split; a source merged away; an attribute of an older schema; a retired tag in use.
    for decision in ("approve", "ask", "reject"):
        services.reviews.create(
            thing="annotation", thing_id=UUID(claims[0].id), decision=decision, by=ruben, note="Again."
        )
    services.reviews.create(
        thing="relation", thing_id=UUID(desk.denies.id), decision="approve", by=factories.actor("ruben")
    )
    other = factories.source(desk.project, "The mayor, again", kind="organisation")
    factories.link(desk.denial, other, role="concerns")
    services.merges.merge(source_id=other.id, into=desk.mayor.id, by=ana)
    [own_voice] = Source.objects.filter(project_id=project, kind="own_voice")
    factories.link(desk.denial, own_voice, role="via")
    services.annotations.update(annotation_id=UUID(desk.claim.id), by=ana, attributes={"finding": "false"})
    services.attribute_schemas.retire(project_id=project, tag="claim", name="finding", by=mona)
    services.attribute_schemas.add(
        project_id=project, tag="claim", title="Weight", kind="choice", choices=["light", "heavy"], by=mona
    )
    services.tags.add(
        project_id=project,
        title="ادعاء",
        name="odd",
        key="o",
        colour="#5b3a00",
        colour_dark="#ffd9a0",
        by=mona,
    )
    factories.annotation(desk.article, "May", tag="odd")
    services.tags.retire(project_id=project, name="odd", by=mona)
    services.projects.update(
        project_id=project,
        by=mona,
        name=strings[1],
        guidelines="\n".join(strings),
        review_reasons={"annotation": ["other", "too_long"]},
    )
    _reference_layer(desk, mona)
    arabic = "الجسر مغلق\nقال العمدة إن الجسر «آمن» 👩‍👩‍👧‍👦.\n"
    loaded = factories.article(desk.project, title="الجسر مغلق", text=arabic, language="ar")
    factories.annotation(loaded, "الجسر «آمن» 👩‍👩‍👧‍👦")
    factories.article(desk.project, title="Nothing in it", text="Nothing in it\n")
    return desk


def _reference_layer(desk, by):
    """What adjudication will make: a layer of nobody's, with an annotation like ana's in it."""
    layer = uuid7()
    values = [layer, desk.project.pk, desk.article.id, by.user_id]
    with services.acts.act("adjudicate", project_id=desk.project.pk, by=by), connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO layer (id, project_id, article_id, kind, state, created_by_id, revision, opened_at)
               VALUES (%s, %s, %s, 'reference', 'submitted', %s, 1, now())""",
            values,
        )
        cursor.execute(
            """INSERT INTO annotation (id, project_id, article_id, layer_id, note, status, version, revision,
                   created_by_id, article_version_id, text_length, tag_id, extent, pieces, prefix, suffix, attributes,
                   schema_version)
               SELECT %s, project_id, article_id, %s, note, 'pending', 1, 1, created_by_id, article_version_id,
                   text_length, tag_id, extent, pieces, prefix, suffix, attributes, schema_version
               FROM annotation WHERE id = %s""",
            [uuid7(), layer, UUID(desk.claim.id)],
        )


def out_of_a_database_that_is_then_empty(make):
    """Export a desk, and undo that it ever was: ids can then be kept."""
    with transaction.atomic():
        slug = make().project.slug
        before = exported(slug)
        transaction.set_rollback(True)
    factories.user("mona")
    return slug, before


def bring_in(tmp_path, slug, raw, **options):
    path = tmp_path / "told.jsonl"
    path.write_bytes(raw)
    given = {"create_project": True, "create_users": True, "manager": "mona", "project": slug}
    call_command("import", "jsonl", str(path), **given | options)


@pytest.mark.parametrize("blind", [False, True])
def test_same_bytes_come_out_again(tmp_path, blind):
    def make():
        desk = everything() if not blind else factories.desk("shut", blind=True)
        if blind:
            with services.acts.act("open", project_id=desk.project.pk, by=factories.actor("mona")):
                connection.cursor().execute("UPDATE layer SET opened_at = now(), submitted_at = now()")
        return desk

    slug, before = out_of_a_database_that_is_then_empty(make)
    bring_in(tmp_path, slug, before)
    assert exported(slug) == before
    told = [json.loads(line) for line in before.splitlines()]
    assert told[0]["project"]["settings"]["blind"] is blind
    if not blind:
        assert {layer["kind"] for layer in told[0]["layers"]} == {"person", "reference"}
        assert all(line[key] for line in told[1:3] for key in SECTIONS)


def test_same_comes_out_again_but_for_the_ids_that_were_renewed(tmp_path, capsys):
    desk = everything()
    before = exported(desk.project.slug)
    for made in ("Made: ", "Made: nothing."):
        bring_in(tmp_path, "copy", before, renew_ids=True)
        assert made in capsys.readouterr().out
        after = exported("copy").decode().replace('"slug":"copy"', f'"slug":"{desk.project.slug}"')
        assert without_names_of_chance(after) == without_names_of_chance(before.decode())
    assert Tag.objects.filter(project__slug="copy", retired_at__isnull=False).count() == 1


def test_who_proposed_it_does_not_approve_it_in_the_copy_either(tmp_path):
    def make():
        desk = factories.desk("water")
        change = services.reviews.create(
            thing="annotation",
            thing_id=UUID(desk.claim.id),
            decision="change",
            proposal={"tag": "evidence"},
            by=factories.actor("rita"),
        ).row
        services.relations.withdraw(relation_id=UUID(desk.denies.id), by=factories.actor("ana"))
        services.reviews.respond(review_id=UUID(change.id), answer="accepted", by=factories.actor("ana"))
        missed = services.proposed_annotations.create(
            layer_id=UUID(desk.claim.layer), tag="claim", spans=[(0, 3)], by=factories.actor("rita")
        ).row
        services.proposed_annotations.take(proposed_id=UUID(missed.id), by=factories.actor("ana"))
        return desk

    slug, before = out_of_a_database_that_is_then_empty(make)
    bring_in(tmp_path, slug, before)
    line = json.loads(before.splitlines()[0])
    changed, taken = line["review_responses"], line["proposed_annotations"]
    things = {line["reviews"][0]["annotation"], taken[0]["annotation"]}
    assert (len(changed), len(taken), len(things)) == (1, 1, 2)
    for thing in things:
        approve = {"thing": "annotation", "thing_id": UUID(thing), "decision": "approve"}
        with pytest.raises(NotAllowed, match="proposed this yourself"):
            services.reviews.create(by=factories.actor("rita"), **approve)
        services.reviews.create(by=factories.actor("mona"), **approve)


def test_a_line_in_which_somebody_approves_what_they_proposed_is_refused():
    desk = factories.desk("water")
    line = json.loads(exported("water"))
    project = factories.project("other")
    claim = next(one for one in line["annotations"] if one["id"] == desk.claim.id)
    claim["version"] = 2
    decision = {"annotation": claim["id"], "created_by": "rita"}
    line["reviews"] = [
        decision | {"id": "1", "decision": "change", "thing_version": 1, "proposal": {"tag": "evidence"}},
        decision | {"id": "2", "decision": "approve", "thing_version": 2},
    ]
    line["review_responses"] = [
        {"review": "1", "answer": "accepted", "thing_version": 2, "created_by": "ana"}
    ]
    told = {"project": project, "lines": [json.dumps(line).encode()], "renew_ids": True}
    [refused] = services.interchange.import_lines(by=factories.actor("mona"), **told)
    assert "Nobody approves a change that they have proposed" in str(refused.refused)


def test_a_void_flag_is_not_believed():
    desk = factories.desk("water")
    line = json.loads(exported("water"))
    line["relations"][0]["void"] = line["source_links"][0]["void"] = True
    copy = factories.project("copy")
    told = {"project": copy, "lines": [json.dumps(line).encode()], "renew_ids": True}
    [outcome] = services.interchange.import_lines(by=factories.actor("mona"), **told)
    assert outcome.refused is None
    brought = json.loads(exported("copy"))
    assert [one["void"] for one in (*brought["relations"], *brought["source_links"])] == [False, False]
    services.reviews.create(
        thing="annotation", thing_id=UUID(desk.claim.id), decision="reject", by=factories.actor("rita")
    )
    rejected = json.loads(exported("water"))
    assert [one["void"] for one in (*rejected["relations"], *rejected["source_links"])] == [True, True]
