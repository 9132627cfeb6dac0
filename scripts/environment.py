#!/usr/bin/env python3
"""Make the virtual environment, and install into it what the requirements name; quick when nothing changed.

Uses nothing but the standard library, and no syntax newer than Python 3.6, so that an old interpreter can say what
is missing instead of failing to read this file.

    environment.py              what the product runs on
    environment.py --dev        what checking and testing need as well
    environment.py --browser    nothing into the environment: Chromium and fonts, for the browser tests
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
OLDEST = (3, 11)
KNOWN = ("python3.13", "python3.12", "python3.11", "python3")
FONTS = ("fonts-liberation", "fonts-noto-core", "fonts-noto-color-emoji")


def say(words):
    print(words, flush=True)


def fail(words):
    sys.exit("\n" + words)


def version_of(program):
    """Return (major, minor) of an interpreter, or None where it does not run."""
    ask = "import sys; print(sys.version_info[0], sys.version_info[1])"
    try:
        said = subprocess.check_output([program, "-c", ask], stderr=subprocess.DEVNULL)
        return tuple(int(part) for part in said.split())
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None


def find_python():
    """Find an interpreter that is new enough: this one, or another one of this machine."""
    if sys.version_info[:2] >= OLDEST:
        return sys.executable
    for name in KNOWN:
        found = shutil.which(name)
        if found and (version_of(found) or (0,)) >= OLDEST:
            return found
    fail(
        "Factcheck needs Python {}.{} or newer, and this machine has {}.{} only.\n"
        "Install a newer one, then say which: make run PYTHON=/path/to/python3".format(
            *OLDEST, *sys.version_info[:2]
        )
    )


def make_venv():
    if (version_of(VENV_PYTHON) or (0,)) >= OLDEST and os.path.exists(os.path.join(VENV, "bin", "pip")):
        return
    python = find_python()
    say(f"Making the virtual environment .venv with {python} ...")
    make = [python, "-m", "venv", "--clear", VENV]
    if subprocess.call(make, stdout=subprocess.DEVNULL) == 0:
        return
    # Debian keeps a part of venv in a package of its own.
    package = "python{}.{}-venv".format(*version_of(python))
    if not (apt_install([package]) and subprocess.call(make, stdout=subprocess.DEVNULL) == 0):
        shutil.rmtree(VENV, ignore_errors=True)
        fail(f"Python's venv module is not complete here. Debian and Ubuntu: apt install {package}")


def fingerprint(files):
    """Say in one line what is installed: the interpreter and the words of the requirement files."""
    seen = hashlib.sha256(repr(version_of(VENV_PYTHON)).encode())
    for name in files:
        with open(os.path.join(ROOT, name), "rb") as file:
            seen.update(file.read())
    return seen.hexdigest()


def install(dev):
    """Install, unless the stamp says that just this was installed before."""
    wanted = ["requirements.txt", "requirements-dev.txt"] if dev else ["requirements.txt"]
    mark = fingerprint(["constraints.txt", *wanted])
    names = ["dev"] if dev else ["dev-run", "run"]  # tests' environment has all that running needs
    if any(read(stamp(name)) == mark for name in names):
        return
    say(f"Installing {wanted[-1]} (a minute or two the first time) ...")
    command = [VENV_PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--progress-bar", "off", "-c", "constraints.txt", "-r", wanted[-1]]
    lines = []
    pip = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    for raw in pip.stdout:
        line = raw.decode("utf-8", "replace").rstrip()
        lines.append(line)
        if line.startswith("Collecting "):
            say("  " + line.split(" ")[1].split(";")[0])
        elif line.startswith("Installing collected packages"):
            say("  unpacking ...")
    if pip.wait() != 0:
        fail(
            "\n".join(lines[-15:]) + "\n\nThe packages could not be installed; pip's last words stand above."
        )
    with open(stamp("dev" if dev else "run"), "w") as file:
        file.write(mark)
    if dev:
        with open(stamp("dev-run"), "w") as file:
            file.write(fingerprint(["constraints.txt", "requirements.txt"]))


def stamp(name):
    return os.path.join(VENV, ".installed-" + name)


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def apt_install(packages):
    """Install Debian's packages if we may; say whether that worked."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say("Installing {} ...".format(", ".join(packages)))
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    log = os.path.join(VENV, "apt.log") if os.path.isdir(VENV) else os.devnull
    with open(log, "ab") as file:
        for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            done = subprocess.call(
                ["apt-get", "-q", *command], env=quiet, stdin=subprocess.DEVNULL, stdout=file, stderr=file
            )
    return done == 0


def have_browser():
    """See to Chromium and the fonts of the tests' alphabets; only root can install them."""
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    browser = browser or shutil.which("google-chrome")
    missing = [] if browser else ["chromium"]
    if shutil.which("dpkg"):
        for font in FONTS:
            state = subprocess.run(["dpkg", "-s", font], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if state.returncode:
                missing.append(font)
    if not missing or apt_install(missing):
        return
    words = "apt install " + " ".join(missing) if shutil.which("apt-get") else "install " + " ".join(missing)
    if browser:
        say("Some fonts are missing, pictures may show boxes: " + words)
    else:
        fail("The browser tests need Chromium. As root: " + words)


def main():
    if "--browser" in sys.argv:
        have_browser()
        return
    with open(os.path.join(ROOT, ".venv.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two starts at once would trip over each other
        make_venv()
        install("--dev" in sys.argv)


if __name__ == "__main__":
    main()
