"""What the claim map says in words: gaps, manners, presences, findings; translated once a page."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def gaps() -> dict[str, str]:
    """Return the gaps as chips and rows name them."""
    return {
        "no_answer": _("no answer in this article"),
        "accused_silent": _("the accused has not answered"),
        "one_source": _("one source only"),
        "speaker_missing": _("speaker not filled in"),
        "asserted_only": _("evidence asserted, not shown"),
        "later_evidence": _("evidence later than the claim"),
        "date_unknown": _("evidence later than the claim: unknown"),
        "contradicted": _("contradicted"),
    }


def values() -> dict[str, str]:
    """Return words for the values of attributes that the map shows; a project's own are shown as they are."""
    return {
        "explicit": _("explicit"),
        "implied": _("implied"),
        "shown": _("shown"),
        "described": _("described"),
        "asserted": _("asserted"),
        "opinion": _("opinion"),
        "prediction": _("prediction"),
        "vague": _("vague"),
        "non_denial": _("a non-denial"),
        "no_comment": _("no comment"),
        "of_something_else": _("of something else"),
        "not_checked": _("not checked"),
        "true": _("true"),
        "false": _("false"),
        "misleading": _("misleading"),
        "unproven": _("unproven"),
    }


def phrases() -> dict[str, str]:
    """Return the words between them."""
    return {
        "own_voice": _("The article itself"),
        "unnamed": _("Nobody named"),
        "for": _("for %s"),
        "via": _("passed on by %s"),
        "then": _(", then "),
        "concerns": _("concerns %s"),
        "and": _(", "),
        "presence": _("presence not filled in"),
        "offered": _("offered in the article"),
        "elsewhere": _("offered in %s"),
        "in": _("in %s"),
        "desk": _("found by the desk"),
        "none": _("none offered"),
        "no_finding": _("no finding yet"),
        "contradicts": _("contradicts"),
        "about": _("said about it"),
        "is_about": _("is about"),
        "context": _("context"),
        "shown_in": _("that it was said is shown in"),
        "by": _("marked by %s"),
        "rejected": _("tag rejected"),
        "said_claims": _("Said by"),
        "denied": _("Denied by"),
        "evidence_for": _("Evidence for"),
        "evidence_against": _("Evidence against"),
        "finding": _("Finding"),
        "read": _("read on %s"),
    }


def said(times: int, voices: int) -> str:
    """Say how often something was said and by how many."""
    if times == 1:
        return ngettext("said once", "said once, by %(voices)s", voices or 1) % {"voices": voices}
    if not voices:
        return _("said %(times)s times") % {"times": times}
    return _("said %(times)s times, by %(voices)s") % {"times": times, "voices": voices}


def more(number: int) -> str:
    """Say how many further claims of a group there are."""
    return ngettext("and %(number)s more in other words", "and %(number)s more in other words", number) % {
        "number": number
    }


def answers(number: int) -> str:
    """Say how many answers there are."""
    return ngettext("%(number)s answer", "%(number)s answers", number) % {"number": number}
