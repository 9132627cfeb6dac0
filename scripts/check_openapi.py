"""Compare docs/openapi.yaml with what the code says now; `--write` brings it up to date."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "docs" / "openapi.yaml"


def generated() -> str:
    """Return the schema made from the API's code; warnings of the generator are errors."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "openapi.yaml"
        command = [
            sys.executable,
            "manage.py",
            "spectacular",
            "--validate",
            "--fail-on-warn",
            "--file",
            str(path),
        ]
        done = subprocess.run(command, cwd=ROOT, env=os.environ, stdin=subprocess.DEVNULL)
        if done.returncode:
            sys.exit("The API's schema cannot be made; the reason stands above.")
        return path.read_text(encoding="utf-8")


def main() -> None:
    if "--write" in sys.argv:
        KEPT.write_text(generated(), encoding="utf-8")
    elif not KEPT.exists():
        print("docs/openapi.yaml is not there yet.")
    elif KEPT.read_text(encoding="utf-8") != generated():
        sys.exit("docs/openapi.yaml is not what the code says: scripts/check_openapi.py --write")


if __name__ == "__main__":
    main()
