"""What somebody uploaded to be imported, kept so that an import survives a restart. None of it is history."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from factcheck.models.fields import primary_key
from factcheck.models.projects import Project


class ImportUpload(models.Model):
    """One person's import into a project, of which there is one at a time."""

    class State(models.TextChoices):
        ASKING = "asking"  # something must be said before the files can be read
        READY = "ready"  # read, and looked at in advance
        RUNNING = "running"
        DONE = "done"

    id = primary_key()
    project = models.ForeignKey(Project, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    state = models.TextField(choices=State.choices, default=State.ASKING)
    format = models.TextField()
    options = models.JSONField(default=dict)
    # What must be said: the option, and the question in words.
    question = models.JSONField(default=dict)
    # Of the preview, and then of the import: what was made and what was here, by type.
    made = models.JSONField(default=dict)
    known = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "import_upload"
        constraints = [models.UniqueConstraint(fields=["project", "user"], name="import_upload_one")]


class ImportFile(models.Model):
    """A file that was uploaded, as it is; gone once the import has ended."""

    id = primary_key()
    upload = models.ForeignKey(ImportUpload, models.CASCADE, related_name="files")
    number = models.IntegerField()
    name = models.TextField()
    content = models.BinaryField()

    class Meta:
        db_table = "import_file"


class ImportArticle(models.Model):
    """One article as the reader told it, what became of it, and what of it was not taken."""

    class State(models.TextChoices):
        NOTHING = "nothing"  # no article: only words of what was not taken
        TOLD = "told"
        PASSED = "passed"  # looked at in advance: it would be brought in
        FAILED = "failed"  # looked at in advance: it would be refused
        WAITING = "waiting"  # brought in, but for relations into an article that comes later
        DONE = "done"
        REFUSED = "refused"

    id = primary_key()
    upload = models.ForeignKey(ImportUpload, models.CASCADE, related_name="articles", db_index=False)
    number = models.IntegerField()
    place = models.TextField()
    # A line of the interchange format; none where nothing could be taken, and gone once the import has ended.
    line = models.BinaryField(null=True)
    local_ids = models.BooleanField(default=False)
    # What the reader left out, and what the import refused: pairs of a place and a reason.
    left_out = models.JSONField(default=list)
    refused = models.JSONField(default=list)
    state = models.TextField(choices=State.choices, default=State.TOLD)
    title = models.TextField(default="")
    article = models.UUIDField(null=True)

    class Meta:
        db_table = "import_article"
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="import_article_once")]
