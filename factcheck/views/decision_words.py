"""What a decision says to whose work it is about, in words, and how far work is."""

from django.utils.translation import gettext as _


def thing_plural(kind: str) -> str:
    """Return a kind of thing as a heading over several."""
    return {
        "annotation": _("Annotations"),
        "relation": _("Relations"),
        "source_link": _("Source links"),
    }[kind]


def decision(code: str, name: str) -> str:
    """Say who decided what, as a sentence about the tag and never about the claim."""
    return {
        "approve": _("tag checked by %(name)s"),
        "change": _("%(name)s asks for a change"),
        "reject": _("%(name)s rejects it"),
        "ask": _("%(name)s asks"),
    }[code] % {"name": name}


def answer(code: str) -> str:
    """Say what the owner of a layer answered."""
    return {
        "accepted": _("You took the change"),
        "refused": _("You refused"),
        "answered": _("You answered"),
        "taken": _("You took it into your layer"),
    }[code]


def link_role(role: str) -> str:
    """Return the role of a source."""
    return {
        "speaker": _("speaker"),
        "via": _("passed on by"),
        "concerns": _("concerns"),
        "document": _("document"),
    }.get(role, role)


def layer_state(state: str) -> str:
    """Return how far a layer is."""
    return {
        "not_started": _("not started"),
        "in_progress": _("in progress"),
        "submitted": _("submitted"),
        "reopened": _("reopened"),
    }[state]


def phase(name: str) -> str:
    """Return an article's phase."""
    return {"annotating": _("annotating"), "in_review": _("in review"), "settled": _("settled")}[name]
