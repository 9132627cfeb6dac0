"""What reviewing says in words: decisions, reasons, states, and what a proposed change would change.

A decision is about the tag. So the screen never says a bare “approved”, which could be read as “true”.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from factcheck.anchoring.spans import Extent
from factcheck.queries.review_desk import Decided


def reason(code: str) -> str:
    """Return a reason in words; a project's own codes are read as they are written."""
    return {
        "wrong_extent": _("wrong extent"),
        "wrong_tag": _("wrong tag"),
        "split_or_merge": _("split or merge"),
        "not_a_statement": _("not a statement"),
        "duplicate": _("duplicate"),
        "inferred": _("inferred, not said"),
        "wrong_speaker": _("wrong speaker"),
        "no_source": _("no source"),
        "wrong_end": _("wrong end"),
        "wrong_direction": _("wrong direction"),
        "guideline_unclear": _("guideline unclear"),
        "other": _("other"),
    }.get(code, code.replace("_", " "))


def decision(name: str, thing: str) -> str:
    """Return what somebody did, to follow their name."""
    if name == "approve":
        return {
            "annotation": _("checked the tag"),
            "relation": _("checked the relation"),
            "source_link": _("checked the link"),
        }[thing]
    return {"change": _("asks for a change"), "reject": _("rejects it"), "ask": _("asks")}[name]


def made(name: str, thing: str) -> str:
    """Return what is said once a decision is recorded."""
    if name == "approve":
        return {
            "annotation": _("Tag checked."),
            "relation": _("Relation checked."),
            "source_link": _("Link checked."),
        }[thing]
    return {"change": _("Change asked for."), "reject": _("Rejected."), "ask": _("Asked.")}[name]


def answer(name: str) -> str:
    """Return what an author said to a decision, to follow their name."""
    return {
        "accepted": _("took the change"),
        "refused": _("refuses"),
        "answered": _("answers"),
    }[name]


def names(people: Iterable[str]) -> str:
    """Join names as a list in a sentence."""
    return _(", ").join(dict.fromkeys(people))


def state(thing: str, status: str, said: Sequence[tuple[str, str]], needed: int = 1) -> str:
    """Return the state of a thing in words; `said` is who decided what on its present version, (name, decision)."""
    by: dict[str, list[str]] = {}
    for who, what in said:
        by.setdefault(what, []).append(who)
    if status == "approved":
        return {
            "annotation": _("tag checked by %s"),
            "relation": _("relation checked by %s"),
            "source_link": _("link checked by %s"),
        }[thing] % names(by.get("approve", ()))
    if status == "change_asked":
        return _("change asked for by %s") % names(by.get("change", ()))
    if status == "rejected":
        return _("rejected by %s") % names(by.get("reject", ()))
    if status == "split":
        return _("reviewers differ: %s") % _("; ").join(
            f"{names(people)} {decision(what, thing)}" for what, people in by.items() if what != "ask"
        )
    if by.get("approve"):
        missing = needed - len(by["approve"])
        return ngettext(
            "checked by %(names)s, %(n)s more needed", "checked by %(names)s, %(n)s more needed", missing
        ) % {"names": names(by["approve"]), "n": missing}
    if by.get("ask"):
        return _("waits; asked by %s") % names(by["ask"])
    return _("waits")


def brief(status: str) -> str:
    """Return a state in a word or two, for what is shown beside the thing."""
    return {
        "approved": _("checked"),
        "change_asked": _("change asked for"),
        "rejected": _("rejected"),
        "split": _("reviewers differ"),
    }.get(status, _("waits"))


def live(history: Iterable[Decided], version: int) -> list[tuple[str, str]]:
    """Return who decided what on a version, of the decisions that count."""
    return [(one.by, one.decision) for one in history if one.version == version and not one.superseded]


# -- what a proposal would change --------------------------------------------------------------------


class Part(NamedTuple):
    """A piece of a difference: `how` is same, del or ins."""

    how: str
    words: str


class Difference(NamedTuple):
    """One thing that would be otherwise, with what goes and what comes; `spaced` parts are no running text."""

    title: str
    parts: list[Part]
    spaced: bool = False


def extents(title: str, text: str, before: Extent, after: Extent) -> Difference:
    """Tell two extents of one text apart, word for word: what leaves, what joins, what stays."""
    cuts = sorted({at for span in (*before, *after) for at in span})
    parts: list[Part] = []
    skipped = False
    for start, end in pairwise(cuts):
        was, comes = _covers(before, start, end), _covers(after, start, end)
        if not (was or comes):
            skipped = True
            continue
        how = "same" if was and comes else "del" if was else "ins"
        words = f" … {text[start:end]}" if skipped and parts else text[start:end]
        skipped = False
        parts.append(Part(how, words))
    return Difference(title, parts)


def _covers(extent: Extent, start: int, end: int) -> bool:
    return any(span.start <= start and end <= span.end for span in extent)


def value(title: str, before: str, after: str) -> Difference:
    """Tell two values apart; an empty one is left out."""
    parts = [Part("del", before)] if before else []
    return Difference(title, parts + ([Part("ins", after)] if after else []), spaced=True)


def titles() -> Mapping[str, str]:
    """Return what the parts of a proposal are called."""
    return {
        "spans": _("Words"),
        "tag": _("Tag"),
        "kind": _("Kind"),
        "subject": _("From"),
        "object": _("To"),
        "reverse": _("Direction"),
        "source": _("Source"),
        "role": _("Role"),
        "position": _("Place in the chain"),
        "on_behalf_of": _("On behalf of"),
        "as_named": _("Name as printed"),
        "cue": _("Attributing words"),
        "stance": _("What it shows"),
        "url": _("Address"),
        "quote": _("Quoted passage"),
        "locator": _("Place in it"),
        "accessed_at": _("Read on"),
        "archive_url": _("Archived at"),
    }


def role(name: str) -> str:
    """Return what a source does in a link, in words."""
    return {
        "speaker": _("who said it"),
        "via": _("who passed it on"),
        "concerns": _("whom it concerns"),
        "document": _("where it is shown"),
    }.get(name, name)


def stance(name: str | None) -> str:
    """Return what a document does for the words, in words."""
    return {
        "said": _("shows that it was said"),
        "supports": _("supports it"),
        "refutes": _("refutes it"),
        "context": _("gives context"),
    }.get(name or "", name or "")


def plain(given: Any) -> str:
    """Return a value that has no words of its own."""
    if given is None:
        return ""
    if isinstance(given, bool):
        return _("yes") if given else _("no")
    return str(given)
