"""What the board shows of an article: its phase, its people, its numbers, and what is stuck, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from factcheck.permissions import workflow
from factcheck.queries.progress import Article, Counts, Work
from factcheck.views import decision_words


@dataclass(frozen=True)
class Person:
    """A layer as one line: whose it is and how far."""

    work: Work
    state: str


@dataclass(frozen=True)
class Row:
    """An article of the board."""

    article: Article
    counts: Counts
    phase: str
    phase_words: str
    people: list[Person]
    reviewers: list[str]
    numbers: list[tuple[str, int, str]]  # what it is, how many, and a word for how it looks
    stuck: list[str]


def person(work: Work) -> Person:
    """Return a layer with its state in words."""
    return Person(work, _("excused") if work.excused_at else decision_words.layer_state(work.state))


def row(article: Article, counts: Counts, works: list[Work], reviewers: list[str], days: int) -> Row:
    """Return what the board shows of an article; what waits for more than `days` is stuck."""
    phase = workflow.phase(
        workflow.Progress(
            1, int(counts.done), counts.waiting, counts.asked + counts.questions, counts.proposed
        )
    )
    return Row(
        article=article,
        counts=counts,
        phase=phase,
        phase_words=decision_words.phase(phase),
        people=[person(work) for work in works],
        reviewers=reviewers,
        numbers=_numbers(counts),
        stuck=_stuck(phase, counts, works, days),
    )


def _numbers(counts: Counts) -> list[tuple[str, int, str]]:
    told = [
        (_("waiting"), counts.waiting, ""),
        (_("split"), counts.split, "bad"),
        (_("change asked"), counts.asked, ""),
        (_("questions open"), counts.questions, ""),
        (_("tag checked"), counts.approved, "good"),
        (_("rejected"), counts.rejected, ""),
        (_("missed"), counts.missed, ""),
        (_("proposed, not answered"), counts.proposed, ""),
    ]
    return [(words, number, look) for words, number, look in told if number]


def _stuck(phase: str, counts: Counts, works: list[Work], days: int) -> list[str]:
    """Say what is stuck, each in a sentence that names whose turn it is."""
    told = []
    limit = timezone.now() - timedelta(days=days)
    for work in works:
        if work.excused_at:
            continue
        if not work.member:
            told.append(_("%(name)s annotates in this project no more") % {"name": work.owner})
        elif work.state != "submitted" and work.touched_at < limit:
            told.append(
                _("%(name)s: nothing for %(days)s") % {"name": work.owner, "days": _days(work.touched_at)}
            )
    if counts.split:
        told.append(
            ngettext("reviewers differ on %(n)s", "reviewers differ on %(n)s", counts.split)
            % {"n": counts.split}
        )
    if counts.asked_since and counts.asked_since < limit:
        told.append(_("an author has not answered for %(days)s") % {"days": _days(counts.asked_since)})
    if phase == "in_review" and counts.waiting_since and counts.waiting_since < limit:
        told.append(_("waits for a reviewer for %(days)s") % {"days": _days(counts.waiting_since)})
    return told


def _days(since: datetime) -> str:
    number = (timezone.now() - since).days
    return ngettext("%(n)s day", "%(n)s days", number) % {"n": number}
