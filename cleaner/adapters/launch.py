"""Refuse a second launch that would not go together with the first."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from cleaner.dump.state import check_same
from cleaner.io.jsonlines import json_line


def check_launch(path: Path, identity: dict[str, Any]) -> None:
    """Write the identity if this is the first launch; CleanerError when an earlier one had another."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = json_line(identity).encode("utf-8")
    scratch = path.with_name(f".{path.name}.{os.getpid()}.{time.monotonic_ns()}.tmp")
    scratch.write_bytes(data)
    try:
        os.link(scratch, path)  # the first of several tasks that start at once; the others compare
    except FileExistsError:
        check_same(json.loads(path.read_bytes()), identity, str(path))
    finally:
        scratch.unlink()
