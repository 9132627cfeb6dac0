"""The forms of the pages around the article: what they ask, and how a refusal gets to the field that it is about."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck.exceptions import Conflict, FactcheckError, Invalid, TooLarge
from factcheck.intake import dates, decode
from factcheck.models import Source, Token
from factcheck.services import texts
from factcheck.views import languages

T = TypeVar("T")


def as_field_error(refusal: FactcheckError) -> ValidationError:
    """Wrap a refusal for a form; its status goes along."""
    return ValidationError(str(refusal), code=refusal.code, params={"status": refusal.status})


class Text(forms.CharField):
    """A text that can be stored as it stands: no NUL, no half characters, not too long."""

    def __init__(self, *, most: int = texts.MAX_NAME, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**kwargs)
        # The service's validator names the place, so Django's own about NUL is not needed.
        self.validators = []

    def clean(self, value: Any) -> str:
        value = super().clean(value)
        try:
            return texts.clean(value, str(self.label), max_length=self.most)
        except Invalid as refusal:
            raise as_field_error(refusal) from refusal


class WebAddress(Text):
    """An http or https address, or nothing."""

    widget = forms.URLInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(most=texts.MAX_URL, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        try:
            return texts.web_address(super().clean(value), str(self.label))
        except Invalid as refusal:
            raise as_field_error(refusal) from refusal


class PartialDate(Text):
    """A date as precise as it is known."""

    def __init__(self, **kwargs: Any) -> None:
        hint = gettext_lazy("As much as is known: 2022, 2022-10, 2022-10-21 or 2022-10-21T10:00Z.")
        super().__init__(most=40, required=False, help_text=hint, **kwargs)
        self.widget.attrs["autocomplete"] = "off"

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return dates.partial_date(text) if text else ""
        except Invalid as refusal:
            raise as_field_error(refusal) from refusal


class Refusable(forms.Form):
    """A form whose call to a service may be refused: the refusal is shown at the field that it names."""

    use_required_attribute = False
    status = 200
    differences: Sequence[Any] = ()
    duplicate: Any = None

    def is_valid(self) -> bool:
        valid = super().is_valid()
        if self.is_bound and not valid:
            told = [error.params or {} for errors in self.errors.as_data().values() for error in errors]
            self.status = next((params["status"] for params in told if "status" in params), 422)
        return valid

    def put(self, **values: str) -> None:
        """Have the form show these values instead of those that were sent."""
        changed = cast(QueryDict, self.data).copy()
        for name, value in values.items():
            changed[name] = value
        self.data = changed

    def attempt(self, call: Callable[[], T]) -> T | None:
        """Return what the call returns, or None after putting its refusal into the form."""
        try:
            return call()
        except (Invalid, TooLarge, Conflict) as refusal:
            path = (refusal.field or "").split(".")
            name = next((part for part in reversed(path) if part in self.fields), path[0])
            self.add_error(name if name in self.fields else None, str(refusal))
            self.status = refusal.status
            return None


class Facts(Refusable):
    """What is said about an article."""

    title = Text(label=gettext_lazy("Title"))
    publisher = Text(label=gettext_lazy("Publisher"), required=False)
    byline = Text(label=gettext_lazy("Byline"), required=False)
    url = WebAddress(label=gettext_lazy("Address"), help_text=gettext_lazy("Where it was published."))
    published_at = PartialDate(label=gettext_lazy("Date"))
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    no_language = gettext_lazy("Guess from the text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = languages.choices()
        present = self.initial.get("language", "")
        if present and present not in dict(offered):
            offered = [(present, languages.name(present)), *offered]
        field = cast(forms.ChoiceField, self.fields["language"])
        field.choices = [("", self.no_language), *offered]


class NewArticle(Facts):
    """An article to load: pasted, or a file of plain text."""

    text = Text(
        label=gettext_lazy("Text"),
        most=settings.REQUEST_MAX_BYTES,  # the service says what is too large for an article
        required=False,
        strip=False,
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "Paste the article's words, the headline first. They are kept exactly as they are."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file of plain text"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("UTF-8, UTF-16 or Windows-1252."),
    )
    file_name = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ("text", "file", "title", "publisher", "byline", "url", "published_at", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        title = self.fields["title"]
        title.required, title.help_text = False, _("Left empty: the first line of the text.")
        self.fields["file"].widget.attrs["accept"] = ".txt,.text,.md,text/plain"

    def clean_file_name(self) -> str:
        return self.cleaned_data["file_name"].replace("\x00", "")[: texts.MAX_NAME]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if upload := given.pop("file", None):
            self._read(upload)
        if self.errors:
            return given
        if not given["text"].strip():
            self.add_error("text", _("There is no text yet: paste the article's words, or choose a file."))
        elif not given["title"].strip():
            given["title"] = given["text"].strip().splitlines()[0].strip()
            if len(given["title"]) > texts.MAX_NAME:
                self.add_error("title", _("The first line of the text is too long for a title; type one."))
        return given

    def _read(self, upload: UploadedFile) -> None:
        """Put the file's words where pasted ones go, so that they stay when something else is refused."""
        given, limit = self.cleaned_data, settings.ARTICLE_MAX_BYTES
        if given.get("text", "").strip():
            self.add_error("file", _("There is pasted text already; empty it, or leave the file out."))
        elif (upload.size or 0) > limit:
            refusal = TooLarge(
                _("%(name)s has %(size)s bytes; an article may have at most %(limit)s.")
                % {"name": upload.name, "size": upload.size, "limit": limit}
            )
            self.add_error("file", as_field_error(refusal))
        else:
            try:
                words = decode.decode(upload.read()).text
            except FactcheckError as refusal:
                self.add_error("file", as_field_error(refusal))
                return
            given["text"], given["file_name"] = words, (upload.name or "")[: texts.MAX_NAME]
            self.put(text=given["text"], file_name=given["file_name"])


class Seen(forms.Form):
    """Which revision of the thing the person has seen."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class EditArticle(Seen, Facts):
    """The facts of an article that is there."""

    no_language = gettext_lazy("Not known")


class EditSource(Seen, Refusable):
    """A source's record."""

    name = Text(label=gettext_lazy("Name"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    aliases = Text(
        label=gettext_lazy("Also called"),
        most=texts.MAX_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One name a line; each is found when somebody types it."),
    )
    description = Text(
        label=gettext_lazy("Who or what it is"),
        most=texts.MAX_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    url = WebAddress(label=gettext_lazy("Address"))

    field_order = ("name", "kind", "aliases", "description", "url", "revision")

    def __init__(self, *args: Any, standing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [
            (value, source_kind(value)) for value in Source.Kind.values if value != Source.Kind.OWN_VOICE
        ]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        if standing:
            del self.fields["kind"]

    def clean_aliases(self) -> list[str]:
        return [alias for line in self.cleaned_data["aliases"].splitlines() if (alias := line.strip())]


class CapturedText(Refusable):
    """A document's text, pasted or a file, and where and when it was captured."""

    text = Text(
        label=gettext_lazy("Text"),
        most=settings.REQUEST_MAX_BYTES,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"dir": "auto"}),
        help_text=gettext_lazy("The document's words. They are kept exactly as they are."),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file of plain text"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("UTF-8, UTF-16 or Windows-1252. It takes the place of the text above."),
    )
    url = WebAddress(label=gettext_lazy("Captured from"))
    archive_url = WebAddress(label=gettext_lazy("Archived at"))
    captured_at = PartialDate(label=gettext_lazy("Captured on"))
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".txt,.text,.md,text/plain"

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        upload = given.pop("file", None)
        if upload is None:
            return given
        limit = settings.ARTICLE_MAX_BYTES
        if (upload.size or 0) > limit:
            refusal = TooLarge(
                _("%(name)s has %(size)s bytes; a captured text may have at most %(limit)s.")
                % {"name": upload.name, "size": upload.size, "limit": limit}
            )
            self.add_error("file", as_field_error(refusal))
            return given
        try:
            given["text"] = decode.decode(upload.read()).text
        except FactcheckError as refused:
            self.add_error("file", as_field_error(refused))
            return given
        self.put(text=given["text"])
        return given

    def say_stale(self, present: Any) -> None:
        """Say that the text was edited meanwhile; sending the form again is then a decision."""
        self.status = 409
        self.add_error(
            None,
            _(
                "Somebody kept another text meanwhile (number %(number)s). Nothing of yours is saved yet: look at it on"
                " the source's page, then save here to keep yours after it."
            )
            % {"number": present.number if present else 0},
        )
        self.put(number=str(present.number if present else 0))


class NewToken(Refusable):
    """A token for a program."""

    name = Text(label=gettext_lazy("Name"), most=100, help_text=gettext_lazy("What it is for."))
    scope = forms.ChoiceField(label=gettext_lazy("It may"))
    expires = forms.ChoiceField(label=gettext_lazy("It ends"))
    projects = forms.MultipleChoiceField(
        label=gettext_lazy("Limited to these projects"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, projects: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["projects"].choices = projects  # type: ignore[attr-defined]
        self.fields["scope"].choices = [  # type: ignore[attr-defined]
            (Token.Scope.READ, _("read")),
            (Token.Scope.WRITE, _("read and write")),
        ]
        self.fields["expires"].choices = [  # type: ignore[attr-defined]
            ("30", _("after 30 days")),
            ("90", _("after 90 days")),
            ("365", _("after a year")),
            ("never", _("never")),
        ]

    def clean_expires(self) -> Any:
        days = self.cleaned_data["expires"]
        return None if days == "never" else timezone.now() + timedelta(days=int(days))


def source_kind(value: str) -> str:
    """Return the kind of a source in words."""
    return {
        "person": _("Person"),
        "organisation": _("Organisation"),
        "document": _("Document"),
        "unnamed": _("Unnamed"),
        "own_voice": _("The article’s own voice"),
    }.get(value, value)
