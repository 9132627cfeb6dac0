"""Texts that come as a file in a form, beside the fields that JSON would have."""

from pathlib import PurePath
from typing import Any, NamedTuple, cast

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.request import Request

from factcheck.exceptions import Invalid, TooLarge
from factcheck.intake import decode


class Uploaded(NamedTuple):
    """The form's fields with the file's text as `text`, and what the file is called."""

    data: dict[str, Any]
    file_name: str


def read(request: Request) -> Uploaded | None:
    """Return what the form with a `file` has; None for a request without one.

    Raises `Invalid` for a field given twice and for a text beside the file, `TooLarge`, and `Undecodable`.
    """
    if "file" not in request.FILES:
        return None
    upload = request.FILES["file"]
    data: dict[str, Any] = {}
    for name, values in cast(QueryDict, request.data).lists():
        if name != "file":
            if len(values) != 1:
                raise Invalid(_("%(name)s is given more than once.") % {"name": name}, field=name)
            data[name] = values[0]
    if "text" in data:
        raise Invalid(_("Send a file or a text, not both."), field="text")
    if upload.size > settings.ARTICLE_MAX_BYTES * 2:  # UTF-16 has twice as many bytes
        raise TooLarge(_("The file has %(size)s bytes.") % {"size": upload.size}, field="file")
    data["text"] = decode.decode(upload.read()).text
    return Uploaded(data, PurePath(upload.name or "text.txt").name)
