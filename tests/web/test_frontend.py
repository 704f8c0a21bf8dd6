"""The logic of the pages' own code that knows no page: tested where it runs, in Node."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FRONTEND = Path(__file__).parents[2] / "app/web/frontend"


def test_the_code_of_the_pages_does_what_its_own_tests_say() -> None:
    node = Path(sys.executable).parent / "node"
    ran = subprocess.run(
        [str(node), "--test", "tests/*.test.js"], cwd=FRONTEND, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stdout[-4000:]
    assert "ℹ tests 0" not in ran.stdout
