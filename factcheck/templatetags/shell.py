"""Small things that templates of several pages say alike: people, dates, languages, addresses, tags."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from factcheck.anchoring.fragments import text_fragment
from factcheck.models import Tag
from factcheck.views import languages
from factcheck.views.forms import source_kind
from factcheck.views.import_words import here

register = template.Library()
register.filter("source_kind", source_kind)
register.filter("language_name", languages.name)
register.filter("option_names", here)


@register.filter
def initials(username: str) -> str:
    """Return one or two letters that stand for a person where there is no room for the name."""
    parts = [part for part in username.replace(".", " ").replace("_", " ").replace("-", " ").split() if part]
    return "".join(part[0] for part in parts[:2]) or "?"


@register.filter
def partial_date(value: str) -> str:
    """Say a date as precisely as it is known: 2022, October 2022, 21 October 2022, with its time if it has one."""
    try:
        match len(value):
            case 4:
                return str(int(value))
            case 7:
                return date_format(date.fromisoformat(f"{value}-01"), "F Y")
            case 10:
                return date_format(date.fromisoformat(value), "j F Y")
        instant = datetime.fromisoformat(value)
    except ValueError:
        return value
    zone = f" {instant.tzname()}" if instant.tzinfo else ""
    return f"{date_format(instant, 'j F Y, H:i')}{zone}"


@register.filter
def site(url: str) -> str:
    """Return the host of an address, which says most of what it is."""
    try:
        return (urlsplit(url).hostname or url).removeprefix("www.")
    except ValueError:
        return url


@register.simple_tag
def outside_link(url: str, text: str = "") -> SafeString | str:
    """Link to an address outside, if it is http or https; it is told nothing of us and gets no credit for it."""
    if not url.lower().startswith(("http://", "https://")):
        return text or url
    return format_html('<a href="{}" rel="noopener noreferrer nofollow" dir="ltr">{}</a>', url, text or url)


@register.simple_tag
def passage_link(url: str, quote: str = "", prefix: str = "", suffix: str = "") -> SafeString | str:
    """Link to an address outside, to the very words on it where they are known."""
    if not url.lower().startswith(("http://", "https://")):
        return url
    address = text_fragment(url, quote, prefix or "", suffix or "")
    return format_html('<a href="{}" rel="noopener noreferrer nofollow" dir="ltr">{}</a>', address, url)


@register.simple_tag
def counted(tags: list[Tag], counts: dict[str, int]) -> list[dict[str, Any]]:
    """Pair the project's tags, in their order, with how often each is used; those without use are left out."""
    return [{"tag": tag, "number": counts[tag.name]} for tag in tags if counts.get(tag.name)]


@register.filter
def attribution_role(role: str) -> str:
    """Return the heading of what is attributed to a source in a role."""
    return {
        "speaker": _("Said it"),
        "behalf": _("Said on its behalf"),
        "via": _("Passed it on"),
        "concerns": _("Said about it"),
        "document": _("Shown in it"),
    }.get(role, role)


@register.filter
def stance_name(stance: str | None) -> str:
    """Say what a document does for the words that it is linked to."""
    return {
        "said": _("Shows that it was said"),
        "supports": _("Supports it"),
        "refutes": _("Refutes it"),
        "context": _("Gives context"),
    }.get(stance or "", "")
