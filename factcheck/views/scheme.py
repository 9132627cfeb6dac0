"""The project's tag colours and lines as a stylesheet, since the content security policy allows no inline style."""

import hashlib

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.views.decorators.http import require_safe

from factcheck import colours, queries
from factcheck.models import Tag
from factcheck.queries.projects import ProjectRow
from factcheck.views import access

LANES = 4

# Line styles as images, because a highlight may have several lines of different styles under it.
_LINES = {
    "solid": "linear-gradient({c}, {c})",
    "dashed": "repeating-linear-gradient(90deg, {c} 0 6px, transparent 6px 9px)",
    "double": "linear-gradient({c} 0 34%, transparent 34% 66%, {c} 66% 100%)",
    "dotted": "repeating-linear-gradient(90deg, {c} 0 2px, transparent 2px 5px)",
}


@require_safe
@login_required
def scheme(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the stylesheet: kept for good under an address that carries its version, else asked for again."""
    project = access.project(request, slug)
    css = stylesheet(queries.projects.tags(project.id, retired=True))
    version = _version(css)
    etag = f'"{version}"'
    kept = "max-age=31536000, immutable" if request.GET.get("v") == version else "no-cache"
    response: HttpResponse
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response["ETag"], response["Cache-Control"] = etag, f"private, {kept}"
    return response


def address(project: ProjectRow, tags: list[Tag]) -> str:
    """Return the address of the project's stylesheet with its present version."""
    return f"{reverse('scheme', args=[project.slug])}?v={_version(stylesheet(tags))}"


def _version(css: str) -> str:
    return hashlib.sha256(css.encode()).hexdigest()[:12]


def stylesheet(tags: list[Tag]) -> str:
    """Write the properties and classes of every tag, the retired ones too: articles still show them."""
    properties: list[str] = []
    rules: list[str] = []
    for tag in tags:
        name = tag.name
        light, dark = shades(tag)
        properties += [
            f"  --t-{name}: light-dark({light[0]}, {dark[0]});",
            f"  --t-{name}-bg: light-dark({light[1]}, {dark[1]});",
            f"  --t-{name}-line: {_LINES[tag.line].format(c=f'var(--t-{name})')};",
        ]
        rules.append(
            f".t-{name} {{ --tag: var(--t-{name}); --tag-bg: var(--t-{name}-bg); --tag-line: var(--t-{name}-line); }}"
        )
        # An annotation that is on its way is painted by script as a custom highlight of this name.
        saving = f"background-color: var(--t-{name}-bg); text-decoration: underline 2px var(--t-{name});"
        rules.append(f".text ::highlight(fc-tag-{name}) {{ {saving} }}")
        rules += [f".l{lane}-{name} {{ --l{lane}: var(--t-{name}-line); }}" for lane in range(LANES)]
    return "\n".join([":root {", *properties, "}", *rules, ""])


def shades(tag: Tag) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return colour and ground for light and dark, the colour legible on the page and on its own ground."""
    pairs = []
    for mode, colour in enumerate((tag.colour, tag.colour_dark)):
        shade = colours.legible(colour, colours.PAGE[mode], colours.INK[mode])
        pairs.append((shade, colours.tint(shade, colours.PAPER[mode])))
    return pairs[0], pairs[1]
