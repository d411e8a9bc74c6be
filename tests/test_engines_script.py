"""`tools/test_engines.sh` fails when it should: environments and engines are stand-ins here."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "tools/test_engines.sh"
PYTHON = """#!/bin/sh
mkdir -p "$3/bin"
printf '#!/bin/sh\\n%s\\n' "$PIP" >"$3/bin/pip"
printf '#!/bin/sh\\n%s\\n' "$PYTEST" >"$3/bin/pytest"
chmod +x "$3/bin/pip" "$3/bin/pytest"
"""


@pytest.mark.skipif(not shutil.which("bash"), reason="the script needs bash")
@pytest.mark.parametrize(
    ("args", "pip", "tests", "code", "told"),
    [
        (["datatrove", "polars"], "exit 0", "echo 3 passed", 0, ""),
        (["polars"], "exit 0", "echo 3 passed, 1 skipped", 1, "were skipped"),
        (["polars"], "exit 0", "exit 1", 1, ""),
        (["polars"], "exit 1", "exit 0", 0, "!!! SKIPPED: polars (not installable here)"),
        (["datatrove", "polars"], "exit 1", "exit 0", 1, "!!! 2 of the engines were NOT tested"),
        (["--budget", "0", "ray"], "exit 0", "exit 0", 0, "!!! SKIPPED: ray (the time is used up"),
        (["--budget", "0", "datatrove"], "exit 0", "exit 0", 1, "!!! SKIPPED: datatrove"),
    ],
)
def test_exit_code(tmp_path: Path, args: list[str], pip: str, tests: str, code: int, told: str) -> None:
    (tmp_path / "python3").write_text(PYTHON)
    (tmp_path / "python3").chmod(0o755)
    surroundings = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PIP": pip, "PYTEST": tests}
    done = subprocess.run(["bash", str(SCRIPT), *args], env=surroundings, capture_output=True, text=True, check=False)
    assert (done.returncode, told in done.stderr) == (code, True), done.stderr
