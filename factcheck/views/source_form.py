"""The source dialog's form: what it shows, and how what was filled in becomes the fields of a link.

A name that is typed finds the source of that name or alias; one like others asks which is meant; any other
makes a new source.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from factcheck import queries, services
from factcheck.exceptions import Invalid
from factcheck.models import Source, SourceLink
from factcheck.models.fields import parse_extent
from factcheck.queries.annotations import Row as AnnotationRow
from factcheck.queries.articles import ArticleRow
from factcheck.queries.projects import ProjectRow
from factcheck.queries.source_links import Row
from factcheck.queries.sources import Suggestion
from factcheck.views import access, posted

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


def of(article: ArticleRow, row: AnnotationRow, values: Mapping[str, str], link: Row | None = None) -> Form:
    """Make the form of an annotation. What a button of the form answered stands before what was filled in."""
    known = {name: str(value) for name, value in values.items()}
    for which in ("source", "on_behalf_of"):
        known[which] = known.get(f"pick_{which}") or known.get(which, "")
        known[f"make_{which}"] = known.get(f"sure_{which}") or known.get(f"make_{which}", "")
    return Form(article, row, known, link)


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
    position = values.get("position", "")
    if role == "via" and position:
        if not (position.isascii() and position.isdecimal() and len(position) < 5):
            raise Invalid(_("The place in the chain must be a whole number from 1."), field="position")
        fields["position"] = int(position)
    return fields


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
    alike = [source for source in near if source.score >= ALIKE and not source.standing]
    if alike and values.get(f"make_{id_field}") != "1":
        raise Unsettled(name_field, typed, alike)
    made = services.sources.create(
        project=queries.projects.by_id(project.id), kind=kind, name=typed, by=access.actor(request)
    )
    source_id: UUID = made.row.id
    return source_id
