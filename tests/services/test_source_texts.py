"""Captured texts and the passages inside them: found again after an edit, or reported lost, and never guessed."""

from uuid import UUID, uuid4

import pytest

from factcheck import queries, services
from factcheck.anchoring.selectors import Ambiguous
from factcheck.exceptions import Conflict, ExactMismatch, Invalid, NotAllowed, NotFound, Stale, TooLarge
from factcheck.services.source_texts import Passage
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = (
    "Inspection report 14/2022\r\n"
    "The bridge was visited in April. No inspection took place between May and July.\n"
    "The bridge was visited in August. 👩‍👩‍👧‍👦 were present.\n"
)
WORDS = "No inspection took place between May and July."


class Minutes:
    """A document with its captured text, and a passage in it that ana's claim is linked to."""

    def __init__(self, words: str = WORDS) -> None:
        self.desk = factories.desk()
        self.document = factories.source(self.desk.project, "Inspection report", kind="document")
        self.text = self.capture(TEXT)
        self.link = factories.link(
            self.desk.claim, self.document, role="document", stance="refutes", passage=self.place(words)
        )

    def capture(self, text: str, by: str = "ana", **kwargs: object) -> queries.source_texts.Row:
        made = services.source_texts.create(
            source_id=self.document.id,
            text=text,
            by=factories.actor(by),
            **kwargs,  # type: ignore[arg-type]
        )
        row: queries.source_texts.Row = made.row
        return row

    def place(self, words: str) -> Passage:
        at = queries.source_texts.words(self.text.id).index(words)
        return Passage(self.text.id, at, at + len(words), words)

    def now(self) -> queries.source_links.Row:
        row = queries.source_links.visible(factories.actor("ana").user_id, self.link.id)
        assert row is not None
        return row

    def stands(self) -> str:
        """The words at the passage's place in the text that it says."""
        row = self.now()
        assert row.source_text is not None
        return queries.source_texts.words(UUID(row.source_text))[row.passage_start : row.passage_end]


def test_text_is_kept_canonical_and_never_again_changed() -> None:
    minutes = Minutes()
    words = queries.source_texts.words(minutes.text.id)
    assert words == TEXT.replace("\r\n", "\n")
    assert (minutes.text.number, minutes.text.length) == (1, len(words))


def test_passage_has_the_words_of_the_text_and_what_stands_around() -> None:
    row = Minutes().link
    assert (row.quote, row.passage_state, row.source_text_number) == (WORDS, "found", 1)
    assert row.passage_prefix == "The bridge was visited in April. "[-32:]
    assert row.passage_suffix == "\nThe bridge was visited in Augus"


def test_passage_is_found_again_after_an_edit() -> None:
    minutes = Minutes()
    services.reviews.create(
        thing="source_link", thing_id=UUID(minutes.link.id), decision="approve", by=factories.actor("rita")
    )
    before = minutes.now()
    annotation = queries.annotations.visible(factories.actor("ana").user_id, minutes.desk.claim.id)
    minutes.capture("Page 1\n" + TEXT.replace("April", "early April"), by="ben")
    now = minutes.now()
    assert (now.source_text_number, now.passage_state, minutes.stands()) == (2, "found", WORDS)
    assert (now.version, now.status) == (before.version, "approved")
    assert now.revision == before.revision + 1
    touched = queries.annotations.visible(factories.actor("ana").user_id, minutes.desk.claim.id)
    assert annotation is not None
    assert touched is not None
    assert (touched.revision, touched.version) == (annotation.revision + 1, annotation.version)


def test_passage_that_is_gone_is_lost_with_its_old_place_and_found_when_it_comes_back() -> None:
    minutes = Minutes()
    minutes.capture(TEXT.replace(WORDS, "It was inspected every week."))
    lost = minutes.now()
    assert (lost.passage_state, lost.source_text_number, lost.quote) == ("lost", 1, WORDS)
    assert minutes.stands() == WORDS
    minutes.capture("Nothing is left of it.")
    assert minutes.now().revision == lost.revision
    minutes.capture("A first page.\n" + TEXT)
    found = minutes.now()
    assert (found.passage_state, found.source_text_number, minutes.stands()) == ("found", 4, WORDS)
    assert (found.version, found.status) == (1, "pending")


def test_passage_is_not_guessed_among_places_that_fit_alike() -> None:
    minutes = Minutes()
    minutes.capture(f"{WORDS}\n{WORDS}\n")
    assert minutes.now().passage_state == "lost"


def test_short_words_are_not_taken_for_the_same_words_elsewhere() -> None:
    minutes = Minutes("May")
    minutes.capture("The bridge was visited in April. May I ask who was there?")
    assert minutes.now().passage_state == "lost"


def test_all_passages_of_all_layers_are_looked_for_in_one_act() -> None:
    minutes = Minutes()
    theirs = factories.annotation(minutes.desk.article, "The builders", by="ben")
    factories.link(
        theirs, minutes.document, role="document", by="ben", passage=minutes.place("visited in August")
    )
    minutes.capture("Cover sheet\n" + TEXT)
    seen = queries.source_texts.passages(factories.actor("vic").user_id, minutes.document.id, limit=9)
    assert [(row.number, row.state, row.quote) for row in seen] == [
        (2, "found", WORDS),
        (2, "found", "visited in August"),
    ]


def test_withdrawn_link_is_looked_for_when_it_comes_back() -> None:
    minutes = Minutes()
    ana = factories.actor("ana")
    services.source_links.withdraw(link_id=UUID(minutes.link.id), by=ana)
    minutes.capture("Cover sheet\n" + TEXT)
    back = services.source_links.restore(link_id=UUID(minutes.link.id), by=ana)
    assert (back.source_text_number, back.passage_state, back.version) == (2, "found", 1)
    assert minutes.stands() == WORDS


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"start": 5, "end": 5}, "passage"),
        ({"start": 9, "end": 2}, "passage"),
        ({"start": -1}, "passage"),
        ({"end": 10**6}, "passage"),
        ({"text_id": uuid4()}, "passage.text_version"),
        ({"exact": "Every inspection took place"}, "passage.exact"),
    ],
)
def test_passage_that_is_none_is_refused_naming_the_field(change: dict, field: str) -> None:
    minutes = Minutes()
    with pytest.raises(Invalid) as refusal:
        factories.link(
            minutes.desk.denial,
            minutes.document,
            role="document",
            passage=minutes.place(WORDS)._replace(**change),
        )
    assert refusal.value.field == field


def test_other_words_than_stand_there_are_refused_with_both() -> None:
    minutes = Minutes()
    with pytest.raises(ExactMismatch) as refusal:
        factories.link(
            minutes.desk.denial,
            minutes.document,
            role="document",
            passage=minutes.place(WORDS),
            quote="Something else",
        )
    assert refusal.value.extra == {"given": "Something else", "found": WORDS}


def test_only_a_document_has_a_passage_and_a_text() -> None:
    minutes = Minutes()
    with pytest.raises(Invalid, match="Only a document"):
        factories.link(minutes.desk.denial, minutes.document, passage=minutes.place(WORDS))
    with pytest.raises(Conflict, match="Only a document"):
        services.source_texts.create(
            source_id=minutes.desk.mayor.id, text="A text.", by=factories.actor("ana")
        )


def test_passage_of_another_source_is_refused() -> None:
    minutes = Minutes()
    other = factories.source(minutes.desk.project, "Other report", kind="document")
    with pytest.raises(Invalid, match="no such captured text"):
        factories.link(minutes.desk.denial, other, role="document", passage=minutes.place(WORDS))


def test_place_in_an_earlier_text_is_looked_for_in_the_newest() -> None:
    minutes = Minutes()
    early = minutes.place("visited in August")
    minutes.capture("Cover sheet\n" + TEXT)
    row = factories.link(minutes.desk.denial, minutes.document, role="document", passage=early)
    assert (row.source_text_number, row.passage_state, row.passage_start) == (2, "found", early.start + 12)


def test_another_passage_is_a_change_that_reviewers_judge() -> None:
    minutes = Minutes()
    ana, key = factories.actor("ana"), UUID(minutes.link.id)
    same = services.source_links.update(link_id=key, by=ana, passage=minutes.place(WORDS))
    assert same.revision == minutes.link.revision
    moved = services.source_links.update(link_id=key, by=ana, passage=minutes.place("visited in August"))
    assert (moved.quote, moved.version) == ("visited in August", 2)
    cleared = services.source_links.update(link_id=key, by=ana, passage=None)
    assert (cleared.passage_state, cleared.quote) == (None, "visited in August")


def test_another_quote_or_source_leaves_the_link_without_a_passage() -> None:
    minutes = Minutes()
    ana, key = factories.actor("ana"), UUID(minutes.link.id)
    assert services.source_links.update(link_id=key, by=ana, quote="My own words").source_text is None
    services.source_links.update(link_id=key, by=ana, passage=minutes.place(WORDS), quote=WORDS)
    other = factories.source(minutes.desk.project, "Other report", kind="document")
    moved = services.source_links.update(link_id=key, by=ana, source=other.id)
    assert (moved.source_text, moved.quote) == (None, WORDS)


def test_undo_puts_the_passage_back() -> None:
    minutes = Minutes()
    services.source_links.update(
        link_id=UUID(minutes.link.id), by=factories.actor("ana"), passage=minutes.place("visited in August")
    )
    services.history.undo(article_id=minutes.desk.article.id, by=factories.actor("ana"))
    assert minutes.stands() == minutes.now().quote == WORDS


def test_same_text_again_is_no_act_and_an_edit_of_an_old_one_is_stale() -> None:
    minutes = Minutes()
    assert minutes.capture(TEXT).id == minutes.text.id
    minutes.capture(TEXT + "More.", expect=1)
    with pytest.raises(Stale):
        minutes.capture("My edit", expect=1)


def test_source_tells_of_its_text_as_a_change() -> None:
    minutes = Minutes()
    row = queries.sources.visible(factories.actor("vic").user_id, minutes.document.id)
    assert row is not None
    assert (row.revision, row.text_id) == (2, minutes.text.id)


@pytest.mark.parametrize(
    ("given", "error", "field"),
    [
        ({"text": " \n"}, Invalid, "text"),
        ({"text": "a\x00b"}, Invalid, "text"),
        ({"text": "a\ud800b"}, Invalid, "text"),
        ({"text": "x" * 5_000_001}, TooLarge, "text"),
        ({"url": "javascript:alert(1)"}, Invalid, "url"),
        ({"archive_url": "ftp://example.org/"}, Invalid, "archive_url"),
        ({"captured_at": "yesterday"}, Invalid, "captured_at"),
    ],
)
def test_text_that_cannot_be_is_refused_naming_the_field(
    given: dict[str, str], error: type[Exception], field: str
) -> None:
    minutes = Minutes()
    with pytest.raises(error) as refusal:
        minutes.capture(**{"text": "A text.", **given})
    assert refusal.value.field == field  # type: ignore[attr-defined]


def test_who_edits_sources_captures_their_texts() -> None:
    minutes = Minutes()
    minutes.capture("By ben.", by="ben")
    with pytest.raises(NotAllowed):
        minutes.capture("By vic.", by="vic")
    with pytest.raises(NotFound):
        minutes.capture("By eve.", by="eve")


def test_words_typed_are_placed_where_they_stand_once() -> None:
    minutes = Minutes()
    ana, document = factories.actor("ana"), minutes.document.id
    find = services.source_texts.place_of
    assert find(source_id=document, quote=WORDS, by=ana) == minutes.place(WORDS)
    assert find(source_id=document, quote="Not in it", by=ana) is None
    with pytest.raises(Ambiguous):
        find(source_id=document, quote="The bridge was visited", by=ana)


def test_text_is_seen_where_its_source_is() -> None:
    desk = factories.desk(blind=True)
    hidden = factories.source(desk.project, "Ana's find", kind="document")
    ana = factories.actor("ana")
    text = services.source_texts.create(source_id=hidden.id, text="A secret.", by=ana).row
    assert queries.source_texts.visible(ana.user_id, text.id) is not None
    for other in ("ben", "rita", "mona", "eve"):
        assert queries.source_texts.visible(factories.actor(other).user_id, text.id) is None
