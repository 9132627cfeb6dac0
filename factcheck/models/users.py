"""People who sign in."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from factcheck.models.fields import primary_key


class User(AbstractUser):
    """An account; what it may do in a project is said by its membership alone."""

    id = primary_key()
    mail_notices = models.BooleanField(default=True, db_default=True)

    class Meta(AbstractUser.Meta):
        db_table = "account"
        swappable = "AUTH_USER_MODEL"
