"""The source dialog's form: what it shows, and how what was filled in becomes the fields of a link.

A name that is typed finds the source of that name or alias; one like others asks which is meant; any other
makes a new source.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from factcheck import queries, services
from factcheck.anchoring.selectors import Ambiguous
from factcheck.exceptions import Invalid
from factcheck.models import Source, SourceLink
from factcheck.models.fields import parse_extent
from factcheck.queries.annotations import Row as AnnotationRow
from factcheck.queries.articles import ArticleRow
from factcheck.queries.projects import ProjectRow
from factcheck.queries.source_links import Row
from factcheck.queries.source_texts import Row as CapturedRow
from factcheck.queries.sources import Suggestion
from factcheck.services.source_texts import Passage
from factcheck.views import access, posted, source_texts

# Of the likeness that suggestions have: asks for “Vladimir Zelensky” beside “Volodymyr Zelensky”.
ALIKE = 0.45
_TEXTS = ("as_named", "url", "quote", "locator", "accessed_at", "archive_url")
_OF_DOCUMENTS = ("url", "quote", "locator", "accessed_at", "archive_url")
_KINDS = ("person", "organisation", "document", "unnamed")


class Unsettled(Exception):
    """The name typed is like the names of other sources: a person must say which is meant."""

    def __init__(self, field: str, typed: str, near: list[Suggestion]) -> None:
        super().__init__(
            _("There are sources with a name like “%(name)s”. Choose one, or make a new one.")
            % {"name": typed}
        )
        self.field = field
        self.near = near


class Captured(NamedTuple):
    """A document's newest text with its words, if it has one."""

    text: CapturedRow | None
    words: str


@dataclass(frozen=True)
class Form:
    """What the dialog shows."""

    article: ArticleRow
    annotation: AnnotationRow
    values: Mapping[str, str]
    link: Row | None = None
    error: str = ""
    error_field: str = ""
    near: list[Suggestion] = field(default_factory=list)
    viewer: UUID | None = None

    @property
    def role(self) -> str:
        return self.values.get("role") or "speaker"

    @property
    def roles(self) -> list[tuple[str, str]]:
        titles = {
            "speaker": _("Who said it"),
            "via": _("Who passed it on"),
            "concerns": _("Whom it concerns"),
            "document": _("Where it is shown"),
        }
        return [(role, titles[role]) for role in SourceLink.Role.values]

    @property
    def stances(self) -> list[tuple[str, str]]:
        titles = {
            "said": _("It shows that this was said"),
            "supports": _("It supports this"),
            "refutes": _("It refutes this"),
            "context": _("It gives context"),
        }
        return [(stance, titles[stance]) for stance in SourceLink.Stance.values]

    @property
    def captured(self) -> Captured:
        """The chosen document's text, to select the passage in."""
        try:
            source = UUID(self.values.get("source", ""))
        except ValueError:
            return Captured(None, "")
        text = queries.source_texts.present(self.viewer, source) if self.viewer else None
        return Captured(text, source_texts.in_textarea(text))

    @property
    def kinds(self) -> list[tuple[str, str]]:
        titles = {
            "person": _("a person"),
            "organisation": _("an organisation"),
            "document": _("a document"),
            "unnamed": _("somebody unnamed"),
        }
        return [(kind, titles[kind]) for kind in _KINDS]

    @property
    def kind(self) -> str:
        return self.values.get("kind") or ("document" if self.role == "document" else "person")

    @property
    def words(self) -> str:
        return " … ".join(self.annotation.pieces)

    @property
    def cue_words(self) -> str:
        text = queries.texts.of(UUID(self.annotation.article_version))
        pairs = posted.spans(self.values.get("cue", ""), "cue")
        return " … ".join(text.text[start:end] for start, end in pairs)

    def with_error(self, error: Exception) -> "Form":
        """Return the form as it was filled in, with what is wrong."""
        near = error.near if isinstance(error, Unsettled) else []
        field = getattr(error, "field", "") or ""
        said, title = str(error), names().get(field, "")
        if title and said.startswith(f"{field} "):  # services speak of fields as programs know them
            said = title[:1].upper() + title[1:] + said.removeprefix(field)
        return replace(self, error=said, error_field=field, near=near)


def of(
    article: ArticleRow,
    row: AnnotationRow,
    values: Mapping[str, str],
    link: Row | None = None,
    viewer: UUID | None = None,
) -> Form:
    """Make the form of an annotation. What a button of the form answered stands before what was filled in."""
    known = {name: str(value) for name, value in values.items()}
    for which in ("source", "on_behalf_of"):
        known[which] = known.get(f"pick_{which}") or known.get(which, "")
        known[f"make_{which}"] = known.get(f"sure_{which}") or known.get(f"make_{which}", "")
    return Form(article, row, known, link, viewer=viewer)


def given(link: Row) -> dict[str, str]:
    """Return a link's present values as the form has them."""
    cue = parse_extent(link.cue) if link.cue else ()
    return {
        "role": link.role,
        "source": link.source,
        "source_name": link.source_name,
        "on_behalf_of": link.on_behalf_of or "",
        "on_behalf_name": link.on_behalf_of_name or "",
        "stance": link.stance or "",
        "cue": ",".join(f"{start}-{end}" for start, end in cue),
        "position": str(link.position),
        "passage": "" if link.source_text is None else f"{link.passage_start}-{link.passage_end}",
        "passage_text": link.source_text or "",
        **{name: getattr(link, name) for name in _TEXTS},
    }


def names() -> dict[str, str]:
    """Return what the fields are called, for a conflict."""
    return {
        "role": _("role"),
        "source_name": _("source"),
        "on_behalf_name": _("on behalf of"),
        "as_named": _("name as printed"),
        "stance": _("what it shows"),
        "url": _("address"),
        "quote": _("quoted passage"),
        "locator": _("place in it"),
        "accessed_at": _("read on"),
        "archive_url": _("archived at"),
    }


def read(request: HttpRequest, project: ProjectRow, form: Form) -> dict[str, Any]:
    """Return the link's fields, finding or making the sources that are named."""
    values = form.values
    role = form.role
    fields: dict[str, Any] = {
        "role": role,
        "source_id": _source(request, project, values, "source", "source_name", form.kind),
        "on_behalf_of": _source(
            request, project, values, "on_behalf_of", "on_behalf_name", "organisation", needed=False
        ),
        "cue": posted.spans(values.get("cue", ""), "cue"),
        "stance": values.get("stance") or None if role == "document" else None,
    }
    for name in _TEXTS:
        fields[name] = (
            values.get(name, "").replace("\r\n", "\n").strip()
            if role == "document" or name not in _OF_DOCUMENTS
            else ""
        )
    if role == "document":
        fields |= _placed(request, values, fields["source_id"], fields["quote"])
    else:
        fields["passage"] = None
    position = values.get("position", "")
    if role == "via" and position:
        if not (position.isascii() and position.isdecimal() and len(position) < 5):
            raise Invalid(_("The place in the chain must be a whole number from 1."), field="position")
        fields["position"] = int(position)
    return fields


def _placed(request: HttpRequest, values: Mapping[str, str], source_id: UUID, quote: str) -> dict[str, Any]:
    """Return the passage that was selected if the quote still says it, else where the quote stands, and the quote."""
    text_id = values.get("passage_text", "")
    spans = posted.spans(values.get("passage", ""), "passage")
    if spans and len(spans) == 1 and quote and (row := _text_of(request, text_id, source_id)):
        words = queries.source_texts.words(row.id)[spans[0].start : spans[0].end]
        if words.strip() == quote:
            return {"quote": words, "passage": Passage(row.id, *spans[0], words)}
    try:
        found = services.source_texts.place_of(source_id=source_id, quote=quote, by=access.actor(request))
    except Ambiguous:
        found = None
    return {"passage": found}


def _text_of(request: HttpRequest, text_id: str, source_id: UUID) -> CapturedRow | None:
    try:
        row = queries.source_texts.visible(access.person(request).pk, UUID(text_id))
    except ValueError:
        return None
    return row if row is not None and row.source == source_id else None


def saved(request: HttpRequest, fields: Mapping[str, Any], name: str = "") -> str:
    """Say that the link is saved, of a new one to whom; and when its quote is not found in its document."""
    unplaced = fields["role"] == "document" and fields["quote"] and fields["passage"] is None
    if unplaced and queries.source_texts.present(access.person(request).pk, fields["source_id"]):
        return _(
            "Source saved. The quoted words are not in the captured text, or more than once: select them there."
        )
    return _("Linked: %s") % name if name else _("Source saved")


def _source(
    request: HttpRequest,
    project: ProjectRow,
    values: Mapping[str, str],
    id_field: str,
    name_field: str,
    kind: str,
    *,
    needed: bool = True,
) -> UUID | None:
    if id_field == "source" and values.get("standing") in (Source.Kind.OWN_VOICE, Source.Kind.UNNAMED):
        return queries.sources.standing(project.id, values["standing"])
    known = values.get(id_field, "")
    if known:
        try:
            return UUID(known)
        except ValueError as error:
            raise Invalid(_("There is no such source."), field=name_field) from error
    typed = values.get(name_field, "").strip()
    if not typed:
        if needed:
            raise Invalid(
                _("Name the source, or choose the article itself or nobody named."), field=name_field
            )
        return None
    near = queries.sources.suggest(access.person(request).pk, project.id, typed[:500])
    exact = [source for source in near if source.score == 1]
    if len(exact) == 1:
        return exact[0].id
    alike = [
        source
        for source in near
        if source.score >= ALIKE
        and not source.standing
        and (kind == Source.Kind.DOCUMENT or source.kind != Source.Kind.DOCUMENT)
    ]
    if alike and values.get(f"make_{id_field}") != "1":
        raise Unsettled(name_field, typed, alike)
    made = services.sources.create(
        project=queries.projects.by_id(project.id), kind=kind, name=typed, by=access.actor(request)
    )
    source_id: UUID = made.row.id
    return source_id
