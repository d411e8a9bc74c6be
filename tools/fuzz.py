"""Feed mutated bytes to decode → clean → restore, led by what they reach in the code, and check the laws on each.

    python tools/fuzz.py --runs 1000000         # atheris, the coverage-guided fuzzer (extra `fuzz`)
    python tools/fuzz.py --runs 2000 --plain    # where atheris has no wheel: hypothesis mutates, without coverage

The laws stand in `tests/laws.py`; the first byte of an input chooses encoding and format. The corpus is kept in
`tests/corpus/`, which the test suite replays; an input that breaks a law is put there as `break-….bin`, and stays.
Executions are added up in `docs/trust.json`, part by part, so that a run may be stopped and taken up again.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests"), str(HERE)]
CORPUS = HERE.parent / "tests" / "corpus"
PART = 10_000  # executions of one process; its count is added to the tally when it ends
LARGEST = 300  # bytes: about a hundred Chinese characters
SLOW = 5.0  # seconds of processor time for one input: more is a break
STALLED = 300  # seconds on the clock, for what never ends


def main() -> int:
    """Run the parts until enough was executed or a law was broken; 1 when one was."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10_000, help="executions (default: %(default)s)")
    parser.add_argument("--plain", action="store_true", help="without coverage")
    parser.add_argument("--found", type=Path, help="folder for inputs that reached new code (default: a temporary one)")
    parser.add_argument("--keep", action="store_true", help="add the count to docs/trust.json")
    parser.add_argument("--part", type=Path, help=argparse.SUPPRESS)  # a process of its own: count goes to this file
    options = parser.parse_args()
    if options.part is not None:
        return run_plain(options.runs, options.part) if options.plain else run_atheris(options.runs, options)
    with tempfile.TemporaryDirectory() as folder:
        found = options.found or Path(folder) / "found"
        found.mkdir(parents=True, exist_ok=True)
        return run_parts(options.runs, options.plain, options.keep, found, Path(folder))


def run_parts(runs: int, plain: bool, keep: bool, found: Path, folder: Path) -> int:
    """Run processes of `PART` executions one after the other: memory is given back, and a crash costs one part."""
    from tally import add_tally

    done = 0
    while done < runs:
        start, count = time.monotonic(), folder / "count"
        count.unlink(missing_ok=True)
        size = min(PART, runs - done)
        command = [sys.executable, __file__, "--runs", str(size), "--part", str(count), "--found", str(found)]
        code = subprocess.run([*command, *(["--plain"] if plain else [])], cwd=folder, check=False).returncode
        made = int(count.read_text(encoding="ascii") or 0) if count.exists() else 0
        done += made
        breaks = keep_breaks(folder)
        name = "hypothesis" if plain else "atheris"
        if keep:
            add_tally("fuzz", name, executions=made, seconds=round(time.monotonic() - start), breaks=len(breaks))
        print(f"{name}: {done} of {runs} executions, exit code {code}", file=sys.stderr, flush=True)
        if breaks or code:
            print(*breaks, sep="\n", file=sys.stderr)
            return 1
    return 0


def keep_breaks(folder: Path) -> list[str]:
    """Move inputs that broke a law into the corpus; return their names there."""
    names = []
    for path in [*folder.glob("crash-*"), *folder.glob("timeout-*"), *folder.glob("oom-*")]:
        data = path.read_bytes()
        name = CORPUS / f"break-{hashlib.sha256(data).hexdigest()[:12]}.bin"
        name.write_bytes(data)
        path.unlink()
        names.append(str(name))
    return names


def run_atheris(runs: int, options: argparse.Namespace) -> int:
    """Fuzz in this process. Atheris ends it, so the count is written while it runs."""
    import atheris

    with atheris.instrument_imports(include=["cleaner"], enable_loader_override=False):
        import laws

        laws.warm_up()
    number = 0

    def test(data: bytes) -> None:
        nonlocal number
        number += 1
        if number % 100 == 0 or number >= runs:
            options.part.write_text(str(number), encoding="ascii")
        start = time.process_time()
        laws.check_input(data)
        assert time.process_time() - start < SLOW, "slow"

    words = Path("words.dict")
    words.write_bytes(b"".join(b'"' + escape(word) + b'"\n' for word in laws.WORDS))
    settings = [
        f"-runs={runs}",
        f"-max_len={LARGEST}",
        f"-timeout={STALLED}",
        "-rss_limit_mb=2048",
        "-print_final_stats=0",
        "-use_value_profile=0",
    ]
    settings += [f"-dict={words}", "-verbosity=0", "-reload=0"]
    atheris.Setup([sys.argv[0], *settings, str(options.found), str(CORPUS)], test)
    atheris.Fuzz()
    return 0


def escape(word: str) -> bytes:
    """Write a word as libFuzzer's dictionaries want it."""
    return "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8")).encode("ascii")


def run_plain(runs: int, count: Path) -> int:
    """Let hypothesis cut and splice the corpus."""
    import laws
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    seeds = [path.read_bytes() for path in sorted(CORPUS.glob("*.bin"))] or [b""]
    pieces = st.tuples(st.sampled_from(seeds), st.integers(0, LARGEST), st.integers(0, LARGEST)).map(
        lambda cut: cut[0][min(cut[1:]) : max(cut[1:])]
    )
    words = st.sampled_from(laws.WORDS).map(str.encode)
    number = 0

    @settings(max_examples=runs, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(pieces | words | st.binary(max_size=8), max_size=8).map(b"".join))
    def test(data: bytes) -> None:
        nonlocal number
        number += 1
        try:
            laws.check_input(data)
        except Exception:
            Path("crash-plain").write_bytes(data)  # the last one written is the smallest
            raise

    try:
        test()
    finally:
        count.write_text(str(number), encoding="ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
