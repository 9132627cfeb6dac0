"""The demo project is loaded once, quickly, with its people and what they may do."""

import time
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import call_command

from factcheck import queries, services
from factcheck.models import Act, Article, Membership, Review, User
from tests import factories

pytestmark = pytest.mark.django_db


def test_demo_is_loaded_and_loading_it_again_changes_nothing(capsys):
    call_command("seed_demo")
    out = capsys.readouterr().out
    assert "Made the accounts of mona, ana, ben, rita, ruben, vic, eve." in out
    assert "Loaded “Iranian troops" in out
    roles = dict(Membership.objects.filter(project__slug="demo").values_list("user__username", "role"))
    assert roles == {
        **{"mona": "manager", "ana": "annotator", "ben": "annotator"},
        **{"rita": "reviewer", "ruben": "reviewer", "vic": "viewer"},
    }
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert Article.objects.count() >= 4
    assert Review.objects.exists()
    acts = Act.objects.count()
    began = time.monotonic()
    call_command("seed_demo")
    assert time.monotonic() - began < 5
    assert "nothing was changed" in capsys.readouterr().out
    assert Act.objects.count() == acts


def test_what_was_done_in_the_demo_stays_when_it_is_loaded_again():
    call_command("seed_demo")
    mona = User.objects.get(username="mona")
    seed = Article.objects.get(file_name="000_5caf563cd8491224.txt")
    before = queries.annotations.of_article(mona.pk, seed.pk)
    hers = next(row for row in before if row.created_by == "ana")
    services.annotations.withdraw(annotation_id=UUID(hers.id), by=factories.actor("ana"))
    services.projects.set_member(
        project_id=seed.project_id, username="vic", role="annotator", by=factories.actor("mona")
    )
    call_command("seed_demo")
    after = queries.annotations.of_article(mona.pk, seed.pk)
    assert {row.id for row in before} - {row.id for row in after} == {hers.id}
    assert Membership.objects.get(user__username="vic").role == "annotator"


def test_seed_article_is_the_file_of_its_name():
    call_command("seed_demo")
    seed = Article.objects.select_related("current_version").get(file_name="000_5caf563cd8491224.txt")
    text = (settings.BASE_DIR / "seeds" / seed.file_name).read_text(encoding="utf-8")
    assert seed.current_version.text == text
