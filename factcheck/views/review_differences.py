"""A proposed change in words: what goes, what comes and what stays of each part of the thing."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.anchoring.spans import Extent, Span
from factcheck.models.fields import parse_extent
from factcheck.views import attributes, relation_form, review_words
from factcheck.views.review_item import Shown
from factcheck.views.review_words import Difference


def of(shown: Shown, proposal: Mapping[str, Any], *, present: bool) -> list[Difference]:
    """Tell a proposal as differences to what stands there; one about an earlier version only as what it says."""
    told: list[Difference] = []
    titles = review_words.titles()
    tags = {tag.name: tag.title for tag in shown.tags}
    for name, value in proposal.items():
        if name == "spans":
            told.append(_extent(titles[name], shown, value, present=present))
        elif name == "attributes":
            told += _attributes(shown, value, present=present)
        elif name == "reverse":
            told.append(review_words.value(titles[name], "", _("the other way round")))
        elif name == "cue":
            told.append(_cue(titles[name], shown, value, present=present))
        elif name in ("tag", "kind", "role", "stance"):
            words = _named(shown, name, tags)
            before = words(getattr(shown.row, name)) if present else ""
            told.append(review_words.value(titles[name], before, words(value)))
        elif name in ("subject", "object", "source", "on_behalf_of"):
            told.append(
                review_words.value(
                    titles[name], _was(shown, name) if present else "", _is(shown, name, value)
                )
            )
        else:
            before = review_words.plain(getattr(shown.row, name, "")) if present else ""
            told.append(review_words.value(titles.get(name, name), before, review_words.plain(value)))
    return told


def _named(shown: Shown, name: str, tags: Mapping[str, str]) -> Callable[[Any], str]:
    """Return what puts a value of this part in words."""
    kinds = {kind.name: kind.title for kind in shown.kinds}
    if name in ("tag", "kind"):
        known = tags if name == "tag" else kinds
        return lambda value: str(known.get(value, value))
    return review_words.role if name == "role" else review_words.stance


def _extent(title: str, shown: Shown, spans: list[dict[str, Any]], *, present: bool) -> Difference:
    after = tuple(Span(one["start"], one["end"]) for one in spans)
    if present and after and after[-1].end <= shown.text.length:
        return review_words.extents(title, shown.text.text, shown.main.item.extent, after)
    return review_words.value(title, "", " … ".join(one.get("exact", "") for one in spans))


def _cue(title: str, shown: Shown, spans: list[dict[str, int]] | None, *, present: bool) -> Difference:
    after: Extent = tuple(Span(one["start"], one["end"]) for one in spans or ())
    before = parse_extent(shown.row.cue) if present and shown.row.cue else ()
    return review_words.extents(title, shown.text.text, before, after)


def _attributes(shown: Shown, values: Mapping[str, Any], *, present: bool) -> list[Difference]:
    if shown.thing == "annotation":
        before = shown.main.item.attributes if present else {}
        fields = [
            {
                field.name: field
                for field in attributes.fields_of(shown.project.id, shown.main.tag, dict(given))
            }
            for given in (before, values)
        ]
        return [
            review_words.value(field.title, fields[0][name].shown if name in fields[0] else "", field.shown)
            for name, field in fields[1].items()
            if (fields[0][name].value if name in fields[0] else "") != field.value
        ] + [
            review_words.value(field.title, field.shown, "")
            for name, field in fields[0].items()
            if field.value and name not in fields[1]
        ]
    was = orjson.loads(shown.row.attributes) if present else {}
    before_, after = (
        {one.name: one for one in relation_form.choices(shown.kinds, given)} for given in (was, values)
    )
    return [
        review_words.value(choice.title, _said(before_[name]), _said(choice))
        for name, choice in after.items()
        if before_[name].value != choice.value
    ]


def _said(choice: relation_form.Choice) -> str:
    return dict(choice.options).get(choice.value, choice.value)


def _was(shown: Shown, name: str) -> str:
    if name == "subject":
        return shown.main.words
    if name == "object":
        return shown.other.words if shown.other else ""
    return (shown.row.source_name if name == "source" else shown.row.on_behalf_of_name) or ""


def _is(shown: Shown, name: str, value: str | None) -> str:
    """Name an end or a source that is proposed, as far as the viewer may know of it."""
    if value is None:
        return ""
    viewer = shown.viewer
    if name in ("subject", "object"):
        end = queries.relations.end(viewer, value)
        return " … ".join(end.pieces) if end else _("an annotation that was withdrawn")
    source = queries.sources.visible(viewer, UUID(value))
    return source.name if source else _("a source that was withdrawn")
