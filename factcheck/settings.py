"""Everything that can be set, from the environment, with what holds when nothing is said.

Importing this starts nothing and connects to nothing: manage.py, gunicorn's configuration and the tests start
the database server. Every setting from the environment stands in docs/operations.md.
"""

import hashlib
import os
import secrets
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from factcheck import postgres

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent


def _secret_key(data_dir: Path) -> str:
    """Read the instance's key, making it the first time; no process ever sees half of one."""
    path = data_dir / "secret_key"
    try:
        if not path.exists():
            data_dir.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(f".secret_key.{secrets.token_hex(8)}")
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(64))
            try:
                os.link(fresh, path)
            except FileExistsError:
                pass  # another process was quicker, its key is the key
            finally:
                fresh.unlink()
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"The key in {path} cannot be used: {error.strerror}.") from error


# -- This instance ---------------------------------------------------------------------------------

DATA_DIR = Path(env.str("DATA_DIR", default="") or BASE_DIR / "var").absolute()
DATABASE_URL = env.str("DATABASE_URL", default="")
DEBUG = env.bool("FACTCHECK_DEBUG", default=False)
HTTPS = env.bool("FACTCHECK_HTTPS", default=False)
HOSTS = env.list("FACTCHECK_HOSTS", default=[])
SECRET_KEY = env.str("FACTCHECK_SECRET_KEY", default="") or _secret_key(DATA_DIR)

# -- Limits ----------------------------------------------------------------------------------------

ARTICLE_MAX_BYTES = 5_000_000
REQUEST_MAX_BYTES = 20_000_000  # a form percent-encodes each byte of an article in three
PAGE_SIZE = 100
PAGE_SIZE_MAX = 1000
BULK_MAX_ITEMS = 1000
_COMMAND = env.bool("FACTCHECK_COMMAND", default=False)  # said by manage.py: one connection, no hurry
STATEMENT_TIMEOUT_MS = env.int("FACTCHECK_STATEMENT_TIMEOUT_MS", default=0 if _COMMAND else 15_000)
POOL_SIZE = env.int("FACTCHECK_POOL_SIZE", default=0 if _COMMAND else env.int("WEB_THREADS", default=8))

DATA_UPLOAD_MAX_MEMORY_SIZE = REQUEST_MAX_BYTES
FILE_UPLOAD_MAX_MEMORY_SIZE = ARTICLE_MAX_BYTES + 100_000

# -- Application -----------------------------------------------------------------------------------

ROOT_URLCONF = "factcheck.urls"
WSGI_APPLICATION = "factcheck.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"  # Django's own tables; ours all have UUIDs

INSTALLED_APPS = [
    "factcheck",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "factcheck.views.errors.ErrorPages",  # last: what the views raise becomes an answer in words
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# -- Database --------------------------------------------------------------------------------------

if DATABASE_URL:
    DATABASES = {"default": env.db_url_config(DATABASE_URL)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": postgres.DATABASE,
            "USER": postgres.ROLE,
            "HOST": str(postgres.socket_dir(DATA_DIR / "pg")),
            "PORT": postgres.PORT,
        }
    }
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured(
        "DATABASE_URL must name a PostgreSQL server: postgresql://user:password@host/name"
    )
DATABASES["default"]["CONN_MAX_AGE"] = 0  # the pool keeps the connections
DATABASES["default"].setdefault("OPTIONS", {}).update(
    {
        "application_name": "factcheck",
        # 0.45: near enough that "Volodymyr Zelensky" finds "Vladimir Zelensky" (pg_trgm's own 0.6 does not).
        "options": (
            f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c timezone=UTC -c pg_trgm.word_similarity_threshold=0.45"
        ),
    }
)
# Statements of queries.reading.planned_once are prepared when a connection meets them for the second time.
DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 1
if POOL_SIZE:
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": POOL_SIZE, "timeout": 10}

# -- People ----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "factcheck.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"

# -- Mail ------------------------------------------------------------------------------------------

_EMAIL_URL = env.str("EMAIL_URL", default="")
MAIL = bool(_EMAIL_URL)  # nothing is mailed unless a server is named
if MAIL:
    globals().update(env.email_url_config(_EMAIL_URL))
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("FACTCHECK_MAIL_FROM", default="factcheck@localhost")
# The address that links in mails begin with.
PUBLIC_URL = env.str("FACTCHECK_URL", default="").rstrip("/") or (
    f"http{'s' if HTTPS else ''}://{HOSTS[0]}"
    if HOSTS and HOSTS[0][0] not in ".*"
    else f"http://127.0.0.1:{env.str('PORT', default='') or 8000}"
)

# -- Cookies, headers, hosts -----------------------------------------------------------------------

# Cookies ignore ports: two instances on one machine need names of their own.
_INSTANCE = hashlib.sha256((DATABASE_URL or str(DATA_DIR)).encode()).hexdigest()[:8]
SESSION_COOKIE_NAME = f"factcheck_session_{_INSTANCE}"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = f"factcheck_csrf_{_INSTANCE}"
CSRF_COOKIE_HTTPONLY = True  # scripts take the token from the page
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "factcheck.views.errors.csrf_failure"

ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *HOSTS]
CSRF_TRUSTED_ORIGINS = (
    [f"https://{'*' if h.startswith('.') else ''}{h}" for h in HOSTS if h != "*"] if HTTPS else []
)
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# -- Language and time -----------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]

# -- Static files ----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_IMMUTABLE_FILE_TEST = r"/js-[0-9a-f]{12}/|\.[0-9a-f]{12}\.[^/]+$"
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing uploaded is kept as a file
    "staticfiles": {"BACKEND": "factcheck.static_files.HashedFiles"},
}

# -- API -------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Factcheck",
    "DESCRIPTION": "Articles, what is claimed, denied and shown in them, and who said it.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": ["factcheck.api.schema_problems.tell", "factcheck.api.schema_examples.tell"],
}

# -- Logging ---------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "factcheck": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
