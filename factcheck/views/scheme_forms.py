"""The forms of a project's settings: plain fields, each with what it is for."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck.attribute_kinds import Kind
from factcheck.models import Tag
from factcheck.models.reasons import REASONS
from factcheck.services import schemes, tags, texts
from factcheck.views.forms import Refusable, Seen, Text


def _lines(value: str) -> str:
    """Return the text as it is stored: a browser sends CRLF."""
    return value.replace("\r\n", "\n")


class Paragraphs(Text):
    """A text of several lines."""

    widget = forms.Textarea

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        super().__init__(required=False, strip=False, **kwargs)
        self.widget.attrs |= {"rows": rows, "dir": "auto"}

    def clean(self, value: Any) -> str:
        return super().clean(_lines(value) if isinstance(value, str) else value)


class General(Seen, Refusable):
    """What holds for the whole project."""

    name = Text(label=gettext_lazy("Name"))
    approvals_needed = forms.IntegerField(
        label=gettext_lazy("Approvals that a tag needs"),
        min_value=1,
        max_value=9,
        help_text=gettext_lazy("So many reviewers agree before something counts as approved, 1 to 9."),
    )
    guidelines = Paragraphs(
        label=gettext_lazy("Guidelines"),
        rows=18,
        most=texts.MAX_NOTE,
        help_text=gettext_lazy(
            "How this project tags. Annotators open them beside the article; the tags’ own descriptions stand there as"
            " well."
        ),
    )

    field_order = ("name", "approvals_needed", "guidelines", "revision")


class Reasons(Seen, Refusable):
    """Why a reviewer does not approve: codes by kind of thing, one a line."""

    annotation = Paragraphs(label=gettext_lazy("For annotations"), rows=11, most=texts.MAX_NOTE)
    relation = Paragraphs(label=gettext_lazy("For relations"), rows=8, most=texts.MAX_NOTE)
    source_link = Paragraphs(label=gettext_lazy("For source links"), rows=8, most=texts.MAX_NOTE)

    field_order = ("annotation", "relation", "source_link", "revision")

    def reasons(self) -> dict[str, list[str]]:
        """Return the codes by kind of thing, as the service takes them; where there are none, the usual ones."""
        return {
            kind: [code for line in self.cleaned_data[kind].split("\n") if (code := line.strip())]
            or list(codes)
            for kind, codes in REASONS.items()
        }


class Named(Refusable):
    """Something with a title and a name that data carry; the name is settled when it is made."""

    title = Text(label=gettext_lazy("Title"), most=schemes.MAX_TITLE)
    name = Text(
        label=gettext_lazy("Name in data"),
        most=40,
        required=False,
        help_text=gettext_lazy(
            "Exports and the API call it so, for good. Left empty, it is made from the title."
        ),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not new:
            del self.fields["name"]
        self.fields["title"].widget.attrs["dir"] = "auto"

    def changes(self, *left_out: str) -> dict[str, Any]:
        """Return what a service is to be told."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in ("revision", *left_out)
        }


class Colour(Text):
    """A colour as browsers choose one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(most=20, **kwargs)
        self.widget = forms.TextInput(attrs={"type": "color"})


class TagForm(Named):
    """A kind of statement and how it looks in the text."""

    key = Text(
        label=gettext_lazy("Key"),
        most=20,
        help_text=gettext_lazy("Pressed while words are selected. Each person can remap it."),
    )
    colour = Colour(label=gettext_lazy("Colour, light"), help_text=gettext_lazy("On light pages."))
    colour_dark = Colour(label=gettext_lazy("Colour, dark"), help_text=gettext_lazy("On dark pages."))
    line = forms.ChoiceField(
        label=gettext_lazy("Line under the words"),
        help_text=gettext_lazy("Tells tags apart for who does not see colours."),
    )
    description = Paragraphs(
        label=gettext_lazy("Description"),
        rows=4,
        most=tags.MAX_DESCRIPTION,
        help_text=gettext_lazy(
            "What it is for, in a sentence or two; shown at its button and in the guidelines."
        ),
    )

    field_order = ("title", "name", "key", "colour", "colour_dark", "line", "description", "revision")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].widget.attrs |= {"maxlength": 1, "autocomplete": "off"}
        words = {"solid": _("solid"), "dashed": _("dashed"), "double": _("double"), "dotted": _("dotted")}
        cast(forms.ChoiceField, self.fields["line"]).choices = [
            (line, words[line]) for line in Tag.Line.values
        ]


class KindForm(Named):
    """A kind of relation and the pairs of tags that it may join."""

    title = Text(
        label=gettext_lazy("Title"),
        most=schemes.MAX_TITLE,
        help_text=gettext_lazy("As it reads: this denial “denies” that."),
    )
    inverse_title = Text(
        label=gettext_lazy("Title from the other end"),
        most=schemes.MAX_TITLE,
        required=False,
        help_text=gettext_lazy("That is “denied by” this denial."),
    )
    key = Text(label=gettext_lazy("Key"), most=20, help_text=gettext_lazy("Pressed while relating."))
    symmetric = forms.BooleanField(
        label=gettext_lazy("Symmetric"),
        required=False,
        help_text=gettext_lazy("Holds in both directions and reads alike from either end. Settled for good."),
    )
    pairs = forms.MultipleChoiceField(label=gettext_lazy("What it may join"), required=False)

    field_order = ("title", "inverse_title", "name", "key", "symmetric", "pairs", "revision")

    def __init__(self, *args: Any, new: bool, symmetric: bool, live: list[Tag], **kwargs: Any) -> None:
        super().__init__(*args, new=new, **kwargs)
        if not new:
            del self.fields["symmetric"]
        if symmetric:
            del self.fields["inverse_title"]
        self.fields["key"].widget.attrs |= {"maxlength": 1, "autocomplete": "off"}
        self.live = live
        cast(forms.MultipleChoiceField, self.fields["pairs"]).choices = [
            (pair_value(subject.name, object_.name), f"{subject.title} → {object_.title}")
            for subject in live
            for object_ in live
        ]

    def clean_pairs(self) -> list[str]:
        return sorted(self.cleaned_data["pairs"])

    def chosen(self) -> set[tuple[str, str]]:
        """Return the pairs as services take them."""
        return {cast(tuple[str, str], tuple(value.split(" ", 1))) for value in self.cleaned_data["pairs"]}

    def grid(self) -> list[tuple[Tag, list[tuple[Tag, str, bool]]]]:
        """Return a row for each subject with a cell for each object: its value, and whether it is chosen."""
        chosen = set(self["pairs"].value() or ())
        return [
            (subject, [(other, value, value in chosen) for other, value in self._cells(subject)])
            for subject in self.live
        ]

    def _cells(self, subject: Tag) -> list[tuple[Tag, str]]:
        return [(other, pair_value(subject.name, other.name)) for other in self.live]


def pair_value(subject: str, object_: str) -> str:
    """Return how a pair of tags is sent by the form; no name has a space."""
    return f"{subject} {object_}"


class AttributeForm(Named):
    """An attribute: what may be filled in."""

    kind = forms.ChoiceField(label=gettext_lazy("What is filled in"))
    choices = Paragraphs(
        label=gettext_lazy("Choices"),
        rows=6,
        most=texts.MAX_NOTE,
        help_text=gettext_lazy("One a line, in the order in which they are offered. Only for a choice."),
    )

    field_order = ("title", "name", "kind", "choices", "revision")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["kind"]).choices = [
            (kind.value, kind_words(kind)) for kind in Kind
        ]

    def clean_choices(self) -> list[str]:
        return [choice for line in self.cleaned_data["choices"].split("\n") if (choice := line.strip())]


def kind_words(kind: Kind | None) -> str:
    """Return what an attribute of this kind takes, in words."""
    words = {
        Kind.CHOICE: _("One of several choices"),
        Kind.YES: _("Yes or nothing"),
        Kind.TEXT: _("A short text"),
        Kind.DATE: _("A date, as exact as known"),
    }
    return words[kind] if kind else _("Defined by a JSON Schema")
