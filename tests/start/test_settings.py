"""Settings come from the environment, start nothing, and are written down."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READERS = ["factcheck/settings.py", "gunicorn.conf.py", "factcheck/management/addresses.py"]
READERS += ["factcheck/management/commands/start.py", "tests/conftest.py", "scripts/environment.py"]


def ask(code: str, tmp_path: Path, **environment: str) -> str:
    """Ask a fresh process that has loaded the settings."""
    base = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", f"from django.conf import settings; {code}"],
        cwd=ROOT,
        env={
            **base,
            "DJANGO_SETTINGS_MODULE": "factcheck.settings",
            "DATA_DIR": str(tmp_path),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return done.stdout.strip()


def test_loading_settings_starts_nothing_and_writes_only_the_key(tmp_path: Path) -> None:
    host = ask("print(settings.DATABASES['default']['HOST'])", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
    assert not Path(host).exists()


def test_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = ask("print(settings.SECRET_KEY)", tmp_path)
    assert len(first) > 50
    assert ask("print(settings.SECRET_KEY)", tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_two_instances_on_one_machine_have_cookies_of_their_own(tmp_path: Path) -> None:
    code = "print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)"
    one, other = (ask(code, tmp_path / name) for name in ("one", "other"))
    assert set(one.split()).isdisjoint(other.split())


def test_production_is_what_one_gets_when_nothing_is_said(tmp_path: Path) -> None:
    code = (
        "print(settings.DEBUG, settings.ALLOWED_HOSTS, settings.DATABASES['default']['OPTIONS']['pool'],"
        " 'unsafe' in str(settings.CONTENT_SECURITY_POLICY))"
    )
    assert ask(code, tmp_path) == (
        "False ['localhost', '127.0.0.1', '[::1]'] {'min_size': 1, 'max_size': 8, 'timeout': 10} False"
    )


def test_https_makes_cookies_secure_and_trusts_the_named_hosts(tmp_path: Path) -> None:
    code = "print(settings.SESSION_COOKIE_SECURE, settings.CSRF_TRUSTED_ORIGINS, settings.ALLOWED_HOSTS[3:])"
    said = ask(code, tmp_path, FACTCHECK_HTTPS="1", FACTCHECK_HOSTS="desk.example.org,.example.com")
    assert said == (
        "True ['https://desk.example.org', 'https://*.example.com'] ['desk.example.org', '.example.com']"
    )


def test_every_variable_that_is_read_is_written_down() -> None:
    asked = re.compile(r"""(?:env\.\w+\(|environ\.get\(|environ\[)\s*["']([A-Z_]+)["']""")
    read = {name for file in READERS for name in asked.findall((ROOT / file).read_text(encoding="utf-8"))}
    inner = {
        "DJANGO_SETTINGS_MODULE",
        "FACTCHECK_COMMAND",
        "FACTCHECK_STARTED_BY",
        "SHOTS",
    }  # said by our own programs
    written = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/operations.md").read_text(), re.MULTILINE))
    assert written == read - inner
