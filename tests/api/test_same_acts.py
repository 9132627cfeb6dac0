"""What a page can do, a program can: every service that writes and that a page calls, the API calls too."""

import ast
import inspect
from pathlib import Path

from django.conf import settings

from factcheck import services

PACKAGE = Path(settings.BASE_DIR) / "factcheck"
# The account that one signs in with is the pages' own affair.
OF_THE_ACCOUNT = {"tokens.create", "tokens.revoke", "tokens.enter"}
NO_ACT = {"source_texts.place_of", "releases.check_may_release"}  # these look something up for who asks
# A browser brings files in step by step; a program does it by a command, and single things by their addresses.
OF_IMPORTING = {"imports.step", "uploads.upload", "uploads.read", "uploads.discard"}


def called(folder: str) -> set[str]:
    """Return which functions of which services the modules of a package name, as `stem.function`."""
    found = set()
    for path in sorted((PACKAGE / folder).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Attribute(value=ast.Attribute(value=ast.Name(id="services"), attr=stem), attr=name):
                    found.add(f"{stem}.{name}")
    return found


def acts(names: set[str]) -> set[str]:
    """Keep those that somebody does: a service that writes takes the actor as `by`, and records an act."""
    kept = set()
    for name in names:
        stem, function = name.split(".")
        found = getattr(getattr(services, stem), function)
        if inspect.isfunction(found) and "by" in inspect.signature(found).parameters:
            kept.add(name)
    return kept


def test_every_act_of_a_page_is_an_act_of_the_api() -> None:
    on_pages = acts(called("views")) - OF_THE_ACCOUNT - NO_ACT - OF_IMPORTING
    assert len(on_pages) > 30  # else the pages have come to call services in a way that is not seen here
    missing = on_pages - called("api")
    assert missing == set()


def test_what_only_programs_can_do_is_known() -> None:
    # What pages do one by one, and what has no page yet.
    only_there = {
        "bulk.annotate",
        "projects.create",
        "relations.create",
        "sources.withdraw",
        "sources.restore",
    }
    assert acts(called("api")) - acts(called("views")) - NO_ACT == only_there
