"""Whatever people do, a copy that began with an export and follows the feed is what a fresh export says.

Every act of the product stands in the table of `tests.feed.acts`, and a test makes sure of that: an act that is not
there might change what others see without the feed's telling.
"""

import inspect
from typing import Any

import pytest

from factcheck import services
from tests import factories
from tests.api.client import Api
from tests.feed.acts import ACTS, ELSEWHERE, SLUG, desk
from tests.feed.keeping import Copy, exported

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_copy_begun_at_any_time_ends_with_the_present_state() -> None:
    here = desk()
    services.feed.start_epoch()
    readers = {"vic": Api("vic"), "mona": Api("mona")}
    copies = {name: Copy(*exported(api, SLUG), SLUG) for name, api in readers.items()}
    without = Copy(*exported(readers["vic"], SLUG), SLUG)
    begun = []
    for nth, (name, act) in enumerate(ACTS):
        act(here)
        fresh, cursor = exported(readers["vic"], SLUG)
        for reader, copy in copies.items():
            assert copy.pull(readers[reader]) > 0, f"{name}, number {nth}, is not told."
            assert copy.differences(fresh) == [], (name, nth, reader)
        begun.append((name, nth, Copy(fresh, cursor, SLUG)))
        without.pull(readers["vic"], limit=50, whole=False)
        assert without.differences(fresh) == [], (name, nth, "without objects")
    for name, nth, copy in begun:
        copy.pull(readers["vic"], limit={3: 7, 11: 50}.get(nth % 16, 1000))
        assert copy.differences(fresh) == [], f"begun after {name}, number {nth}"


def test_every_act_is_in_the_table() -> None:
    known = {name for name, _act in ACTS} | ELSEWHERE
    acts = {
        f"{module}.{name}"
        for module in services.__all__
        for name, act in vars(getattr(services, module)).items()
        if inspect.isfunction(act)
        and act.__module__ == f"factcheck.services.{module}"
        and not name.startswith("_")
        and inspect.signature(act).parameters.get("by") is not None
        and _writes(act)
    }
    assert acts - known == set()


def _writes(act: Any) -> bool:
    """Tell acts from what only helps them: an act says who does it, by name, and begins one."""
    source = inspect.getsource(act)
    return "acts.act(" in source or "acts.together(" in source or "_write(" in source


def test_a_project_that_one_is_taken_out_of_leaves_the_copy_and_comes_back_whole() -> None:
    here = desk()
    services.feed.start_epoch()
    vic, mona = Api("vic"), Api("mona")
    copy = Copy(*exported(vic, SLUG), SLUG)
    services.projects.remove_member(project_id=here.project.pk, username="vic", by=factories.actor("mona"))
    copy.pull(vic)
    assert (copy.project, copy.things) == (None, {})
    factories.annotation(here.article, "photograph", tag="evidence")
    services.projects.add_member(
        project=here.project, username="vic", role="viewer", by=factories.actor("mona")
    )
    copy.pull(vic, limit=5)
    assert copy.differences(exported(mona, SLUG)[0]) == []


def test_an_export_of_an_article_has_a_cursor_too_and_the_csv() -> None:
    here = desk()
    vic = Api("vic")
    for path in (f"exports/jsonl/?article={here.article.id}", f"exports/csv/?project={SLUG}"):
        answer = vic.get(path)
        b"".join(answer.streaming_content)
        assert vic.get(f"changes/?project={SLUG}&after={answer['X-Feed-Cursor']}").json()["results"] == []
