"""The JSON-LD export read in again gives what the interchange format gives, of a desk that has everything."""

import pytest
from django.core.management import call_command
from django.db import transaction

from factcheck.queries import interchange
from tests import factories
from tests.interchange.test_lossless import everything, exported

pytestmark = pytest.mark.django_db


def test_a_project_comes_back_from_json_ld_as_it_was(tmp_path):
    with transaction.atomic():
        slug = everything().project.slug
        before = exported(slug)
        document = b"".join(interchange.export("jsonld", interchange.select(None, project=slug)))
        transaction.set_rollback(True)
    factories.user("mona")
    path = tmp_path / "desk.jsonld"
    path.write_bytes(document)
    given = {"create_project": True, "create_users": True, "manager": "mona", "project": slug}
    call_command("import", "jsonld", str(path), **given)
    for was, is_now in zip(before.splitlines(), exported(slug).splitlines(), strict=True):
        assert is_now == was
