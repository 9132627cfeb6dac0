"""Where the data of a project or an article is taken from: each format with its address and what it is for."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from factcheck.exports.registry import FORMATS
from factcheck.views import access


@require_safe
@login_required
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """List the formats in which the project can be taken away."""
    found = access.project(request, slug)
    context = _context(request, project=slug) | {"project": found, "section": "articles"}
    return render(request, "projects/data.html", context)


@require_safe
@login_required
def article(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """List the formats in which the article can be taken away."""
    found, of = access.article(request, article_id)
    context = _context(request, article=str(article_id)) | {
        "project": of,
        "section": "articles",
        "article": found,
    }
    return render(request, "projects/data.html", context)


def _context(request: HttpRequest, **chosen: str) -> dict[str, Any]:
    words = _words()
    query = urlencode(chosen)
    return {
        "formats": [
            (*words.get(name, (name, "")), f"{reverse('api-export', args=[name])}?{query}", format.extension)
            for name, format in sorted(FORMATS.items(), key=lambda one: [*words, one[0]].index(one[0]))
        ],
        "example": request.build_absolute_uri(f"{reverse('api-export', args=['jsonl'])}?{query}"),
        "feed": request.build_absolute_uri(reverse("api-changes")),
    }


def _words() -> dict[str, tuple[str, str]]:
    """Return title and purpose of the formats, in the order in which they are offered."""
    return {
        "jsonl": (
            _("JSONL, everything"),
            _("One article a line with all that is marked in it. Loses nothing, and can be imported again."),
        ),
        "csv": (
            _("CSV, one table"),
            _("One row an annotation, with speaker, documents and relations beside it. For spreadsheets."),
        ),
        "csv-zip": (
            _("CSV, a table each"),
            _("Articles, annotations, relations, sources and links as tables that refer to each other."),
        ),
        "jsonld": (
            _("Web annotations (JSON-LD)"),
            _("The W3C’s model, for programs that know it. Can be imported again."),
        ),
        "brat": (
            _("brat"),
            _("Text and standoff files, a folder for each annotator. Can be imported again."),
        ),
        "conll": (_("CoNLL"), _("A word a line with its tags, to train and to score taggers.")),
    }
