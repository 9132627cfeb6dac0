"""What is asked when annotated articles are uploaded: which format, and what the files do not say."""

from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck.intake.formats import READERS
from factcheck.services.imports import Given
from factcheck.views import languages
from factcheck.views.forms import Refusable, Text


def formats() -> list[tuple[str, str]]:
    """Return the formats that are read, each with its name for people."""
    titles = {
        "jsonl": _("Factcheck (JSONL)"),
        "brat": _("brat (.ann with .txt, in a ZIP)"),
        "doccano": _("doccano (JSONL or JSON)"),
        "labelstudio": _("Label Studio (JSON)"),
        "jsonld": _("Web annotations (JSON-LD)"),
    }
    return [(name, titles.get(name, name)) for name in READERS]


class Files(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        return files.getlist(name) if hasattr(files, "getlist") else []


class FilesField(forms.Field):
    """One or several files, an empty one too: that it is empty is told when it is read."""

    widget = Files

    def clean(self, value: list[UploadedFile]) -> list[UploadedFile]:
        if not value:
            raise forms.ValidationError(_("Choose at least one file."))
        return value


class ImportOptions(Refusable):
    """What the files do not say, and what is made of them."""

    annotator = Text(
        label=gettext_lazy("Whose work it is"),
        required=False,
        help_text=gettext_lazy(
            "A username, for work that the files name nobody for. Left empty: files named after annotators are theirs."
        ),
    )
    unit = forms.ChoiceField(label=gettext_lazy("Offsets count"), required=False)
    text_key = Text(
        label=gettext_lazy("Which of the data is the text"),
        required=False,
        help_text=gettext_lazy(
            "For Label Studio's tasks with several texts: the name of the one that was marked."
        ),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    create_tags = forms.BooleanField(
        label=gettext_lazy("Make tags, relations and attributes that the project lacks"), required=False
    )
    create_users = forms.BooleanField(
        label=gettext_lazy("Make accounts and members of people who are none"),
        required=False,
        help_text=gettext_lazy("They cannot sign in until somebody gives them a password."),
    )
    renew_ids = forms.BooleanField(
        label=gettext_lazy("Give everything new ids"),
        required=False,
        help_text=gettext_lazy("For a second copy of what another project here has."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["unit"]).choices = [
            ("", _("Find out from the words")),
            ("code_points", _("characters (code points)")),
            ("utf16", _("UTF-16 units, as browsers do")),
        ]
        cast(forms.ChoiceField, self.fields["language"]).choices = [
            ("", _("Guess from each text")),
            *languages.choices(),
        ]
        for name in ("annotator", "text_key"):
            self.fields[name].widget.attrs |= {
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
            }

    def given(self) -> Given:
        """Return what was said as the services take it."""
        said: Any = {name: self.cleaned_data[name] for name in Given._fields}
        for name in ("annotator", "text_key"):
            said[name] = said[name].strip()
        return Given(**said)


class NewImport(ImportOptions):
    """Files to upload."""

    file = FilesField(
        label=gettext_lazy("Files"),
        help_text=gettext_lazy("One or several, or a ZIP archive with folders; at most 20 MB at once."),
    )
    format = forms.ChoiceField(label=gettext_lazy("Format"), required=False)

    field_order = ("file", "format")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["format"]).choices = [
            ("", _("Find out from the files")),
            *formats(),
        ]
