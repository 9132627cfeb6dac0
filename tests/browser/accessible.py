"""What axe-core finds wrong on a page, in the words that a failing test shows."""

import os

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

LOOKS = [(1280, "light"), (390, "dark")]
"""Each width and each scheme once; all four where pictures are taken for the documentation."""
if os.environ.get("SHOTS") == "1":
    LOOKS += [(1280, "dark"), (390, "light")]


def faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {node['html'][:150]}" for fault in found for node in fault["nodes"]]
