"""An import that is killed leaves whole articles, and the same command again completes it."""

import json
import subprocess
import time
from collections import Counter

import pytest
from django.db import connection

from factcheck import services
from factcheck.models import Annotation, Article, Relation, Source
from factcheck.queries import interchange
from tests import factories, processes
from tests.interchange.desk import without_names_of_chance

pytestmark = pytest.mark.django_db(transaction=True)
ARTICLES, ANNOTATIONS = 300, 20
WORDS = "The mayor denied it twice. " * 40


def lines():
    """Articles whose ids are names, with a relation and a source in each; two claims of each are equal."""
    for nth in range(ARTICLES):
        text = f"Article {nth}\n{WORDS}\n"
        places = [text.index("The mayor") + 27 * max(k, 1) for k in range(ANNOTATIONS)]
        yield {
            "article": {"id": f"n{nth}", "title": f"Article {nth}", "text": text, "language": "en"},
            "annotations": [
                {
                    "id": f"{nth}-{k}",
                    "tag": "claim",
                    "spans": [{"start": at, "end": at + 9, "exact": "The mayor"}],
                    "created_by": "ana",
                }
                for k, at in enumerate(places)
            ],
            "relations": [
                {"kind": "repeats", "subject": f"{nth}-3", "object": f"{nth}-4", "created_by": "ana"}
            ],
            "sources": [{"id": f"s{nth % 7}", "kind": "person", "name": f"Speaker {nth % 3}"}],
            "source_links": [{"annotation": f"{nth}-0", "source": f"s{nth % 7}", "role": "speaker"}],
        }


def told(project):
    """What an export says, with the ids numbered; times, which are those of the import, left out."""
    raw = b"".join(interchange.export("jsonl", interchange.select(None, project=project.slug)))
    by_title = sorted(raw.splitlines(), key=lambda line: json.loads(line)["article"]["title"])
    return [without_names_of_chance(line.decode()).partition('"article"')[2] for line in by_title]


def test_import_killed_part_way_is_completed_by_the_same_command(tmp_path):
    project, other = factories.project("killed"), factories.project("whole")
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines()), encoding="utf-8")
    command = ("import", "jsonl", str(path), "--project", "killed", "--renew-ids")

    running = processes.manage(*command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not Article.objects.filter(project=project).exists():
        assert running.poll() is None
        time.sleep(0.01)
    running.kill()
    running.wait(20)
    with connection.cursor() as cursor:  # what it had begun is undone once the server has noticed
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"import {project.pk}"])
        cursor.execute("SELECT pg_advisory_unlock_all()")
    here = Article.objects.filter(project=project).count()
    assert 0 < here < ARTICLES
    each = Counter(Annotation.objects.filter(project=project).values_list("article_id", flat=True))
    assert set(each.values()) == {ANNOTATIONS}
    assert len(each) == Relation.objects.filter(project=project).count() == here

    again = processes.manage(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, errors = again.communicate(timeout=200)
    assert (again.returncode, errors) == (0, b"")
    assert f"Made: {ARTICLES - here} articles".encode() in out
    raw = path.read_bytes().splitlines()
    services_told = services.interchange.import_lines(
        project=other, lines=raw, by=factories.actor("mona", "import"), renew_ids=True
    )
    assert {outcome.refused for outcome in services_told} == {None}
    assert told(project) == told(other)
    assert Source.objects.filter(project=project, standing=False).count() == 7

    third = processes.manage(*command, stdout=subprocess.PIPE)
    assert b"Made: nothing." in third.communicate(timeout=200)[0]
