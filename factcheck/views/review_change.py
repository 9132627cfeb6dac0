"""What a reviewer would have otherwise: what the form offers, and how it becomes a proposal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.anchoring.spans import Span
from factcheck.exceptions import Invalid
from factcheck.models import SourceLink
from factcheck.models.fields import parse_extent
from factcheck.views import access, attributes, posted, relation_form, review_words, source_form
from factcheck.views.review_item import Shown

_LINK_TEXTS = ("as_named", "url", "quote", "locator")


@dataclass(frozen=True)
class Option:
    """One choice of a list."""

    value: str
    title: str
    checked: bool


@dataclass(frozen=True)
class Change:
    """What the form offers; `values` are the texts as they stand, or as they were filled in."""

    spans: str
    tags: list[Option]
    fields: list[attributes.Field]
    kinds: list[Option]
    choices: list[relation_form.Choice]
    subjects: list[Option]
    objects: list[Option]
    roles: list[Option]
    stances: list[Option]
    values: Mapping[str, str]
    open: bool


def offered(request: HttpRequest, shown: Shown, form: QueryDict | None, find: str = "") -> Change:
    """Return what may be proposed of the thing, as it was filled in where something was wrong with it."""
    given: Mapping[str, str] = form.dict() if form is not None else {}  # type: ignore[assignment]
    row = shown.row
    tags: list[Option] = []
    fields: list[attributes.Field] = []
    kinds: list[Option] = []
    choices: list[relation_form.Choice] = []
    subjects: list[Option] = []
    objects: list[Option] = []
    roles: list[Option] = []
    stances: list[Option] = []
    values: Mapping[str, str] = {}
    if shown.thing == "annotation":
        chosen = given.get("tag", row.tag)
        tags = [Option(tag.name, tag.title, tag.name == chosen) for tag in shown.live_tags]
        fields = attributes.fields_of(shown.project.id, shown.main.tag, shown.main.item.attributes, form=form)
    elif shown.thing == "relation":
        subjects, objects = _ends(request, shown, given, find)
        kinds = _kinds(shown, given)
        present = orjson.loads(row.attributes)
        written = {**present, **{name[2:]: value for name, value in given.items() if name.startswith("a.")}}
        choices = relation_form.choices(shown.kinds, written)
    else:
        values = {**source_form.given(row), **given}
        roles = [
            Option(name, review_words.role(name), name == values["role"]) for name in SourceLink.Role.values
        ]
        stances = [
            Option(name, review_words.stance(name), name == values["stance"])
            for name in SourceLink.Stance.values
        ]
    return Change(
        given.get("spans", ""),
        tags,
        fields,
        kinds,
        choices,
        subjects,
        objects,
        roles,
        stances,
        values,
        bool(find) or given.get("decision") == "change",
    )


def _kinds(shown: Shown, given: Mapping[str, str]) -> list[Option]:
    """Offer the kinds, in either direction, that are legal between any of the ends that may be chosen."""
    if shown.other is None:
        return []
    near = {one.tag for one in shown.near}
    first, second = near | {shown.main.tag.name}, near | {shown.other.tag.name}
    chosen = given.get("kind", shown.row.kind)
    found = []
    for kind in shown.kinds:
        pairs = [tuple(pair) for pair in kind.pairs]
        if any(one in first and other in second for one, other in pairs) or kind.name == shown.row.kind:
            found.append(Option(kind.name, kind.title, chosen == kind.name))
        if not kind.symmetric and any(one in second and other in first for one, other in pairs):
            value = f"{kind.name}:reversed"
            found.append(Option(value, kind.inverse_title, chosen == value))
    return found


def _ends(
    request: HttpRequest, shown: Shown, given: Mapping[str, str], find: str
) -> tuple[list[Option], list[Option]]:
    """Offer as ends what stands near, and what was looked for."""
    titles = {tag.name: tag.title for tag in shown.tags}
    row = shown.row
    names = {one.id: f"{titles[one.tag]}: {_short(one.pieces)}" for one in shown.near}
    if find:
        viewer = access.person(request).pk
        for end in queries.relations.ends(
            viewer, UUID(row.subject), shown.article.id, shown.project.id, find, limit=50
        ):
            names.setdefault(end.id, f"{end.tag_title}: {_short(end.pieces)}")
    for one, end_ in ((row.subject, shown.main), (row.object, shown.other)):
        if end_ is not None:
            names.setdefault(one, f"{end_.tag.title}: {_short(end_.item.row.pieces)}")
    return (
        [Option(one, name, one == given.get("subject", row.subject)) for one, name in names.items()],
        [Option(one, name, one == given.get("object", row.object)) for one, name in names.items()],
    )


def _short(pieces: Iterable[str]) -> str:
    words = " … ".join(pieces)
    return words if len(words) <= 90 else words[:89].rstrip() + "…"


# -- from the form -----------------------------------------------------------------------------------


def proposed(request: HttpRequest, shown: Shown) -> dict[str, Any] | None:
    """Return what the form would have otherwise, as a proposal; None where it leaves everything as it is."""
    found = {"annotation": _annotation, "relation": _relation, "source_link": _link}[shown.thing](
        request, shown
    )
    return found or None


def _annotation(request: HttpRequest, shown: Shown) -> dict[str, Any]:
    form = request.POST
    wanted: dict[str, Any] = {}
    spans = posted.spans(form.get("spans", ""))
    if spans and spans != shown.main.item.extent:
        wanted["spans"] = _pairs(spans)
    if form.get("tag", shown.row.tag) != shown.row.tag:
        wanted["tag"] = form["tag"]
    present = shown.main.item.attributes
    values = attributes.from_form(shown.project.id, shown.main.tag, form, present)
    if values != present:
        wanted["attributes"] = values
    return wanted


def _pairs(spans: Iterable[Span]) -> list[dict[str, int]]:
    return [{"start": span.start, "end": span.end} for span in spans]


def _relation(request: HttpRequest, shown: Shown) -> dict[str, Any]:
    form, row = request.POST, shown.row
    kind, reversed_ = relation_form.kind_and_direction(form.get("kind", row.kind))
    ends = (form.get("subject") or row.subject, form.get("object") or row.object)
    subject, object_ = reversed(ends) if reversed_ else ends
    wanted: dict[str, Any] = {"kind": kind} if kind != row.kind else {}
    if (subject, object_) == (row.object, row.subject):
        wanted["reverse"] = True
    else:
        wanted |= {"subject": subject} if subject != row.subject else {}
        wanted |= {"object": object_} if object_ != row.object else {}
    present = orjson.loads(row.attributes)
    names = [name for name in form if name.startswith(relation_form.PREFIX)]
    values = relation_form.attributes(form, shown.kinds, kind)
    if names and values != relation_form.attributes(_as_form(present), shown.kinds, kind):
        wanted["attributes"] = values
    return wanted


def _as_form(values: Mapping[str, Any]) -> QueryDict:
    form = QueryDict(mutable=True)
    form.update({f"{relation_form.PREFIX}{name}": str(value) for name, value in values.items()})
    return form


def _link(request: HttpRequest, shown: Shown) -> dict[str, Any]:
    form, row = request.POST, shown.row
    present = source_form.given(row)
    wanted: dict[str, Any] = {}
    for name in ("role", *_LINK_TEXTS):
        if name in form and form[name].replace("\r\n", "\n").strip() != present[name]:
            wanted[name] = form[name].replace("\r\n", "\n").strip()
    role = wanted.get("role", row.role)
    if role == SourceLink.Role.DOCUMENT and form.get("stance") and form["stance"] != present["stance"]:
        wanted["stance"] = form["stance"]
    if role != SourceLink.Role.DOCUMENT:
        wanted = {name: value for name, value in wanted.items() if name in ("role", "as_named")}
    cue = posted.spans(form.get("cue", ""), "cue")
    if "cue" in form and cue != (parse_extent(row.cue) if row.cue else ()):
        wanted["cue"] = _pairs(cue)
    for name, typed, was in (
        ("source", "source_name", row.source_name),
        ("on_behalf_of", "on_behalf_name", row.on_behalf_of_name or ""),
    ):
        if typed in form and form[typed].strip() != was:
            wanted[name] = _source(request, shown, form.get(name, ""), form[typed].strip(), name)
    return wanted


def _source(request: HttpRequest, shown: Shown, chosen: str, typed: str, field: str) -> str | None:
    """Find the source that is meant: proposing makes no new one, its author does that when taking the word."""
    if not typed and field == "on_behalf_of":
        return None
    viewer = access.person(request).pk
    for one in queries.speakers.suggest(viewer, shown.project.id, typed, shown.article.id):
        named = typed.casefold() in (name.casefold() for name in (one.name, *one.aliases))
        if str(one.id) == chosen or (not chosen and named):
            return str(one.id)
    present = {shown.row.source, shown.row.on_behalf_of}
    if chosen and chosen not in present:
        return chosen  # taken from a list; the service looks whether it may be
    raise Invalid(
        _("There is no source named “%(name)s” here. Choose one that is offered, or say it in the note.")
        % {"name": typed[:80]},
        field=field,
    )
