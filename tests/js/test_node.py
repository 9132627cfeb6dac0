"""The page's pure scripts are tested by Node.js's own runner, where there is a Node.js."""

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="Node.js is not installed; the browser tests still try the scripts.")
@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*.test.mjs")))
def test_scripts_in_node(name: str) -> None:
    ran = subprocess.run(
        [str(NODE), "--test", str(HERE / name)], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
