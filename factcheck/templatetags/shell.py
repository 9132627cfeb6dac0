"""Small things that templates of several pages say alike: people, dates, languages, addresses, tags."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from factcheck import queries, services
from factcheck.anchoring.fragments import text_fragment
from factcheck.models import Tag
from factcheck.models.fields import uuid7
from factcheck.queries.review_queue import MOST_COUNTED
from factcheck.views import attributes, languages, review_words
from factcheck.views.forms import source_kind
from factcheck.views.import_words import here

register = template.Library()
register.filter("source_kind", source_kind)
register.filter("language_name", languages.name)
register.filter("option_names", here)
register.filter("spaced", attributes.spaced)
register.filter("review_state", review_words.brief)


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


@register.simple_tag(takes_context=True)
def decided_waiting(context: template.Context) -> int:
    """Return how much of what was decided waits for the viewer, asked once for a page; 101 is more than 100."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return 0
    if not hasattr(request, "decided_waiting"):
        request.decided_waiting = queries.decided.waiting(request.user.pk)
    number: int = request.decided_waiting
    return number


@register.simple_tag(takes_context=True)
def unseen_notices(context: Any) -> str:
    """Count what is for the viewer and unseen; beyond a hundred nobody counts."""
    number = queries.notices.unseen(context["user"].pk)
    if number > queries.notices.MOST_COUNTED:
        return f"{queries.notices.MOST_COUNTED}+"
    return str(number) if number else ""


@register.simple_tag
def fresh_id() -> str:
    """Return the id of what a form will make, so that a form sent twice makes it once."""
    return str(uuid7())


@register.filter
def comment_words(comment: Any) -> SafeString:
    """Draw the words of a comment (`body`, `mentions`): whom it mentions stands out, addresses are links."""
    drawn = {
        "text": "{}",
        "mention": '<b class="mention">{}</b>',
        "link": '<a href="{0}" rel="noopener noreferrer nofollow" dir="ltr">{0}</a>',
    }
    parts = services.comment_words.parts(comment.body, set(comment.mentions))
    return SafeString("".join(format_html(drawn[part.kind], part.words) for part in parts))


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


@register.simple_tag(takes_context=True)
def waiting_for(context: Any, user: Any) -> int | None:
    """Count what waits for a reviewer's decision, up to a bound; None for who reviews nowhere, or is not known.

    A page that has counted already says so as `all_waiting`.
    """
    if context.get("all_waiting") is not None:
        return int(context["all_waiting"])
    if not getattr(user, "is_authenticated", False) or not queries.review_desk.reviews_somewhere(user.pk):
        return None
    return queries.review_queue.count(user.pk)


@register.filter
def waiting_number(number: int) -> str:
    """Say how much waits; at the bound of what is counted, that it may be more."""
    return f"{number}+" if number >= MOST_COUNTED else str(number)
