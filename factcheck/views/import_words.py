"""How many of what an import made, in words."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_IN_WORDS: dict[str, Callable[[int], str]] = {
    "articles": lambda n: ngettext("%(n)s article", "%(n)s articles", n),
    "annotations": lambda n: ngettext("%(n)s annotation", "%(n)s annotations", n),
    "relations": lambda n: ngettext("%(n)s relation", "%(n)s relations", n),
    "sources": lambda n: ngettext("%(n)s source", "%(n)s sources", n),
    "source_links": lambda n: ngettext("%(n)s source link", "%(n)s source links", n),
    "source_texts": lambda n: ngettext("%(n)s captured text", "%(n)s captured texts", n),
    "reviews": lambda n: ngettext("%(n)s decision", "%(n)s decisions", n),
    "review_responses": lambda n: ngettext("%(n)s answer to a decision", "%(n)s answers to decisions", n),
    "proposed_annotations": lambda n: ngettext("%(n)s proposed annotation", "%(n)s proposed annotations", n),
    "reviewers": lambda n: ngettext("%(n)s reviewer asked", "%(n)s reviewers asked", n),
    "threads": lambda n: ngettext("%(n)s thread", "%(n)s threads", n),
    "comments": lambda n: ngettext("%(n)s comment", "%(n)s comments", n),
    "layers": lambda n: ngettext("%(n)s layer", "%(n)s layers", n),
    "tags": lambda n: ngettext("%(n)s tag", "%(n)s tags", n),
    "relation_kinds": lambda n: ngettext("%(n)s kind of relation", "%(n)s kinds of relation", n),
    "relation_pairs": lambda n: ngettext("%(n)s pair of tags", "%(n)s pairs of tags", n),
    "attributes": lambda n: ngettext("%(n)s attribute", "%(n)s attributes", n),
    "accounts": lambda n: ngettext("%(n)s account", "%(n)s accounts", n),
    "members": lambda n: ngettext("%(n)s member", "%(n)s members", n),
}


def counted(numbers: dict[str, int]) -> list[str]:
    """Return the numbers of things in words, articles first; what is none is left out."""
    order = [*_IN_WORDS, *(name for name in numbers if name not in _IN_WORDS)]
    return [_said(name, numbers[name]) for name in order if numbers.get(name)]


def _said(name: str, number: int) -> str:
    words = _IN_WORDS[name](number) if name in _IN_WORDS else f"%(n)s {name.replace('_', ' ')}"
    return words % {"n": f"{number:,}"}


def option_names() -> dict[str, str]:
    """Return what the command's options, which a reason may name, are called on the page."""
    return {
        "--create-users": _("choose “Make accounts and members of people who are none”"),
        "--create-tags": _("choose “Make tags, relations and attributes that the project lacks”"),
        "--renew-ids": _("choose “Give everything new ids”"),
    }


def here(reason: str) -> str:
    """Return a reason with the options as the page calls them."""
    for option, name in option_names().items():
        reason = reason.replace(option, name)
    return reason
