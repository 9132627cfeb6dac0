"""The product's settings, changed only where a test could not live with them.

Everything a run writes goes to a folder of its own that is removed at the end, so tests never meet the data
of `make run`, nor of another test run.
"""

import atexit
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil

from factcheck import postgres

FOLDER_PREFIX = "factcheck-test-"


def _sweep() -> None:
    """Remove what test runs left behind that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*"):
        pid = folder.name.removeprefix(FOLDER_PREFIX).split("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            with suppress(OSError, postgres.PostgresError):
                postgres.stop(folder / "pg")
            shutil.rmtree(folder, ignore_errors=True)


def _own_folder() -> str:
    """Make this run's folder; the workers of one run find it in the environment and share it."""
    if given := os.environ.get("FACTCHECK_TEST_DATA_DIR"):
        return given
    _sweep()
    folder = tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{os.getpid()}-")
    Path(folder).chmod(0o711)  # as root, the database server runs as another user
    os.environ["FACTCHECK_TEST_DATA_DIR"] = folder
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


os.environ["DATA_DIR"] = _own_folder()
os.environ["FACTCHECK_POOL_SIZE"] = "0"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
    "true"  # Playwright's synchronous interface keeps a loop in this thread
)
for name in ("FACTCHECK_DEBUG", "FACTCHECK_HTTPS", "FACTCHECK_HOSTS", "FACTCHECK_URL", "EMAIL_URL"):
    os.environ.pop(name, None)

from factcheck.settings import *  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STATIC_ROOT.mkdir(exist_ok=True)
