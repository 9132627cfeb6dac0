"""Draws the cards beside the article's text: one an annotation, short for all, with its controls for the chosen.

The short form is plain string building, because a long article has a thousand of them; what the chosen one has
beyond that is a template.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.models import Tag
from factcheck.models.fields import parse_extent
from factcheck.permissions import checks
from factcheck.queries.articles import ArticleRow
from factcheck.queries.page import Edge, Item, Said
from factcheck.roles import Role
from factcheck.views import access, attributes, review_words, threads

_LONGEST = 220


@dataclass(frozen=True)
class Look:
    """What all cards of one answer share: the tags by name, who looks, and the words, translated once."""

    tags: Mapping[str, Tag]
    viewer: str
    language: str
    words: Mapping[str, str]
    facts: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, article: ArticleRow, viewer: str, tags: Iterable[Tag] | None = None) -> "Look":
        """Gather it for the article's project."""
        found = queries.projects.tags(article.project_id, retired=True) if tags is None else tags
        return cls(
            {tag.name: tag for tag in found}, viewer, escape(article.language), _words(), attributes.facts()
        )


def _words() -> dict[str, str]:
    return {
        "by": _("by %s"),
        "own_voice": _("The article itself"),
        "unnamed": _("Nobody named"),
        "for": _("for %s"),
        "via": _("passed on by %s"),
        "citing": _("%(who)s, citing %(whom)s"),
        "and": _("%(one)s and %(other)s"),
        "concerns": _("concerns %s"),
        "said": _("shown in %s"),
        "supports": _("supported in %s"),
        "refutes": _("refuted in %s"),
        "context": _("context in %s"),
        "speaker": _("speaker not filled in"),
        "note": _("has a note"),
        "talk": _("open comments: %s"),
    }


def compact(item: Item, number: int, look: Look, *, hidden: bool = False) -> str:
    """Return one card in its short form."""
    return _card(item, number, look, "", hidden)


def chosen(
    request: HttpRequest, item: Item, number: int, look: Look, article: ArticleRow, *, talk: bool = False
) -> str:
    """Return one card with all that is known of it and the controls of who may change it; `talk` opens its talk."""
    viewer = access.person(request)
    reason = checks.reason(checks.check_can_annotate, Role(article.role)) or checks.reason(
        checks.check_owns_layer, person=viewer.username, owner=item.row.owner
    )
    links = (
        queries.source_links.of_annotations(viewer.pk, [item.row.id]).get(item.row.id, [])
        if item.said
        else []
    )
    related = queries.page.related_to(viewer.pk, item.row.id) if item.edges else []
    more = render_to_string(
        "annotations/_more.html",
        {
            "item": item,
            "row": item.row,
            "tag": look.tags[item.row.tag],
            "tags": [tag for tag in look.tags.values() if tag.retired_at is None],
            "links": [(link, _cue(link, item)) for link in links],
            "chain": chain(item, look),
            "hops": sum(link.role == "via" for link in links),
            "relations": related,
            "fields": attributes.fields_of(article.project_id, look.tags[item.row.tag], item.attributes),
            "reason": reason,
            "can_relate": checks.allowed(checks.check_can_annotate, Role(article.role)),
            "article": article,
            "talk": threads.of_annotation(request, item.row, related, article) if talk else None,
            "comments": item.talk,
        },
        request=request,
    )
    return _card(item, number, look, more, False)


def _cue(link: Any, item: Item) -> str:
    if not link.cue:
        return ""
    text = queries.texts.of(item.row.article_version)
    return " … ".join(text.text[start:end] for start, end in parse_extent(link.cue))


def _card(item: Item, number: int, look: Look, more: str, hidden: bool) -> str:
    row = item.row
    tag = look.tags[row.tag]
    words = " … ".join(row.pieces)
    if len(words) > _LONGEST and not more:
        words = words[:_LONGEST].rstrip() + "…"
    extent = ",".join(f"{start}-{end}" for start, end in item.extent)
    sources = " ".join(dict.fromkeys(link.source for link in item.said))
    edges = escape(" ".join(_edge(edge) for edge in item.edges))
    edged = f' data-edges="{edges}"' if edges else ""
    who = escape(row.created_by)
    return (
        f'<li class="card t-{tag.name}{" on" if more else ""}" id="annotation-card-{row.id}" data-n="{number}"'
        f' data-tag="{tag.name}" data-by="{who}" data-extent="{extent}" data-sources="{sources}"'
        f' data-revision="{row.revision}"{edged}'
        f"{' data-own' if row.owner == look.viewer else ''}{' hidden' if hidden else ''}>"
        f'<div class="card-top"><span class="tag">{escape(tag.title)}</span>'
        f"{_state(item)}{_facts(item, look)}{_note(row.note, look)}{_talk(item.talk, look)}"
        f'<span class="initials" role="img" aria-label="{look.words["by"] % who}" title="{who}">'
        f"{who[:1]}</span></div>"
        f'<a class="card-words" href="?annotation={row.id}#annotation-card-{row.id}" data-choose'
        f'{" aria-current=true" if more else ""} lang="{look.language}" dir="auto">{escape(words)}</a>'
        f"{_said(item, look)}{more}</li>"
    )


def _edge(edge: Edge) -> str:
    """Write what the page's script draws of a relation: its id, direction, manner, other end, and its kind's key."""
    direction = "both" if edge.symmetric else "out" if edge.out else "in"
    return f"{edge.relation},{direction},{edge.manner or '-'},{edge.other},{edge.key}"


def _state(item: Item) -> str:
    """Say who has decided what on the tag, where somebody has."""
    if item.row.status == "pending":
        return ""
    said = [(one.by, one.decision) for one in item.decided]
    return (
        f'<span class="card-state">{escape(review_words.state("annotation", item.row.status, said))}</span>'
    )


def _facts(item: Item, look: Look) -> str:
    """Say the few attributes that matter before a card is opened."""
    if item.row.attributes == "{}":
        return ""
    values = item.attributes
    said = (
        words.get(attributes.written(values[name])) for name, words in look.facts.items() if name in values
    )
    return "".join(f'<span class="card-fact">{escape(fact)}</span>' for fact in said if fact)


def _note(note: str, look: Look) -> str:
    return f'<span class="card-note" title="{escape(note)}">{look.words["note"]}</span>' if note else ""


def _talk(number: int, look: Look) -> str:
    if not number:
        return ""
    said = look.words["talk"] % number
    return f'<span class="card-talk" role="img" aria-label="{said}" title="{said}">{number}</span>'


def _said(item: Item, look: Look) -> str:
    spoken = any(link.role == "speaker" for link in item.said)
    parts = [] if spoken else [f'<span class="card-gap">{look.words["speaker"]}</span>']
    way = chain(item, look)
    if way:
        parts.append(f'<span class="card-source{" card-speaker" if spoken else ""}">{way}</span>')
    parts += [_source(link, look) for link in item.said if not (way and link.role in ("speaker", "via"))]
    parts += [
        f'<span class="card-count">{escape(title)}{f" {number}" if number > 1 else ""}</span>'
        for title, number in item.relations
    ]
    return f'<div class="card-said">{"".join(parts)}</div>'


def chain(item: Item, look: Look) -> SafeString:
    """Return the way of an annotation's words in one sentence (HTML), nothing when nobody passed them on."""
    hops = [link for link in item.said if link.role == "via"]
    speakers = [link for link in item.said if link.role == "speaker"]
    said = sentence(hops, speakers, look) if hops else ""
    return SafeString(said if speakers or not said else look.words["via"] % said)


def name_of(link: Said, look: Look) -> str:
    """Return what a source is called; the article's own voice and nobody in particular have words of their own."""
    return look.words[link.kind] if link.standing else link.name


def sentence(hops: Iterable[Said], speakers: Iterable[Said], look: Look) -> str:
    """Return how the words came to the article, from the hop nearest to it to who said them, as HTML.

    Names may be written in another direction than the sentence.
    """
    said = ""
    for speaker in speakers:
        name = _isolated(name_of(speaker, look))
        if speaker.behalf:
            name = f"{name} {look.words['for'] % _isolated(speaker.behalf)}"
        said = look.words["and"] % {"one": said, "other": name} if said else name
    for hop in reversed(list(hops)):
        name = _isolated(name_of(hop, look))
        said = look.words["citing"] % {"who": name, "whom": said} if said else name
    return said


def _isolated(name: str) -> str:
    return f"<bdi>{escape(name)}</bdi>"


def _source(link: Said, look: Look) -> str:
    name = escape(name_of(link, look))
    if link.role == "document":
        return f'<span class="card-source">{look.words[link.stance or "said"] % name}</span>'
    if link.role != "speaker":
        return f'<span class="card-source">{look.words[link.role] % name}</span>'
    behalf = f" <small>{look.words['for'] % escape(link.behalf)}</small>" if link.behalf else ""
    return f'<span class="card-source card-speaker">{name}{behalf}</span>'
