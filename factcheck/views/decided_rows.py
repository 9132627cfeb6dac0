"""What the list of decisions shows of each: the words that were decided on, and a proposed change as a difference."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.anchoring import differences
from factcheck.anchoring.differences import Stretch
from factcheck.anchoring.spans import Extent, Span
from factcheck.models.fields import parse_extent
from factcheck.queries.decided import Names, Row
from factcheck.views import decision_words, review_words


@dataclass(frozen=True)
class Change:
    """One part of a proposal that is no extent: what it is, and both values in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Shown:
    """A row of the list, ready to be drawn; `words` and `other` are the two ends of a relation, or words and source."""

    row: Row
    said: str
    reason: str
    tag: str
    title: str
    words: str
    other: str
    stretches: list[Stretch]
    changes: list[Change]
    answered: str

    @property
    def accepts(self) -> bool:
        """Whether one act takes what is proposed."""
        return self.row.waits and (self.row.kind == "proposed" or self.row.proposal is not None)

    @property
    def refuses(self) -> bool:
        """Whether it can be refused with a word."""
        open_ = self.row.answer is None and self.row.live and not self.row.withdrawn
        return (self.row.waits and self.row.decision != "ask") or (self.rejected and open_)

    @property
    def rejected(self) -> bool:
        return self.row.decision == "reject" and self.row.role != "viewer"

    @property
    def answers(self) -> bool:
        """Whether a question waits for an answer."""
        return self.row.waits and self.row.decision == "ask"


def shown(rows: list[Row], names: Names) -> list[Shown]:
    """Make what the list shows of the rows."""
    return [_shown(row, names) for row in rows]


def _shown(row: Row, names: Names) -> Shown:
    state: dict[str, Any] = orjson.loads(row.state)
    told = orjson.loads(row.proposal) if row.proposal else None
    proposal: dict[str, Any] = told if isinstance(told, dict) else {}
    tag, title, words, other = _about(row, state, names)
    if row.kind == "proposed":
        said = _("%(name)s found this missing") % {"name": row.by}
        extent = parse_extent(state["extent"])
        stretches = _compared(state, (), extent)
    else:
        said = decision_words.decision(row.decision, row.by)
        stretches = (
            _compared(state, parse_extent(state["extent"]), extent)
            if row.thing == "annotation" and (extent := _spans(proposal.get("spans")))
            else []
        )
    return Shown(
        row=row,
        said=said,
        reason=review_words.reason(row.reason) if row.reason else "",
        tag=tag,
        title=title,
        words=words,
        other=other,
        stretches=stretches,
        changes=list(_changes(row, state, proposal, names)),
        answered=decision_words.answer(row.answer) if row.answer else "",
    )


def _about(row: Row, state: dict[str, Any], names: Names) -> tuple[str, str, str, str]:
    """Return the tag's name, the title of what it is, its words, and the object's words or the source's name."""
    if row.thing == "annotation":
        name, title = names.tags.get(state["tag_id"], ("", ""))
        return name, title, " … ".join(state["pieces"]), ""
    if row.thing == "relation":
        subject, object_ = (names.words.get(state[f"{end}_id"], "…") for end in ("subject", "object"))
        return "", names.kinds.get(state["kind_id"], ""), subject, object_
    source = names.sources.get(state["source_id"], _("a source"))
    return "", decision_words.link_role(state["role"]), names.words.get(state["annotation_id"], "…"), source


def _compared(state: dict[str, Any], before: Extent, after: Extent) -> list[Stretch]:
    """Compare two extents in the version of the text that the annotation stood in when it was decided on."""
    text = queries.texts.of(UUID(state["article_version_id"])).text
    return differences.compare(text, before, after)


def _spans(told: object) -> Extent:
    """Read the spans of a proposal; what was imported may be none, and is then shown without a difference."""
    try:
        found = sorted(Span(int(one["start"]), int(one["end"])) for one in told)  # type: ignore[attr-defined]
    except (TypeError, KeyError, ValueError):
        return ()
    return tuple(span for span in found if 0 <= span.start < span.end)


def _changes(row: Row, state: dict[str, Any], proposal: dict[str, Any], names: Names) -> Any:
    """Yield every part of a proposal but the extent, old and new in words."""
    for name, value in proposal.items():
        if name == "spans":
            continue
        if name == "tag":
            before = names.tags.get(state["tag_id"], ("", ""))[1]
            yield Change(_("Tag"), before, names.tag_titles.get((row.project, str(value)), str(value)))
        elif name == "kind":
            before = names.kinds.get(state["kind_id"], "")
            yield Change(_("Kind"), before, names.kind_titles.get((row.project, str(value)), str(value)))
        elif name == "reverse":
            if value:
                ends = [names.words.get(state[f"{end}_id"], "…") for end in ("subject", "object")]
                yield Change(_("Direction"), " → ".join(ends), " → ".join(reversed(ends)))
        elif name == "attributes":
            yield from _values(state.get("attributes") or {}, value)
        elif name in ("subject", "object"):
            yield Change(
                _end(name), names.words.get(state[f"{name}_id"], "…"), names.words.get(str(value), "…")
            )
        elif name in ("source", "on_behalf_of"):
            before = names.sources.get(str(state[f"{name}_id"]), "")
            yield Change(_field(name), before, names.sources.get(str(value), "") if value else "")
        elif name == "cue":
            text = queries.texts.of(row.version_id).text
            yield Change(
                _field(name),
                _cut(text, parse_extent(state["cue"]) if state["cue"] else ()),
                _cut(text, _spans(value)),
            )
        elif name == "role":
            yield Change(
                _field(name), decision_words.link_role(state["role"]), decision_words.link_role(str(value))
            )
        else:
            yield Change(_field(name), _word(state.get(name)), _word(value))


def _values(before: dict[str, Any], after: object) -> Any:
    """Yield the attributes that differ: a proposal has all that are to be, so one that it leaves out goes."""
    if isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            if before.get(name) != after.get(name):
                yield Change(name.replace("_", " "), _word(before.get(name)), _word(after.get(name)))


def _cut(text: str, extent: Extent) -> str:
    return " … ".join(text[start:end] for start, end in extent)


def _word(value: object) -> str:
    if value is None or value == "":
        return ""
    return {True: _("yes"), False: _("no")}[value] if isinstance(value, bool) else str(value)


def _end(name: str) -> str:
    return _("From") if name == "subject" else _("To")


def _field(name: str) -> str:
    return {
        "source": _("Source"),
        "on_behalf_of": _("On behalf of"),
        "role": _("Role"),
        "position": _("Place in the chain"),
        "as_named": _("As named"),
        "cue": _("Cue"),
        "stance": _("What the document does"),
        "url": _("Address"),
        "quote": _("Quote"),
        "locator": _("Where in it"),
        "accessed_at": _("Looked at"),
        "archive_url": _("Archived at"),
    }.get(name, name.replace("_", " "))
