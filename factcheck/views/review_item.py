"""One thing under review with all that a decision needs: its place, what it says, who made it, what was said of it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Gone, NotFound
from factcheck.models import Tag
from factcheck.models.fields import parse_extent
from factcheck.models.reasons import REASONS
from factcheck.permissions import checks
from factcheck.queries.articles import ArticleRow
from factcheck.queries.page import Item, Related
from factcheck.queries.projects import KindRow, ProjectRow
from factcheck.queries.review_desk import Choice, Decided, Missed, Near
from factcheck.queries.source_links import Row as LinkRow
from factcheck.queries.texts import Text
from factcheck.roles import Role
from factcheck.views import access, attributes, cards, relation_form, review_place, review_words, scheme

THINGS = ("annotation", "relation", "source_link")


@dataclass(frozen=True)
class End:
    """An annotation that is shown: what is under review, or what that hangs on."""

    item: Item
    tag: Tag
    links: list[tuple[LinkRow, str]]
    facts: list[attributes.Field]
    chain: SafeString

    @property
    def words(self) -> str:
        return " … ".join(self.item.row.pieces)


@dataclass(frozen=True)
class Shown:
    """What the page shows of the thing; `row` is the annotation, the relation or the link itself."""

    thing: str
    row: Any
    viewer: UUID
    project: ProjectRow
    article: ArticleRow
    text: Text
    main: End
    other: End | None
    elsewhere: ArticleRow | None  # the other end's article, where it is another one
    kind: KindRow | None
    kinds: list[KindRow]
    facts: list[tuple[str, str]]
    related: list[Related]
    words: SafeString
    elsewhere_words: SafeString
    near: list[Near]
    missed: list[Missed]
    tags: list[Tag]
    history: list[Decided]
    reasons: list[tuple[str, str]]
    layers: list[Choice]
    owner: str | None
    reason: str  # why the viewer may not decide; empty for who may
    not_approve: str  # why the viewer may not approve
    proposing: str  # why the viewer may not propose what is missing
    link_cue: str = ""

    @property
    def key(self) -> str:
        return f"{self.thing}:{self.row.id}"

    @property
    def live_tags(self) -> list[Tag]:
        return [tag for tag in self.tags if tag.retired_at is None]

    @property
    def state(self) -> str:
        """The state in words, with who said what."""
        said = review_words.live(self.history, self.row.version)
        return review_words.state(self.thing, self.row.status, said, self.project.approvals_needed)

    @property
    def void(self) -> bool:
        return bool(getattr(self.row, "void", False))

    @property
    def title(self) -> str:
        """What it is called: the tag, the kind of relation, or the role of the link."""
        if self.thing == "annotation":
            return self.main.tag.title
        if self.thing == "relation" and self.kind is not None:
            return self.kind.title
        return {
            "speaker": _("said by"),
            "via": _("passed on by"),
            "concerns": _("concerns"),
            "document": _("shown in"),
        }[self.row.role]

    @property
    def present(self) -> str:
        """What stands there now, in one line, for who looked at something else."""
        if self.thing == "annotation":
            return f"{self.main.tag.title}: “{self.main.words}”"
        if self.thing == "relation" and self.other is not None:
            return f"“{self.main.words}” {self.title} “{self.other.words}”"
        return f"“{self.main.words}” {self.title} {self.row.source_name}"

    @property
    def scheme(self) -> str:
        return scheme.address(self.project, self.tags)


def of(request: HttpRequest, thing: str, thing_id: UUID) -> Shown:
    """Gather it; raises `NotFound` for what one may not know of, `Gone` for what was withdrawn."""
    row: Any = {"annotation": access.annotation, "relation": access.relation, "source_link": access.link}[
        thing
    ](request, thing_id)
    article, project = access.article(request, UUID(row.article))
    viewer = access.person(request)
    tags = queries.projects.tags(project.id, retired=True)
    ids = {
        "annotation": lambda: [row.id],
        "relation": lambda: [row.subject, row.object],
        "source_link": lambda: [row.annotation],
    }[thing]()
    ends = _ends(viewer, ids, article, tags)
    main, other = ends[ids[0]], ends[ids[1]] if len(ids) > 1 else None
    text = queries.texts.of(UUID(main.item.row.article_version))
    elsewhere = None
    if other is not None and other.item.row.article != row.article:
        elsewhere, _project = access.article(request, UUID(other.item.row.article))
    kinds = queries.projects.relation_kinds(project.id, retired=True) if thing == "relation" else []
    cue = parse_extent(row.cue) if thing == "source_link" and row.cue else ()
    place = _place(viewer.pk, article, text, main, None if elsewhere else other, cue)
    rules = queries.review_desk.rules(viewer.pk, thing, thing_id)
    codes = orjson.loads(rules.reasons).get(thing) or REASONS[thing]
    may_not = checks.reason(
        checks.check_can_review,
        Role(project.role),
        reviewer=viewer.pk,
        author=rules.author,
        owner=rules.owner,
    )
    return Shown(
        thing=thing,
        row=row,
        viewer=viewer.pk,
        project=project,
        article=article,
        text=text,
        main=main,
        other=other,
        elsewhere=elsewhere,
        kind=next((kind for kind in kinds if kind.name == getattr(row, "kind", "")), None),
        kinds=[kind for kind in kinds if not kind.retired or kind.name == getattr(row, "kind", "")],
        facts=_facts(thing, row, kinds),
        related=queries.page.related_to(viewer.pk, row.id) if thing == "annotation" else [],
        words=place.words,
        elsewhere_words=_elsewhere(viewer.pk, elsewhere, other),
        near=place.near,
        missed=place.missed,
        tags=tags,
        history=queries.review_desk.history(viewer.pk, thing, thing_id),
        reasons=[(code, review_words.reason(code)) for code in codes],
        layers=queries.review_desk.layers_to_propose_to(viewer.pk, article.id),
        owner=main.item.row.owner if thing != "relation" else _owner(viewer.pk, row),
        reason=may_not,
        not_approve=may_not or checks.reason(checks.check_did_not_propose, proposed=rules.proposed),
        proposing=checks.reason(checks.check_role, Role(project.role), Role.REVIEWER, _("proposing")),
        link_cue=" … ".join(text.text[start:end] for start, end in cue),
    )


def _ends(viewer: Any, ids: list[str], article: ArticleRow, tags: list[Tag]) -> dict[str, End]:
    look = cards.Look.of(article, viewer.username, tags)
    items = {item.row.id: item for item in queries.page.some(viewer.pk, ids)}
    links = queries.source_links.of_annotations(viewer.pk, ids)
    found = {}
    for one in ids:
        if one not in items:
            raise Gone(_("An annotation that this hangs on was withdrawn."))
        item = items[one]
        tag = look.tags[item.row.tag]
        text = queries.texts.of(UUID(item.row.article_version)).text
        fields = attributes.fields_of(article.project_id, tag, item.attributes) if item.attributes else []
        found[one] = End(
            item,
            tag,
            [(link, _cue(link, text)) for link in links.get(one, [])],
            [field for field in fields if field.value],
            cards.chain(item, look),
        )
    return found


def _cue(link: LinkRow, text: str) -> str:
    return " … ".join(text[start:end] for start, end in parse_extent(link.cue)) if link.cue else ""


def _place(
    viewer: UUID, article: ArticleRow, text: Text, main: End, other: End | None, cue: Any
) -> review_place.Drawn:
    ends = [main] + ([other] if other is not None else [])
    classes = {main.item.row.id: "on"}
    if other is not None:
        classes[other.item.row.id] = "on end"
    return review_place.drawn(
        viewer,
        article.id,
        text,
        [end.item.extent for end in ends],
        layers={end.item.row.layer for end in ends},
        classes=classes,
        cue=cue,
    )


def _elsewhere(viewer: UUID, article: ArticleRow | None, other: End | None) -> SafeString:
    if article is None or other is None:
        return SafeString("")
    text = queries.texts.of(UUID(other.item.row.article_version))
    return review_place.drawn(
        viewer,
        article.id,
        text,
        [other.item.extent],
        layers={other.item.row.layer},
        classes={other.item.row.id: "on end"},
    ).words


def _facts(thing: str, row: Any, kinds: list[KindRow]) -> list[tuple[str, str]]:
    """Say a relation's attributes in words; an annotation's are told by its end, a link's by its line."""
    if thing != "relation":
        return []
    values = orjson.loads(row.attributes)
    return [
        (choice.title, dict(choice.options).get(choice.value, choice.value))
        for choice in relation_form.choices([kind for kind in kinds if kind.name == row.kind], values)
        if choice.value
    ]


def _owner(viewer: UUID, row: Any) -> str | None:
    layer = queries.layers.visible(viewer, UUID(row.layer))
    if layer is None:
        raise NotFound(_("There is nothing to decide on here."))
    return layer.owner
