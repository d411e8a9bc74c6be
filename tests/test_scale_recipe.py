"""The recipe in docs/scale.md that deals shards out to an array of jobs, run as it stands there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent / "docs/scale.md"
# Says what it was told to clean; bad shards end with other exit codes.
CLEANER = """#!/bin/sh
echo "$2" >>cleaned
case $2 in *reject*) exit 3 ;; *broken*) exit 2 ;; esac
"""


@pytest.mark.skipif(not shutil.which("bash"), reason="the recipe is for bash")
@pytest.mark.parametrize(("tasks", "shards"), [(100, 7), (100, 100), (3, 10), (1, 4)])
def test_each_shard_is_dealt_out_once(tmp_path: Path, tasks: int, shards: int) -> None:
    recipe = re.findall(r"<!-- file: deal.sh -->\n```bash\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0]
    first, last = map(int, re.findall(r"--array=(\d+)-(\d+)", recipe)[0])
    assert (first, last) == (0, 99)
    (tmp_path / "deal.sh").write_text(recipe)
    (tmp_path / "cleaner").write_text(CLEANER)
    (tmp_path / "cleaner").chmod(0o755)
    (tmp_path / "shards").mkdir()
    kinds = ["plain", "reject", "broken", "with space"]
    names = [f"shards/{n:03d} {kinds[n % 4]}.jsonl.zst" for n in range(shards)]
    for name in names:
        (tmp_path / name).touch()
    failed = 0
    for task in range(tasks):
        told = {"SLURM_ARRAY_TASK_ID": str(task), "SLURM_ARRAY_TASK_COUNT": str(tasks)}
        surroundings = os.environ | told | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
        done = subprocess.run(["bash", "deal.sh"], cwd=tmp_path, env=surroundings, check=False)
        wanted = 2 if any("broken" in name for name in names[task::tasks]) else 0
        assert done.returncode == wanted
        failed += done.returncode != 0
    assert sorted((tmp_path / "cleaned").read_text().split("\n")[:-1]) == names
    assert failed > 0
